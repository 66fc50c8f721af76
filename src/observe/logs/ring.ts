import type { LogSink, LogStream } from '../../domain/log.ts';
import { sanitiseText } from '../../domain/sanitise.ts';
import { Grouping } from './grouping.ts';
import { levelOfBytes } from './level.ts';
import { errorCode, warnCode } from './levelCode.ts';
import { LineIndex } from './lineIndex.ts';
import { cutFlag, levelShift, markerFlag, streamCode } from './lineMeta.ts';
import { RingLines } from './ringLines.ts';
import { TextStore } from './textStore.ts';

export interface LogRingOptions {
	/** What the ring is called where several are merged, such as the container's name. */
	readonly source: string;
	/** Bytes of text kept. The index comes on top: at most about half as much again (34 bytes a line, a line for every 64 bytes). */
	readonly capacityBytes?: number;
	/** Called after the lines of one chunk. */
	readonly onFlush?: () => void;
}

export const defaultRingBytes = 4 * 1024 * 1024;
const smallestBytes = 16 * 1024;
/** The index has room for a line for so many bytes of text. */
export const bytesPerIndexedLine = 64;

const slotsFor = (capacityBytes: number): number => 2 ** Math.floor(Math.log2(capacityBytes / bytesPerIndexedLine));

/** Takes the lines of one container, and gives up the oldest where they are more than it may keep. */
export class LogRing extends RingLines implements LogSink {
	#maxSlots: number;
	readonly #grouping = new Grouping();
	readonly #onFlush: (() => void) | undefined;
	#lastOrder = 0;

	constructor(options: LogRingOptions) {
		super(options.source, new TextStore(Math.max(smallestBytes, options.capacityBytes ?? defaultRingBytes)));
		this.#onFlush = options.onFlush;
		this.#maxSlots = slotsFor(this.store.capacity);
	}

	/** Bytes of text it may keep. */
	get capacityBytes(): number {
		return this.store.capacity;
	}

	/** Keeps more or less from now on. What does not fit any more is given up from the oldest and counted. */
	resize(capacityBytes: number): void {
		const capacity = Math.max(smallestBytes, capacityBytes);
		if (capacity === this.store.capacity) return;
		this.store.capacity = capacity;
		this.#maxSlots = slotsFor(capacity);
		let kept = 0;
		for (let seq = this.first; seq < this.next; seq++) kept += this.lengthOf(seq) + 1;
		while (kept > capacity || this.count > this.#maxSlots) {
			kept -= this.lengthOf(this.first) + 1;
			this.#evict();
		}
		if (this.index.slots > this.#maxSlots) this.index.resize(this.#maxSlots, this.first, this.next);
		const move = this.store.repack(kept);
		for (let seq = this.first; seq < this.next; seq++) this.index.start[seq & this.index.mask] = move(this.startOf(seq), this.lengthOf(seq));
	}

	/** Memory held now, bytes. */
	get memoryBytes(): number {
		return this.bytes.length + this.index.slots * LineIndex.bytesPerLine;
	}

	line(bytes: Uint8Array, start: number, end: number, atMs: number, nanos: number, stream: LogStream): void {
		const code = streamCode(stream);
		const level = levelOfBytes(bytes, start, end);
		const seq = this.next;
		const head = this.#grouping.add(bytes, start, end, seq, atMs, code, level);
		this.#append(bytes, start, end, atMs, nanos, code | (level << levelShift), head);
		const error = head === seq && level >= errorCode;
		const warning = head === seq && level === warnCode;
		if (error) {
			this.errors++;
			this.lastErrorSeq = seq;
		} else if (warning) this.warnings++;
		this.rates.add(atMs, error, warning);
	}

	flush(): void {
		this.#onFlush?.();
	}

	/** Puts our own words between the lines, such as `container started`. They are an entry of their own and count as no line. */
	mark(words: string, atMs: number): void {
		const text = Buffer.from(sanitiseText(words), 'utf8');
		this.#grouping.reset();
		this.#append(text, 0, text.length, atMs, 0, markerFlag, this.next);
		this.#onFlush?.();
	}

	#append(bytes: Uint8Array, start: number, end: number, atMs: number, nanos: number, meta: number, head: number): void {
		const cutAt = this.store.capacity >> 1;
		if (end - start >= cutAt) {
			this.#appendCut(bytes, start, end, atMs, nanos, meta, head, cutAt);
			return;
		}
		const length = end - start;
		const offset = this.#makeRoom(length);
		const flags = this.store.write(bytes, start, end, offset);
		const seq = this.next;
		const index = this.index;
		const slot = seq & index.mask;
		const order = atMs + nanos / 1e6;
		if (order > this.#lastOrder) this.#lastOrder = order;
		index.start[slot] = offset;
		index.length[slot] = length;
		index.ms[slot] = atMs;
		index.nanos[slot] = nanos;
		index.order[slot] = this.#lastOrder;
		index.back[slot] = seq - head;
		index.reach[slot] = 0;
		index.meta[slot] = meta | flags;
		if (head !== seq && head >= this.first) index.reach[head & index.mask] = seq - head;
		this.next = seq + 1;
		this.bytesTaken += length;
		this.lastMs = atMs;
	}

	#appendCut(bytes: Uint8Array, start: number, end: number, atMs: number, nanos: number, meta: number, head: number, cutAt: number): void {
		const words = Buffer.from(` [${end - start - cutAt + 64} bytes cut]`, 'latin1');
		const whole = Buffer.allocUnsafe(cutAt - 64 + words.length);
		whole.set(bytes.subarray(start, start + cutAt - 64));
		whole.set(words, cutAt - 64);
		this.#append(whole, 0, whole.length, atMs, nanos, meta | cutFlag, head);
	}

	/** Makes room for a line in the text and the index. @returns its offset */
	#makeRoom(length: number): number {
		if (this.next - this.first === this.index.slots) {
			if (this.index.slots < this.#maxSlots) this.index.resize(this.index.slots * 2, this.first, this.next);
			else this.#evict();
		}
		for (;;) {
			const offset = this.store.place(length, this.next === this.first ? undefined : this.startOf(this.first));
			if (offset >= 0) return offset;
			this.#evict();
		}
	}

	#evict(): void {
		const seq = this.first;
		this.first = seq + 1;
		if ((this.metaOf(seq) & markerFlag) !== 0) return;
		const lost = this.lost;
		const ms = this.msOf(seq);
		if (lost.lines === 0) lost.fromMs = ms;
		lost.lines++;
		lost.bytes += this.lengthOf(seq);
		lost.toMs = ms;
	}
}
