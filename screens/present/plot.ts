import type { Bucket } from './buckets.ts';
import type { GlyphSet } from './glyphs.ts';

/** Bits of a braille cell (U+2800 + bits), left column from the top, then the right one. */
const dots = [
	[0x01, 0x02, 0x04, 0x40],
	[0x08, 0x10, 0x20, 0x80],
] as const;

/** Row of the plot, counted from the bottom in `steps`, that a value falls on. */
const stepOf = (value: number, top: number, steps: number): number =>
	Math.min(steps - 1, Math.max(0, Math.round((value / top) * (steps - 1))));

/**
 * A line in braille, two points wide and four high in each cell. Neighbouring points are joined, gaps stay empty.
 * @param buckets two for each cell
 * @returns rows of cells, the top one first
 */
const braille = (buckets: readonly (Bucket | undefined)[], top: number, rows: number): readonly string[] => {
	const columns = Math.ceil(buckets.length / 2);
	const cells = Array.from({ length: rows }, () => Array.from({ length: columns }, () => 0));
	const steps = rows * 4;
	let before: number | undefined;
	for (const [x, bucket] of buckets.entries()) {
		if (bucket === undefined) {
			before = undefined;
			continue;
		}
		const here = stepOf(bucket.most, top, steps);
		const low = stepOf(bucket.least, top, steps);
		const from = Math.min(low, here, before ?? here);
		const to = Math.max(here, before ?? here);
		for (let step = from; step <= to; step += 1) {
			const down = steps - 1 - step;
			const line = cells[Math.floor(down / 4)];
			const bit = dots[x % 2 === 0 ? 0 : 1][down % 4];
			const column = Math.floor(x / 2);
			if (line !== undefined && bit !== undefined) line[column] = (line[column] ?? 0) | bit;
		}
		before = here;
	}
	return cells.map((line) => line.map((bits) => (bits === 0 ? ' ' : String.fromCodePoint(0x2800 + bits))).join(''));
};

/** The same in ASCII: one `*` a column, joined by `|`. */
const stars = (buckets: readonly (Bucket | undefined)[], top: number, rows: number): readonly string[] => {
	const cells = Array.from({ length: rows }, () => Array.from({ length: buckets.length }, () => ' '));
	let before: number | undefined;
	for (const [x, bucket] of buckets.entries()) {
		if (bucket === undefined) {
			before = undefined;
			continue;
		}
		const here = stepOf(bucket.most, top, rows);
		const from = Math.min(here, before ?? here);
		const to = Math.max(here, before ?? here);
		for (let step = from; step <= to; step += 1) {
			const line = cells[rows - 1 - step];
			if (line !== undefined) line[x] = step === here ? '*' : '|';
		}
		before = here;
	}
	return cells.map((line) => line.join(''));
};

/** How many buckets a plot of so many cells wants. */
export const bucketsFor = (columns: number, glyphs: GlyphSet): number => (glyphs.name === 'unicode' ? columns * 2 : columns);

/** A plot of `columns` x `rows` cells from 0 to `top`. */
export const plot = (buckets: readonly (Bucket | undefined)[], top: number, rows: number, glyphs: GlyphSet): readonly string[] =>
	glyphs.name === 'unicode' ? braille(buckets, top, rows) : stars(buckets, top, rows);

/** Steps that a cell of the curve is high. */
const stepsPerRow = (glyphs: GlyphSet): number => (glyphs.name === 'unicode' ? 4 : 1);

/** Which row of the plot a threshold runs through, 0 at the top: the one in which a curve of that value runs. `undefined` above the axis. */
export const thresholdRow = (value: number, top: number, rows: number, glyphs: GlyphSet): number | undefined => {
	const perRow = stepsPerRow(glyphs);
	return value > top || value < 0 ? undefined : rows - 1 - Math.floor(stepOf(value, top, rows * perRow) / perRow);
};
