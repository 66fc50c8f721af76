import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatBytes, parseBytes } from '../../src/domain/bytes.ts';

describe('formatBytes', () => {
	it.each([
		[0, '0 B'],
		[1023, '1023 B'],
		[1024, '1 KiB'],
		[64 * 1024 ** 2, '64 MiB'],
		[1.5 * 1024 ** 3, '1.5 GiB'],
		[1024 ** 2 - 1, '1 MiB'],
		[-2048, '-2 KiB'],
		[Number.NaN, '?'],
	])('%d reads %s', (bytes, words) => {
		expect(formatBytes(bytes)).toBe(words);
	});

	it('is read back within its own rounding', () => {
		fc.assert(
			fc.property(fc.integer({ min: 0, max: 2 ** 50 }), (bytes) => {
				const back = parseBytes(formatBytes(bytes)) ?? Number.NaN;
				expect(Math.abs(back - bytes)).toBeLessThanOrEqual(bytes * 0.01);
			}),
		);
	});
});

describe('parseBytes', () => {
	it.each([
		['512B', 512],
		['64MiB', 64 * 1024 ** 2],
		['64 MB', 64_000_000],
		['1.5GiB', 1.5 * 1024 ** 3],
	])('%s is %d', (text, bytes) => {
		expect(parseBytes(text)).toBe(bytes);
	});

	it.each(['', '64', 'iB', '5XB', '-1MiB'])('refuses "%s"', (text) => {
		expect(parseBytes(text)).toBeUndefined();
	});
});
