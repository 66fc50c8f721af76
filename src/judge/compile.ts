import type { ASTNode } from '@marcbachmann/cel-js';
import { ParseError, TypeError as CelTypeError } from '@marcbachmann/cel-js';
import type { Rule } from '../domain/rule.ts';
import type { Reading } from './reading.ts';
import { ContainerWords, ReplicaWords, over, vocabulary } from './vocabulary.ts';

/** A condition that cannot be used, with the place where it went wrong. */
export class RuleError extends Error {
	override readonly name = 'RuleError';
	readonly ruleId: string;
	/** Offset in `when`, from 0, and where the trouble ends. */
	readonly start: number;
	readonly end: number;
	constructor(ruleId: string, message: string, start: number, end: number) {
		super(message);
		this.ruleId = ruleId;
		this.start = start;
		this.end = end;
	}
}

export interface CompiledRule {
	readonly rule: Rule;
	/** Signals the condition names, with their place in `when`. */
	readonly signals: readonly { readonly name: string; readonly start: number; readonly end: number }[];
	/** @throws MissingData; anything else is an error in the condition itself */
	holds(reading: Reading, words: ConditionWords): boolean;
}

/** The variables of a condition; the same for every rule of one service at one moment. */
export type ConditionWords = {
	readonly container: ContainerWords;
	readonly replicas: ReplicaWords;
	readonly restarts: number;
	readonly crashes: number;
	readonly oomKills: number;
};

export const wordsOf = (reading: Reading): ConditionWords => ({
	container: new ContainerWords(reading),
	replicas: new ReplicaWords(reading),
	restarts: reading.sum((standing) => standing.restarts),
	crashes: reading.sum((standing) => standing.crashes),
	oomKills: reading.sum((standing) => standing.oomKills),
});

/**
 * Compiles a rule's condition and checks its types.
 * @throws RuleError with the place in `when`
 */
export const compileRule = (rule: Rule): CompiledRule => {
	const fail = (error: unknown): never => {
		if (error instanceof ParseError || error instanceof CelTypeError) {
			const { start = 0, end = rule.when.length } = error.range ?? {};
			throw new RuleError(rule.id, error.summary, start, end);
		}
		throw error;
	};
	try {
		const program = vocabulary().parse(rule.when);
		const checked = program.check();
		if (!checked.valid) return fail(checked.error);
		if (checked.type !== 'bool') {
			throw new RuleError(rule.id, `must be true or false, but is a ${checked.type ?? 'value'}`, 0, rule.when.length);
		}
		return {
			rule,
			signals: signalNames(program.ast),
			holds: (reading, words) => over(reading, () => program(words) === true),
		};
	} catch (error) {
		return fail(error);
	}
};

const readers = new Set(['signal', 'measured', 'age', 'avg', 'max', 'min', 'rate']);

const isNode = (value: unknown): value is ASTNode =>
	typeof value === 'object' && value !== null && 'op' in value && 'args' in value && 'start' in value;

/** Every name in `signal("name")` and its kin. */
const signalNames = (ast: ASTNode): CompiledRule['signals'] => {
	const found: { name: string; start: number; end: number }[] = [];
	const walk = (value: unknown): void => {
		if (Array.isArray(value)) return value.forEach(walk);
		if (!isNode(value)) return;
		const node = value;
		if (node.op === 'call' && readers.has(node.args[0])) {
			const first = node.args[1][0];
			if (first?.op === 'value' && typeof first.args === 'string') {
				found.push({ name: first.args, start: first.start, end: first.end });
			}
		}
		walk(node.args);
	};
	walk(ast);
	return found;
};
