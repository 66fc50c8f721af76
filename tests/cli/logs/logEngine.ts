import type { LogEnd, LogRequest, LogSink, LogStream } from '../../../src/domain/log.ts';
import { FakeEngine } from '../../support/fakeEngine.ts';

export interface CannedLine {
	readonly text: string | Uint8Array;
	readonly at: number;
	readonly nanos?: number;
	readonly stream?: LogStream;
}

interface Follower {
	readonly sink: LogSink;
	readonly end: (end: LogEnd) => void;
}

const hand = (sink: LogSink, line: CannedLine): void => {
	const bytes = typeof line.text === 'string' ? Buffer.from(line.text) : line.text;
	// Lines stand in the middle of a buffer that is used again, as the real ones do.
	const shared = Buffer.concat([Buffer.from('<<'), bytes, Buffer.from('>>')]);
	sink.line(shared, 2, 2 + bytes.length, line.at, line.nanos ?? 0, line.stream ?? 'stdout');
	shared.fill(0x21);
	sink.flush?.();
};

/** An engine whose containers have logs. */
export class LogEngine extends FakeEngine {
	readonly logLines = new Map<string, CannedLine[]>();
	readonly requests: (LogRequest & { readonly id: string })[] = [];
	readonly ends = new Map<string, LogEnd>();
	readonly #followers = new Map<string, Follower>();

	override logs(id: string, request: LogRequest, sink: LogSink): Promise<LogEnd> {
		this.requests.push({ ...request, id });
		const canned = this.ends.get(id);
		if (canned !== undefined) return Promise.resolve(canned);
		const since = request.since === undefined ? 0 : Number(request.since) * 1000;
		const lines = (this.logLines.get(id) ?? []).filter((line) => line.at >= since - 0.001);
		for (const line of request.tail === undefined ? lines : lines.slice(Math.max(0, lines.length - request.tail))) hand(sink, line);
		if (!request.follow) return Promise.resolve({ kind: 'ended' });
		return new Promise((resolve) => {
			this.#followers.set(id, { sink, end: resolve });
			request.signal.addEventListener('abort', () => resolve({ kind: 'ended' }), { once: true });
		});
	}

	following(id: string): boolean {
		return this.#followers.has(id);
	}

	/** A line comes while it is followed. */
	say(id: string, line: CannedLine): void {
		this.logLines.set(id, [...(this.logLines.get(id) ?? []), line]);
		const follower = this.#followers.get(id);
		if (follower !== undefined) hand(follower.sink, line);
	}

	/** The stream ends by itself. */
	endLog(id: string, end: LogEnd): void {
		this.#followers.get(id)?.end(end);
		this.#followers.delete(id);
	}
}
