/** Keeps the beginning of a stream up to a bound and counts the rest. */
export class BoundedOutput {
	readonly #most: number;
	readonly #chunks: Uint8Array[] = [];
	#length = 0;
	/** Bytes that were not kept. */
	dropped = 0;

	constructor(most: number) {
		this.#most = most;
	}

	add(bytes: Uint8Array): void {
		const taken = Math.min(this.#most - this.#length, bytes.length);
		if (taken > 0) {
			// Copied: what comes in lies in the transport's own buffer.
			this.#chunks.push(bytes.slice(0, taken));
			this.#length += taken;
		}
		this.dropped += bytes.length - taken;
	}

	bytes(): Uint8Array {
		return Buffer.concat(this.#chunks);
	}
}
