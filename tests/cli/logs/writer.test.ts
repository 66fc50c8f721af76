import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineFormat } from '../../../src/cli/logs/format.ts';
import { nanoTime } from '../../../src/cli/logs/json.ts';
import type { LogSource } from '../../../src/cli/logs/line.ts';
import { LineWriter } from '../../../src/cli/logs/writer.ts';
import { plain } from '../../../src/cli/style.ts';
import { decodeLine } from '../../../src/domain/sanitise.ts';

const source: LogSource = { containerId: 'c', container: 'c', service: 'c', label: 'c' };

/** What is written of these lines, pieces kept as they are handed over. */
const written = (lines: readonly Uint8Array[], options: Parameters<typeof lineFormat>[0], size: number, labelWidth = 0): { text: Buffer; pieces: readonly Uint8Array[] } => {
	const pieces: Uint8Array[] = [];
	const writer = new LineWriter(lineFormat(options, labelWidth, plain), (piece) => pieces.push(piece), size);
	lines.forEach((bytes, index) => {
		const shared = Buffer.concat([Buffer.from('<<'), bytes, Buffer.from('>>')]);
		writer.line(source, shared, 2, 2 + bytes.length, 1_700_000_000_000, index, 'stdout', 0);
		shared.fill(0x21);
		if (index % 7 === 6) writer.flush();
	});
	writer.flush();
	return { text: Buffer.concat(pieces), pieces };
};

/** Lines as containers write them, and bytes that no program means. */
const someLine = fc.oneof(
	fc.string({ maxLength: 60 }).map((text) => Buffer.from(text)),
	fc.string({ unit: 'grapheme', maxLength: 40 }).map((text) => Buffer.from(text)),
	fc.uint8Array({ maxLength: 60 }),
	fc.constant(Buffer.from('x'.repeat(500))),
);

describe('LineWriter', () => {
	it('writes every line once, in order, harmless, whatever the size of its pieces', () => {
		fc.assert(
			fc.property(fc.array(someLine, { maxLength: 40 }), fc.integer({ min: 16, max: 300 }), (lines, size) => {
				const expected = lines.map((bytes) => `${decodeLine(bytes, 0, bytes.length)}\n`).join('');
				expect(written(lines, { format: 'text', timestamps: false }, size).text.toString()).toBe(expected);
			}),
		);
	});

	it('writes with --raw the bytes as they are', () => {
		fc.assert(
			fc.property(fc.array(someLine, { maxLength: 40 }), fc.integer({ min: 16, max: 300 }), (lines, size) => {
				const expected = Buffer.concat(lines.flatMap((bytes) => [Buffer.from(bytes), Buffer.from('\n')]));
				expect(written(lines, { format: 'raw', timestamps: false }, size).text.equals(expected)).toBe(true);
			}),
		);
	});

	it('puts names and times before lines', () => {
		expect(written([Buffer.from('a'), Buffer.from('b\u001b[2J')], { format: 'text', timestamps: true }, 64, 3).text.toString()).toBe(
			'2023-11-14T22:13:20.000000000Z c    a\n2023-11-14T22:13:20.000000001Z c    b\\x1b[2J\n',
		);
	});

	it('hands over few pieces of many lines', () => {
		const lines = Array.from({ length: 1000 }, (_, index) => Buffer.from(`line ${index}`));
		const pieces: Uint8Array[] = [];
		const writer = new LineWriter(lineFormat({ format: 'text', timestamps: false }, 0, plain), (piece) => pieces.push(piece));
		for (const bytes of lines) writer.line(source, bytes, 0, bytes.length, 0, 0, 'stdout', 0);
		writer.flush();
		expect(pieces).toHaveLength(1);
	});
});

describe('nanoTime', () => {
	it('is the ISO time with nine digits of a second', () => {
		fc.assert(
			fc.property(fc.integer({ min: -1e11, max: 4e12 }), fc.integer({ min: 0, max: 999_999 }), (atMs, nanos) => {
				expect(nanoTime(atMs, nanos)).toBe(`${new Date(atMs).toISOString().slice(0, -1)}${String(nanos).padStart(6, '0')}Z`);
			}),
		);
	});
});
