import { describe, expect, it } from 'vitest';
import { LogFollowers, type WantedLog } from '../../../src/observe/logs/followers.ts';
import { ManualClock, settle } from '../../support/manualClock.ts';
import { FakeLog } from './fakeLog.ts';
import { startMs } from './support.ts';

const wanted = (index: number, over: Partial<WantedLog> = {}): WantedLog => ({ containerId: `id-${index}`, source: `web-${index}`, focused: false, priority: 0, ...over });

const make = (options: { budgetBytes?: number; maxFollowed?: number } = {}): { log: FakeLog; followers: LogFollowers } => {
	const log = new FakeLog();
	return { log, followers: new LogFollowers({ engine: log, clock: new ManualClock(startMs), random: () => 0, ...options }) };
};

describe('LogFollowers', () => {
	it('follows at most a hundred, the most important first, and says how many it does not', () => {
		const { followers } = make();
		followers.want(Array.from({ length: 112 }, (_, index) => wanted(index, { priority: index })));
		expect(followers.words).toBe('12 of 112 logs not followed');
		expect(followers.notFollowed.every((each) => each.priority < 12)).toBe(true);
		expect(followers.stateOf('id-0')).toEqual({ kind: 'off' });
		expect(followers.stateOf('id-111')).toEqual({ kind: 'connecting' });
		followers.close();
	});

	it('gives the focused one a large ring and the others small ones', () => {
		const { followers } = make();
		followers.want([wanted(1), wanted(2, { focused: true })]);
		expect(followers.ringOf('id-1')?.capacityBytes).toBe(128 * 1024);
		expect(followers.ringOf('id-2')?.capacityBytes).toBe(4 * 1024 * 1024);
		followers.want([wanted(1, { focused: true }), wanted(2)]);
		expect(followers.ringOf('id-1')?.capacityBytes).toBe(4 * 1024 * 1024);
		expect(followers.ringOf('id-2')?.capacityBytes).toBe(4 * 1024 * 1024);
		followers.close();
	});

	it('takes the large ring back where the bytes are wanted elsewhere, and stays within them', async () => {
		const { log, followers } = make({ budgetBytes: 8 * 1024 * 1024 });
		followers.want([wanted(1, { focused: true }), wanted(2)]);
		await settle();
		for (let index = 0; index < 60_000; index++) log.write('x'.repeat(100), startMs + index);
		expect(followers.memoryBytes).toBeGreaterThan(4 * 1024 * 1024);
		followers.want([wanted(1), wanted(2, { focused: true })]);
		expect(followers.ringOf('id-1')?.capacityBytes).toBe(128 * 1024);
		expect(followers.memoryBytes).toBeLessThanOrEqual(8 * 1024 * 1024);
		followers.close();
	});

	it('keeps the last words of what is no longer wanted, and continues them', async () => {
		const { log, followers } = make();
		log.write('last words', startMs);
		followers.want([wanted(1)]);
		await settle();
		followers.want([]);
		await settle();
		expect(log.streams.size).toBe(0);
		expect(followers.ringOf('id-1')?.text(0)).toBe('last words');
		followers.want([wanted(1)]);
		await settle();
		expect(followers.ringOf('id-1')?.count).toBe(1);
		expect(followers.stateOf('id-1')).toEqual({ kind: 'live' });
		followers.close();
	});

	it('gives kept rings up, the longest unwanted first, where the bytes are needed', async () => {
		const { log, followers } = make({ budgetBytes: 500 * 1024 });
		for (let index = 0; index < 1000; index++) log.write('x'.repeat(100), startMs + index);
		followers.want([wanted(1)]);
		await settle();
		followers.want([wanted(2)]);
		await settle();
		followers.want([wanted(3)]);
		await settle();
		expect(followers.ringOf('id-1')).toBeUndefined();
		expect(followers.ringOf('id-2')).toBeDefined();
		followers.close();
	});

	it('passes the start of a container on to its follower alone', async () => {
		const { log, followers } = make();
		log.write('a', startMs);
		followers.want([wanted(1), wanted(2)]);
		await settle();
		followers.containerStarted('id-1', startMs + 1);
		expect(followers.ringOf('id-1')?.count).toBe(2);
		expect(followers.ringOf('id-2')?.count).toBe(1);
		followers.close();
	});
});
