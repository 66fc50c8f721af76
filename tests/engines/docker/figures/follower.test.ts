import { describe, expect, it } from 'vitest';
import type { Figures } from '../../../../src/domain/figures.ts';
import { createFollower, type EngineSource } from '../../../../src/engines/docker/figures/follower.ts';
import type { Reading } from '../../../../src/engines/docker/reading.ts';
import { ManualClock } from '../../../support/manualClock.ts';

const reading = (monotonicMs: number): Reading => ({ cpuNs: monotonicMs * 500_000, monotonicMs, onlineCpus: 2, memoryBytes: 1, inactiveFileBytes: 0, memoryLimitBytes: 2 });

function setUp(options: { local?: 'v1'; readable?: (id: string, pid?: number) => boolean; pid?: number } = {}) {
	const clock = new ManualClock();
	const seen: { at: number; figures: Figures }[] = [];
	const followed: { fast: readonly string[]; slow: readonly string[] }[] = [];
	let publish: (id: string, reading: Reading, before: Reading | undefined) => void = () => {};
	const engine: EngineSource = { follow: (fast, slow) => void followed.push({ fast, slow }), describe: () => 'engine, 1 streams, 0 sampled', close: () => {} };
	const follower = createFollower(
		{
			clock,
			...(options.local === undefined ? {} : { local: { version: options.local, keepOnly: () => {}, read: (id, pid) => ((options.readable?.(id, pid) ?? true) ? reading(clock.monotonic()) : undefined) } }),
			engine: (given) => {
				publish = given;
				return engine;
			},
			pidOf: async () => options.pid,
		},
		(batch) => seen.push(...batch.map((figures) => ({ at: clock.monotonic(), figures }))),
	);
	return { clock, seen, followed, follower, publish: (id: string) => publish(id, reading(clock.monotonic()), undefined), times: (id: string) => seen.filter(({ figures }) => figures.containerId === id).map(({ at }) => at) };
}

describe('figures', () => {
	it('come twice at once, then every second for rows in view', async () => {
		const { clock, follower, times, seen } = setUp({ local: 'v1' });
		follower.follow(['a'], []);
		await clock.advance(5000);
		expect(times('a')).toEqual([0, 200, 1000, 2000, 3000, 4000, 5000]);
		expect(seen[0]?.figures).not.toHaveProperty('cpuPercent');
		expect(seen[1]?.figures.cpuPercent).toBeCloseTo(50, 9);
		expect(follower.describe()).toBe('cgroup files (v1)');
	});

	it('come every five seconds for the others, spread over the time', async () => {
		const { clock, follower, times, seen } = setUp({ local: 'v1' });
		const ids = Array.from({ length: 50 }, (_, index) => `s${index}`);
		follower.follow([], ids);
		await clock.advance(16_000);
		for (const id of ids) {
			const gaps = times(id).slice(2).map((at, index) => at - (times(id)[index + 1] ?? 0));
			expect(Math.max(...gaps)).toBeLessThanOrEqual(5500);
			expect(times(id).length).toBeGreaterThanOrEqual(4);
			expect(times(id).length).toBeLessThanOrEqual(6);
		}
		const perSecond = new Map<number, number>();
		for (const { at } of seen.filter(({ at }) => at > 6000)) {
			perSecond.set(Math.floor(at / 1000), (perSecond.get(Math.floor(at / 1000)) ?? 0) + 1);
		}
		expect(Math.max(...perSecond.values())).toBeLessThanOrEqual(15);
	});

	it('come sooner when a row comes into view, and end when it goes', async () => {
		const { clock, follower, times } = setUp({ local: 'v1' });
		follower.follow([], ['a']);
		await clock.advance(1000);
		follower.follow(['a'], []);
		await clock.advance(3000);
		expect(times('a').filter((at) => at > 1000)).toEqual([2000, 3000, 4000]);
		follower.follow([], []);
		await clock.advance(5000);
		expect(times('a').at(-1)).toBe(4000);
		follower.follow(['a'], []);
		follower.close();
		await clock.advance(5000);
		expect(times('a').at(-1)).toBeLessThanOrEqual(9000);
	});

	it('of a container in an unusual place are found by its process', async () => {
		let found = false;
		const { clock, follower, times } = setUp({ local: 'v1', pid: 7, readable: (_id, pid) => (found ||= pid === 7) });
		follower.follow(['a'], []);
		await clock.advance(3000);
		expect(times('a').length).toBeGreaterThan(2);
	});

	it('of a container that runs elsewhere come through the engine', async () => {
		const { clock, follower, followed, publish, seen } = setUp({ local: 'v1', pid: 7, readable: (id) => id !== 'b' });
		follower.follow(['a', 'b'], []);
		await clock.advance(2000);
		expect(followed.at(-1)).toEqual({ fast: ['b'], slow: [] });
		expect(follower.describe()).toBe('cgroup files (v1); 1 by engine, 1 streams, 0 sampled');
		publish('b');
		expect(seen.at(-1)?.figures.containerId).toBe('b');
	});

	it('of a container that does not run are none, and nobody is asked again and again', async () => {
		let asked = 0;
		const { clock, follower, followed, times } = setUp({ local: 'v1', readable: () => (asked++, false) });
		follower.follow(['a'], []);
		await clock.advance(8000);
		expect(times('a')).toEqual([]);
		expect(followed.every(({ fast, slow }) => fast.length + slow.length === 0)).toBe(true);
		expect(asked).toBeLessThan(15);
	});

	it('come through the engine where nothing of it is on this machine', () => {
		const { follower, followed } = setUp();
		follower.follow(['a'], ['b']);
		expect(followed).toEqual([{ fast: ['a'], slow: ['b'] }]);
		expect(follower.describe()).toBe('engine, 1 streams, 0 sampled');
	});
});
