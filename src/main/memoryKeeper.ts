import type { Clock } from '../domain/clock.ts';

/** Between two looks, ms. */
const everyMs = 2000;
/** Growth since the last collection that is worth one, bytes. */
const worthBytes = 8 * 1024 * 1024;

/** What the keeper needs of the process. */
export interface MemoryPort {
	/** Resident memory, bytes. */
	resident(): number;
	/** Collects everything that is not needed any more. */
	collect(): void;
}

/**
 * Keeps the console small on a host that is in trouble. Log chunks are memory outside the JavaScript heap, and the runtime lets
 * some 64 MiB of dead ones stand before it collects; a collection takes a few ms with a heap of our size.
 * @returns ends the keeping
 */
export const keepMemorySmall = (clock: Clock, memory: MemoryPort): (() => void) => {
	let after = memory.resident();
	return clock.every(everyMs, () => {
		if (memory.resident() - after < worthBytes) return;
		memory.collect();
		after = memory.resident();
	});
};
