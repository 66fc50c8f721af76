import type { Clock } from '../domain/clock.ts';

/** Between two looks, ms. */
const everyMs = 2000;
/** Growth over the least since the last collection that is worth one, bytes. */
const worthBytes = 8 * 1024 * 1024;
/** The start itself makes much that is kept, and is to be quick: growth is held down after it, ms. */
const startMs = 5000;

/** What the keeper needs of the process. */
export interface MemoryPort {
	/** Resident memory, bytes. */
	resident(): number;
	/** Collects everything that is not needed any more. */
	collect(): void;
	/** From now on the heap is collected before it has grown much. */
	growSlowly(): void;
}

/**
 * Keeps the console small on a host that is in trouble. The runtime is made for throughput: under a flood of logs it lets the heap grow to
 * three times of what lives in it before it collects, and some 64 MiB of dead log chunks, which are memory outside the heap,
 * stand. A collection takes a few ms with a heap of our size.
 * @returns ends the keeping
 */
export const keepMemorySmall = (clock: Clock, memory: MemoryPort): (() => void) => {
	let least = memory.resident();
	const collect = (): void => {
		memory.collect();
		least = memory.resident();
	};
	const cancelStart = clock.after(startMs, () => {
		memory.growSlowly();
		// How far a heap may grow is settled at each collection: this is the first one with the new rule.
		collect();
	});
	const cancelLooks = clock.every(everyMs, () => {
		const now = memory.resident();
		least = Math.min(least, now);
		if (now - least >= worthBytes) collect();
	});
	return () => {
		cancelStart();
		cancelLooks();
	};
};
