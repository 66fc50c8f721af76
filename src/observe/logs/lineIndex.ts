const initialSlots = 256;

/**
 * What is known of each line, as arrays outside the JS heap; a line's slot is its sequence number modulo
 * the number of slots, a power of two that doubles as it fills. 34 bytes a line.
 */
export class LineIndex {
	slots: number;
	mask: number;
	/** Offset of the first byte in the text. */
	start: Uint32Array;
	/** Bytes, without the line end. */
	length: Uint32Array;
	/** Epoch ms of the line itself. */
	ms: Float64Array;
	/** Nanoseconds within that millisecond. */
	nanos: Uint32Array;
	/** Epoch ms with a fraction (exact to 0.25 µs) that never falls from one line to the next: what lines are merged by. */
	order: Float64Array;
	/** Lines back to the head line; 0 for a head. */
	back: Uint16Array;
	/** Of a head: lines on to the last of its continuation lines. */
	reach: Uint16Array;
	/** Stream, level and flags; see line-meta.ts. */
	meta: Uint16Array;

	static readonly bytesPerLine = 34;

	constructor() {
		this.slots = initialSlots;
		this.mask = initialSlots - 1;
		this.start = new Uint32Array(initialSlots);
		this.length = new Uint32Array(initialSlots);
		this.ms = new Float64Array(initialSlots);
		this.nanos = new Uint32Array(initialSlots);
		this.order = new Float64Array(initialSlots);
		this.back = new Uint16Array(initialSlots);
		this.reach = new Uint16Array(initialSlots);
		this.meta = new Uint16Array(initialSlots);
	}

	/** Changes the number of slots, a power of two. `first` and `next` bound the sequence numbers in use. */
	resize(slots: number, first: number, next: number): void {
		const { start, length, ms, nanos, order, back, reach, meta } = this;
		const old = { slots: this.slots, start, length, ms, nanos, order, back, reach, meta };
		this.slots = slots;
		this.mask = slots - 1;
		this.start = new Uint32Array(slots);
		this.length = new Uint32Array(slots);
		this.ms = new Float64Array(slots);
		this.nanos = new Uint32Array(slots);
		this.order = new Float64Array(slots);
		this.back = new Uint16Array(slots);
		this.reach = new Uint16Array(slots);
		this.meta = new Uint16Array(slots);
		for (let seq = first; seq < next; seq++) {
			const from = seq % old.slots;
			const to = seq % slots;
			this.start[to] = old.start[from] ?? 0;
			this.length[to] = old.length[from] ?? 0;
			this.ms[to] = old.ms[from] ?? 0;
			this.nanos[to] = old.nanos[from] ?? 0;
			this.order[to] = old.order[from] ?? 0;
			this.back[to] = old.back[from] ?? 0;
			this.reach[to] = old.reach[from] ?? 0;
			this.meta[to] = old.meta[from] ?? 0;
		}
	}
}
