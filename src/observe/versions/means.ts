import type { SignalReader } from '../../domain/signal.ts';

/** Samples are brought to means of so long first, ms: newer ones stand closer than older ones, and must not weigh more. */
const bucketMs = 10_000;
/** Fewer samples than this are no baseline. */
const leastSamples = 3;
/** At most so many signals are kept of one proof; a service has some twenty. */
const mostSignals = 64;

const always = new Set(['cpu.percent', 'memory.percent']);

const isBaseline = (name: string): boolean => always.has(name) || name.startsWith('http.') || name.startsWith('probe.');

/** Six digits say more than any of these figures holds. */
const brief = (value: number): number => Number(value.toPrecision(6));

const meanOf = (signals: SignalReader, name: string, from: number, to: number): number | undefined => {
	const samples = signals.range(name, from, to);
	if (samples.length < leastSamples) return undefined;
	const buckets = new Map<number, { sum: number; count: number }>();
	for (const { at, value } of samples) {
		const index = Math.floor(at / bucketMs);
		const bucket = buckets.get(index);
		if (bucket === undefined) buckets.set(index, { sum: value, count: 1 });
		else {
			bucket.sum += value;
			bucket.count++;
		}
	}
	let sum = 0;
	for (const bucket of buckets.values()) sum += bucket.sum / bucket.count;
	return brief(sum / buckets.size);
};

/**
 * Means of a service's signals over a window, for what comes later to be held against: CPU, memory, and all that its probes tell.
 * @param from epoch ms
 * @param to epoch ms
 * @returns by signal name; a signal with fewer than three samples is left out
 */
export const baselineMeans = (signals: SignalReader, from: number, to: number): { readonly figures: Readonly<Record<string, number>>; readonly leftOut: number } => {
	const figures: Record<string, number> = {};
	let leftOut = 0;
	for (const name of signals.names().filter(isBaseline).toSorted()) {
		const mean = meanOf(signals, name, from, to);
		if (mean === undefined) continue;
		if (Object.keys(figures).length < mostSignals) figures[name] = mean;
		else leftOut++;
	}
	return { figures, leftOut };
};
