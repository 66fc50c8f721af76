import type { LogRing } from './ring.ts';
import type { Search } from './search.ts';
import { entryTemplate } from './template.ts';

const unknown = 0;
const no = 1;
const yes = 2;

/** What a view has found out about the lines of one ring, so that no line is searched twice. A byte a line, and five more once folded. */
export class RingMemo {
	readonly ring: LogRing;
	#slots = 0;
	#verdicts = new Uint8Array(0);
	#templates: Uint32Array | undefined;
	#reaches: Uint16Array | undefined;
	/** Lines below this number have slots that are up to date. */
	#seen = 0;

	constructor(ring: LogRing) {
		this.ring = ring;
	}

	/** Forgets what depends on the search. */
	forget(): void {
		this.#verdicts.fill(unknown);
	}

	/** Takes in what the ring has gained. Call before reading. */
	sync(): void {
		const ring = this.ring;
		if (ring.index.slots !== this.#slots) {
			this.#slots = ring.index.slots;
			this.#verdicts = new Uint8Array(this.#slots);
			this.#templates = undefined;
			this.#reaches = undefined;
		} else {
			for (let seq = Math.max(this.#seen, ring.next - this.#slots); seq < ring.next; seq++) {
				const slot = seq & ring.index.mask;
				this.#verdicts[slot] = unknown;
				if (this.#templates !== undefined) this.#templates[slot] = 0;
			}
		}
		this.#seen = ring.next;
	}

	/** Whether any line of an entry matches. */
	matches(head: number, search: Search): boolean {
		if (this.#lineMatches(head, search)) return true;
		const last = this.ring.lastOf(head);
		for (let seq = head + 1; seq <= last; seq++) if (this.ring.follows(seq, head) && this.#lineMatches(seq, search)) return true;
		return false;
	}

	#lineMatches(seq: number, search: Search): boolean {
		const slot = seq & this.ring.index.mask;
		const known = this.#verdicts[slot];
		if (known !== unknown) return known === yes;
		const found = search.test(this.ring, seq);
		this.#verdicts[slot] = found ? yes : no;
		return found;
	}

	/** Hash of an entry's pattern. */
	template(head: number): number {
		const slot = head & this.ring.index.mask;
		this.#templates ??= new Uint32Array(this.#slots);
		this.#reaches ??= new Uint16Array(this.#slots);
		const reach = this.ring.lastOf(head) - head;
		const known = this.#templates[slot] ?? 0;
		if (known !== 0 && this.#reaches[slot] === reach) return known;
		const hash = entryTemplate(this.ring, head);
		this.#templates[slot] = hash;
		this.#reaches[slot] = reach;
		return hash;
	}
}
