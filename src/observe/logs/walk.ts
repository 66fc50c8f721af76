import type { Budget } from './budget.ts';
import type { LogRing } from './ring.ts';

/** An entry's head line. `seq` has a half in it for the marker before the oldest line kept. */
export interface Place {
	readonly ring: number;
	readonly seq: number;
	readonly order: number;
}

/** Says whether an entry is walked over or left out. */
export type Accept = (ring: number, head: number) => boolean;

export const beforeAll: Place = { ring: -1, seq: -1, order: -Infinity };
export const afterAll: Place = { ring: Number.MAX_SAFE_INTEGER, seq: 0, order: Infinity };

/** Whether it is the marker that tells of lines given up. */
export const isLossMarker = (seq: number): boolean => !Number.isInteger(seq);

/** The marker that stands before the oldest line of a ring that has given lines up. */
export const lossMarkerOf = (ring: LogRing): number => ring.first - 0.5;

const done = NaN;

/**
 * Walks over the entries of several rings in one order: by time, then by ring, then by sequence number. It
 * costs what it walks over, wherever it begins.
 */
export class Walk {
	readonly #rings: readonly LogRing[];
	readonly #accept: Accept;
	readonly #forward: boolean;
	readonly #budget: Budget;
	/** The next entry of each ring; NaN where there is none. */
	readonly #at: Float64Array;
	/** Set once the time ran out: what comes next is not known. */
	spent = false;

	/** @param inclusive whether `from` itself is walked over, where it is an entry that is accepted */
	constructor(rings: readonly LogRing[], accept: Accept, from: Place, direction: 1 | -1, inclusive: boolean, budget: Budget) {
		this.#rings = rings;
		this.#accept = accept;
		this.#forward = direction === 1;
		this.#budget = budget;
		this.#at = new Float64Array(rings.length);
		for (const [index, ring] of rings.entries()) this.#at[index] = this.#settle(index, this.#begin(ring, index, from, inclusive));
	}

	/** The next entry, or `undefined` at the end or where the time ran out. */
	next(): Place | undefined {
		if (this.spent) return undefined;
		let best = -1;
		let bestOrder = 0;
		for (let index = 0; index < this.#at.length; index++) {
			const seq = this.#at[index] ?? done;
			if (Number.isNaN(seq)) continue;
			const order = this.#orderOf(index, seq);
			if (best < 0 || (this.#forward ? order < bestOrder : order >= bestOrder)) {
				best = index;
				bestOrder = order;
			}
		}
		const ring = this.#rings[best];
		if (ring === undefined) return undefined;
		const seq = this.#at[best] ?? done;
		this.#at[best] = this.#settle(best, this.#step(ring, seq));
		return { ring: best, seq, order: bestOrder };
	}

	#orderOf(index: number, seq: number): number {
		return this.#rings[index]?.orderOf(Math.ceil(seq)) ?? 0;
	}

	/** Goes on from `seq` until an entry is accepted. */
	#settle(index: number, from: number): number {
		const ring = this.#rings[index];
		if (ring === undefined) return done;
		let seq = from;
		while (!Number.isNaN(seq) && !this.#accept(index, seq)) {
			if (this.#budget.step()) {
				this.spent = true;
				return done;
			}
			seq = this.#step(ring, seq);
		}
		return seq;
	}

	#step(ring: LogRing, seq: number): number {
		if (this.#forward) return orDone(isLossMarker(seq) ? ring.first : ring.headAfter(seq), ring);
		return isLossMarker(seq) ? done : backTo(ring, ring.headBefore(seq));
	}

	#begin(ring: LogRing, index: number, from: Place, inclusive: boolean): number {
		if (ring.count === 0) return done;
		if (index === from.ring) return this.#beginHere(ring, from.seq, inclusive);
		const bound = ring.lowerBound(from.order, index < from.ring);
		if (this.#forward) return bound === ring.first ? top(ring) : orDone(ring.headAfter(bound - 1), ring);
		return bound === ring.first ? done : backTo(ring, ring.headBefore(bound));
	}

	#beginHere(ring: LogRing, seq: number, inclusive: boolean): number {
		if (seq < ring.first) {
			const isTop = seq === top(ring);
			if (this.#forward) return isTop && !inclusive ? ring.first : top(ring);
			return isTop && inclusive ? seq : done;
		}
		if (seq >= ring.next) return this.#forward ? done : backTo(ring, ring.headBefore(ring.next));
		const head = ring.headOf(seq);
		return inclusive ? head : this.#step(ring, head);
	}
}

/** The first thing to show of a ring: the marker where lines were given up, else its oldest line. */
const top = (ring: LogRing): number => (ring.overrun.lines > 0 ? lossMarkerOf(ring) : ring.first);

const orDone = (seq: number, ring: LogRing): number => (seq < ring.next ? seq : done);

const backTo = (ring: LogRing, seq: number): number => {
	if (seq >= ring.first) return seq;
	return ring.overrun.lines > 0 ? lossMarkerOf(ring) : done;
};
