import { isBusy } from './trouble.ts';

/** First and longest wait between two tries, ms. */
const firstWaitMs = 5;
const longestWaitMs = 200;

export interface PatiencePorts {
	/** Monotonic ms. */
	readonly monotonic: () => number;
	/** Waits without blocking, and keeps the process alive meanwhile. */
	readonly pause: (ms: number) => Promise<void>;
	/** 0 to 1. */
	readonly random: () => number;
}

/**
 * Does something that may meet a lock, again and again until the deadline, at least once. The waits grow from 5 to 200 ms, half of
 * each by chance so that consoles do not meet again.
 * @param deadline monotonic ms
 * @throws what `work` threw last
 */
export const patiently = async <T>(work: () => T, deadline: number, { monotonic, pause, random }: PatiencePorts): Promise<T> => {
	for (let attempt = 0; ; attempt++) {
		try {
			return work();
		} catch (error) {
			const left = deadline - monotonic();
			if (!isBusy(error) || left <= 0) throw error;
			const wait = Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(attempt, 10));
			await pause(Math.min(left, wait * (0.5 + random() / 2)));
		}
	}
};
