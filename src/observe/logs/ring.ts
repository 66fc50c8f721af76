import type { LogSink, LogStream } from '../../domain/log.ts';
import { decodeLine, sanitiseText } from '../../domain/sanitise.ts';
import { Grouping } from './grouping.ts';
import { levelOfBytes } from './level.ts';
import { errorCode, warnCode } from './level-code.ts';
import { LineIndex } from './line-index.ts';
import { cutFlag, levelCodeOfMeta, levelShift, markerFlag, streamCode, streamOfMeta, unsafeFlag, wideFlag } from './line-meta.ts';
import { Rates } from './rates.ts';
import { TextStore } from './text-store.ts';

/** Lines that the ring had to give up, and the time they covered. */
export interface Overrun {
	readonly lines: number;
	readonly bytes: number;
	/** Epoch ms; 0 while `lines` is 0. */
	readonly fromMs: number;
	readonly toMs: number;
}

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

/**
 * The newest lines of one container, raw, within a fixed number of bytes outside the JS heap. A line is
 * stored whole in one stretch and followed by a line feed, so that it can be searched in place. Lines have
 * sequence numbers that only grow: a reader sees by them how many it missed.
 */
export class LogRing implements LogSink {
	readonly source: string;
	/** Sequence number of the oldest line kept. */
	first = 0;
	/** Sequence number the next line gets: the number of lines ever taken, markers included. */
	next = 0;
	readonly index = new LineIndex();
	readonly rates = new Rates();
	/** Entries at level error or above ever taken; the lines of a stack trace are one entry. */
	errors = 0;
	warnings = 0;
	/** Bytes ever taken. */
	bytesTaken = 0;
	/** Epoch ms of the newest line; 0 before the first. */
	lastMs = 0;
	readonly #text: TextStore;
	#lost = { lines: 0, bytes: 0, fromMs: 0, toMs: 0 };
	#maxSlots: number;
	readonly #grouping = new Grouping();
	readonly #onFlush: (() => void) | undefined;
	#lastOrder = 0;

	constructor(options: LogRingOptions) {
		this.source = options.source;
		this.#text = new TextStore(Math.max(smallestBytes, options.capacityBytes ?? defaultRingBytes));
		this.#onFlush = options.onFlush;
		this.#maxSlots = slotsFor(this.#text.capacity);
	}

	/** Bytes of text it may keep. */
	get capacityBytes(): number {
		return this.#text.capacity;
	}

	/** Text. A line lies at {@link startOf}, {@link lengthOf} bytes long. */
	get bytes(): Buffer {
		return this.#text.bytes;
	}

