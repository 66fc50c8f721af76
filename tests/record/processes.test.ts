import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { verifyJournal } from '../../src/record/verify.ts';
import { otherConsole } from './processes.ts';
import { newJournal, note, opened, testFolder } from './support.ts';

// A thousand synced writes of two processes take their time on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

it('two processes append 500 events each at once: one chain, no gap, each in its own order', async () => {
	const path = join(await testFolder(), 'state', 'journal.db');
	const consoles = await Promise.all([otherConsole(path), otherConsole(path)]);
	// Five times 100: none can be done before the other has begun.
	for (let round = 0; round < 5; round++) await Promise.all(consoles.map(async (each) => each.order('append 100')));
	expect(await verifyJournal(path)).toMatchObject({ intact: true, events: 1000 });
	const journal = await opened(path);
	for (const { pid, acknowledged } of consoles) {
		const events = await journal.readRun(`of-${pid}`);
		expect(events.map((each) => each.event)).toEqual(Array.from({ length: 500 }, (_, index) => ({ kind: 'note_added', text: `${pid} ${index % 100}` })));
		expect(events.map((each) => each.seq)).toEqual(acknowledged.map((each) => each.seq));
	}
	const first = (await journal.readRun(`of-${consoles[0]?.pid}`)).map((each) => each.seq);
	expect((first.at(-1) ?? 0) - (first[0] ?? 0)).toBeGreaterThan(500);
});

it.each([1, 30, 150])('kill -9 of a writer after %i events: the chain holds, and all it was told of is there', async (count) => {
	const journal = await newJournal();
	await journal.append([note('before')]);
	const writer = await otherConsole(journal.path);
	const order = writer.order('append 100000').catch(() => 'killed');
	await writer.hasAcknowledged(count);
	await writer.kill();
	expect(await order).toBe('killed');
	const events = await journal.readRun(`of-${writer.pid}`);
	expect(writer.acknowledged.length).toBeGreaterThanOrEqual(count);
	for (const { seq, text } of writer.acknowledged) expect(events.find((each) => each.seq === seq)?.event).toEqual({ kind: 'note_added', text });
	await journal.append([note('after')]);
	expect(await verifyJournal(journal.path)).toMatchObject({ intact: true, events: events.length + 2 });
});
