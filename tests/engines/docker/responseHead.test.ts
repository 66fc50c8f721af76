import { describe, expect, it } from 'vitest';
import { HeadReader, type ResponseHead } from '../../../src/engines/docker/responseHead.ts';

/** Reads a head that comes in two pieces. */
function readHead(text: string, cut = 0): { head: ResponseHead | undefined; body: string } {
	const reader = new HeadReader();
	const bytes = Buffer.from(text, 'latin1');
	const first = cut === 0 ? -1 : reader.push(bytes, 0, cut);
	const from = first >= 0 ? first : reader.push(bytes, cut, bytes.length);
	return { head: reader.head, body: from < 0 ? '' : bytes.toString('latin1', from) };
}

const headOf = (...lines: readonly string[]): ResponseHead | undefined => readHead(`${lines.join('\r\n')}\r\n\r\n`).head;

describe('the head of an answer', () => {
	it('tells the status and the framing, and where the body begins, however it is cut', () => {
		const text = 'HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none';
		for (let cut = 0; cut < text.length; cut++) expect(readHead(text, cut)).toEqual({ head: { status: 200, framing: 'chunked' }, body: '3\r\none' });
	});

	it('that names no length is followed by all that comes', () => {
		expect(headOf('HTTP/1.0 200 OK', 'Content-Type: application/octet-stream')).toEqual({ status: 200, framing: 'until-close' });
		expect(headOf('HTTP/1.1 200')).toEqual({ status: 200, framing: 'until-close' });
	});

	it('has no framing that flows where anything is out of the ordinary', () => {
		expect(headOf('HTTP/1.1 200 OK', 'content-length:  3')?.framing).toBeUndefined();
		expect(headOf('HTTP/1.1 200 OK', 'transfer-encoding: gzip, chunked')?.framing).toBeUndefined();
		expect(headOf('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked', 'Content-Encoding: gzip')?.framing).toBeUndefined();
		expect(headOf('HTTP/1.1 200 OK', 'Content-Length: 3', 'Transfer-Encoding: chunked')?.framing).toBeUndefined();
		expect(headOf('SSH-2.0-OpenSSH_9.2')?.status).toBe(0);
	});

	it('is given up where it has no end', () => {
		const reader = new HeadReader();
		const bytes = Buffer.alloc(4096, 'a');
		let pushes = 1;
		while (reader.push(bytes, 0, bytes.length) < 0) pushes++;
		expect(pushes).toBe(5);
		expect(reader.head).toEqual({ status: 0, framing: undefined });
	});
});
