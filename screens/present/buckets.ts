import type { Sample } from '../../src/domain/signal.ts';

/** A span of time, such as that of a chart. */
export interface Window {
	/** Epoch ms. */
	readonly from: number;
	readonly to: number;
}

/** What fell into one column of a chart; `undefined` is a gap, never a zero. */
export interface Bucket {
	readonly average: number;
	readonly most: number;
	readonly least: number;
}

/**
 * Samples of a window put into `columns` equal spans of time, oldest first.
 * Spans shorter than the samples' own interval take the value of their neighbour, so that a long interval does not
 * look like gaps; anything beyond `reachMs` is a gap.
 * @param from epoch ms, start of the window
 * @param to epoch ms, end of the window
 */
export const bucketsOf = (
	samples: readonly Sample[],
	from: number,
	to: number,
	columns: number,
	reachMs = Math.max(15_000, ((to - from) / Math.max(1, columns)) * 1.5),
): readonly (Bucket | undefined)[] => {
	const span = (to - from) / columns;
	const sums = Array.from({ length: columns }, () => ({ sum: 0, count: 0, most: -Infinity, least: Infinity }));
	for (const { at, value } of samples) {
		if (at < from || at > to || !Number.isFinite(value)) continue;
		const slot = sums[Math.min(columns - 1, Math.floor((at - from) / span))];
		if (slot === undefined) continue;
		slot.sum += value;
		slot.count += 1;
		slot.most = Math.max(slot.most, value);
		slot.least = Math.min(slot.least, value);
	}
	const reach = Math.floor(reachMs / span);
	let last: Bucket | undefined;
	let age = 0;
	return sums.map((slot): Bucket | undefined => {
		if (slot.count > 0) {
			last = { average: slot.sum / slot.count, most: slot.most, least: slot.least };
			age = 0;
			return last;
		}
		age += 1;
		return age <= reach ? last : undefined;
	});
};

/**
 * A window whose end is on the edge of a column, the next one, so that a sample stays in the column it fell into while time
 * goes on: the curve moves by whole columns, and is not written anew in between. Epoch ms.
 */
export const steady = ({ from, to }: Window, columns: number): Window => {
	const span = (to - from) / Math.max(1, columns);
	if (!(span > 0)) return { from, to };
	const end = Math.ceil(to / span) * span;
	return { from: end - (to - from), to: end };
};

/** Least, average and most over all samples of the window; `undefined` where there are none. */
export const extremes = (samples: readonly Sample[], from: number, to: number): Bucket | undefined => {
	let sum = 0;
	let count = 0;
	let most = -Infinity;
	let least = Infinity;
	for (const { at, value } of samples) {
		if (at < from || at > to || !Number.isFinite(value)) continue;
		sum += value;
		count += 1;
		most = Math.max(most, value);
		least = Math.min(least, value);
	}
	return count === 0 ? undefined : { average: sum / count, most, least };
};

/** A top for the axis that reads well and leaves the highest value some room: 1, 2, 2.5 or 5 times a power of ten (of two for bytes). */
export const niceTop = (most: number, isBytes: boolean): number => {
	if (!(most > 0) || !Number.isFinite(most)) return 1;
	if (isBytes) return 2 ** Math.ceil(Math.log2(most));
	const power = 10 ** Math.floor(Math.log10(most));
	const step = [1, 2, 2.5, 5, 10].find((factor) => factor * power >= most) ?? 10;
	return step * power;
};
