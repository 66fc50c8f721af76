const newline = 10;
const carriageReturn = 13;
const semicolon = 59;
const space = 32;
const tab = 9;
/** No engine sends chunks near this, bytes: a size line that says so is none. */
const maxChunk = 0x3fff_ffff;

/** The body is not in chunks as RFC 9112, section 7.1, has them. */
export class ChunkError extends Error {
	override readonly name = 'ChunkError';

	constructor() {
		super("the engine's answer is not in chunks, as it said it would be");
	}
}

/** What is read next: a size line, the rest of one, a chunk, the line end behind it, the lines after the last one. */
type Step = 'size' | 'extension' | 'data' | 'dataEnd' | 'trailer' | 'over';

/**
 * Takes a chunked body apart where it lies. An engine sends a chunk for each log line, so that this runs for every
 * line: it makes no object and copies nothing.
 */
export class Chunked {
	readonly #sink: (bytes: Uint8Array, start: number, end: number) => void;
	#step: Step = 'size';
	#size = 0;
	#digits = 0;
	/** Bytes of the chunk that are still to come. */
	#left = 0;
	/** Bytes of the present trailer line. */
	#trailerLength = 0;

	/** @param sink takes a piece of the body, valid during the call only; a chunk may come in several */
	constructor(sink: (bytes: Uint8Array, start: number, end: number) => void) {
		this.#sink = sink;
	}

	/** True once the last chunk and what follows it have come. */
	get over(): boolean {
		return this.#step === 'over';
	}

	/** @throws ChunkError */
	push(bytes: Uint8Array, start: number, end: number): void {
		let at = start;
		while (at < end) {
			switch (this.#step) {
				case 'data': {
					const stop = Math.min(end, at + this.#left);
					this.#left -= stop - at;
					if (this.#left === 0) this.#step = 'dataEnd';
					this.#sink(bytes, at, stop);
					at = stop;
					break;
				}
				case 'size':
					at = this.#readSize(bytes, at, end);
					break;
				case 'dataEnd':
					if (bytes[at] === newline) this.#step = 'size';
					else if (bytes[at] !== carriageReturn) throw new ChunkError();
					at++;
					break;
				case 'extension':
					if (bytes[at] === newline) this.#sizeEnded();
					at++;
					break;
				case 'trailer':
					if (bytes[at] === newline) {
						if (this.#trailerLength === 0) this.#step = 'over';
						this.#trailerLength = 0;
					} else if (bytes[at] !== carriageReturn) this.#trailerLength++;
					at++;
					break;
				case 'over':
					return;
			}
		}
	}

	#readSize(bytes: Uint8Array, start: number, end: number): number {
		let size = this.#size;
		let digits = this.#digits;
		let at = start;
		for (; at < end; at++) {
			const byte = bytes[at] ?? 0;
			const digit = byte - 48;
			const letter = (byte | 0x20) - 97;
			if (digit >= 0 && digit <= 9) size = size * 16 + digit;
			else if (letter >= 0 && letter <= 5) size = size * 16 + letter + 10;
			else break;
			digits++;
			if (size > maxChunk) throw new ChunkError();
		}
		this.#size = size;
		this.#digits = digits;
		if (at === end) return at;
		if (digits === 0) throw new ChunkError();
		const byte = bytes[at];
		if (byte === newline) this.#sizeEnded();
		else if (byte === semicolon || byte === space || byte === tab || byte === carriageReturn) this.#step = 'extension';
		else throw new ChunkError();
		return at + 1;
	}

	#sizeEnded(): void {
		this.#left = this.#size;
		this.#step = this.#size === 0 ? 'trailer' : 'data';
		this.#size = 0;
		this.#digits = 0;
	}
}
