import type { Cancel, Clock } from '../domain/clock.ts';

/** Who moves again within this is on the way to somewhere else, ms. A held key repeats every 30 to 40 ms. */
const restMs = 150;

/**
 * Tells what a person has come to rest on: a single move counts at once, while rows that are only passed count not at all, so that
 * paging through a list does not inspect and open the log of everything on the way.
 */
export class Rest {
	readonly #clock: Clock;
	readonly #onRest: () => void;
	#movedAt = Number.NEGATIVE_INFINITY;
	#on: string | undefined;
	#cancel: Cancel | undefined;

	constructor(clock: Clock, onRest: () => void) {
		this.#clock = clock;
		this.#onRest = onRest;
	}

	/** What is rested on; `undefined` before the first move. */
	get on(): string | undefined {
		return this.#on;
	}

	/** The selection moved. Calls back, now or later, once it rests. */
	moved(to: string | undefined): void {
		const now = this.#clock.monotonic();
		const passing = now - this.#movedAt < restMs;
		this.#movedAt = now;
		this.#cancel?.();
		this.#cancel = undefined;
		const rest = (): void => {
			this.#on = to;
			this.#onRest();
		};
		if (passing) this.#cancel = this.#clock.after(restMs, rest);
		else rest();
	}
}
