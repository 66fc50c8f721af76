/** How the body of an answer is delimited. */
export type Framing = 'chunked' | 'until-close';

/** The head of an answer, as far as a stream needs it. */
export interface ResponseHead {
	readonly status: number;
	/** `undefined` where it is delimited in another way. */
	readonly framing: Framing | undefined;
}

/** An engine's head is some 300 bytes. */
const maxHead = 16 * 1024;

/**
 * Collects the head of an HTTP answer from the bytes that come. Anything about it that is out of the ordinary gives no
 * framing: who reads a stream has the HTTP client deal with such an answer.
 */
export class HeadReader {
	#text = '';
	head: ResponseHead | undefined;

	/** Takes bytes until the head is whole. @returns where the body begins; -1 where the head is not whole yet */
	push(bytes: Uint8Array, start: number, end: number): number {
		const held = this.#text.length;
		this.#text += Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
		const headEnd = this.#text.indexOf('\r\n\r\n', Math.max(0, held - 3));
		if (headEnd < 0 && this.#text.length <= maxHead) return -1;
		this.head = headEnd < 0 ? { status: 0, framing: undefined } : parseHead(this.#text.slice(0, headEnd));
		this.#text = '';
		return headEnd < 0 ? end : start + headEnd + 4 - held;
	}
}

const parseHead = (text: string): ResponseHead => {
	const [first = '', ...lines] = text.split('\r\n');
	const status = Number(/^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(first)?.[1] ?? 0);
	let framing: Framing | undefined = 'until-close';
	for (const line of lines) {
		const [name = '', value = ''] = line.split(/:[ \t]*/, 2);
		const key = name.toLowerCase();
		if (key === 'transfer-encoding') framing = value.trim().toLowerCase() === 'chunked' ? 'chunked' : undefined;
		else if (key === 'content-length' || key === 'content-encoding') framing = undefined;
		if (framing === undefined) break;
	}
	return { status, framing };
};
