import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Series } from '../../src/observe/series.ts';

describe('Series', () => {
	it('keeps raw samples for 5 minutes and means over 10 s for an hour', () => {
		const series = new Series();
		for (let second = 0; second < 4000; second++) series.push(second * 1000, second);
		const all = series.range(0, Number.POSITIVE_INFINITY);
		const raw = all.filter((sample) => sample.at >= 3_699_000);
		expect(raw.map((sample) => sample.value)).toEqual(Array.from({ length: 301 }, (_, index) => 3699 + index));
		expect(all[0]?.at).toBeLessThanOrEqual(400_000);
		expect(all.length).toBeLessThanOrEqual(301 + 361);
		expect(series.latest()).toEqual({ at: 3_999_000, value: 3999 });
	});

	it('refuses a sample that is older than the newest one', () => {
		const series = new Series();
		expect(series.push(2000, 1)).toBe(true);
		expect(series.push(1000, 2)).toBe(false);
		expect(series.range(0, 9000)).toEqual([{ at: 2000, value: 1 }]);
	});

	it('never loses the mean, the order or the bound', () => {
		fc.assert(
			fc.property(
				fc.array(fc.record({ step: fc.integer({ min: 0, max: 20_000 }), value: fc.integer({ min: 0, max: 100 }) }), { maxLength: 3000 }),
				(steps) => {
					const series = new Series();
					let at = 0;
					for (const { step, value } of steps) {
						at += step;
						expect(series.push(at, value)).toBe(true);
					}
					const all = series.range(0, at);
					expect(all.length).toBeLessThanOrEqual(600 + 361);
					for (let index = 1; index < all.length; index++) {
						expect(all[index]?.at ?? 0).toBeGreaterThanOrEqual(all[index - 1]?.at ?? 0);
					}
					for (const sample of all) expect(sample.value >= 0 && sample.value <= 100).toBe(true);
				},
			),
			{ numRuns: 50 },
		);
	});
});
