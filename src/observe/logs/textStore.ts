import { isHarmless } from '../../domain/sanitise.ts';
import { unsafeFlag, wideFlag } from './lineMeta.ts';

const initialBytes = 16 * 1024;
const newline = 0x0a;

/**
 * The bytes of a ring's lines, outside the JS heap. It grows to its capacity and then goes round; a line lies
 * in one stretch and is followed by a line feed.
 */
export class TextStore {
	bytes: Buffer;
	capacity: number;
	/** Offset after the newest line. */
	#end = 0;

	constructor(capacity: number) {
		this.capacity = capacity;
		this.bytes = Buffer.allocUnsafeSlow(Math.min(initialBytes, capacity));
	}

	/**
	 * Finds room for a line of `length` bytes. @returns its offset, or -1 where the oldest line must go first
	 * @param oldest offset of the oldest line; absent where there is none
	 */
	place(length: number, oldest: number | undefined): number {
		const need = length + 1;
		if (oldest === undefined) {
			if (need > this.bytes.length) this.#grow(need);
			return 0;
		}
		if (oldest >= this.#end) return this.#end + need <= oldest ? this.#end : -1;
		if (this.#end + need > this.bytes.length && this.bytes.length < this.capacity) this.#grow(this.#end + need);
		if (this.#end + need <= this.bytes.length) return this.#end;
		return need <= oldest ? 0 : -1;
	}

	/** Copies a line in. @returns whether it has bytes beyond ASCII, and whether it is not harmless as it is, as flags */
	write(bytes: Uint8Array, start: number, end: number, offset: number): number {
		const target = this.bytes;
		let wide = 0;
		let control = false;
		let to = offset;
		for (let from = start; from < end; from++, to++) {
			const byte = bytes[from] ?? 0;
			target[to] = byte;
			wide |= byte;
			if (byte < 0x20 || byte === 0x7f) control = true;
		}
		target[to] = newline;
		this.#end = to + 1;
		if ((wide & 0x80) === 0) return control ? unsafeFlag : 0;
		if (control) return wideFlag | unsafeFlag;
		// Bytes that are no UTF-8 decode to the replacement character, which is not what is shown of them.
		const text = target.toString('utf8', offset, to);
		return isHarmless(text) && !text.includes('\ufffd') ? wideFlag : wideFlag | unsafeFlag;
	}

	/** Begins a buffer of another size. @returns a function that moves a line over and gives its new offset */
	repack(size: number): (offset: number, length: number) => number {
		const old = this.bytes;
		this.bytes = Buffer.allocUnsafeSlow(Math.min(this.capacity, Math.max(size, initialBytes)));
		this.#end = 0;
		return (offset, length) => {
			const to = this.#end;
			old.copy(this.bytes, to, offset, offset + length + 1);
			this.#end = to + length + 1;
			return to;
		};
	}

	#grow(atLeast: number): void {
		const larger = Buffer.allocUnsafeSlow(Math.min(this.capacity, Math.max(this.bytes.length * 2, atLeast)));
		this.bytes.copy(larger, 0, 0, this.#end);
		this.bytes = larger;
	}
}
