import type { Cancel, Clock } from '../../domain/clock.ts';

/** How fast many log streams are opened. */
export interface Pace {
	/** Nothing is opened for so long after the first were asked for, ms: lists and first figures go before. */
	readonly quietMs: number;
	/** Time between two beats, ms. */
	readonly everyMs: number;
	/** Streams opened with each beat. */
	readonly atOnce: number;
}

/**
 * Opening a hundred streams at once takes both this process and the engine some second of CPU (an inspect, a request and up to 1,000 lines
 * each), just when the first screen and its figures are wanted. At 40 a second a hundred logs are open after 4.5 s.
 */
export const gentlePace: Pace = { quietMs: 2000, everyMs: 100, atOnce: 4 };

/** Does things a few at a time, the most wanted first, and at once where nothing was done for a while. */
export class GentleStarts {
	readonly #clock: Clock;
	readonly #pace: Pace;
	readonly #start: (id: string) => void;
	#waiting: readonly string[] = [];
	#cancel: Cancel | undefined;
	/** Monotonic ms before which the next beat does not come; unknown until something was asked for. */
	#notBefore: number | undefined;

	constructor(clock: Clock, pace: Pace, start: (id: string) => void) {
		this.#clock = clock;
		this.#pace = pace;
		this.#start = start;
	}

	/** What is still to be started, the most wanted first. Replaces what waited before. */
	set(ids: readonly string[]): void {
		this.#waiting = ids;
		this.#notBefore ??= this.#clock.monotonic() + this.#pace.quietMs;
		this.#arm();
	}

	/** Waits for nothing any more. */
	close(): void {
		this.#waiting = [];
		this.#cancel?.();
		this.#cancel = undefined;
	}

	#arm(): void {
		if (this.#cancel !== undefined || this.#waiting.length === 0) return;
		const wait = (this.#notBefore ?? 0) - this.#clock.monotonic();
		if (wait <= 0) this.#beat();
		else this.#cancel = this.#clock.after(wait, () => this.#beat());
	}

	#beat(): void {
		this.#cancel = undefined;
		const now = this.#waiting.slice(0, this.#pace.atOnce);
		this.#waiting = this.#waiting.slice(this.#pace.atOnce);
		this.#notBefore = this.#clock.monotonic() + this.#pace.everyMs;
		for (const id of now) this.#start(id);
		this.#arm();
	}
}
