import { describe, expect, it } from 'vitest';
import { ChangeWatch } from '../../src/record/changes.ts';
import type { Cancel, Clock } from '../../src/domain/clock.ts';
import { ManualClock, settle } from '../support/manualClock.ts';
import { otherConsole } from './processes.ts';
import { actor, newJournal, note } from './support.ts';

const resolvedBy = (subscribe: (listener: () => void) => () => void): Promise<void> =>
	new Promise((resolve) => {
		const off = subscribe(() => {
			off();
			resolve();
		});
	});

describe('a listener of the journal', () => {
	it('hears of what another process writes', async () => {
		const journal = await newJournal();
		const heard = resolvedBy((listener) => journal.onChange(listener));
		const other = await otherConsole(journal.path);
		await other.order('open-and-append');
		await heard;
		expect(await journal.read(0, 10)).toHaveLength(1);
	});

	it('hears of what this process writes at once, events and leases, and no more once it has gone', async () => {
		const clock = new ManualClock();
		const journal = await newJournal({ clock });
		let heard = 0;
		const off = journal.onChange(() => heard++);
		await journal.append([note('a')]);
		await settle();
		expect(heard).toBe(1);
		await journal.claim('web', 'run-1', actor);
		await settle();
		expect(heard).toBe(2);
		await clock.advance(1000);
		// Its own writes are no news a second time.
		expect(heard).toBe(2);
		off();
		await journal.append([note('b')]);
		await settle();
		expect(heard).toBe(2);
	});

	it('hears nothing of a write that failed', async () => {
		const journal = await newJournal({ lockedMs: 0 });
		const other = await otherConsole(journal.path);
		await other.order('hold');
		let heard = 0;
		journal.onChange(() => heard++);
		await expect(journal.append([note('a')])).rejects.toMatchObject({ kind: 'locked' });
		await settle();
		expect(heard).toBe(0);
	});
});

describe('the watch', () => {
	it('looks 4 times a second while somebody listens, and not otherwise', async () => {
		const clock = new ManualClock();
		let looks = 0;
		let timers = 0;
		const counting: Pick<Clock, 'every'> = {
			every(ms, run): Cancel {
				timers++;
				const cancel = clock.every(ms, run);
				return () => {
					timers--;
					cancel();
				};
			},
		};
		let version: number | undefined = 1;
		const watch = new ChangeWatch(counting, () => {
			looks++;
			return version;
		});
		await clock.advance(1000);
		expect([looks, timers]).toEqual([0, 0]);
		let heard = 0;
		const offs = [watch.add(() => heard++), watch.add(() => heard++)];
		looks = 0;
		await clock.advance(1000);
		expect([looks, timers, heard]).toEqual([4, 1, 0]);
		version = 2;
		await clock.advance(1000);
		expect(heard).toBe(2);
		// It cannot be told now: no news.
		version = undefined;
		await clock.advance(1000);
		expect(heard).toBe(2);
		for (const off of offs) off();
		looks = 0;
		await clock.advance(1000);
		expect([looks, timers]).toEqual([0, 0]);
	});
});
