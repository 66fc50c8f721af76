/** Adds up the time in which no task of a service answered, once one did. */
export class GapMeter {
	#seen = false;
	#downAt: number | undefined;
	#totalMs = 0;
	#met = false;

	/** @param serving tasks that answer @param at ms of a clock that only goes on */
	see(serving: number, at: number): void {
		if (serving > 0) {
			this.#seen = true;
			this.#totalMs += this.#downAt === undefined ? 0 : at - this.#downAt;
			this.#downAt = undefined;
		} else if (this.#seen && this.#downAt === undefined) {
			this.#downAt = at;
			this.#met = true;
		}
	}

	/** Absent where somebody always answered. */
	total(at: number): number | undefined {
		return this.#met ? this.#totalMs + (this.#downAt === undefined ? 0 : at - this.#downAt) : undefined;
	}
}
