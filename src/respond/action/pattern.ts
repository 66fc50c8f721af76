import { createContext, Script } from 'node:vm';

/** How long a pattern may work on one text, ms of the wall clock: enough for a busy machine. One that backtracks without end is stopped here. */
const patternTimeoutMs = 1000;

let machine: { readonly context: { pattern: string; flags: string; text: string }; readonly script: Script } | undefined;

/** A context of its own is the one way to stop a regular expression that is under way. */
const ready = (): NonNullable<typeof machine> => {
	machine ??= { context: { pattern: '', flags: '', text: '' }, script: new Script('new RegExp(pattern, flags).test(text)') };
	createContext(machine.context);
	return machine;
};

/** A pattern that is none, or that took too long. */
export class PatternError extends Error {
	override readonly name = 'PatternError';
}

const tested = (pattern: string, flags: string, text: string): boolean => {
	const { context, script } = ready();
	Object.assign(context, { pattern, flags, text });
	try {
		return script.runInContext(context, { timeout: patternTimeoutMs }) === true;
	} catch (error) {
		// The error belongs to the other context: it is no instance of this one's Error.
		const stopped = typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
		if (stopped) throw new PatternError(`the pattern ${pattern} takes longer than ${patternTimeoutMs} ms: make it simpler`);
		throw new PatternError(`${pattern} is no regular expression`);
	}
};

/** Whether the pattern is found in the text. @throws PatternError */
export const isFound = (pattern: string, text: string): boolean => tested(pattern, '', text);

/** Flags under which a pattern is read: Unicode's, where it allows them. @throws PatternError where it is no pattern */
export const patternFlags = (pattern: string): 'u' | '' => {
	for (const flags of ['u', ''] as const) {
		try {
			RegExp(pattern, flags);
			return flags;
		} catch {
			// Tried with the next flags.
		}
	}
	throw new PatternError(`${pattern} is no regular expression`);
};

/** Whether the whole text matches. @throws PatternError */
export const matchesWhole = (pattern: string, text: string): boolean => tested(`^(?:${pattern})$`, patternFlags(pattern), text);
