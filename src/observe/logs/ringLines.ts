import type { LogStream } from '../../domain/log.ts';
import { decodeLine } from '../../domain/sanitise.ts';
import { LineIndex } from './lineIndex.ts';
import { levelCodeOfMeta, streamOfMeta, unsafeFlag, wideFlag } from './lineMeta.ts';
import { Rates } from './rates.ts';
import type { TextStore } from './textStore.ts';

/** Lines that the ring had to give up, and the time they covered. */
export interface Overrun {
	readonly lines: number;
	readonly bytes: number;
	/** Epoch ms; 0 while `lines` is 0. */
	readonly fromMs: number;
	readonly toMs: number;
}

/**
 * The newest lines of one container, raw, within a fixed number of bytes outside the JS heap, as they are read. A line is
 * stored whole in one stretch and followed by a line feed, so that it can be searched in place. Lines have
 * sequence numbers that only grow: a reader sees by them how many it missed.
 */
export class RingLines {
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
	/** Head of the newest entry at level error or above; -1 before the first. */
	lastErrorSeq = -1;
	/** Bytes ever taken. */
	bytesTaken = 0;
	/** Epoch ms of the newest line; 0 before the first. */
	lastMs = 0;
	protected readonly store: TextStore;
	protected readonly lost = { lines: 0, bytes: 0, fromMs: 0, toMs: 0 };

	protected constructor(source: string, store: TextStore) {
		this.source = source;
		this.store = store;
	}

	/** Text. A line lies at {@link startOf}, {@link lengthOf} bytes long. */
	get bytes(): Buffer {
		return this.store.bytes;
	}

	get count(): number {
		return this.next - this.first;
	}

	get overrun(): Overrun {
		return this.lost;
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
}
