import type { Cancel, Clock } from '../domain/clock.ts';

/** What the publisher must know of the terminal. */
export interface Drain {
	readonly busy: boolean;
	/** Calls once when everything written so far is out. */
	onceDrained(run: () => void): void;
}

/** How soon a change must be seen: `key` at once, `event` within 50 ms, `figure` with the next regular frame. */
export type Urgency = 'key' | 'event' | 'figure';

/** Frames for events at most so often, ms: a storm of events must not become a storm of frames. */
const eventFrameMs = 50;

/**
 * Decides when a new frame is published: at once for keys, within 50 ms for events, else at most every `everyMs`;
 * never while the terminal has not taken the last one, and then the newest state at once.
 */
export class Publisher {
	readonly #clock: Clock;
	readonly #drain: Drain;
	readonly #everyMs: number;
	readonly #publish: () => void;
	#lastAt = Number.NEGATIVE_INFINITY;
	#timer: Cancel | undefined;
	#timerAt = 0;
	#waitingForDrain = false;
	#soon = false;
	#stopped = false;
	/** Frames that were not published because the terminal was still taking an older one. */
	heldBack = 0;

	constructor(clock: Clock, drain: Drain, everyMs: number, publish: () => void) {
		this.#clock = clock;
		this.#drain = drain;
		this.#everyMs = everyMs;
		this.#publish = publish;
	}

	changed(urgency: Urgency): void {
		if (this.#stopped || this.#waitingForDrain) return;
		if (urgency === 'key') {
			if (this.#soon) return;
			this.#soon = true;
			// One frame for all that happens in this turn of the event loop.
			queueMicrotask(() => {
				this.#soon = false;
				this.#now();
			});
			return;
		}
		const at = Math.max(this.#clock.monotonic(), this.#lastAt + (urgency === 'event' ? eventFrameMs : this.#everyMs));
		if (this.#timer !== undefined) {
			if (this.#timerAt <= at) return;
			this.#timer();
		}
		this.#timerAt = at;
		this.#timer = this.#clock.after(Math.max(0, at - this.#clock.monotonic()), () => this.#now());
	}

	stop(): void {
		this.#stopped = true;
		this.#timer?.();
		this.#timer = undefined;
	}

	#now(): void {
		if (this.#stopped) return;
		this.#timer?.();
		this.#timer = undefined;
		if (this.#drain.busy) {
			if (this.#waitingForDrain) return;
			this.#waitingForDrain = true;
			this.heldBack++;
			this.#drain.onceDrained(() => {
				this.#waitingForDrain = false;
				this.#now();
			});
			return;
		}
		this.#lastAt = this.#clock.monotonic();
		this.#publish();
	}
}
