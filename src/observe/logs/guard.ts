import { createContext, Script } from 'node:vm';

/** A regular expression that needs longer for one call than this is given up, ms. Far above what any sane one needs for a whole ring's slice. */
const limitMs = 200;

export class TooSlow extends Error {
	override readonly name = 'TooSlow';
}

const box: { run: () => void } = { run: () => undefined };
const context = createContext(box);
const script = new Script('run()');

/** The error may be of another realm, so that its class tells nothing. */
const isTimeout = (error: unknown): boolean =>
	typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';

/**
 * Runs `task` and breaks it off when it takes too long, even within one match of a regular expression that
 * backtracks without end: the engine has no other way to stop one. Costs about 0.1 ms.
 * @throws TooSlow
 */
export const withinTime = <T>(task: () => T, ms = limitMs): T => {
	let result: { value: T } | undefined;
	box.run = () => {
		result = { value: task() };
	};
	try {
		script.runInContext(context, { timeout: ms });
	} catch (error) {
		if (isTimeout(error)) throw new TooSlow(`took longer than ${ms} ms`, { cause: error });
		throw error;
	}
	if (result === undefined) throw new TooSlow('did not finish');
	return result.value;
};
