import { EngineError } from '../domain/engine.ts';
import { sanitiseText } from '../domain/sanitise.ts';
import { exitCodes } from './exitCodes.ts';

/** A command that cannot go on: what failed and on what, in one line; `advice` says what to do. */
export class CliFailure extends Error {
	override readonly name = 'CliFailure';
	readonly exitCode: number;
	readonly advice: string | undefined;
	constructor(exitCode: number, message: string, options: { advice?: string; cause?: unknown } = {}) {
		super(message, { cause: options.cause });
		this.exitCode = exitCode;
		this.advice = options.advice;
	}
}

/** A failure as it is told. */
export interface Explanation {
	readonly exitCode: number;
	/** One line, harmless for a terminal. */
	readonly what: string;
	readonly advice: string | undefined;
	/** With --verbose: where it came from. */
	readonly stack: string | undefined;
}

const oneLine = (text: string): string => text.split('\n').map((line) => sanitiseText(line).trim()).filter((line) => line !== '').join('; ');

/** Puts any thrown value into words. */
export const explain = (error: unknown): Explanation => {
	const stack = error instanceof Error ? stackOf(error) : undefined;
	if (error instanceof CliFailure) return { exitCode: error.exitCode, what: oneLine(error.message), advice: error.advice, stack };
	if (error instanceof EngineError) {
		return { exitCode: engineCode(error), what: oneLine(error.message), advice: error.advice ?? engineAdvice(error), stack };
	}
	const what = error instanceof Error ? oneLine(error.message) : oneLine(String(error));
	// Errors of other stages (a configuration, a drill) carry their advice the same way.
	const advice = error instanceof Error && 'advice' in error && typeof error.advice === 'string' ? error.advice : undefined;
	return { exitCode: exitCodes.failure, what: what === '' ? 'it failed without a word' : what, advice, stack };
};

const engineCode = (error: EngineError): number => {
	switch (error.kind) {
		case 'unreachable':
		case 'permission':
		case 'unresponsive':
		case 'version':
		case 'not-found':
			return exitCodes.unknown;
		case 'invalid':
		case 'conflict':
		case 'unsupported':
		case 'engine':
			return exitCodes.failure;
	}
};

const engineAdvice = (error: EngineError): string | undefined =>
	error.kind === 'unreachable' || error.kind === 'permission' || error.kind === 'unresponsive' || error.kind === 'version'
		? 'Run `sitrep doctor` to see what was tried.'
		: undefined;

const stackOf = (error: Error): string => {
	const own = error.stack ?? error.message;
	return error.cause instanceof Error ? `${own}\ncaused by: ${stackOf(error.cause)}` : own;
};

/** The lines for stderr. */
export const failureText = (explanation: Explanation, verbose: boolean): string => {
	const lines = [`sitrep: ${explanation.what}`];
	if (explanation.advice !== undefined) lines.push(`  ${explanation.advice}`);
	if (verbose && explanation.stack !== undefined) {
		// Line by line: sanitising keeps no line ends.
		for (const line of explanation.stack.split('\n')) lines.push(`  | ${sanitiseText(line)}`);
	}
	return `${lines.join('\n')}\n`;
};
