const headerLength = 8;

/** One frame's payload: `bytes[start, end)`, valid during the call only. Kind 1 is stdout, 2 stderr, 3 the engine's own error. */
export type FrameSink = (kind: number, bytes: Uint8Array, start: number, end: number) => void;

/** The stream is no multiplexed one, or lost its step. */
export class FrameError extends Error {
	override readonly name = 'FrameError';
}

/** No engine sends frames near this; a header that says so is text read as a header, bytes. */
const maxFrame = 64 * 1024 * 1024;

/**
 * Takes apart a multiplexed stream: an 8-byte header (kind, three zeroes, big-endian length), then the
 * payload. A frame that lies whole within a chunk is handed over where it lies; only one that spans chunks is copied.
 */
export class Frames {
	readonly #sink: FrameSink;
	readonly #header = new Uint8Array(headerLength);
	#headerHeld = 0;
	#kind = 0;
	/** Payload of a frame that began in an earlier chunk. */
	#held: Uint8Array | undefined;
	#heldLength = 0;

	constructor(sink: FrameSink) {
		this.#sink = sink;
	}

	/** True in the midst of a frame: a stream that ends here was cut. */
	get open(): boolean {
		return this.#headerHeld > 0 || this.#held !== undefined;
	}

	/** Takes `chunk[start, end)`, the whole of it where nothing else is said. @throws FrameError */
	push(chunk: Uint8Array, start = 0, end = chunk.length): void {
		let at = start;
		while (at < end) {
			if (this.#held !== undefined) {
				at = this.#fill(this.#held, chunk, at, end);
				continue;
			}
			if (this.#headerHeld > 0 || end - at < headerLength) {
				at = this.#fillHeader(chunk, at, end);
				if (this.#headerHeld === headerLength) {
					this.#headerHeld = 0;
					at = this.#payload(chunk, at, end, this.#header, 0);
				}
				continue;
			}
			at = this.#payload(chunk, at + headerLength, end, chunk, at);
		}
	}

	/** Hands over a payload that is whole in the chunk, or begins to hold it. Returns where reading goes on. */
	#payload(chunk: Uint8Array, at: number, end: number, header: Uint8Array, headerAt: number): number {
		const kind = header[headerAt] ?? 0;
		const size = frameSize(header, headerAt);
		if (kind > 3 || size < 0) {
			throw new FrameError('the stream is not in frames');
		}
		if (at + size <= end) {
			this.#sink(kind, chunk, at, at + size);
			return at + size;
		}
		this.#kind = kind;
		this.#held = new Uint8Array(size);
		this.#heldLength = 0;
		return this.#fill(this.#held, chunk, at, end);
	}

	#fillHeader(chunk: Uint8Array, at: number, end: number): number {
		const count = Math.min(headerLength - this.#headerHeld, end - at);
		this.#header.set(chunk.subarray(at, at + count), this.#headerHeld);
		this.#headerHeld += count;
		return at + count;
	}

	#fill(held: Uint8Array, chunk: Uint8Array, at: number, end: number): number {
		const count = Math.min(held.length - this.#heldLength, end - at);
		held.set(chunk.subarray(at, at + count), this.#heldLength);
		this.#heldLength += count;
		if (this.#heldLength === held.length) {
			this.#held = undefined;
			this.#sink(this.#kind, held, 0, held.length);
		}
		return at + count;
	}
}

/** Payload length, or -1 where this is no header. */
function frameSize(header: Uint8Array, at: number): number {
	if (header[at + 1] !== 0 || header[at + 2] !== 0 || header[at + 3] !== 0) {
		return -1;
	}
	const size =
		(header[at + 4] ?? 0) * 0x1000000 + (((header[at + 5] ?? 0) << 16) | ((header[at + 6] ?? 0) << 8) | (header[at + 7] ?? 0));
	return size > maxFrame ? -1 : size;
}
