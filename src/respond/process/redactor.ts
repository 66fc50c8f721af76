const replacement = Buffer.from('(secret)');

/**
 * Replaces secrets in a stream. Of its end it holds back what may be the start of a secret, and no more, so that what
 * comes out does not depend on how the stream was cut. The leftmost match counts, of several the longest.
 */
export class Redactor {
	readonly #patterns: readonly Uint8Array[];
	readonly #longest: number;
	readonly #first: Uint8Array;
	#held: Buffer = Buffer.alloc(0);

	/** @param patterns the longest first, none empty */
	constructor(patterns: readonly Uint8Array[]) {
		this.#patterns = patterns;
		this.#longest = patterns[0]?.length ?? 0;
		this.#first = new Uint8Array(256);
		for (const pattern of patterns) this.#first[pattern[0] ?? 0] = 1;
	}

	/** Hands over what is certain to hold no secret. The bytes are valid during the call only. */
	push(chunk: Buffer, emit: (bytes: Uint8Array) => void): void {
		if (this.#longest === 0) emit(chunk);
		else this.#run(this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]), false, emit);
	}

	/** Hands over what was held back. */
	end(emit: (bytes: Uint8Array) => void): void {
		if (this.#held.length > 0) this.#run(this.#held, true, emit);
	}

	#run(bytes: Buffer, last: boolean, emit: (bytes: Uint8Array) => void): void {
		const next = this.#patterns.map((pattern) => bytes.indexOf(pattern));
		let from = 0;
		for (;;) {
			let match = -1;
			let length = 0;
			for (const [index, pattern] of this.#patterns.entries()) {
				let at = next[index] ?? -1;
				if (at !== -1 && at < from) {
					at = bytes.indexOf(pattern, from);
					next[index] = at;
				}
				// The longest stands first, and so wins among equals.
				if (at !== -1 && (match === -1 || at < match)) {
					match = at;
					length = pattern.length;
				}
			}
			const hold = last ? -1 : this.#holdFrom(bytes, from, match === -1 ? bytes.length : match + 1);
			if (hold !== -1 && (match === -1 || hold <= match)) {
				if (hold > from) emit(bytes.subarray(from, hold));
				this.#held = Buffer.from(bytes.subarray(hold));
				return;
			}
			if (match === -1) {
				if (from < bytes.length) emit(bytes.subarray(from));
				this.#held = Buffer.alloc(0);
				return;
			}
			if (match > from) emit(bytes.subarray(from, match));
			emit(replacement);
			from = match + length;
		}
	}

	/** Where the first piece begins that reaches the end and may grow into a secret; -1 where there is none before `until`. */
	#holdFrom(bytes: Buffer, from: number, until: number): number {
		for (let at = Math.max(from, bytes.length - this.#longest + 1); at < until; at++) {
			if (this.#first[bytes[at] ?? 0] === 0) continue;
			const length = bytes.length - at;
			for (const pattern of this.#patterns) {
				if (pattern.length <= length) break;
				if (bytes.compare(pattern, 0, length, at) === 0) return at;
			}
		}
		return -1;
	}
}

/** A short text with its secrets replaced. */
export const redactText = (text: string, patterns: readonly Uint8Array[]): string => {
	const parts: Buffer[] = [];
	const redactor = new Redactor(patterns);
	const keep = (bytes: Uint8Array): void => void parts.push(Buffer.from(bytes));
	redactor.push(Buffer.from(text), keep);
	redactor.end(keep);
	return Buffer.concat(parts).toString('utf8');
};
