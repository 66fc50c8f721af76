import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDuration, formatLatency, inTens, parseDuration } from '../../src/domain/duration.ts';

it.each([
	[9999, 9999],
	[10_000, 10_000],
	[47_300, 40_000],
	[59_999, 50_000],
	[60_000, 60_000],
	[3_599_999, 3_599_999],
])('%d ms are %d ms in tens', (ms, calm) => {
	expect(inTens(ms)).toBe(calm);
});

describe('formatDuration', () => {
	it.each([
		[0, '0 s'],
		[-5000, '0 s'],
		[999, '0 s'],
		[42_000, '42 s'],
		[59_999, '59 s'],
		[60_000, '1 min'],
		[90 * 60_000, '90 min'],
		[120 * 60_000, '2 h'],
		[47 * 3_600_000, '47 h'],
		[48 * 3_600_000, '2 d'],
		[Number.NaN, '0 s'],
	])('%d ms reads %s', (ms, words) => {
		expect(formatDuration(ms)).toBe(words);
	});

	it('never says more than there was', () => {
		fc.assert(
			fc.property(fc.integer({ min: 1000, max: 400 * 86_400_000 }), (ms) => {
				const said = parseDuration(formatDuration(ms).replaceAll(' ', ''));
				expect(said).toBeLessThanOrEqual(ms);
				expect(said).toBeGreaterThan(ms / 2);
			}),
		);
	});
});

describe('formatLatency', () => {
	it.each([
		[0.42, '0.4 ms'],
		[12, '12 ms'],
		[850.4, '850 ms'],
		[1500, '1.5 s'],
		[12_000, '12 s'],
	])('%d ms reads %s', (ms, words) => {
		expect(formatLatency(ms)).toBe(words);
	});
});

describe('parseDuration', () => {
	it.each([
		['500ms', 500],
		['5s', 5000],
		['1.5s', 1500],
		['10m', 600_000],
		['10 min', 600_000],
		['1h30m', 5_400_000],
		['2d', 172_800_000],
	])('%s is %d ms', (text, ms) => {
		expect(parseDuration(text)).toBe(ms);
	});

	it.each(['', '5', 's', '5 parsecs', '-5s', '5s later', '1e3s'])('refuses "%s"', (text) => {
		expect(parseDuration(text)).toBeUndefined();
	});
});
