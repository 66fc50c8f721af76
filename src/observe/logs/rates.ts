/** Seconds kept: one hour. */
const seconds = 3600;

export interface Bucket {
	/** Epoch ms of its start. */
	readonly at: number;
	readonly lines: number;
	readonly errors: number;
	readonly warnings: number;
}

/** Lines, errors and warnings of each second of the last hour, in fixed memory (57 KiB, none before the first line). Times are those of the lines. */
export class Rates {
	#second = new Uint32Array(0);
	#lines = new Uint32Array(0);
	#errors = new Uint32Array(0);
	#warnings = new Uint32Array(0);

	add(atMs: number, error: boolean, warning: boolean): void {
		if (this.#second.length === 0) this.#begin();
		const second = Math.floor(atMs / 1000);
		const slot = second % seconds;
		const held = this.#second[slot] ?? 0;
		if (held !== second) {
			// An older line than what the slot holds is more than an hour behind.
			if (held > second || slot < 0) return;
			this.#second[slot] = second;
			this.#lines[slot] = 0;
			this.#errors[slot] = 0;
			this.#warnings[slot] = 0;
		}
		this.#lines[slot] = (this.#lines[slot] ?? 0) + 1;
		if (error) this.#errors[slot] = (this.#errors[slot] ?? 0) + 1;
		else if (warning) this.#warnings[slot] = (this.#warnings[slot] ?? 0) + 1;
	}

	#begin(): void {
		this.#second = new Uint32Array(seconds);
		this.#lines = new Uint32Array(seconds);
		this.#errors = new Uint32Array(seconds);
		this.#warnings = new Uint32Array(seconds);
	}

	/** Sums over the whole seconds in `[fromMs, toMs)`; at most the last hour before `toMs`. */
	sum(fromMs: number, toMs: number): Omit<Bucket, 'at'> {
		const to = Math.floor(toMs / 1000);
		const from = Math.max(Math.floor(fromMs / 1000), to - seconds, 0);
		let lines = 0;
		let errors = 0;
		let warnings = 0;
		for (let second = from; second < to; second++) {
			const slot = second % seconds;
			if (this.#second[slot] !== second) continue;
			lines += this.#lines[slot] ?? 0;
			errors += this.#errors[slot] ?? 0;
			warnings += this.#warnings[slot] ?? 0;
		}
		return { lines, errors, warnings };
	}

	/** The last 60 seconds, the running one included. @param now epoch ms on the clock of the lines */
	lastMinute(now: number): Omit<Bucket, 'at'> {
		const end = (Math.floor(now / 1000) + 1) * 1000;
		return this.sum(end - 60_000, end);
	}
}
