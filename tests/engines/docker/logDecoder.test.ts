import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFramedDecoder, type LogDecoder } from '../../../src/engines/docker/logDecoder.ts';
import { createTtyDecoder } from '../../../src/engines/docker/ttyDecoder.ts';
import { FrameError } from '../../../src/engines/docker/frames.ts';
import { withoutRepeats } from '../../../src/engines/docker/repeats.ts';
import { LineCollector, type LogLine } from '../../support/logLines.ts';

const stamp = (nanos: number) => `2026-11-21T03:14:07.${String(nanos).padStart(9, '0')}Z `;

function frame(kind: number, text: string | Buffer): Buffer {
	const payload = Buffer.from(text);
	const header = Buffer.alloc(8);
	header[0] = kind;
	header.writeUInt32BE(payload.length, 4);
	return Buffer.concat([header, payload]);
}

/** Feeds bytes cut at the given places. */
function feed(decoder: LogDecoder, bytes: Buffer, cuts: readonly number[]): void {
	let from = 0;
	for (const cut of [...cuts.map((place) => place % (bytes.length + 1)), bytes.length].sort((a, b) => a - b)) {
		// In the midst of other lines, and in memory that is written over afterwards: nothing of it may be kept.
		const around = Buffer.concat([Buffer.from('\nab'), bytes.subarray(from, cut), Buffer.from('c\n')]);
		decoder.push(around, 3, around.length - 2);
		around.fill('X');
		from = cut;
	}
	decoder.end();
}

function decodeFrames(bytes: Buffer, cuts: readonly number[] = []): { lines: readonly LogLine[]; complaints: string[] } {
	const sink = new LineCollector();
	const complaints: string[] = [];
	feed(createFramedDecoder(sink, (words) => complaints.push(words)), bytes, cuts);
	return { lines: sink.lines, complaints };
}

const cuts = fc.array(fc.nat(), { maxLength: 30 });
const line = fc.record({ kind: fc.constantFrom(1, 2), nanos: fc.integer({ min: 0, max: 999_999_999 }), text: fc.string({ maxLength: 60 }).map((text) => text.replaceAll('\n', ' ')) });

describe('framed logs', () => {
	it('come out the same however the stream is cut', () => {
		fc.assert(
			fc.property(fc.array(line, { maxLength: 20 }), cuts, (lines, cuts) => {
				const bytes = Buffer.concat(lines.map(({ kind, nanos, text }) => frame(kind, `${stamp(nanos)}${text}\n`)));
				expect(decodeFrames(bytes, cuts).lines).toEqual(
					lines.map(({ kind, nanos, text }) => ({ text, atMs: Date.UTC(2026, 10, 21, 3, 14, 7) + Math.floor(nanos / 1e6), nanos: nanos % 1e6, stream: kind === 1 ? 'stdout' : 'stderr' })),
				);
			}),
		);
	});

	it('join pieces of a line for each stream by itself', () => {
		const bytes = Buffer.concat([frame(1, `${stamp(1)}aaa`), frame(2, `${stamp(2)}x\n`), frame(1, `${stamp(1)}bbb`), frame(1, `${stamp(1)}ccc\n`), frame(1, `${stamp(3)}last`)]);
		expect(decodeFrames(bytes).lines.map(({ text, nanos, stream }) => [stream, nanos, text])).toEqual([
			['stderr', 2, 'x'],
			['stdout', 1, 'aaabbbccc'],
			['stdout', 3, 'last'],
		]);
	});

	it('may hold several lines in one frame', () => {
		expect(decodeFrames(frame(1, `${stamp(1)}a\n${stamp(2)}b\n`)).lines.map((line) => line.text)).toEqual(['a', 'b']);
	});

	it('keep carriage returns and control bytes', () => {
		expect(decodeFrames(frame(1, `${stamp(1)}50 %\r60 %\x1b[K\0\n`)).lines[0]?.text).toBe('50 %\r60 %\x1b[K\0');
	});

	it('cut a line beyond one MiB, and say so in it', () => {
		const piece = 'x'.repeat(16_384);
		const bytes = Buffer.concat([...Array.from({ length: 65 }, () => frame(1, stamp(1) + piece)), frame(1, `${stamp(1)}end\n`), frame(1, `${stamp(2)}next\n`)]);
		const { lines } = decodeFrames(bytes);
		expect(lines.map((line) => line.text.length)).toEqual([1_048_576 + ' [line cut here: 16387 more bytes]'.length, 4]);
	});

	it("pass on the engine's own complaint", () => {
		expect(decodeFrames(frame(3, 'Error grabbing logs: invalid character'))).toEqual({ lines: [], complaints: ['Error grabbing logs: invalid character'] });
	});

	it.each(['plain text that is no frame', '\x01\0\0\0\xff\xff\xff\xff'])('refuse %j', (text) => {
		expect(() => decodeFrames(Buffer.from(text, 'latin1'))).toThrow(FrameError);
	});

	it.each([
		['2026-11-21T03:14:07.5Z', 500, 0],
		['2026-11-21T03:14:07Z', 0, 0],
		['2026-11-21T05:14:07.123456+02:00', 123, 456_000],
		['2026-11-20T23:44:07.000000001-03:30', 0, 1],
	])('read the time %s', (time, ms, nanos) => {
		expect(decodeFrames(frame(1, `${time} x\n`)).lines).toEqual([{ text: 'x', atMs: Date.UTC(2026, 10, 21, 3, 14, 7) + ms, nanos, stream: 'stdout' }]);
	});

	it('keep a line whole that has no time', () => {
		expect(decodeFrames(frame(1, 'no time here\n')).lines[0]).toMatchObject({ text: 'no time here' });
	});
});

