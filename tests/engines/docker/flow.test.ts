import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { canFlow, flow, type FlowSink } from '../../../src/engines/docker/flow.ts';

let folder: string;
let server: Server | undefined;
let sockets: Socket[];

beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'sitrep-flow-'));
	sockets = [];
});

afterEach(async () => {
	for (const socket of sockets) socket.destroy();
	await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
	server = undefined;
	await rm(folder, { recursive: true, force: true });
});

/** A server that answers each request by hand. @returns its socket's path */
async function serve(answer: (socket: Socket, request: string) => void): Promise<string> {
	const path = join(folder, 'engine.sock');
	server = createServer((socket) => {
		sockets.push(socket);
		socket.on('error', () => {});
		socket.once('data', (bytes) => answer(socket, bytes.toString('latin1')));
	});
	await new Promise<void>((resolve) => server?.listen(path, resolve));
	return path;
}

class Collector implements FlowSink {
	text = '';
	flushes = 0;
	heads = 0;

	take(bytes: Uint8Array, start: number, end: number): void {
		this.text += Buffer.from(bytes.subarray(start, end)).toString('latin1');
	}

	flush(): void {
		this.flushes++;
	}
}

const chunkedHead = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;

const read = async (path: string, sink: FlowSink & { heads?: number }, signal = new AbortController().signal): Promise<'over' | 'refused'> =>
	flow({ transport: { kind: 'unix', path }, path: '/v1.41/logs?follow=1', signal, now: () => performance.now(), onHead: () => (sink.heads = (sink.heads ?? 0) + 1) }, sink);

describe('a body that flows', () => {
	it('is read to its end, over a connection that is closed then', async () => {
		let asked = '';
		const path = await serve((socket, request) => {
			asked = request;
			socket.write(`${chunkedHead}${chunk('one ')}${chunk('two')}0\r\n\r\n`);
		});
		const sink = new Collector();
		expect(await read(path, sink)).toBe('over');
		expect(sink).toMatchObject({ text: 'one two', heads: 1, flushes: 1 });
		expect(asked).toBe('GET /v1.41/logs?follow=1 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
		await expect.poll(() => sockets[0]?.destroyed).toBe(true);
	});

	it('loses no byte of a flood in small pieces', async () => {
		const lines = Array.from({ length: 20_000 }, (_, index) => `line ${index} ${'x'.repeat(index % 90)}\n`);
		const path = await serve((socket) => {
			socket.write(chunkedHead);
			const left = lines.values();
			const more = (): void => {
				for (let count = 0; count < 7; count++) {
					const { value, done } = left.next();
					if (done === true) {
						socket.end('0\r\n\r\n');
						return;
					}
					socket.write(chunk(value));
				}
				setImmediate(more);
			};
			more();
		});
		const sink = new Collector();
		expect(await read(path, sink)).toBe('over');
		expect(sink.text === lines.join('')).toBe(true);
		expect(sink.flushes).toBeGreaterThan(10);
	});

	it('without chunks is over when the connection closes', async () => {
		const path = await serve((socket) => socket.end('HTTP/1.0 200 OK\r\n\r\nall of it'));
		const sink = new Collector();
		expect(await read(path, sink)).toBe('over');
		expect(sink.text).toBe('all of it');
	});

	it.each([
		['an answer that is no success', 'HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n'],
		['a body of a known length', 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\none'],
	])('is none in %s', async (_, answer) => {
		const path = await serve((socket) => socket.write(answer));
		const sink = new Collector();
		expect(await read(path, sink)).toBe('refused');
		expect(sink).toMatchObject({ text: '', heads: 0, flushes: 0 });
	});

	it('that is cut in its midst fails as a broken connection does', async () => {
		const path = await serve((socket) => socket.end(`${chunkedHead}${chunk('one')}5\r\ntw`));
		const sink = new Collector();
		await expect(read(path, sink)).rejects.toMatchObject({ code: 'ECONNRESET' });
		expect(sink.text).toBe('onetw');
	});

	it('fails where nobody answers, and where what is sent makes no sense', async () => {
		await expect(read(join(folder, 'absent.sock'), new Collector())).rejects.toMatchObject({ code: 'ENOENT' });
		const path = await serve((socket) => socket.write(`${chunkedHead}no size`));
		await expect(read(path, new Collector())).rejects.toThrow(/not in chunks/);
	});

	it('fails with what its taker threw', async () => {
		const path = await serve((socket) => socket.write(`${chunkedHead}${chunk('one')}`));
		const sink: FlowSink = {
			take: () => {
				throw new Error('no frame');
			},
			flush: () => {},
		};
		await expect(read(path, sink)).rejects.toThrow('no frame');
	});

	it('hands nothing over after an abort, not even what came in the same read', async () => {
		const path = await serve((socket) => socket.write(`${chunkedHead}${chunk('one')}${chunk('two')}`));
		const stop = new AbortController();
		const sink = new (class extends Collector {
			override take(bytes: Uint8Array, start: number, end: number): void {
				super.take(bytes, start, end);
				stop.abort();
			}
		})();
		expect(await read(path, sink, stop.signal)).toBe('over');
		expect(sink.text).toBe('one');
		expect(await read(path, sink, stop.signal)).toBe('over');
		expect(sink.text).toBe('one');
	});

	it('is tried over plain connections only', () => {
		expect(canFlow({ kind: 'unix', path: '/var/run/docker.sock' })).toBe(true);
		expect(canFlow({ kind: 'tcp', host: 'engine', port: 2375 })).toBe(true);
		expect(canFlow({ kind: 'tcp', host: 'engine', port: 2376, tls: { verify: true } })).toBe(false);
		expect(canFlow({ kind: 'ssh', host: 'engine' })).toBe(false);
	});
});
