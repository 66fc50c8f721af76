import stripAnsi from 'strip-ansi';
import { describe, expect, test } from 'vitest';
import { bucketsOf, extremes, niceTop } from '../../screens/present/buckets.ts';
import type { Pen } from '../../screens/present/cells.ts';
import { chartRows } from '../../screens/present/chart.ts';
import { glyphSet } from '../../screens/present/glyphs.ts';
import { presentHealth } from '../../screens/present/health.ts';
import { presentServices } from '../../screens/present/services.ts';
import { sparkline } from '../../screens/present/sparkline.ts';
import { bytes, clock, count, duration, figure, shortBytes, shortDuration, took, withUnit } from '../../screens/present/words.ts';
import { themeOf } from '../../src/console/theme.ts';
import { now } from '../support/containers.ts';
import { healthy, incident } from '../support/views.ts';

const pen: Pen = { theme: themeOf('dark', '256'), glyphs: glyphSet('unicode') };

describe('numbers in words', () => {
	test.each([
		[duration(42_000), '42 s'],
		[duration(3 * 60_000 + 5000), '3 min'],
		[duration(2 * 3_600_000 + 5 * 60_000), '2 h 5 min'],
		[duration(3 * 86_400_000), '3 d'],
		[duration(-5), '0 s'],
		[shortDuration(125 * 3_600_000), '5d5h'],
		[shortDuration(59_999), '59s'],
		[took(12.4), '12 ms'],
		[took(1234), '1.2 s'],
		[bytes(64 * 1024 * 1024), '64 MiB'],
		[bytes(1023.9 * 1024), '1 MiB'],
		[bytes(0), '0 B'],
		[shortBytes(1536), '1.5K'],
		[shortBytes(512), '512B'],
		[count(18_204), '18k'],
		[figure(0.001), '<0.01'],
		[figure(9.96), '10'],
		[figure(Number.NaN), '?'],
		[withUnit(0.25, 'seconds'), '250 ms'],
		[withUnit(1500, 'milliseconds'), '1.5 s'],
		[withUnit(98.4, 'percent'), '98 %'],
		[clock(now), '03:14:07'],
		[clock(Number.NaN), '--:--:--'],
	])('%s is %s', (said, wanted) => {
		expect(said).toBe(wanted);
	});
});

describe('series', () => {
	const at = (second: number, value: number) => ({ at: second * 1000, value });

	test('where nothing was measured there is a gap, not a zero', () => {
		const samples = [at(5, 10), at(15, 20), at(85, 0), at(95, 40)];
		const buckets = bucketsOf(samples, 0, 100_000, 10, 15_000);
		expect(buckets.map((bucket) => bucket?.most)).toEqual([10, 20, 20, undefined, undefined, undefined, undefined, undefined, 0, 40]);
		expect(sparkline(buckets, 40, pen.glyphs)).toBe('▂▄▄     ▁█');
	});

	test('samples outside of the window and such that are no numbers do not count', () => {
		const samples = [at(-1, 1000), at(5, Number.NaN), at(6, 4), at(7, 8), at(101, 1000)];
		expect(extremes(samples, 0, 100_000)).toEqual({ average: 6, most: 8, least: 4 });
		expect(extremes([], 0, 100_000)).toBeUndefined();
	});

	test('the axis ends on a number that reads well', () => {
		expect([niceTop(7, false), niceTop(12, false), niceTop(21, false), niceTop(400, false)]).toEqual([10, 20, 25, 500]);
		expect(niceTop(70_000_000, true)).toBe(128 * 1024 * 1024);
		expect(niceTop(0, false)).toBe(1);
	});
});

describe('the axis of a chart', () => {
	// Over the axis' 5 s a curve at 2.4 s stands above a line at 1 s, and not on it.
	test('draws a threshold in the row in which a curve of that value runs', () => {
		const at = (value: number, thresholds: readonly number[]) =>
			chartRows(
				{ name: 'p95', title: 'p95', unit: 'seconds', latest: value, samples: [now - 2000, now - 1000].map((when) => ({ at: when, value })), thresholds: thresholds.map((one) => ({ value: one, severity: 'P1' as const, title: 'slow' })), stale: false },
				{ from: now - 10_000, to: now },
				80,
				6,
				false,
				pen,
			).map((row) => stripAnsi(row));
		const curve = (rows: readonly string[]): number => rows.findIndex((row) => /[\u2801-\u28ff]/.test(row));
		const line = (rows: readonly string[]): number => rows.findIndex((row) => row.includes('P1 1s'));
		const above = at(2.4, [1]);
		expect(above[1]).toMatch(/5 s/);
		expect(curve(above)).toBeLessThan(line(above));
		expect(curve(at(1, [1]))).toBe(line(at(1, [1])));
	});

	test('has no two labels alike', () => {
		const series = { name: 'log.errors', title: 'log errors', unit: 'per-minute', latest: 0, samples: [{ at: now - 1000, value: 0 }], thresholds: [], stale: false } as const;
		const rows = chartRows(series, { from: now - 300_000, to: now }, 80, 8, false, pen).map((row) => stripAnsi(row));
		const labels = rows.flatMap((row) => / ([\d.]+\/min) │/.exec(row)?.[1] ?? []);
		expect(labels).toEqual(['1/min', '0/min']);
	});
});

describe('what must not be missed', () => {
	const size = { columns: 80, rows: 24 };
	const box = { width: 80, height: 9, focused: true };

	test('the reason of a service in trouble is worth more than its figures', () => {
		const { services } = incident(size);
		const rows = services.rows.map((one, index) => (index === 0 ? { ...one, cpuPercent: 12, reason: 'down 42 s: exited 137, killed for memory, 3rd time' } : one));
		const shown = presentServices({ ...services, rows }, box, pen).rows.map((line) => stripAnsi(line));
		expect(shown[0]).toContain('down 42 s: exited 137, killed for memory, 3rd time');
		expect(shown[1]).toMatch(/database locked 12 s +31 +61 +3$/);
	});

	test('stale figures carry a question mark', () => {
		const { services } = healthy(size);
		const rows = services.rows.map((one) => ({ ...one, figuresStale: true }));
		const shown = presentServices({ ...services, rows, selected: -1 }, { ...box, notCurrent: 'NOT CURRENT: last heard 12 s ago' }, pen);
		expect(stripAnsi(shown.title)).toContain('NOT CURRENT: last heard 12 s ago');
		expect(stripAnsi(shown.rows[0] ?? '')).toContain('12?   43?');
	});

	test('what is stale does not carry the hue of health', () => {
		const { health } = healthy(size);
		const shown = (stale: boolean): string => presentHealth(health, { ...box, now, stale }, pen).rows.join('\n');
		const green = `\u001b[${pen.theme.roles.ok}m`;
		expect(shown(false)).toContain(green);
		expect(shown(true)).not.toContain(green);
		expect(stripAnsi(shown(true))).toContain('last known: running');
	});
});
