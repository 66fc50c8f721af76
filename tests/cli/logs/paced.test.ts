import { describe, expect, it } from 'vitest';
import type { LineFormat } from '../../../src/cli/logs/format.ts';
import type { LogSource } from '../../../src/cli/logs/line.ts';
import type { LogsOptions } from '../../../src/cli/logs/options.ts';
import { readPaced } from '../../../src/cli/logs/paced.ts';
import type { LogEnd, LogRequest, LogSink } from '../../../src/domain/log.ts';
import { FakeEngine } from '../../support/fakeEngine.ts';
import { MemoryOutput } from '../ports.ts';

const source: LogSource = { containerId: 'id-web', container: 'web', service: 'web', label: 'web' };
const options: LogsOptions = { follow: false, since: undefined, until: undefined, tail: undefined, minLevel: undefined, grep: undefined, invert: false, format: 'text', timestamps: false };
const format: LineFormat = { bare: 'text', render: (line) => `${Buffer.from(line.bytes).toString()}\n` };
const request = (engine: FakeEngine, signal = new AbortController().signal) => ({ engine, options, levels: false, signal });

/** A log of numbered lines, a millisecond apart, that stops when it is told to. */
class NumberedEngine extends FakeEngine {
	readonly requests: LogRequest[] = [];
	override logs(_id: string, request: LogRequest, sink: LogSink): Promise<LogEnd> {
		this.requests.push(request);
		const first = request.since === undefined ? 0 : Math.round(Number(request.since) * 1000);
		for (let at = first; at < 1000 && !request.signal.aborted; at++) {
			const bytes = Buffer.from(`line ${at}`);
			sink.line(bytes, 0, bytes.length, at, 0, 'stdout');
		}
		return Promise.resolve({ kind: 'ended' });
	}
}

/** A reader that takes nothing before it is waited for. */
class SlowOutput extends MemoryOutput {
	most = 0;
	#waiting = 0;
	override write(data: string | Uint8Array): boolean {
		super.write(data);
		this.#waiting += data.length;
		this.most = Math.max(this.most, this.#waiting);
		return false;
	}
	override drained(): Promise<void> {
		this.#waiting = 0;
		return Promise.resolve();
	}
}

const expected = Array.from({ length: 1000 }, (_, at) => `line ${at}`);

describe('a log read to the output', () => {
	it('comes whole and once to a slow reader, with little of it waiting', async () => {
		const engine = new NumberedEngine();
		const stdout = new SlowOutput();
		expect(await readPaced({ ...request(engine), options: { ...options, tail: 5000 } }, source, stdout, format, 200)).toEqual({ kind: 'ended' });
		expect(stdout.lines).toEqual(expected);
		expect(stdout.most).toBeLessThan(200 + 200 / 8 + 10);
		expect(engine.requests.length).toBeGreaterThan(10);
		expect(engine.requests.slice(1).every((request) => request.tail === undefined)).toBe(true);
	});

	it('comes in one piece to a quick reader', async () => {
		const engine = new NumberedEngine();
		const stdout = new MemoryOutput();
		await readPaced(request(engine), source, stdout, format, 200);
		expect(stdout.lines).toEqual(expected);
		expect(engine.requests).toHaveLength(1);
	});

	it('ends when it is told to, and asks for nothing more', async () => {
		const engine = new NumberedEngine();
		const stop = new AbortController();
		const stdout = new SlowOutput();
		await readPaced(request(engine, stop.signal), source, stdout, {
			render(line) {
				if (line.atMs === 500) stop.abort();
				return format.render(line);
			},
		});
		expect(stdout.lines.at(-1)).toBe('line 500');
		expect(engine.requests).toHaveLength(1);
	});
});
