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
			growSlowly: () => undefined,
		});
		await clock.advance(60_000);
		// Once after the start, for nothing else.
		expect(collections).toBe(1);
		resident = 120 * mib;
		await clock.advance(2000);
		expect(collections).toBe(2);
		await clock.advance(60_000);
		expect(collections).toBe(2);
		resident = 114 * mib;
		await clock.advance(2000);
		expect(collections).toBe(3);
		end();
		resident = 500 * mib;
		await clock.advance(60_000);
		expect(collections).toBe(3);
	});

	it('takes the least there was for the level, so that memory given back is not used up again', async () => {
		const clock = new ManualClock();
		let resident = 150 * mib;
		let collections = 0;
		const end = keepMemorySmall(clock, { resident: () => resident, collect: () => collections++, growSlowly: () => undefined });
		resident = 120 * mib;
		await clock.advance(2000);
		expect(collections).toBe(0);
		resident = 130 * mib;
		await clock.advance(2000);
		expect(collections).toBe(1);
		end();
	});

	it('lets the start be quick, then holds growth down and collects by the new rule', async () => {
		const clock = new ManualClock();
		const done: string[] = [];
		const memory = { resident: () => 0, collect: () => void done.push('collected'), growSlowly: () => void done.push('held down') };
		keepMemorySmall(clock, memory);
		await clock.advance(1000);
		expect(done).toEqual([]);
		await clock.advance(60_000);
		expect(done).toEqual(['held down', 'collected']);
		const end = keepMemorySmall(clock, memory);
		end();
		await clock.advance(60_000);
		expect(done).toHaveLength(2);
	});
});
