import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeLine } from '../../../src/domain/sanitise.ts';
import { LogRing } from '../../../src/observe/logs/ring.ts';
import { makeRing, put, putAll, startMs } from './support.ts';

const capacity = 16 * 1024;

describe('LogRing', () => {
	it('keeps the newest lines as an array would, within its bytes, through any resize', () => {
		const step = fc.oneof(
			{ weight: 20, arbitrary: fc.record({ length: fc.oneof(fc.nat(120), fc.nat(6000)), fill: fc.constantFrom('x', 'é', '\u001b[1m', '\u0000', ' ') }) },
			{ weight: 1, arbitrary: fc.record({ resize: fc.integer({ min: capacity, max: 4 * capacity }) }) },
		);
		fc.assert(
			fc.property(fc.array(step, { maxLength: 150 }), (steps) => {
				const ring = makeRing('a', capacity);
				const model: { raw: Buffer; ms: number }[] = [];
				for (const [index, each] of steps.entries()) {
					if ('resize' in each) {
						ring.resize(each.resize);
						continue;
					}
					const raw = Buffer.from(`${model.length} ${each.fill.repeat(each.length)}`).subarray(0, 7000);
					model.push({ raw, ms: startMs + index });
					put(ring, raw, { atMs: startMs + index, nanos: index });
				}
				expect(ring.next).toBe(model.length);
				expect(ring.overrun.lines).toBe(ring.first);
				expect(ring.overrun.bytes).toBe(model.slice(0, ring.first).reduce((sum, line) => sum + line.raw.length, 0));
				let held = 0;
				for (let seq = ring.first; seq < ring.next; seq++) {
					const line = model[seq];
					expect(ring.raw(seq)).toEqual(line?.raw);
					expect(ring.msOf(seq)).toBe(line?.ms);
					expect(ring.text(seq)).toBe(line === undefined ? undefined : decodeLine(line.raw, 0, line.raw.length));
					held += ring.lengthOf(seq) + 1;
				}
				expect(held).toBeLessThanOrEqual(ring.capacityBytes);
				expect(ring.bytes.length).toBeLessThanOrEqual(ring.capacityBytes);
			}),
		);
	});

	it('gives nothing up before it has to', () => {
		const ring = makeRing('a', capacity);
		for (let index = 0; index < 160; index++) put(ring, 'x'.repeat(99));
		expect(ring.overrun.lines).toBe(0);
		for (let index = 0; index < 40; index++) put(ring, 'x'.repeat(99));
		expect(ring.count).toBeGreaterThanOrEqual(160);
		expect(ring.overrun.lines).toBe(200 - ring.count);
	});

	it('says what time the lines given up covered', () => {
		const ring = makeRing('a', capacity);
		for (let index = 0; index < 1000; index++) put(ring, 'x'.repeat(99), { atMs: startMs + index });
		expect(ring.overrun.fromMs).toBe(startMs);
		expect(ring.overrun.toMs).toBe(startMs + ring.overrun.lines - 1);
	});

	it('is bounded for empty lines too', () => {
		const ring = makeRing('a', capacity);
		for (let index = 0; index < 100_000; index++) put(ring, '');
		expect(ring.count).toBe(256);
		expect(ring.memoryBytes).toBeLessThanOrEqual(capacity * 2);
	});

	it('keeps a line of 1 MB whole, and cuts one that would not fit half the ring with a note', () => {
		const ring = new LogRing({ source: 'a' });
		put(ring, 'y'.repeat(1_000_000));
		expect(ring.lengthOf(0)).toBe(1_000_000);
		put(ring, 'z'.repeat(3_000_000));
		const text = ring.text(1);
		expect(text.length).toBeLessThan(2_100_000);
		const [, kept, cut] = /^(z+) \[(\d+) bytes cut\]$/.exec(text) ?? [];
		expect((kept?.length ?? 0) + Number(cut)).toBe(3_000_000);
	});

	it('counts errors and warnings once an entry, and stderr alone as neither', () => {
		const ring = makeRing();
		putAll(ring, ['ERROR a', 'WARN b', 'ready', '{"level":60,"msg":"x"}']);
		putAll(ring, ['plain on stderr', 'Traceback (most recent call last):', '  File "x.py", line 1', 'ValueError: no'], 'stderr');
		expect(ring.errors).toBe(3);
		expect(ring.warnings).toBe(1);
	});

	it('counts errors of the last minute by the time of the lines', () => {
		const ring = makeRing();
		for (let second = 0; second < 120; second++) put(ring, 'ERROR x', { atMs: startMs + second * 1000 });
		expect(ring.errorsPerMinute(startMs + 119_500)).toBe(60);
		expect(ring.errorsPerMinute(startMs + 149_000)).toBe(30);
		expect(ring.errorsPerMinute(startMs + 10 * 60_000)).toBe(0);
		expect(ring.linesPerMinute(startMs + 119_500)).toBe(60);
	});

	it('forgets seconds older than an hour', () => {
		const ring = makeRing();
		put(ring, 'ERROR old', { atMs: startMs });
		put(ring, 'ERROR new', { atMs: startMs + 3_600_000 });
		put(ring, 'ERROR too late', { atMs: startMs });
		expect(ring.rates.sum(startMs - 1000, startMs + 3_601_000).errors).toBe(1);
		expect(ring.errors).toBe(3);
	});

	it('never orders a line before the one above it, and shows its own time', () => {
		const ring = makeRing();
		put(ring, 'a', { atMs: startMs + 1000 });
		put(ring, 'b', { atMs: startMs });
		expect(ring.orderOf(1)).toBe(ring.orderOf(0));
		expect(ring.msOf(1)).toBe(startMs);
	});

	it('tells of each chunk', () => {
		let flushed = 0;
		const ring = new LogRing({ source: 'a', onFlush: () => flushed++ });
		put(ring, 'a');
		ring.flush();
		expect(flushed).toBe(1);
	});
});

