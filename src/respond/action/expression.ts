import { EvaluationError, ParseError, TypeError as CelTypeError, type ParseResult } from '@marcbachmann/cel-js';
import { MissingData } from './missing.ts';
import { toPlain } from './plain.ts';
import { eachNode, referencesOf, type Reference } from './references.ts';
import { type Scope, variablesOf } from './scope.ts';
import { boundedMatches, vocabulary, withFacts } from './vocabulary.ts';

/** Longest expression that is read, characters. */
const maxLength = 4096;

/** An expression that cannot be used. Offsets count from 0 within its text. */
export class ExpressionError extends Error {
	override readonly name = 'ExpressionError';
	readonly start: number;
	readonly end: number;
	constructor(message: string, start: number, end: number) {
		super(message);
		this.start = start;
		this.end = end;
	}
}

export interface CompiledExpression {
	readonly text: string;
	/** CEL type where it is known beforehand: `bool`, `string`, … or `dyn`. */
	readonly type: string;
	readonly references: readonly Reference[];
	/** Evaluates; see {@link evaluate}. */
	readonly program: ParseResult;
}

/**
 * What an expression came to: a plain JSON value; `missing` where it asks for something that is not there, which is neither
 * true nor false; `wrong` where it cannot be carried out on what is there, such as `"a" < 5`.
 */
export type Evaluation =
	| { readonly kind: 'value'; readonly value: unknown }
	| { readonly kind: 'missing'; readonly why: string }
	| { readonly kind: 'wrong'; readonly why: string };

/** The library's words in ours: `no such overload: dyn<string> < int` reads `string < int is not possible`. */
const plainWords = (summary: string): string =>
	summary
		.replaceAll(boundedMatches, 'matches')
		.replaceAll(/dyn<(\w+)>/g, '$1')
		.replace(/^no such overload: (.+)$/, '$1 is not possible')
		.replace(/^Unexpected token: EOF$/, 'it ends too early');

const kindOf = (value: unknown): string => {
	if (value === null) return 'null';
	if (Array.isArray(value)) return 'a list';
	return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
};

/** @throws ExpressionError with the place in the text */
export const compileExpression = (text: string): CompiledExpression => {
	if (text.length > maxLength) throw new ExpressionError(`longer than ${maxLength} characters`, maxLength, text.length);
	const fail = (error: unknown): never => {
		if (error instanceof ParseError || error instanceof CelTypeError) {
			const { start = 0, end = text.length } = error.range ?? {};
			throw new ExpressionError(plainWords(error.summary), start, end);
		}
		throw error;
	};
	try {
		const program = vocabulary().parse(text);
		// The library's own `matches` has no bound in time. Its name is changed before anything is checked.
		eachNode(program.ast, (node) => {
			if (node.op === 'rcall' && node.args[0] === 'matches') node.args[0] = boundedMatches;
		});
		const checked = program.check();
		if (!checked.valid) return fail(checked.error);
		return { text, type: checked.type ?? 'dyn', references: referencesOf(program.ast), program };
	} catch (error) {
		return fail(error);
	}
};

/** @throws ExpressionError also where it can be no condition, because its value is no true or false */
export const compileCondition = (text: string): CompiledExpression => {
	const compiled = compileExpression(text);
	if (compiled.type !== 'bool' && compiled.type !== 'dyn') throw new ExpressionError(`must be true or false, but is ${compiled.type === 'int' ? 'an' : 'a'} ${compiled.type}`, 0, text.length);
	return compiled;
};

const missingCodes: ReadonlySet<string> = new Set(['no_such_key', 'unknown_variable', 'index_out_of_bounds']);

const whyOf = (compiled: CompiledExpression, error: EvaluationError): string => {
	const { range } = error;
	const place = compiled.references.find((each) => range !== undefined && each.start <= range.start && range.start < each.end);
	switch (error.code) {
		case 'no_such_key':
			return place === undefined ? error.summary : `${[place.root, ...place.path].join('.')} is not there`;
		case 'unknown_variable':
			return `${place?.root ?? error.summary} is not known yet`;
		default:
			return plainWords(error.summary);
	}
};

/** Evaluates an expression. Never throws for what the data is or lacks. */
export const evaluate = (compiled: CompiledExpression, scope: Scope): Evaluation => {
	try {
		const value: unknown = withFacts(scope.facts, () => compiled.program(variablesOf(scope)));
		return { kind: 'value', value: toPlain(value) };
	} catch (error) {
		if (error instanceof MissingData) return { kind: 'missing', why: error.message };
		if (error instanceof EvaluationError) return { kind: missingCodes.has(error.code) ? 'missing' : 'wrong', why: whyOf(compiled, error) };
		if (error instanceof Error) return { kind: 'wrong', why: plainWords(error.message.split('\n')[0] ?? error.name) };
		throw error;
	}
};

/** Whether a condition holds: true, false, or `undefined` with why it cannot be told. */
export const holds = (compiled: CompiledExpression, scope: Scope): { readonly holds: boolean | undefined; readonly why?: string } => {
	const result = evaluate(compiled, scope);
	if (result.kind !== 'value') return { holds: undefined, why: result.why };
	if (typeof result.value === 'boolean') return { holds: result.value };
	return { holds: undefined, why: `${compiled.text} gave ${kindOf(result.value)}, not true or false` };
};
