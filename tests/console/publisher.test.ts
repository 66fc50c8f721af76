import { beforeEach, describe, expect, it } from 'vitest';
import { Publisher } from '../../src/console/publisher.ts';
import { ManualClock, settle } from '../support/manualClock.ts';

describe('Publisher', () => {
	let clock: ManualClock;
	let drained: (() => void)[];
	let drain: { busy: boolean; onceDrained(run: () => void): void };
	let frames: number;
	let publisher: Publisher;

	beforeEach(() => {
		clock = new ManualClock();
		drained = [];
		drain = { busy: false, onceDrained: (run) => drained.push(run) };
		frames = 0;
		publisher = new Publisher(clock, drain, 250, () => frames++);
	});

	it('publishes at most one frame in its time, however much changes', async () => {
		publisher.changed('figure');
		await clock.advance(0);
		expect(frames).toBe(1);
		for (let index = 0; index < 100; index++) {
			publisher.changed('figure');
			await clock.advance(10);
		}
		expect(frames).toBe(5);
	});

	it('publishes a key at once, and once for a burst', async () => {
		publisher.changed('figure');
		await clock.advance(0);
		publisher.changed('key');
		publisher.changed('key');
		publisher.changed('key');
		await settle();
		expect(frames).toBe(2);
	});

	it('holds frames back while the terminal is busy, then publishes the newest state once', async () => {
		drain.busy = true;
		publisher.changed('key');
		await settle();
		for (let index = 0; index < 20; index++) {
			publisher.changed('key');
			publisher.changed('figure');
			await clock.advance(250);
		}
		expect(frames).toBe(0);
		expect(drained).toHaveLength(1);
		drain.busy = false;
		drained[0]?.();
		expect(frames).toBe(1);
		expect(publisher.heldBack).toBe(1);
	});

	it('shows an event within 50 ms, and a storm of events as a few frames', async () => {
		publisher.changed('figure');
		await clock.advance(0);
		for (let index = 0; index < 100; index++) {
			publisher.changed('event');
			await clock.advance(1);
		}
		expect(frames).toBe(3);
	});

	it('publishes nothing after it was stopped', async () => {
		publisher.changed('figure');
		publisher.stop();
		publisher.changed('key');
		await clock.advance(1000);
		expect(frames).toBe(0);
	});
});
