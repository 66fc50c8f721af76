import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { EngineError, type CallOptions } from '../../domain/engine.ts';
import { DeadlineError, toEngineError } from './errors.ts';
import { canFlow, flow, type FlowSink } from './flow.ts';
import { Guard } from './guard.ts';
import { createModem, type Modem } from './modem.ts';
import { parseJson } from './narrow.ts';
import { socketGroup } from './probe.ts';
import { negotiate, type Negotiated } from './negotiate.ts';
import type { DockerPorts } from './ports.ts';
import type { DockerTarget } from './target.ts';

/** A request to the engine, in its own terms. */
export interface Request {
	readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
	/** Without the version prefix, such as `/containers/json`. */
	readonly path: string;
	readonly query?: Readonly<Record<string, string | number | boolean>>;
	readonly body?: object;
	/** Sent as it is, instead of a body: a tar archive. Such a request is made once. */
	readonly upload?: Readable;
	/** What this is for, in error messages, such as `stop gateway`. */
	readonly what: string;
}

/** Every call that gives one answer has a deadline; this one unless it names its own. */
export const defaultTimeoutMs = 10_000;

/** One engine's connection: agrees on the API version on first use, then makes calls and opens streams. */
export class Connection {
	readonly target: DockerTarget;
	readonly ports: DockerPorts;
	#modem: Promise<Modem> | undefined;
	#negotiated: Promise<Negotiated> | undefined;
	#closed = false;

	constructor(target: DockerTarget, ports: DockerPorts) {
		this.target = target;
		this.ports = ports;
	}

	/** What was agreed on with the engine. Asks again after a failure, and after `forget()`. */
	async negotiated(options: CallOptions = {}): Promise<Negotiated> {
		this.#negotiated ??= negotiate(this);
		const pending = this.#negotiated;
		try {
			return await withSignal(pending, options.signal);
		} catch (error) {
			if (this.#negotiated === pending && options.signal?.aborted !== true) {
				this.#negotiated = undefined;
			}
			throw await this.explain(error, 'connect');
		}
	}

	/** Agrees anew on next use: another engine may answer at the same address after an upgrade. */
	forget(): void {
		this.#negotiated = undefined;
	}

	/** One answer as JSON; `undefined` where the engine sent none. @throws EngineError */
	async call(request: Request, options: CallOptions = {}): Promise<unknown> {
		const { body } = await this.#atAgreedVersion(options, async (version) => this.callAt(version, request, options));
		return body;
	}

	/**
	 * One answer with its headers, at a given API version or with none.
	 * A read whose kept-alive connection turns out dead is tried once more.
	 * @throws EngineError
	 */
	async callAt(version: string | undefined, request: Request, options: CallOptions = {}): Promise<{ body: unknown; response: IncomingMessage }> {
		const timeoutMs = options.timeoutMs ?? defaultTimeoutMs;
		const guard = new Guard(options.signal, timeoutMs);
		try {
			for (let attempt = 1; ; attempt++) {
				try {
					const response = await this.#dial(version, request, guard.signal);
					const source = await readAll(response);
					return { body: parseJson(source) ?? (source === '' ? undefined : source), response };
				} catch (error) {
					if (attempt === 1 && request.method === 'GET' && isStale(error) && !guard.signal.aborted) {
						continue;
					}
					throw guard.expired ? new DeadlineError(timeoutMs) : error;
				}
			}
		} catch (error) {
			throw await this.explain(error, request.what);
		} finally {
			guard.release();
		}
	}

	/**
	 * A response whose body flows on. The deadline covers the time until its headers have come, and nothing after.
	 * @throws EngineError
	 */
	async open(request: Request, signal: AbortSignal, headerTimeoutMs = defaultTimeoutMs): Promise<IncomingMessage> {
		return this.#atAgreedVersion({ signal }, async (version) => this.#openAt(version, request, signal, headerTimeoutMs));
	}

