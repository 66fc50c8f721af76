import { LineIndex } from './lineIndex.ts';
import { bytesPerIndexedLine } from './ring.ts';

/** How much memory rings may take. */
export interface RingLimits {
	/** Containers followed at most. */
	readonly maxFollowed: number;
	/** All rings with their indexes, bytes. */
	readonly budgetBytes: number;
	/** Text of a ring that is looked at, bytes. */
	readonly focusedBytes: number;
	/** Text of any other ring, bytes. */
	readonly backgroundBytes: number;
}

/** Memory a ring of so much text may come to, bytes. */
export const memoryOf = (textBytes: number): number => Math.ceil(textBytes * (1 + LineIndex.bytesPerLine / bytesPerIndexedLine));

/**
 * Bytes of text for each container that is followed, by container id; who is not in it is not followed.
 * @param sorted the most wanted first
 * @param heldBytes what a container's ring has now; 0 where it has none
 */
export const shareBytes = (
	sorted: readonly { readonly containerId: string; readonly focused: boolean }[],
	limits: RingLimits,
	heldBytes: (containerId: string) => number,
): ReadonlyMap<string, number> => {
	const sizes = new Map<string, number>();
	const small = memoryOf(limits.backgroundBytes);
	let left = limits.budgetBytes;
	const followable = sorted.slice(0, limits.maxFollowed);
	for (const [index, each] of followable.entries()) {
		// A large ring must not cost the others theirs.
		const reserved = (followable.length - index - 1) * small;
		const bytes = each.focused && left - reserved >= memoryOf(limits.focusedBytes) ? limits.focusedBytes : limits.backgroundBytes;
		if (left < memoryOf(bytes)) break;
		left -= memoryOf(bytes);
		sizes.set(each.containerId, bytes);
	}
	// What was looked at lately keeps its large ring while there is room: people go to and fro.
	for (const each of followable) {
		const held = heldBytes(each.containerId);
		const given = sizes.get(each.containerId);
		const extra = memoryOf(held) - memoryOf(given ?? 0);
		if (given === undefined || held <= given || extra > left) continue;
		sizes.set(each.containerId, held);
		left -= extra;
	}
	return sizes;
};
