import { decodeLine } from '../../domain/sanitise.ts';
import type { LogStream } from '../../domain/log.ts';
import type { LineFormat } from './format.ts';
import { keepLine, type LineTaker, type LogLine, type LogSource } from './line.ts';

/** Bytes handed to the output at once, about. */
const pieceBytes = 64 * 1024;

const newline = 10;
const firstPrintable = 0x20;
const lastPrintable = 0x7e;

/**
 * Writes lines into one buffer and hands it over in pieces. A line of printable ASCII that is written as it is needs
 * no text and no object of its own; every other one goes through its format, which makes it harmless.
 */
export class LineWriter implements LineTaker {
	readonly #format: LineFormat;
	readonly #hand: (piece: Uint8Array) => void;
	readonly #size: number;
	#slab: Buffer;
	/** Bytes of the slab that were handed over, and that were written. */
	#from = 0;
	#at = 0;

	/**
	 * @param hand takes a piece for good: its bytes are never written again
	 * @param size bytes of a piece, about
	 */
	constructor(format: LineFormat, hand: (piece: Uint8Array) => void, size = pieceBytes) {
		this.#format = format;
		this.#hand = hand;
		this.#size = size;
		this.#slab = Buffer.allocUnsafeSlow(size);
	}

	line(source: LogSource, bytes: Uint8Array, start: number, end: number, atMs: number, nanos: number, stream: LogStream, level: number): void {
		const { bare } = this.#format;
		if (bare !== undefined) {
			if (this.#copy(bytes, start, end, bare === 'text')) return;
			this.#append(`${decodeLine(bytes, start, end)}\n`);
			return;
		}
		this.write(keepLine(source, bytes, start, end, atMs, nanos, stream, level));
	}

	/** A line that was kept. */
	write(line: LogLine): void {
		const { bytes } = line;
		if (this.#format.bare !== undefined && this.#copy(bytes, 0, bytes.length, this.#format.bare === 'text')) return;
		this.#append(this.#format.render(line));
	}

	flush(): void {
		if (this.#at === this.#from) return;
		const piece = this.#slab.subarray(this.#from, this.#at);
		this.#from = this.#at;
		this.#hand(piece);
	}

	/** @returns false where the line is not harmless as it is; nothing is written then */
	#copy(bytes: Uint8Array, start: number, end: number, checked: boolean): boolean {
		const length = end - start + 1;
		if (length > this.#size) return this.#copyLong(bytes, start, end, checked);
		if (length > this.#slab.length - this.#at) this.#next();
		const slab = this.#slab;
		let to = this.#at;
		for (let at = start; at < end; at++) {
			const byte = bytes[at] ?? 0;
			if (checked && (byte < firstPrintable || byte > lastPrintable)) return false;
			slab[to++] = byte;
		}
		slab[to++] = newline;
		this.#at = to;
		return true;
	}

	#copyLong(bytes: Uint8Array, start: number, end: number, checked: boolean): boolean {
		if (checked) {
			for (let at = start; at < end; at++) {
				const byte = bytes[at] ?? 0;
				if (byte < firstPrintable || byte > lastPrintable) return false;
			}
		}
		const piece = Buffer.allocUnsafeSlow(end - start + 1);
		piece.set(bytes.subarray(start, end));
		piece[end - start] = newline;
		this.flush();
		this.#hand(piece);
		return true;
	}

	#append(data: string | Uint8Array): void {
		// No character takes more than three bytes of UTF-8 for each unit of its text.
		const most = typeof data === 'string' ? data.length * 3 : data.length;
		if (most > this.#size) {
			this.flush();
			this.#hand(typeof data === 'string' ? Buffer.from(data) : data);
			return;
		}
		if (most > this.#slab.length - this.#at) this.#next();
		if (typeof data === 'string') this.#at += this.#slab.write(data, this.#at);
		else {
			this.#slab.set(data, this.#at);
			this.#at += data.length;
		}
	}

	/** The output may still hold what it was given: a slab is never written twice. */
	#next(): void {
		this.flush();
		this.#slab = Buffer.allocUnsafeSlow(this.#size);
		this.#from = 0;
		this.#at = 0;
	}
}
