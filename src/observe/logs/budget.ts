/** Time a call may take. Looks at the clock only every few dozen steps. */
export class Budget {
	readonly #now: () => number;
	readonly #until: number;
	#steps = 0;
	#spent = false;

	/** @param now monotonic ms */
	constructor(now: () => number, ms: number) {
		this.#now = now;
		this.#until = now() + ms;
	}

	/** Counts a step. @returns whether the time is up */
	step(): boolean {
		if (this.#spent) return true;
		if ((++this.#steps & 63) === 0) this.#spent = this.#now() >= this.#until;
		return this.#spent;
	}

	get spent(): boolean {
		return this.#spent;
	}
}
