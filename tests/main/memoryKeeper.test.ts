import { describe, expect, it } from 'vitest';
import { keepMemorySmall } from '../../src/main/memoryKeeper.ts';
import { ManualClock } from '../support/manualClock.ts';

const mib = 1024 * 1024;

describe('keepMemorySmall', () => {
	it('collects once memory has grown, and not for nothing', async () => {
		const clock = new ManualClock();
		let resident = 100 * mib;
		let collections = 0;
		const end = keepMemorySmall(clock, {
			resident: () => resident,
			collect: () => {
				collections++;
				resident = 105 * mib;
			},
		});
		await clock.advance(60_000);
		expect(collections).toBe(0);
		resident = 120 * mib;
		await clock.advance(2000);
		expect(collections).toBe(1);
		await clock.advance(60_000);
		expect(collections).toBe(1);
		resident = 114 * mib;
		await clock.advance(2000);
		expect(collections).toBe(2);
		end();
		resident = 500 * mib;
		await clock.advance(60_000);
		expect(collections).toBe(2);
	});
});
