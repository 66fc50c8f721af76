import { setTimeout as sleep } from 'node:timers/promises';

export interface UntilOptions {
	/** Gives up after so long, ms. */
	readonly timeoutMs: number;
	/** Time between two looks, ms. */
	readonly everyMs?: number;
	/** What is waited for, as it stands in the error: `the engine to answer`. */
	readonly what: string;
	readonly signal?: AbortSignal | undefined;
}

/** Nothing came within the time given. */
export class TimeoutError extends Error {
	override readonly name = 'TimeoutError';
}

/** Thrown by a look that knows there is no point in waiting on. */
export class HopelessError extends Error {
	override readonly name = 'HopelessError';
}

/**
 * Looks again and again until `look` gives something other than `undefined` or `false`.
 * Any other error of `look` than HopelessError counts as "not yet" and is the cause of the timeout.
 * @throws TimeoutError, HopelessError
 */
export async function until<T>(look: () => Promise<T | undefined | false> | T | undefined | false, options: UntilOptions): Promise<T> {
	const deadline = performance.now() + options.timeoutMs;
	let cause: unknown;
	for (;;) {
		options.signal?.throwIfAborted();
		try {
			const seen = await look();
			if (seen !== undefined && seen !== false) {
				return seen;
			}
			cause = undefined;
		} catch (error) {
			if (error instanceof HopelessError) {
				throw error;
			}
			cause = error;
		}
		if (performance.now() >= deadline) {
			const why = cause instanceof Error ? `: ${cause.message}` : '';
			throw new TimeoutError(`waited ${options.timeoutMs / 1000} s for ${options.what}${why}`, { cause });
		}
		await sleep(options.everyMs ?? 50, undefined, { signal: options.signal });
	}
}
