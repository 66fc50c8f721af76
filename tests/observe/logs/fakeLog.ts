import type { ContainerDetail, ContainerState, ContainerSummary } from '../../../src/domain/container.ts';
import { type CallOptions, EngineError } from '../../../src/domain/engine.ts';
import type { LogEnd, LogRequest, LogSink, LogStream } from '../../../src/domain/log.ts';
import { engineTime } from '../../../src/observe/logs/repeats.ts';
import { container, detail } from '../../support/fakeEngine.ts';

interface Written {
	readonly text: string;
	readonly atMs: number;
	readonly nanos: number;
	readonly stream: LogStream;
}

interface Open {
	readonly sink: LogSink;
	readonly end: (end: LogEnd) => void;
	readonly fail: (error: Error) => void;
}

/** One container's log as an engine keeps it: history, live streams, and ways to break. */
export class FakeLog {
	readonly lines: Written[] = [];
	readonly requests: LogRequest[] = [];
	readonly streams = new Set<Open>();
	state: ContainerState | undefined = 'running';
	/** Calls fail with this. */
	failure: EngineError | undefined;
	/** Streams stay open and hear nothing of what is written. */
	deaf = false;
	/** Calls never answer. */
	hanging = false;
	answer: LogEnd | undefined;

	write(text: string, atMs: number, options: { nanos?: number; stream?: LogStream } = {}): void {
		const line = { text, atMs, nanos: options.nanos ?? 0, stream: options.stream ?? 'stdout' };
		this.lines.push(line);
		if (this.deaf) return;
		for (const { sink } of this.streams) hand(sink, [line]);
	}

	/** Every stream ends by itself, as when the container stops. */
	end(): void {
		for (const stream of this.streams) stream.end({ kind: 'ended' });
		this.streams.clear();
	}

	break(message = 'socket hang up'): void {
		for (const stream of this.streams) stream.fail(new EngineError('unreachable', message));
		this.streams.clear();
	}

	logs(_id: string, request: LogRequest, sink: LogSink): Promise<LogEnd> {
		this.requests.push(request);
		if (this.failure !== undefined) return Promise.reject(this.failure);
		if (this.answer !== undefined) return Promise.resolve(this.answer);
		if (this.hanging) return new Promise(() => undefined);
		const tail = this.lines.slice(-(request.tail ?? this.lines.length));
		hand(sink, tail.filter((line) => request.since === undefined || engineTime(line.atMs, line.nanos) >= request.since));
		if (!request.follow || this.state !== 'running') return Promise.resolve({ kind: 'ended' });
		return new Promise((resolve, reject) => {
			const open = { sink, end: resolve, fail: reject };
			this.streams.add(open);
			request.signal.addEventListener('abort', () => {
				this.streams.delete(open);
				resolve({ kind: 'ended' });
			});
		});
	}

	inspect(_id: string, _options?: CallOptions): Promise<(ContainerSummary & { detail: ContainerDetail }) | undefined> {
		if (this.failure !== undefined) return Promise.reject(this.failure);
		return Promise.resolve(this.state === undefined ? undefined : { ...container('web', { state: this.state }), detail: detail() });
	}
}

const hand = (sink: LogSink, lines: readonly Written[]): void => {
	for (const line of lines) {
		const bytes = Buffer.from(line.text);
		sink.line(bytes, 0, bytes.length, line.atMs, line.nanos, line.stream);
	}
	if (lines.length > 0) sink.flush?.();
};
