/** Value below which a share of the samples lies (nearest rank). @throws Error without samples */
export const percentile = (samples: readonly number[], share: number): number => {
	const sorted = samples.toSorted((a, b) => a - b);
	const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
	if (value === undefined) throw new Error('a percentile needs samples');
	return value;
};

export const median = (samples: readonly number[]): number => percentile(samples, 0.5);

export const ms = (value: number): string => `${Math.round(value)} ms`;

/** p50, p95 and the worst of some times. */
export const spread = (samples: readonly number[]): string =>
	`p50 ${ms(median(samples))}, p95 ${ms(percentile(samples, 0.95))}, worst ${ms(Math.max(...samples))}, n ${samples.length}`;
