import type { Place, Walk } from './walk.ts';

/** Entries shown as one: the last of them, and how many they are. */
export interface Unit {
	readonly place: Place;
	readonly count: number;
}

/** Pattern of an entry; `undefined` where it is never folded, as a marker. */
export type TemplateOf = (place: Place) => number | undefined;

/** A walk in which entries of one source and one pattern that follow each other come as one unit, named by the last of them. */
export class FoldWalk {
	readonly #walk: Walk;
	readonly #templateOf: TemplateOf;
	readonly #forward: boolean;
	#held: Place | undefined;

	constructor(walk: Walk, templateOf: TemplateOf, direction: 1 | -1) {
		this.#walk = walk;
		this.#templateOf = templateOf;
		this.#forward = direction === 1;
	}

	get spent(): boolean {
		return this.#walk.spent;
	}

	/** Leaves out what belongs to the unit of `place`, which is not walked over itself. */
	skip(place: Place): void {
		this.#held = this.#run(place).next;
	}

	next(): Unit | undefined {
		const first = this.#held ?? this.#walk.next();
		this.#held = undefined;
		if (first === undefined) return undefined;
		const run = this.#run(first);
		this.#held = run.next;
		return { place: this.#forward ? run.last : first, count: run.count };
	}

	#run(first: Place): { last: Place; count: number; next: Place | undefined } {
		const template = this.#templateOf(first);
		let last = first;
		let count = 1;
		let next = this.#walk.next();
		if (template === undefined) return { last, count, next };
		while (next !== undefined && next.ring === first.ring && this.#templateOf(next) === template) {
			last = next;
			count++;
			next = this.#walk.next();
		}
		return { last, count, next };
	}
}
