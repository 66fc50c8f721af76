import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LogFollowers, type WantedLog } from '../../../src/observe/logs/followers.ts';
import { ManualClock, settle } from '../../support/manualClock.ts';
import type { Pace } from '../../../src/observe/logs/gentleStarts.ts';
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

	describe('at a gentle pace', () => {
		const pace: Pace = { quietMs: 1000, everyMs: 100, atOnce: 4 };
		const ten = (over: (index: number) => Partial<WantedLog> = () => ({})): WantedLog[] => Array.from({ length: 10 }, (_, index) => wanted(index, over(index)));
		let clock: ManualClock;
		let log: FakeLog;
		let followers: LogFollowers;

		beforeEach(() => {
			clock = new ManualClock(startMs);
			log = new FakeLog();
			followers = new LogFollowers({ engine: log, clock, random: () => 0, pace });
		});
		afterEach(() => followers.close());

		it('opens what is looked at at once, the others after a pause, a few at a time', async () => {
			followers.want(ten((index) => ({ focused: index === 7 })));
			expect(log.requests).toHaveLength(1);
			expect(followers.isWaiting('id-7')).toBe(false);
			expect(followers.stateOf('id-0')).toEqual({ kind: 'connecting' });
			await clock.advance(999);
			expect(log.requests).toHaveLength(1);
			await clock.advance(1);
			expect(log.requests).toHaveLength(5);
			await clock.advance(100);
			expect(log.requests).toHaveLength(9);
			await clock.advance(100);
			expect(log.requests).toHaveLength(10);
		});

		it('takes the most wanted first, as they stand when their turn comes', async () => {
			followers.want(ten());
			followers.want(ten((index) => ({ priority: index })));
			await clock.advance(1000);
			expect([9, 8, 7, 6].map((index) => followers.isWaiting(`id-${index}`))).toEqual([false, false, false, false]);
			expect(followers.isWaiting('id-5')).toBe(true);
		});

		it('opens a log at once when somebody comes to look at it, and one that came later without a pause', async () => {
			followers.want(ten());
			followers.want(ten((index) => ({ focused: index === 3 })));
			expect(followers.isWaiting('id-3')).toBe(false);
			await clock.advance(5000);
			expect(log.requests).toHaveLength(10);
			followers.want([...ten(), wanted(10)]);
			expect(log.requests).toHaveLength(11);
		});

		it('never opens what is not wanted any more', async () => {
			followers.want(ten());
			followers.want([wanted(1)]);
			await clock.advance(5000);
			expect(log.requests).toHaveLength(1);
			followers.want(ten());
			followers.close();
			await clock.advance(5000);
			expect(log.requests.length).toBeLessThanOrEqual(5);
		});

		it('reads a log again at once, once', async () => {
			followers.want(ten());
			followers.readAgain('id-2', 50_000);
			expect(log.requests).toHaveLength(1);
			expect(log.requests[0]?.tail).toBe(50_000);
			await clock.advance(5000);
			expect(log.requests).toHaveLength(10);
		});

		it('hurries for a report, now and from now on', () => {
			followers.want(ten());
			followers.hurry();
			expect(log.requests).toHaveLength(10);
			followers.want([...ten(), wanted(10)]);
			expect(log.requests).toHaveLength(11);
		});
	});
});
