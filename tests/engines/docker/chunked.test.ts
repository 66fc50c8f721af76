import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Chunked, ChunkError } from '../../../src/engines/docker/chunked.ts';

interface Taken {
	readonly body: string;
	readonly over: boolean;
}

/** Feeds text cut at the given places, each piece in the midst of a buffer that holds other bytes around it. */
function dechunk(text: string, cuts: readonly number[] = []): Taken {
	let body = '';
	const chunked = new Chunked((bytes, start, end) => {
		body += Buffer.from(bytes.subarray(start, end)).toString('latin1');
	});
	let from = 0;
	for (const cut of [...cuts.map((place) => place % (text.length + 1)), text.length].sort((a, b) => a - b)) {
		const piece = text.slice(from, cut);
		chunked.push(Buffer.from(`5\r\n${piece}0\r\n`, 'latin1'), 3, 3 + piece.length);
		from = cut;
	}
	return { body, over: chunked.over };
}

const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;
const pieces = fc.array(fc.string({ unit: fc.constantFrom('a', '0', '\r', '\n', ';', 'f', '\xff'), minLength: 1, maxLength: 40 }), { maxLength: 12 });

describe('a chunked body', () => {
	it('comes out the same however it is cut', () => {
		fc.assert(
			fc.property(pieces, fc.array(fc.nat(), { maxLength: 30 }), (texts, cuts) => {
				expect(dechunk(`${texts.map(chunk).join('')}0\r\n\r\n`, cuts)).toEqual({ body: texts.join(''), over: true });
			}),
		);
	});

	it('is not over before its last chunk, and takes nothing after it', () => {
		expect(dechunk(`${chunk('one')}0\r\n`)).toEqual({ body: 'one', over: false });
		expect(dechunk(`${chunk('one')}0\r\n\r\n${chunk('two')}`)).toEqual({ body: 'one', over: true });
	});

	it.each([
		['extensions', '3;name="a;b"\r\none\r\n0;last\r\n\r\n'],
		['trailers', '3\r\none\r\n0\r\nChecksum: 1\r\nMore: 2\r\n\r\n'],
		['capitals and zeroes before the size', '000003 \r\none\r\n000\r\n\r\n'],
		['bare line feeds', '3\none\n0\n\n'],
	])('may have %s', (_, text) => {
		for (let cut = 0; cut <= text.length; cut++) expect(dechunk(text, [cut])).toEqual({ body: 'one', over: true });
	});

	it('reads sizes in either case', () => {
		expect(dechunk(`1A\r\n${'x'.repeat(26)}\r\n1a\r\n${'y'.repeat(26)}\r\n`).body).toBe('x'.repeat(26) + 'y'.repeat(26));
	});

	it.each([
		['no size', '\r\none\r\n'],
		['a size that is no number', 'xyz\r\n'],
		['a size beyond all measure', 'ffffffffff\r\n'],
		['a chunk longer than it said', '2\r\none\r\n'],
	])('is refused with %s', (_, text) => {
		expect(() => dechunk(text)).toThrow(ChunkError);
	});
});