describe("a terminal's logs", () => {
	const decode = (text: string, cuts: readonly number[] = []) => {
		const sink = new LineCollector();
		feed(createTtyDecoder(sink), Buffer.from(text), cuts);
		return sink.lines;
	};

	it('come out the same however the stream is cut', () => {
		fc.assert(
			fc.property(fc.array(fc.record({ nanos: fc.integer({ min: 0, max: 999_999_999 }), text: fc.string({ maxLength: 60 }).map((text) => text.replaceAll(/[\r\n]/g, ' ')) }), { maxLength: 20 }), cuts, (lines, cuts) => {
				const text = lines.map(({ nanos, text }) => `${stamp(nanos)}${text}\r\n`).join('');
				expect(decode(text, cuts).map(({ text, nanos, stream }) => ({ text, nanos, stream }))).toEqual(lines.map(({ nanos, text }) => ({ text, nanos: nanos % 1e6, stream: 'tty' })));
			}),
		);
	});

	it('take out the times within a long line, wherever it is cut', () => {
		const text = `${stamp(1)}${'a'.repeat(16_384)}${stamp(1)}${'b'.repeat(16_384)}${stamp(1)}ccc\r\n${stamp(2)}next\r\n`;
		fc.assert(
			fc.property(cuts, (cuts) => {
				expect(decode(text, cuts).map((line) => line.text)).toEqual([`${'a'.repeat(16_384)}${'b'.repeat(16_384)}ccc`, 'next']);
			}),
			{ numRuns: 30 },
		);
	});

	it('keep a line that fills its piece exactly', () => {
		expect(decode(`${stamp(1)}${'a'.repeat(16_383)}\r\n${stamp(2)}next\r\n`).map((line) => line.text.length)).toEqual([16_383, 4]);
	});
});

describe('repeats', () => {
	const times = (given: readonly (readonly [number, number])[], text = 'x'): readonly number[] => {
		const sink = new LineCollector();
		const filtered = withoutRepeats(sink);
		for (const [ms, nanos] of given) {
			filtered.line(Buffer.from(text), 0, text.length, ms, nanos, 'stdout');
		}
		return sink.lines.map(({ atMs, nanos }) => atMs * 1000 + nanos);
	};

	it('are left out where lines come again', () => {
		expect(times([[1, 1], [2, 7], [3, 9], [1, 1], [2, 7], [3, 9], [4, 3]])).toEqual([1001, 2007, 3009, 4003]);
		expect(times([[1, 1], [2, 7], [2, 7], [3, 1]])).toEqual([1001, 2007, 3001]);
	});

	it('are none where a clock was set back, or a driver keeps microseconds only', () => {
		expect(times([[10, 1], [11, 7], [5, 3], [6, 4], [12, 1]])).toHaveLength(5);
		expect(times([[10, 1000], [10, 1000], [10, 1000]])).toHaveLength(3);
	});
});
