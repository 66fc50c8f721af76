/** Beyond this a "line" is no event but a stream gone wrong, characters. */
const maxLine = 4 * 1024 * 1024;

/** Cuts a stream of JSON documents, one a line, into documents. */
export class JsonLines {
	readonly #sink: (document: unknown) => void;
	readonly #decoder = new TextDecoder();
	#rest = '';
	/** Lines that were no JSON. */
	malformed = 0;

	constructor(sink: (document: unknown) => void) {
		this.#sink = sink;
	}

	push(chunk: Uint8Array): void {
		const text = this.#rest + this.#decoder.decode(chunk, { stream: true });
		let from = 0;
		for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
			this.#line(text.slice(from, end));
			from = end + 1;
		}
		this.#rest = text.slice(from);
		if (this.#rest.length > maxLine) {
			this.malformed++;
			this.#rest = '';
		}
	}

	#line(line: string): void {
		if (line.trim() === '') {
			return;
		}
		let document: unknown;
		try {
			document = JSON.parse(line);
		} catch {
			this.malformed++;
			return;
		}
		this.#sink(document);
	}
}
