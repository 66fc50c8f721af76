import type { Bucket } from './buckets.ts';
import type { GlyphSet } from './glyphs.ts';

/** One character for each bucket; a gap is a space, zero is the lowest level. */
export const sparkline = (buckets: readonly (Bucket | undefined)[], top: number, glyphs: GlyphSet): string => {
	const steps = glyphs.levels.length;
	return buckets
		.map((bucket) => {
			if (bucket === undefined) return ' ';
			const share = top > 0 ? bucket.most / top : 0;
			const level = Math.min(steps - 1, Math.max(0, Math.ceil(share * steps) - 1));
			return glyphs.levels[level] ?? ' ';
		})
		.join('');
};