	/** Keeps more or less from now on. What does not fit any more is given up from the oldest and counted. */
	resize(capacityBytes: number): void {
		const capacity = Math.max(smallestBytes, capacityBytes);
		if (capacity === this.#text.capacity) return;
		this.#text.capacity = capacity;
		this.#maxSlots = slotsFor(capacity);
		let kept = 0;
		for (let seq = this.first; seq < this.next; seq++) kept += this.lengthOf(seq) + 1;
		while (kept > capacity || this.count > this.#maxSlots) {
			kept -= this.lengthOf(this.first) + 1;
			this.#evict();
		}
		if (this.index.slots > this.#maxSlots) this.index.resize(this.#maxSlots, this.first, this.next);
		const move = this.#text.repack(kept);
		for (let seq = this.first; seq < this.next; seq++) this.index.start[seq & this.index.mask] = move(this.startOf(seq), this.lengthOf(seq));
	}

	get count(): number {
		return this.next - this.first;
	}

	get overrun(): Overrun {
		return this.#lost;
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
		if (error) this.errors++;
		else if (warning) this.warnings++;
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

	/** Errors within the last 60 s. @param now epoch ms on the engine's clock */
	errorsPerMinute(now: number): number {
		return this.rates.lastMinute(now).errors;
	}

	linesPerMinute(now: number): number {
		return this.rates.lastMinute(now).lines;
	}

	/** Head of the entry that a line belongs to; its own number where it is a head or its head is gone. */
	headOf(seq: number): number {
		const head = seq - (this.index.back[seq & this.index.mask] ?? 0);
		return head < this.first ? seq : head;
	}

	/** The next head above `seq`, or `next` where there is none. */
	headAfter(seq: number): number {
		let at = Math.max(seq + 1, this.first);
		while (at < this.next && this.headOf(at) !== at) at++;
		return at;
	}

	/** The next head below `seq`, or `first - 1` where there is none. */
	headBefore(seq: number): number {
		let at = Math.min(seq, this.next) - 1;
		while (at >= this.first && this.headOf(at) !== at) at--;
		return Math.max(at, this.first - 1);
	}

	/** The last line that may belong to a head. */
	lastOf(head: number): number {
		return head + (this.index.reach[head & this.index.mask] ?? 0);
	}

	/** Whether a line belongs to a head and is not the head itself. */
	follows(seq: number, head: number): boolean {
		return (this.index.back[seq & this.index.mask] ?? 0) === seq - head && seq !== head;
	}

	orderOf(seq: number): number {
		return this.index.order[seq & this.index.mask] ?? 0;
	}

	msOf(seq: number): number {
		return this.index.ms[seq & this.index.mask] ?? 0;
	}

	nanosOf(seq: number): number {
		return this.index.nanos[seq & this.index.mask] ?? 0;
	}

	metaOf(seq: number): number {
		return this.index.meta[seq & this.index.mask] ?? 0;
	}

	levelCodeOf(seq: number): number {
		return levelCodeOfMeta(this.metaOf(seq));
	}

	streamOf(seq: number): LogStream {
		return streamOfMeta(this.metaOf(seq));
	}

	startOf(seq: number): number {
		return this.index.start[seq & this.index.mask] ?? 0;
	}

	lengthOf(seq: number): number {
		return this.index.length[seq & this.index.mask] ?? 0;
	}

	/** The line as harmless text, of its first `maxBytes` bytes. */
	text(seq: number, maxBytes = Infinity): string {
		const start = this.startOf(seq);
		const end = start + Math.min(this.lengthOf(seq), maxBytes);
		const meta = this.metaOf(seq);
		if ((meta & (wideFlag | unsafeFlag)) === 0) return this.bytes.toString('latin1', start, end);
		return decodeLine(this.bytes, start, end);
	}

	/** A copy of the raw bytes of a line. */
	raw(seq: number): Buffer {
		const start = this.startOf(seq);
		return Buffer.from(this.bytes.subarray(start, start + this.lengthOf(seq)));
	}

	/** The first line whose order is at least `order` (`above`: greater), or `next`. */
	lowerBound(order: number, above = false): number {
		let low = this.first;
		let high = this.next;
		while (low < high) {
			const middle = Math.floor((low + high) / 2);
			const here = this.orderOf(middle);
			if (here < order || (above && here === order)) low = middle + 1;
			else high = middle;
		}
		return low;
	}

	#append(bytes: Uint8Array, start: number, end: number, atMs: number, nanos: number, meta: number, head: number): void {
		const cutAt = this.#text.capacity >> 1;
		if (end - start >= cutAt) {
			this.#appendCut(bytes, start, end, atMs, nanos, meta, head, cutAt);
			return;
		}
		const length = end - start;
		const offset = this.#makeRoom(length);
		const flags = this.#text.write(bytes, start, end, offset);
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
			const offset = this.#text.place(length, this.next === this.first ? undefined : this.startOf(this.first));
			if (offset >= 0) return offset;
			this.#evict();
		}
	}

	#evict(): void {
		const seq = this.first;
		this.first = seq + 1;
		if ((this.metaOf(seq) & markerFlag) !== 0) return;
		const lost = this.#lost;
		const ms = this.msOf(seq);
		if (lost.lines === 0) lost.fromMs = ms;
		lost.lines++;
		lost.bytes += this.lengthOf(seq);
		lost.toMs = ms;
	}
}
