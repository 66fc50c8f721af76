import { connect, type Socket } from 'node:net';
import { Chunked } from './chunked.ts';
import { letGather } from './gather.ts';
import { HeadReader } from './responseHead.ts';
import type { Transport } from './target.ts';

/** Takes a body as it comes. Bytes are valid during the call only. */
export interface FlowSink {
	take(bytes: Uint8Array, start: number, end: number): void;
	/** What came in one read has been handed over. */
	flush(): void;
}

export interface FlowRequest {
	readonly transport: Transport;
	/** With the version prefix and the query. */
	readonly path: string;
	/** Aborted: the promise resolves with what came until then. */
	readonly signal: AbortSignal;
	/** Ms on a clock that never jumps. */
	readonly now: () => number;
	/** Called once the head of the answer has come. */
	readonly onHead: () => void;
}

/** What one read takes. All flows share it, for what was read is dealt with before anything else is: a hundred take no more memory than one. */
const readBuffer = new Uint8Array(64 * 1024);
/** Reads that follow each other within this are those of a flood, ms. */
const floodMs = 1;
/** Less than this in one read of a flood: the engine is slower than we are, bytes. */
const smallRead = 8 * 1024;

/** Whether a body can flow over this transport: a plain connection, without encryption or a process between. */
export const canFlow = (transport: Transport): boolean => transport.kind === 'unix' || (transport.kind === 'tcp' && transport.tls === undefined);

/**
 * Makes a GET whose body flows on, over a connection of its own, past the HTTP client: an engine sends a chunk for each log
 * line, and the client makes a buffer, an event and a call of every one, which is most of what following a log costs.
 * @returns `over` where the body came to its end, `refused` where the answer is none that flows: nothing was taken then,
 * and the HTTP client can ask again and say why
 * @throws Error of the connection; one that ends in the midst of a body has the code ECONNRESET
 */
export const flow = async (request: FlowRequest, sink: FlowSink): Promise<'over' | 'refused'> => {
	const { promise, resolve, reject } = Promise.withResolvers<'over' | 'refused'>();
	const head = new HeadReader();
	let taking = true;
	const chunked = new Chunked((bytes, start, end) => {
		// What takes it may abort; nothing more is handed over then.
		if (taking) sink.take(bytes, start, end);
	});
	const finish = (outcome: 'over' | 'refused'): void => {
		taking = false;
		resolve(outcome);
		socket.destroy();
	};
	const take = (bytes: Uint8Array, length: number): void => {
		const start = head.head === undefined ? head.push(bytes, 0, length) : 0;
		if (head.head === undefined) return;
		const { status, framing } = head.head;
		if (status !== 200 || framing === undefined) return finish('refused');
		if (start > 0) request.onHead();
		if (framing === 'chunked') chunked.push(bytes, start, length);
		else if (start < length) sink.take(bytes, start, length);
		sink.flush();
		if (chunked.over) finish('over');
	};
	let readAt = Number.NEGATIVE_INFINITY;
	const socket = openSocket(request.transport, (length, bytes) => {
		if (!taking) return false;
		const now = request.now();
		if (length < smallRead && now - readAt < floodMs) letGather();
		readAt = now;
		try {
			take(bytes, length);
		} catch (error) {
			taking = false;
			socket.destroy(error instanceof Error ? error : new Error(String(error)));
		}
		return taking;
	});
	const abort = (): void => finish('over');
	request.signal.addEventListener('abort', abort, { once: true });
	socket.once('error', reject);
	socket.once('end', () => {
		if (head.head?.framing === 'until-close') finish('over');
	});
	socket.once('close', () => reject(Object.assign(new Error('aborted'), { code: 'ECONNRESET' })));
	socket.write(`GET ${request.path} HTTP/1.1\r\nHost: ${hostOf(request.transport)}\r\nConnection: close\r\n\r\n`);
	if (request.signal.aborted) abort();
	return promise.finally(() => request.signal.removeEventListener('abort', abort));
};

const openSocket = (transport: Transport, callback: (length: number, bytes: Uint8Array) => boolean): Socket => {
	const onread = { buffer: readBuffer, callback };
	switch (transport.kind) {
		case 'unix':
			return connect({ path: transport.path, onread });
		case 'tcp':
			return connect({ host: transport.host, port: transport.port, onread });
		case 'ssh':
			throw new RangeError('no body flows over ssh');
	}
};

const hostOf = (transport: Transport): string =>
	transport.kind !== 'tcp' ? 'localhost' : `${transport.host.includes(':') ? `[${transport.host}]` : transport.host}:${transport.port}`;
