/** Rows in view: once a second. */
export const fastMs = 1000;
/** The second reading follows the first after this, so that CPU shows at once and not after a whole second. */
export const firstGapMs = 200;
/** Reading is not worth a comparison earlier than this after the one before. */
const leastGapMs = 500;

/** All other rows: every 5 s, and every 10 s where there are many. */
export function slowPeriod(count: number): number {
	return count <= 100 ? 5000 : count >= 300 ? 10_000 : 5000 + (count - 100) * 25;
}

export interface Entry {
	readonly id: string;
	fast: boolean;
	/** Monotonic ms. */
	dueAt: number;
	/** Readings in a row. */
	count: number;
	/** Place within the slow period, 0 to 1. */
	phase: number;
}

/**
 * Which container is to be read when. Fast ones share a beat, so that they are one batch; slow ones are spread
 * evenly over their period, so that none of the beats is heavy.
 */
export class Schedule {
	readonly #entries = new Map<string, Entry>();
	#slowMs = 5000;

	set(fast: readonly string[], slow: readonly string[], now: number): void {
		const wanted = new Set([...fast, ...slow]);
		for (const id of this.#entries.keys()) {
			if (!wanted.has(id)) {
				this.#entries.delete(id);
			}
		}
		this.#slowMs = slowPeriod(slow.length);
		const fastSet = new Set(fast);
		let index = 0;
		for (const id of wanted) {
			const isFast = fastSet.has(id);
			// The golden ratio spreads any number of entries evenly, in whatever order they come and go.
			const phase = (index++ * 0.618_033_988_75) % 1;
			const entry = this.#entries.get(id);
			if (entry === undefined) {
				this.#entries.set(id, { id, fast: isFast, dueAt: now, count: 0, phase });
			} else {
				if (isFast && !entry.fast) {
					entry.dueAt = Math.min(entry.dueAt, now + fastMs);
				}
				entry.fast = isFast;
			}
		}
	}

	/** When the next reading is due, monotonic ms; `undefined` where nothing is followed. */
	nextAt(): number | undefined {
		let next: number | undefined;
		for (const entry of this.#entries.values()) {
			if (next === undefined || entry.dueAt < next) {
				next = entry.dueAt;
			}
		}
		return next;
	}

	/** What is due now, those in view first. */
	due(now: number): readonly Entry[] {
		const due: Entry[] = [];
		const later: Entry[] = [];
		for (const entry of this.#entries.values()) {
			if (entry.dueAt <= now) {
				(entry.fast ? due : later).push(entry);
			}
		}
		return [...due, ...later];
	}

	/** Notes a reading, or an attempt at one, and sets the next. */
	read(entry: Entry, now: number, succeeded: boolean): void {
		entry.count = succeeded ? entry.count + 1 : 0;
		entry.dueAt = entry.count === 1 ? now + firstGapMs : nextBeat(now, entry.fast ? fastMs : this.#slowMs, entry.fast ? 0 : entry.phase);
	}

	/** Reads it at the next opportunity. */
	soon(id: string, now: number): void {
		const entry = this.#entries.get(id);
		if (entry !== undefined) {
			entry.dueAt = now;
		}
	}
}

/** The next beat of a period, not too soon. */
function nextBeat(now: number, period: number, phase: number): number {
	const offset = phase * period;
	const beat = Math.ceil((now + Math.min(leastGapMs, period / 2) - offset) / period) * period + offset;
	return beat;
}
