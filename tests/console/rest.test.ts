import { beforeEach, describe, expect, it } from 'vitest';
import { Rest } from '../../src/console/rest.ts';
import { ManualClock } from '../support/manualClock.ts';

describe('Rest', () => {
	let clock: ManualClock;
	let rests: (string | undefined)[];
	let rest: Rest;

	beforeEach(() => {
		clock = new ManualClock();
		rests = [];
		rest = new Rest(clock, () => rests.push(rest.on));
	});

	it('takes a single move at once', async () => {
		rest.moved('a');
		expect(rests).toEqual(['a']);
		await clock.advance(1000);
		rest.moved('b');
		expect(rests).toEqual(['a', 'b']);
		expect(rest.on).toBe('b');
	});

	it('leaves out what is only passed, and takes where the moving ends', async () => {
		rest.moved('a');
		for (const id of ['b', 'c', 'd']) {
			await clock.advance(40);
			rest.moved(id);
		}
		expect(rest.on).toBe('a');
		await clock.advance(149);
		expect(rests).toEqual(['a']);
		await clock.advance(1);
		expect(rests).toEqual(['a', 'd']);
		await clock.advance(1000);
		expect(rests).toEqual(['a', 'd']);
	});

	it('rests on nothing where nothing is selected any more', async () => {
		rest.moved('a');
		await clock.advance(1000);
		rest.moved(undefined);
		expect(rest.on).toBeUndefined();
	});
});
