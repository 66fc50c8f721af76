import { Environment, EvaluationError, ParseError, TypeError as CelTypeError } from '@marcbachmann/cel-js';
import { allowMixedNumbers } from '../judge/vocabulary.ts';

/** What an `expect` of an http probe sees. */
export type HttpWords = {
	readonly status: number;
	readonly body: string;
	/** The body as JSON; `null` where it is none. */
	readonly json: unknown;
	readonly headers: Readonly<Record<string, string>>;
	readonly latencyMs: number;
};

/** What an `expect` of a command probe sees. */
export type CommandWords = {
	readonly exitCode: number;
	readonly stdout: string;
	readonly stderr: string;
	/** Standard output as JSON; `null` where it is none. */
	readonly json: unknown;
};

export interface Expectation<W> {
	readonly text: string;
	/** True, false, or why it could not be told. */
	meets(words: W): boolean | string;
}

/** An `expect` that cannot be used. Offsets count from 0 within the text. */
export class ExpectationError extends Error {
	override readonly name = 'ExpectationError';
	readonly start: number;
	readonly end: number;
	constructor(message: string, start: number, end: number) {
		super(message);
		this.start = start;
		this.end = end;
	}
}

const httpEnvironment = (): Environment =>
	allowMixedNumbers(
		new Environment({ homogeneousAggregateLiterals: false })
			.registerVariable('status', 'double')
			.registerVariable('body', 'string')
			.registerVariable('json', 'dyn')
			.registerVariable('headers', 'map<string, string>')
			.registerVariable('latencyMs', 'double'),
	);

const commandEnvironment = (): Environment =>
	allowMixedNumbers(
		new Environment({ homogeneousAggregateLiterals: false })
			.registerVariable('exitCode', 'double')
			.registerVariable('stdout', 'string')
			.registerVariable('stderr', 'string')
			.registerVariable('json', 'dyn'),
	);

const compile = <W extends object>(environment: Environment, text: string): Expectation<W> => {
	const fail = (error: unknown): never => {
		if (error instanceof ParseError || error instanceof CelTypeError) {
			throw new ExpectationError(error.summary, error.range?.start ?? 0, error.range?.end ?? text.length);
		}
		throw error;
	};
	try {
		const program = environment.parse(text);
		const checked = program.check();
		if (!checked.valid) return fail(checked.error);
		if (checked.type !== 'bool' && checked.type !== 'dyn') {
			throw new ExpectationError(`must be true or false, but is a ${checked.type ?? 'value'}`, 0, text.length);
		}
		return {
			text,
			meets(words) {
				try {
					const value: unknown = program(words);
					return typeof value === 'boolean' ? value : `"${text}" gave no true or false`;
				} catch (error) {
					if (error instanceof EvaluationError) return error.summary;
					return error instanceof Error ? (error.message.split('\n')[0] ?? error.name) : String(error);
				}
			},
		};
	} catch (error) {
		return fail(error);
	}
};

let http: Environment | undefined;
let command: Environment | undefined;

/** @throws ExpectationError */
export const compileHttpExpectation = (text: string): Expectation<HttpWords> => compile((http ??= httpEnvironment()), text);

/** @throws ExpectationError */
export const compileCommandExpectation = (text: string): Expectation<CommandWords> => compile((command ??= commandEnvironment()), text);
