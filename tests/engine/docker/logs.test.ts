import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../../src/domain/engine.ts';
import { Containers, eventually, openEngine, testEngineAddress } from '../../support/engine.ts';
import { LineCollector } from '../../support/logLines.ts';

const address = testEngineAddress();
const containers = new Containers(address);
let engine: Engine;
const never = new AbortController().signal;

beforeAll(async () => {
	engine = await openEngine(address);
});

afterAll(async () => {
	await containers.removeAll();
	await engine.close();
});

/** The whole log of a container that has ended. */
async function wholeLog(id: string): Promise<LineCollector> {
	await containers.docker.getContainer(id).wait();
	const sink = new LineCollector();
	expect(await engine.logs(id, { follow: false, signal: never }, sink)).toEqual({ kind: 'ended' });
	return sink;
}

describe('logs', () => {
	it('tell stdout from stderr, with times to the nanosecond', async () => {
		const began = Date.now();
		const id = await containers.run('echo one; sleep 0.1; echo two >&2; echo; printf unended');
		const { lines } = await wholeLog(id);
		expect(lines.map(({ text, stream }) => `${stream} ${text}`).sort()).toEqual(['stderr two', 'stdout ', 'stdout one', 'stdout unended']);
		for (const { atMs, nanos } of lines) {
			expect(atMs).toBeGreaterThanOrEqual(began - 1000);
			expect(atMs).toBeLessThanOrEqual(Date.now() + 1000);
			expect(nanos).toBeGreaterThanOrEqual(0);
			expect(nanos).toBeLessThan(1_000_000);
		}
	});

	it('hand over control bytes as they are', async () => {
		const id = await containers.run(String.raw`printf 'a\033[31mred\033]0;title\007\000\377b\n'`);
		const kept: Buffer[] = [];
		await containers.docker.getContainer(id).wait();
		await engine.logs(id, { follow: false, signal: never }, { line: (bytes, start, end) => void kept.push(Buffer.from(bytes.subarray(start, end))) });
		// The engine's own file is JSON: a byte that is no UTF-8 becomes U+FFFD before anybody can read it.
		expect(Buffer.concat(kept).toString('latin1')).toMatch(/^a\x1b\[31mred\x1b\]0;title\x07\0.+b$/);
	});

	it('join the pieces of a line of one million bytes, and cut one of three', async () => {
		const id = await containers.run("yes | tr -d '\\n' | head -c 1000000; echo; yes n | tr -d '\\n' | head -c 3000000; echo; echo after");
		const { texts } = await wholeLog(id);
		expect(texts.map((text) => text.length)).toEqual([1_000_000, 1_048_576 + ' [line cut here: 1951424 more bytes]'.length, 5]);
		expect(texts[0]).toMatch(/^y+$/);
		expect(texts[1]).toMatch(/^n+ \[line cut here: 1951424 more bytes\]$/);
		expect(texts[2]).toBe('after');
	});

	it('read a terminal: no frames, CR LF, and a long line in one piece', async () => {
		const id = await containers.run("stty -onlcr; echo one; yes | tr -d '\\n' | head -c 100000; echo; stty onlcr; echo two", { tty: true });
		const { lines } = await wholeLog(id);
		expect(lines.map((line) => (line.text.length > 100 ? line.text.length : line.text))).toEqual(['one', 100_000, 'two']);
		expect(lines.every((line) => line.stream === 'tty')).toBe(true);
	});

	it('give the tail, and what came since', async () => {
		const id = await containers.run('for i in 1 2 3 4 5; do echo $i; sleep 0.05; done');
		const { lines } = await wholeLog(id);
		const tail = new LineCollector();
		await engine.logs(id, { follow: false, tail: 2, signal: never }, tail);
		expect(tail.texts).toEqual(['4', '5']);
		const third = lines[2];
		const stamp = `${Math.floor((third?.atMs ?? 0) / 1000)}.${String(((third?.atMs ?? 0) % 1000) * 1_000_000 + (third?.nanos ?? 0)).padStart(9, '0')}`;
		const since = new LineCollector();
		await engine.logs(id, { follow: false, since: stamp, signal: never }, since);
		expect(since.texts).toEqual(['3', '4', '5']);
		const until = new LineCollector();
		await engine.logs(id, { follow: false, until: stamp, signal: never }, until);
		expect(until.texts).toEqual(['1', '2', '3']);
	});

	it('follow until the container ends', async () => {
		const id = await containers.run('for i in 1 2 3; do echo $i; sleep 0.1; done');
		const sink = new LineCollector();
		expect(await engine.logs(id, { follow: true, signal: never }, sink)).toEqual({ kind: 'ended' });
		expect(sink.texts).toEqual(['1', '2', '3']);
		expect(sink.flushes).toBeGreaterThan(0);
	});

	it('follow until told to stop, and hand over nothing after that', async () => {
		const id = await containers.run('while :; do echo tick; sleep 0.02; done');
		const sink = new LineCollector();
		const abort = new AbortController();
		const end = engine.logs(id, { follow: true, signal: abort.signal }, sink);
		await eventually('lines', () => sink.lines.length > 3);
		abort.abort();
		const count = sink.lines.length;
		expect(await end).toEqual({ kind: 'ended' });
		expect(sink.lines.length).toBe(count);
	});

	it('say that a container was removed in mid-stream', async () => {
		const id = await containers.run('while :; do echo tick; sleep 0.02; done');
		const sink = new LineCollector();
		const end = engine.logs(id, { follow: true, signal: never }, sink);
		await eventually('lines', () => sink.lines.length > 3);
		await containers.docker.getContainer(id).remove({ force: true });
		expect(await end).toEqual({ kind: 'gone' });
	});

	it('say that a container is not there, and that a driver keeps nothing', async () => {
		expect(await engine.logs('f'.repeat(64), { follow: true, signal: never }, new LineCollector())).toEqual({ kind: 'gone' });
		const id = await containers.run('echo lost; sleep 1000', { host: { LogConfig: { Type: 'none', Config: {} } } });
		expect(await engine.logs(id, { follow: true, signal: never }, new LineCollector())).toMatchObject({ kind: 'unsupported', driver: 'none', words: /does not support reading/ });
	});

	it('follow over rotations of the file', async () => {
		const count = 2000;
		// It lives on after its last line, so that the engine gets to read it: what a file holds that is rotated away unread is lost.
		const script = `i=0; while [ $i -lt ${count} ]; do i=$((i+1)); echo "line $i with some words to fill it"; [ $((i%50)) = 0 ] && sleep 0.03; done; while :; do echo over; sleep 0.05; done`;
		const id = await containers.run(script, { host: { LogConfig: { Type: 'json-file', Config: { 'max-size': '20k', 'max-file': '3' } } } });
		const sink = new LineCollector();
		const abort = new AbortController();
		const logs = engine.logs(id, { follow: true, signal: abort.signal }, sink);
		await eventually('what comes after the lines', () => sink.texts.at(-1) === 'over');
		abort.abort();
		await logs;
		const numbers = sink.texts.filter((text) => text !== 'over').map((text) => Number(/^line (\d+) with some words to fill it$/.exec(text)?.[1]));
		expect(numbers.every(Number.isInteger)).toBe(true);
		expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
		expect(new Set(numbers).size).toBe(numbers.length);
		// The engine may itself lose lines around a rotation; it must not be most of them. There are some eight rotations.
		expect(numbers.length).toBeGreaterThan(count / 3);
	});
});
