import { EngineError } from '../../../domain/engine.ts';

/**
 * What an engine says that was killed a moment ago and still clears away what ran on it: the folder of a task that is gone. On 20.10 it was in the way
 * after 4 of 26 restarts, and never longer than 5.6 s.
 */
const clearing = /failed to start shim: mkdir/;

/** So long it is tried again, ms. */
export const clearingMs = 10_000;
const everyMs = 250;

/** Starts a container; while the engine still clears away, it is tried again. @throws what the last try came to */
export const startPatiently = async (start: () => Promise<void>, clock: { readonly monotonic: () => number; readonly sleep: (ms: number) => Promise<void> }): Promise<void> => {
	const until = clock.monotonic() + clearingMs;
	for (;;) {
		try {
			await start();
			return;
		} catch (error) {
			if (!(error instanceof EngineError) || !clearing.test(error.message) || clock.monotonic() >= until) throw error;
		}
		await clock.sleep(everyMs);
	}
};
