/** A line longer than this is cut, bytes. */
export const maxLineBytes = 1024 * 1024;

/** Puts a line together that comes in pieces. Bounded: what is beyond the bound is counted and said in the line itself. */
export class LongLine {
	#bytes = new Uint8Array(0);
	#length = 0;
	#cut = 0;
	#open = false;
	atMs = 0;
	nanos = 0;

	/** True while a piece has come and its line end has not. */
	get open(): boolean {
		return this.#open;
	}

	add(bytes: Uint8Array, start: number, end: number): void {
		this.#open = true;
		const room = maxLineBytes - this.#length;
		const taken = Math.min(room, end - start);
		this.#cut += end - start - taken;
		this.#reserve(this.#length + taken);
		this.#bytes.set(bytes.subarray(start, start + taken), this.#length);
		this.#length += taken;
	}

	/** The line so far, and room for the next. The marker stands where bytes were left out. */
	take(): Uint8Array {
		if (this.#cut > 0) {
			const marker = new TextEncoder().encode(` [line cut here: ${this.#cut} more bytes]`);
			this.#reserve(this.#length + marker.length);
			this.#bytes.set(marker, this.#length);
			this.#length += marker.length;
		}
		const line = this.#bytes.subarray(0, this.#length);
		// A buffer grown for one giant line is not kept for ever.
		this.#bytes = this.#length > 65_536 ? new Uint8Array(0) : this.#bytes;
		this.#length = 0;
		this.#cut = 0;
		this.#open = false;
		return line;
	}

	#reserve(length: number): void {
		if (this.#bytes.length >= length) {
			return;
		}
		const grown = new Uint8Array(Math.max(length, this.#bytes.length * 2, 32_768));
		grown.set(this.#bytes.subarray(0, this.#length));
		this.#bytes = grown;
	}
}
