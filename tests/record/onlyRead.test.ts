import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../support/manualClock.ts';
import { begun } from './moves.ts';
import { actor, newJournal, note, opened, rejection, started, testFolder } from './support.ts';

describe('a journal that is only read', () => {
	it('is not made where there is none: it is read as one without an event', async () => {
		const folder = join(await testFolder(), 'state');
		const journal = await opened(join(folder, 'journal.db'), { readOnly: true });
		expect(journal.trouble).toBeUndefined();
		expect(await journal.runs()).toEqual([]);
		expect(await journal.rollouts({ engine: 'unix:///x' })).toEqual([]);
		expect(await journal.versions('shop/api', 'unix:///x')).toEqual([]);
		expect(await journal.leases()).toEqual([]);
		expect(await journal.readRun('run-1')).toEqual([]);
		expect(await journal.read(0, 10)).toEqual([]);
		await journal.close();
		expect(existsSync(folder)).toBe(false);
	});

	it('takes nothing, and says why', async () => {
		const path = join(await testFolder(), 'journal.db');
		const journal = await opened(path, { readOnly: true });
		for (const write of [() => journal.append([note('x')]), () => journal.probe(), () => journal.claim('shop/api', 'run-1', actor), () => journal.heartbeat('shop/api', 'run-1', actor)]) {
			expect(await rejection(write())).toMatchObject({ kind: 'read-only', advice: expect.stringContaining('--read-only') as string });
		}
		expect(existsSync(path)).toBe(false);
	});

	it('is the one that is there, also where it came later, and says that it came', async () => {
		const clock = new ManualClock();
		const path = join(await testFolder(), 'journal.db');
		const journal = await opened(path, { readOnly: true, clock });
		expect(await journal.runs()).toEqual([]);
		let changes = 0;
		journal.onChange(() => changes++);
		const other = await opened(path);
		await other.append([started('run-1'), begun('p1')]);
		await clock.advance(1000);
		expect(changes).toBeGreaterThan(0);
		expect((await journal.runs()).map((run) => run.runId)).toEqual(['run-1']);
		expect(await journal.rollouts()).toHaveLength(1);
		const before = changes;
		await other.append([note('more')]);
		await clock.advance(1000);
		expect(changes).toBeGreaterThan(before);
		expect(await journal.read(0, 10)).toHaveLength(3);
	});

	it('stays as it is', async () => {
		const written = await newJournal();
		await written.append([started('run-1')]);
		await written.close();
		const journal = await opened(written.path, { readOnly: true });
		expect(await journal.runs()).toHaveLength(1);
		expect(await rejection(journal.append([note('x')]))).toMatchObject({ kind: 'read-only' });
		expect(await journal.read(0, 10)).toHaveLength(1);
	});
});