	async #openAt(version: string, request: Request, signal: AbortSignal, headerTimeoutMs: number): Promise<IncomingMessage> {
		const guard = new Guard(signal, headerTimeoutMs);
		try {
			const response = await this.#dial(version, request, guard.signal);
			guard.disarm();
			response.once('close', () => guard.release());
			return response;
		} catch (error) {
			guard.release();
			throw await this.explain(guard.expired ? new DeadlineError(headerTimeoutMs) : error, request.what);
		}
	}

	/**
	 * A GET whose body flows on into `sink`, until it is over or the signal aborts; after an abort nothing more is taken. The
	 * deadline covers the time until its headers have come.
	 * @throws EngineError where the engine refuses; what the connection or the sink threw where it broke in between
	 */
	async flow(request: Request, sink: FlowSink, signal: AbortSignal, headerTimeoutMs: number): Promise<void> {
		const { version } = await this.negotiated({ signal });
		if ((await this.#flowPlain(version, request, sink, signal, headerTimeoutMs)) === 'over') return;
		await readInto(await this.open(request, signal, headerTimeoutMs), sink, signal);
	}

	/** Past the HTTP client. `refused`: it was not taken up, and the client says why, or can. */
	async #flowPlain(version: string, request: Request, sink: FlowSink, signal: AbortSignal, headerTimeoutMs: number): Promise<'over' | 'refused'> {
		const { transport } = this.target;
		if (this.#closed || !canFlow(transport)) return 'refused';
		const guard = new Guard(signal, headerTimeoutMs);
		const query = new URLSearchParams();
		for (const [name, value] of Object.entries(request.query ?? {})) query.set(name, String(value));
		let begun = false;
		const onHead = (): void => {
			begun = true;
			guard.disarm();
		};
		try {
			const outcome = await flow({ transport, path: `/v${version}${request.path}?${query.toString()}`, signal: guard.signal, now: () => this.ports.clock.monotonic(), onHead }, sink);
			if (guard.expired) throw await this.explain(new DeadlineError(headerTimeoutMs), request.what);
			return outcome;
		} catch (error) {
			// What kept it from beginning keeps the client from it as well, which then says so.
			if (begun || guard.expired) throw error;
			return 'refused';
		} finally {
			guard.release();
		}
	}

	/** An engine that was upgraded behind our back refuses the version agreed on before: it is agreed on anew, once. */
	async #atAgreedVersion<T>(options: CallOptions, run: (version: string) => Promise<T>): Promise<T> {
		const { version } = await this.negotiated(options);
		try {
			return await run(version);
		} catch (error) {
			if (!(error instanceof EngineError) || error.kind !== 'version') {
				throw error;
			}
			this.forget();
			return run((await this.negotiated(options)).version);
		}
	}

	/** Any failure in our words. */
	async explain(error: unknown, what: string): Promise<EngineError> {
		const first = toEngineError(error, what, this.target);
		if (first.kind !== 'permission' || this.target.transport.kind !== 'unix' || error instanceof EngineError) {
			return first;
		}
		return toEngineError(error, what, this.target, await socketGroup(this.target.transport.path));
	}

	async close(): Promise<void> {
		this.#closed = true;
		const modem = await this.#modem?.catch(() => undefined);
		modem?.close();
	}

	async #dial(version: string | undefined, request: Request, signal: AbortSignal): Promise<IncomingMessage> {
		if (this.#closed) {
			throw new EngineError('unreachable', `${this.target.address}: the connection was closed`);
		}
		this.#modem ??= createModem(this.target.transport, this.ports);
		const modem = await this.#modem;
		return modem.dial({
			method: request.method,
			path: `${version === undefined ? '' : `/v${version}`}${request.path}`,
			query: request.query ?? {},
			...(request.body === undefined ? {} : { body: request.body }),
			...(request.upload === undefined ? {} : { upload: request.upload }),
			signal,
		});
	}
}

/** A kept-alive connection that the engine had already closed. */
function isStale(error: unknown): boolean {
	return error instanceof Error && 'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
}

/** Hands a body over as it comes, all that came in one read at once. */
async function readInto(response: IncomingMessage, sink: FlowSink, signal: AbortSignal): Promise<void> {
	await new Promise<void>((resolve, reject) => {
		let flushing = false;
		const flush = () => {
			flushing = false;
			sink.flush();
		};
		response.on('data', (chunk: Uint8Array) => {
			// After an abort nothing more is handed over, whatever is still in flight.
			if (signal.aborted) {
				return;
			}
			try {
				sink.take(chunk, 0, chunk.length);
			} catch (error) {
				response.destroy(error instanceof Error ? error : new Error(String(error)));
				return;
			}
			// The engine sends a chunk a line; all that came in one read are flushed as one.
			if (!flushing) {
				flushing = true;
				process.nextTick(flush);
			}
		});
		response.once('end', resolve);
		response.once('error', reject);
		response.once('close', () => (signal.aborted ? resolve() : reject(Object.assign(new Error('aborted'), { code: 'ECONNRESET' }))));
	});
}

async function readAll(response: IncomingMessage): Promise<string> {
	const chunks: Buffer[] = [];
	for await (const chunk of response) {
		if (Buffer.isBuffer(chunk)) {
			chunks.push(chunk);
		}
	}
	if (!response.complete) {
		throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
	}
	return Buffer.concat(chunks).toString('utf8');
}

/** Waits for a shared promise without letting one caller's abort end it for the others. */
async function withSignal<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
	if (signal === undefined) {
		return promise;
	}
	signal.throwIfAborted();
	return new Promise((resolve, reject) => {
		const onAbort = () => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
		signal.addEventListener('abort', onAbort, { once: true });
		promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
	});
}
