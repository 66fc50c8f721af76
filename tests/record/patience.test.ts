import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { patiently } from '../../src/record/patience.ts';

const busy = (): Error => Object.assign(new Error('database is locked'), { code: 'SQLITE_BUSY' });

/** Time that passes only while it is waited. */
const patience = (random: () => number) => {
	const waits: number[] = [];
	let now = 1000;
	return {
		waits,
		monotonic: () => now,
		random,
		pause(ms: number): Promise<void> {
			waits.push(ms);
			now += ms;
			return Promise.resolve();
		},
	};
};

describe('patience', () => {
	it('tries again while there is a lock, and gives up at the deadline, not before', async () => {
		await fc.assert(
			fc.asyncProperty(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0, max: 5000 }), async (random, forMs) => {
				const ports = patience(() => random);
				let tries = 0;
				const failed = patiently(
					() => {
						tries++;
						throw busy();
					},
					1000 + forMs,
					ports,
				);
				await expect(failed).rejects.toThrow('database is locked');
				expect(ports.monotonic()).toBeCloseTo(1000 + forMs, 3);
				expect(tries).toBe(ports.waits.length + 1);
				for (const wait of ports.waits) expect(wait).toBeLessThanOrEqual(200);
				// A try costs at most 25 ms of a blocked event loop: there must not be many.
				expect(tries).toBeLessThanOrEqual(Math.ceil(forMs / 100) + 8);
			}),
			{ numRuns: 50 },
		);
	});

	it('returns what the work returns once the lock is gone, and waits longer from try to try', async () => {
		const ports = patience(() => 1);
		let tries = 0;
		const result = await patiently(
			() => {
				tries++;
				if (tries < 5) throw busy();
				return 'done';
			},
			6000,
			ports,
		);
		expect(result).toBe('done');
		expect(ports.waits).toEqual([5, 10, 20, 40]);
	});

	it('does not try again what fails for another reason, and tries at least once', async () => {
		const ports = patience(() => 1);
		let tries = 0;
		const work = (): never => {
			tries++;
			throw new Error('disk I/O error');
		};
		await expect(patiently(work, 6000, ports)).rejects.toThrow('disk I/O error');
		await expect(patiently(work, 0, ports)).rejects.toThrow('disk I/O error');
		expect([tries, ports.waits]).toEqual([2, []]);
	});
});
