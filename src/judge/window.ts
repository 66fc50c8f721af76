import { formatDuration } from '../domain/duration.ts';
import type { Sample, SignalReader } from '../domain/signal.ts';
import { throwMissing } from './missing.ts';

/** A window is judged once samples span at least so much of it. */
const coverage = 0.5;

/**
 * Samples of the last `seconds`.
 * @throws MissingData where there are none, or where they span less than half of the window: a mean of a few
 * seconds says nothing about five minutes
 */
export const windowOf = (signals: SignalReader, name: string, seconds: number, now: number): readonly Sample[] => {
	const from = now - seconds * 1000;
	const samples = signals.range(name, from, now);
	const first = samples[0];
	if (first === undefined) return throwMissing(`no sample of ${name} in ${formatDuration(seconds * 1000)}`);
	const spanMs = now - first.at;
	if (spanMs < seconds * 1000 * coverage) {
		return throwMissing(`only ${formatDuration(spanMs)} of ${formatDuration(seconds * 1000)} of ${name}`);
	}
	return samples;
};

export const mean = (samples: readonly Sample[]): number => {
	let sum = 0;
	for (const sample of samples) sum += sample.value;
	return samples.length === 0 ? Number.NaN : sum / samples.length;
};

export const highest = (samples: readonly Sample[]): number => samples.reduce((most, each) => Math.max(most, each.value), -Infinity);

export const lowest = (samples: readonly Sample[]): number => samples.reduce((least, each) => Math.min(least, each.value), Infinity);

/** Increase per second of a counter; a fall is a reset, after which the new value is the increase. */
export const increasePerSecond = (samples: readonly Sample[]): number => {
	const first = samples[0];
	const last = samples.at(-1);
	if (first === undefined || last === undefined || last.at <= first.at) return 0;
	let increase = 0;
	for (let index = 1; index < samples.length; index++) {
		const before = samples[index - 1]?.value ?? 0;
		const value = samples[index]?.value ?? 0;
		increase += value >= before ? value - before : value;
	}
	return increase / ((last.at - first.at) / 1000);
};
