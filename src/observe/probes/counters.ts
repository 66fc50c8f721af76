import type { MetricSample } from './exposition.ts';
import { rankOfP95 } from './latencies.ts';

/** Identity of one time series. */
export const seriesKey = (sample: MetricSample): string => {
	const names = Object.keys(sample.labels).sort();
	return `${sample.name}|${names.map((name) => `${name}=${sample.labels[name] ?? ''}`).join('|')}`;
};

/** Values of counters at one time. */
export type CounterValues = ReadonlyMap<string, number>;

export const valuesOf = (samples: readonly MetricSample[]): CounterValues => new Map(samples.map((sample) => [seriesKey(sample), sample.value]));

/**
 * Increase of one counter. A value below the last one is a counter that began again at zero (the process restarted),
 * and all of it is new; so is a series that was not there before.
 */
export const increase = (before: number | undefined, now: number): number => {
	if (!Number.isFinite(now)) return 0;
	return before === undefined || now < before ? now : now - before;
};

/** Cumulative counts by upper bound, ascending, as a histogram's buckets stand; seconds. */
export type Buckets = readonly { readonly bound: number; readonly count: number }[];

/**
 * The 95th percentile from cumulative bucket counts, with linear interpolation within the bucket as
 * Prometheus' histogram_quantile does. In the last, open bucket it is the highest finite bound.
 * @returns in the unit of the bounds; `undefined` where nothing was counted
 */
export const p95Of = (buckets: Buckets): number | undefined => {
	const total = buckets.at(-1)?.count ?? 0;
	if (total <= 0) return undefined;
	const rank = total < 20 ? rankOfP95(Math.round(total)) : 0.95 * total;
	let below = 0;
	let lower = 0;
	for (const { bound, count } of buckets) {
		if (count >= rank) {
			if (!Number.isFinite(bound)) return lower;
			const inside = count - below;
			return inside <= 0 ? bound : lower + (bound - lower) * ((rank - below) / inside);
		}
		below = count;
		if (Number.isFinite(bound)) lower = bound;
	}
	return lower;
};
