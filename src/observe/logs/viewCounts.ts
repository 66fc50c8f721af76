import type { Position } from './entry.ts';
import type { Bucket } from './rates.ts';
import type { LogRing } from './ring.ts';
import type { Place } from './walk.ts';

export interface MatchCount {
	readonly total: number;
	/** Number of the match at or before the position asked for, from 1; 0 where it is before the first. */
	readonly current: number;
	/** False where the time ran out: there are at least so many. */
	readonly complete: boolean;
	/** `12`, or `1,000+` where not complete. */
	readonly words: string;
}

export interface LogTotals {
	/** Lines ever taken. */
	readonly lines: number;
	readonly kept: number;
	readonly errors: number;
	readonly warnings: number;
	/** Lines given up. */
	readonly skipped: number;
}

/** `12`; where there are more than were counted, `1,000+` or, below a thousand, `12+`. */
export const countWords = (total: number, complete: boolean): string => {
	if (complete) return total.toLocaleString('en');
	return `${(total < 1000 ? total : Math.floor(total / 1000) * 1000).toLocaleString('en')}+`;
};

export const totalsOf = (rings: readonly LogRing[]): LogTotals => {
	const sum = (of: (ring: LogRing) => number): number => rings.reduce((total, ring) => total + of(ring), 0);
	return {
		lines: sum((ring) => ring.next),
		kept: sum((ring) => ring.count),
		errors: sum((ring) => ring.errors),
		warnings: sum((ring) => ring.warnings),
		skipped: sum((ring) => ring.overrun.lines),
	};
};

/** Lines, errors and warnings of each of so many equal stretches of `[fromMs, toMs)`; one is at least a second, and the last hour is known. */
export const histogramOf = (rings: readonly LogRing[], fromMs: number, toMs: number, buckets: number): readonly Bucket[] => {
	const width = Math.max(1000, Math.ceil((toMs - fromMs) / Math.max(1, buckets) / 1000) * 1000);
	const out: Bucket[] = [];
	for (let at = Math.floor(fromMs / 1000) * 1000; at < toMs; at += width) {
		let lines = 0;
		let errors = 0;
		let warnings = 0;
		for (const ring of rings) {
			const sum = ring.rates.sum(at, at + width);
			lines += sum.lines;
			errors += sum.errors;
			warnings += sum.warnings;
		}
		out.push({ at, lines, errors, warnings });
	}
	return out;
};

/** Lines of one ring that stand below a position of the view. */
export const linesBelow = (ring: LogRing, index: number, position: Position): number => {
	if (index !== position.ring) return ring.next - ring.lowerBound(position.order, index < position.ring);
	if (position.seq < ring.first) return ring.count;
	return Math.max(0, ring.next - 1 - ring.lastOf(position.seq));
};

/** Whether an entry stands below another in a view. */
export const isBelow = (order: number, ring: number, seq: number, than: Place): boolean =>
	order !== than.order ? order > than.order : ring !== than.ring ? ring > than.ring : seq > than.seq;
