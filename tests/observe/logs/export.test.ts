import { describe, expect, it } from 'vitest';
import { exactTime, type ExportFormat, exportLines } from '../../../src/observe/logs/export.ts';
import type { LogRing } from '../../../src/observe/logs/ring.ts';
import { LogView } from '../../../src/observe/logs/view.ts';
import { makeRing, put, startMs, still } from './support.ts';

const text = (rings: readonly LogRing[], format: ExportFormat, limit?: number): string => {
	const view = new LogView({ rings, now: still, settings: { minLevel: 'info', fold: true } });
	return Buffer.concat([...exportLines(view, { format, ...(limit === undefined ? {} : { limit }) })]).toString('latin1');
};

const sample = (): LogRing => {
	const ring = makeRing();
	put(ring, '\u001b[31mERROR\u001b[0m a\u0007', { nanos: 42, stream: 'stderr' });
	put(ring, '  below', { stream: 'stderr' });
	put(ring, 'DEBUG left out');
	ring.mark('container started', startMs + 5);
	return ring;
};

describe('exportLines', () => {
	it('writes harmless text with exact times', () => {
		expect(text([sample()], 'text')).toBe(
			[String.raw`2026-11-21T03:14:07.000000042Z ERROR a\x07`, '2026-11-21T03:14:07.000000000Z   below', '2026-11-21T03:14:07.005000000Z --- container started ---', ''].join('\n'),
		);
	});

	it('names the source where there are several', () => {
		expect(text([sample(), makeRing('b')], 'text', 1)).toBe(`2026-11-21T03:14:07.000000042Z web ${String.raw`ERROR a\x07`}\n`);
	});

	it('writes the bytes as they came', () => {
		expect(text([sample()], 'raw')).toBe('\u001b[31mERROR\u001b[0m a\u0007\n  below\n--- container started ---\n');
	});

	it('writes one JSON object a line', () => {
		const lines = text([sample()], 'json').trimEnd().split('\n').map((line): unknown => JSON.parse(line));
		expect(lines).toEqual([
			{ time: exactTime(startMs, 42), source: 'web', stream: 'stderr', level: 'error', text: String.raw`ERROR a\x07` },
			{ time: exactTime(startMs, 0), source: 'web', stream: 'stderr', text: '  below' },
			{ time: exactTime(startMs + 5, 0), source: 'web', stream: 'stdout', text: 'container started', marker: true },
		]);
	});

	it('says what was given up', () => {
		const ring = makeRing('a', 16 * 1024);
		for (let index = 0; index < 400; index++) put(ring, 'x'.repeat(99));
		expect(text([ring], 'text', 0)).toBe(`${exactTime(startMs, 0)} --- ${ring.overrun.lines} lines skipped ---\n`);
	});
});