const groups = (lines: readonly string[], stream: 'stdout' | 'stderr' = 'stderr'): readonly number[] => {
	const ring = makeRing();
	for (const [index, line] of lines.entries()) put(ring, line, { atMs: startMs + index, stream });
	return lines.map((_, seq) => ring.headOf(seq));
};

describe('grouping', () => {
	it.each([
		['Java', ['12:00 ERROR failed', 'java.lang.IllegalStateException: x', '\tat a.B.c(B.java:1)', 'Caused by: java.io.IOException: y', '\t... 3 more', '12:00 INFO next'], [0, 0, 0, 0, 0, 5]],
		['Python', ['ready', 'Traceback (most recent call last):', '  File "a.py", line 1, in f', '    g()', 'app.NotFound: x', 'ready'], [0, 1, 1, 1, 1, 5]],
		['Python, chained', ['ERROR:root:failed', 'Traceback (most recent call last):', '  File "a.py", line 1', 'KeyError: 1', '', 'During handling of the above exception, another exception occurred:', '', 'Traceback (most recent call last):', '  File "b.py", line 2', 'ValueError: 2', 'ready'], [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 10]],
		['Node', ['TypeError: x', '    at f (/a.js:1:2)', "    code: 'E',", '}', 'ready'], [0, 0, 0, 0, 4]],
		['Go', ['panic: no', '', 'goroutine 1 [running]:', 'main.main()', '\t/a.go:3 +0x1d', 'exit status 2', 'ready'], [0, 0, 0, 0, 0, 0, 6]],
		['.NET', ['Unhandled exception. System.Exception: x', '   at A.B() in /a.cs:line 3', '--- End of stack trace from previous location ---', '   at C.D()', 'ready'], [0, 0, 0, 0, 4]],
		['plain lines', ['a', 'b', '', 'c'], [0, 1, 2, 3]],
	])('%s', (_name, lines, heads) => {
		expect(groups(lines)).toEqual(heads);
	});

	it('goes by stream', () => {
		const ring = makeRing();
		put(ring, 'TypeError: x', { stream: 'stderr' });
		put(ring, 'request', { stream: 'stdout' });
		put(ring, '    at f', { stream: 'stderr' });
		put(ring, '    body', { stream: 'stdout' });
		expect([0, 1, 2, 3].map((seq) => ring.headOf(seq))).toEqual([0, 1, 0, 1]);
	});

	it('ends with time, with a restart, and at a thousand lines', () => {
		const ring = makeRing();
		put(ring, 'head');
		put(ring, '  late', { atMs: startMs + 5000 });
		ring.mark('container started', startMs + 5000);
		put(ring, '  first words', { atMs: startMs + 5000 });
		for (let index = 0; index < 1000; index++) put(ring, '  more', { atMs: startMs + 5000 });
		expect([1, 3, 4, 1003].map((seq) => ring.headOf(seq))).toEqual([1, 3, 3, 1003]);
	});

	it('makes a line whose head was given up stand for itself', () => {
		const ring = makeRing('a', capacity);
		put(ring, 'head');
		for (let index = 0; index < 300; index++) put(ring, '  frame');
		expect(ring.first).toBeGreaterThan(0);
		expect(ring.headOf(ring.first)).toBe(ring.first);
	});
});
