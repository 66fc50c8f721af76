import { EngineError } from '../../../domain/engine.ts';

/**
 * What an engine says that was killed a moment ago and still clears away what ran on it: the port, or the folder of the task, of a container that is gone.
 * On 20.10 the folder was in the way after 3 of 14 restarts, and never longer than 5 s. The port was so once; how long, nobody measured.
 */
const clearing = /port is already allocated|failed to start shim: mkdir/;

/** So long it is tried again, ms: whoever really holds the port holds it against the version before as well. */
export const clearingMs = 6000;
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
