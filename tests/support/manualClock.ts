import type { Cancel, Clock } from '../../src/domain/clock.ts';

interface Timer {
	at: number;
	readonly every: number | undefined;
	readonly run: () => void;
}

/** A clock that moves only when told to. */
export class ManualClock implements Clock {
	#now: number;
	#monotonic = 0;
	readonly #timers = new Set<Timer>();

	constructor(now = Date.UTC(2026, 10, 21, 3, 14, 7)) {
		this.#now = now;
	}

	now(): number {
		return this.#now;
	}

	monotonic(): number {
		return this.#monotonic;
	}

	after(ms: number, run: () => void): Cancel {
		return this.#add({ at: this.#monotonic + ms, every: undefined, run });
	}

	every(ms: number, run: () => void): Cancel {
		return this.#add({ at: this.#monotonic + ms, every: ms, run });
	}

	/** Moves on, runs what falls due in order, and lets promises settle after each. */
	async advance(ms: number): Promise<void> {
		const end = this.#monotonic + ms;
		for (;;) {
			let next: Timer | undefined;
			for (const timer of this.#timers) if (timer.at <= end && (next === undefined || timer.at < next.at)) next = timer;
			if (next === undefined) break;
			this.#to(next.at);
			if (next.every === undefined) this.#timers.delete(next);
			else next.at += next.every;
			next.run();
			await settle();
		}
		this.#to(end);
		await settle();
	}

	#to(at: number): void {
		this.#now += at - this.#monotonic;
		this.#monotonic = at;
	}

	#add(timer: Timer): Cancel {
		this.#timers.add(timer);
		return () => this.#timers.delete(timer);
	}
}

/** Lets everything that only waits for promises go on. */
export const settle = async (): Promise<void> => {
	for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
};
