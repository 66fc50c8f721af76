import { createHash } from 'node:crypto';
import { chmodSync, readFileSync, readdirSync, renameSync, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JournalError, type NewJournalEvent } from '../../src/domain/journal.ts';
import { openToWrite } from '../../src/record/database.ts';
import { openJournal } from '../../src/record/journal.ts';
import { verifyJournal } from '../../src/record/verify.ts';
import { otherConsole } from './processes.ts';
import { actor, ended, newJournal, note, opened, rejection, started, takenBack, testFolder } from './support.ts';

describe('append', () => {
	it('gives events numbers from 1 without gaps, in the order of the calls, and reads them back as they were', async () => {
		const journal = await newJournal();
		const appended = await Promise.all([journal.append([note('a'), note('b')]), journal.append([note('c', 'run-2')]), journal.append([]), journal.append([note('d')])]);
		expect(appended.flat().map((each) => [each.seq, each.event])).toEqual([
			[1, { kind: 'note_added', text: 'a' }],
			[2, { kind: 'note_added', text: 'b' }],
			[3, { kind: 'note_added', text: 'c' }],
			[4, { kind: 'note_added', text: 'd' }],
		]);
		expect(await journal.read(0, 10)).toEqual(appended.flat());
		expect(await journal.read(1, 2)).toEqual(appended.flat().slice(1, 3));
		expect((await journal.readRun('run-1')).map((each) => each.seq)).toEqual([1, 2, 4]);
		expect((await journal.readRun('run-1', 2)).map((each) => each.seq)).toEqual([4]);
		expect(await journal.readRun('run-3')).toEqual([]);
	});

	it('holds whatever text an event has', async () => {
		const journal = await newJournal();
		await fc.assert(
			fc.asyncProperty(fc.string({ unit: 'binary' }), fc.jsonValue(), fc.string({ minLength: 1 }), async (text, value, runId) => {
				const given: NewJournalEvent = {
					actor: { ...actor, person: text },
					runId,
					event: { kind: 'step_ended', step: 's', execution: 's.1', outcome: 'done', words: text, durationMs: 1, value },
				};
				const [appended] = await journal.append([given]);
				const [read] = await journal.read((appended?.seq ?? 0) - 1, 1);
				expect(read).toEqual(appended);
				expect(read?.event).toEqual(JSON.parse(JSON.stringify(given.event)));
				expect(read?.actor.person).toBe(text);
			}),
			{ numRuns: 40 },
		);
		expect(await verifyJournal(journal.path)).toMatchObject({ intact: true });
	});

	it('is all or nothing', async () => {
		const journal = await newJournal();
		await journal.append([note('a')]);
		// The second event cannot be projected: the transaction ends in its middle.
		const broken = { actor, runId: 'run-2', event: { kind: 'run_started' } } as unknown as NewJournalEvent;
		expect(await rejection(journal.append([note('b'), broken]))).toBeInstanceOf(JournalError);
		expect(await journal.read(0, 10)).toHaveLength(1);
		await journal.append([note('c')]);
		expect(await verifyJournal(journal.path)).toMatchObject({ intact: true, events: 2 });
	});

	it('refuses what cannot be recorded whole, and what it refused changes nothing', async () => {
		const journal = await newJournal();
		const endless: Record<string, unknown> = {};
		endless['self'] = endless;
		const event = { kind: 'step_ended', step: 's', execution: 's.1', outcome: 'done', words: '', durationMs: 1 } as const;
		await expect(journal.append([note('a'), { actor, event: { ...event, value: endless } }])).rejects.toMatchObject({ kind: 'broken', message: expect.stringContaining('"step_ended"') });
		await expect(journal.append([note('x'.repeat(4 * 1024 * 1024))])).rejects.toMatchObject({ kind: 'broken', message: expect.stringContaining('the most is 4194304') });
		expect(journal.trouble).toBeUndefined();
		expect(await journal.read(0, 10)).toEqual([]);
	});

	it('chains each event to the one before it, so that any other program can check it', async () => {
		const journal = await newJournal();
		await journal.append([note('a'), { ...note('ä\u2028\0'), incidentId: 'INC-7' }]);
		const rows = new Database(journal.path, { readonly: true }).prepare('SELECT seq, at, run_id, incident_id, actor, kind, data FROM events ORDER BY seq').raw().all();
		let before = '0'.repeat(64);
		for (const [index, event] of (await journal.read(0, 10)).entries()) {
			before = createHash('sha256').update(before).update(JSON.stringify(rows[index])).digest('hex');
			expect(event.hash).toBe(before);
		}
		expect(rows).toHaveLength(2);
	});

	it('reads a run of more events than it reads at a time', async () => {
		const journal = await newJournal();
		await journal.append(Array.from({ length: 4000 }, (_, index) => note(String(index))));
		await journal.append([note('another', 'run-2'), note('last')]);
		const events = await journal.readRun('run-1');
		expect(events).toHaveLength(4001);
		expect(events.at(-1)?.event).toMatchObject({ text: 'last' });
	});

	it('ends what waits before it closes, and says so afterwards', async () => {
		const journal = await newJournal();
		const under = journal.append([note('a')]);
		await journal.close();
		expect(await under).toHaveLength(1);
		await expect(journal.append([note('b')])).rejects.toThrow('is closed');
		await expect(journal.read(0, 1)).rejects.toThrow('is closed');
	});
});

describe('the file', () => {
	it('is written with a log, every commit synced, and SQLite never waits long for a lock', async () => {
		const database = openToWrite(join(await testFolder(), 'journal.db'));
		const pragma = (name: string): unknown => database.sqlite.pragma(name, { simple: true });
		expect(pragma('journal_mode')).toBe('wal');
		expect(pragma('synchronous')).toBe(2);
		expect(pragma('fullfsync')).toBe(1);
		expect(pragma('busy_timeout')).toBeLessThanOrEqual(50);
		database.close();
	});

	it('holds what a killed process had appended', async () => {
		const journal = await newJournal();
		await journal.append([note('a')]);
		const other = await otherConsole(journal.path);
		await other.order('open-and-append');
		await other.kill();
		expect(statSync(`${journal.path}-wal`).size).toBeGreaterThan(0);
		expect(await journal.read(1, 10)).toHaveLength(1);
	});

	it.each(['000', '022', '777'])('is for its owner only, with its folder, whatever the umask (%s)', async (mask) => {
		const folder = await testFolder();
		const path = join(folder, 'a', 'state', 'journal.db');
		const other = await otherConsole(path);
		await other.order(`umask ${mask}`);
		await other.order('open-and-append');
		for (const name of [path, `${path}-wal`, `${path}-shm`]) expect([name, statSync(name).mode & 0o777]).toEqual([name, 0o600]);
		for (const name of [dirname(path), join(folder, 'a')]) expect([name, statSync(name).mode & 0o777]).toEqual([name, 0o700]);
		expect(readdirSync(dirname(path)).toSorted()).toEqual(['journal.db', 'journal.db-shm', 'journal.db-wal']);
	});

	it('takes from others what they had been given', async () => {
		const journal = await newJournal();
		await journal.close();
		chmodSync(journal.path, 0o664);
		await opened(journal.path);
		expect(statSync(journal.path).mode & 0o777).toBe(0o600);
	});

	it('lets nobody change, remove, replace or insert an event', async () => {
		const journal = await newJournal();
		await journal.append([note('a'), note('b')]);
		const sqlite = new Database(journal.path);
		const row = "1, 'r', NULL, '{}', 'note_added', '{}', 'h'";
		for (const statement of [
			"UPDATE events SET data = '{}' WHERE seq = 1",
			'UPDATE events SET seq = 9 WHERE seq = 2',
			'DELETE FROM events WHERE seq = 2',
			'DELETE FROM events',
			`INSERT OR REPLACE INTO events VALUES (1, ${row})`,
			`REPLACE INTO events VALUES (2, ${row})`,
			`INSERT INTO events VALUES (9, ${row})`,
			`INSERT INTO events VALUES (0, ${row})`,
		]) {
			expect(() => sqlite.exec(statement), statement).toThrow('the journal is append-only');
		}
		sqlite.close();
		expect(await verifyJournal(journal.path)).toMatchObject({ intact: true, events: 2 });
	});

	it('refuses a journal of a newer sitrep, in words, also where it becomes one while it is open', async () => {
		const journal = await newJournal();
		await journal.append([note('a')]);
		const sqlite = new Database(journal.path);
		sqlite.exec('UPDATE schema_version SET version = 4');
		sqlite.close();
		const words = { kind: 'broken', message: expect.stringContaining('its version is 4, this sitrep knows 3'), advice: expect.stringContaining('Use that sitrep') };
		await expect(journal.append([note('b')])).rejects.toMatchObject(words);
		const later = await opened(journal.path);
		expect(later.trouble).toMatchObject(words);
		await expect(later.read(0, 1)).rejects.toMatchObject(words);
		await expect(verifyJournal(journal.path)).rejects.toMatchObject(words);
	});

	it('refuses a database that is no journal, and leaves it as it is', async () => {
		const path = join(await testFolder(), 'journal.db');
		const sqlite = new Database(path);
		sqlite.exec('CREATE TABLE items (name TEXT)');
		sqlite.close();
		const before = readFileSync(path);
		const journal = await opened(path);
		await expect(journal.append([note('a')])).rejects.toMatchObject({ kind: 'corrupt', message: expect.stringContaining('no journal of sitrep') });
		expect(readFileSync(path).equals(before)).toBe(true);
	});

	it('moved aside while it is open: the next event begins a new one, and the old one is whole', async () => {
		const journal = await newJournal();
		await journal.append([note('old')]);
		const aside = join(dirname(journal.path), 'aside');
		await mkdir(aside);
		for (const suffix of ['', '-wal', '-shm']) renameSync(journal.path + suffix, join(aside, `journal.db${suffix}`));
		expect((await journal.append([note('new')])).map((each) => each.seq)).toEqual([1]);
		expect((await journal.read(0, 10)).map((each) => each.event)).toMatchObject([{ text: 'new' }]);
		await journal.close();
		expect((await (await opened(join(aside, 'journal.db'))).read(0, 10)).map((each) => each.event)).toMatchObject([{ text: 'old' }]);
		expect(await verifyJournal(join(aside, 'journal.db'))).toMatchObject({ intact: true, events: 1 });
	});

	it('moved aside without its log: nothing is put in its place, for the log would be lost or do harm', async () => {
		const path = join(await testFolder(), 'journal.db');
		const other = await otherConsole(path);
		await other.order('open-and-append');
		await other.kill();
		renameSync(path, `${path}.aside`);
		const before = readFileSync(`${path}-wal`);
		const journal = await opened(path);
		await expect(journal.append([note('a')])).rejects.toMatchObject({ kind: 'corrupt', message: expect.stringContaining('its changes in') });
		expect(readFileSync(`${path}-wal`).equals(before)).toBe(true);
		renameSync(`${path}.aside`, path);
		expect(await journal.read(0, 10)).toHaveLength(1);
	});

	it('is made by the first of many that open it at once', async () => {
		const path = join(await testFolder(), 'journal.db');
		const journals = await Promise.all(Array.from({ length: 4 }, () => openJournal(path)));
		await Promise.all(journals.map((journal, index) => journal.append([note(String(index))])));
		await Promise.all(journals.map((journal) => journal.close()));
		expect(readdirSync(dirname(path))).toEqual(['journal.db']);
		expect(await verifyJournal(path)).toMatchObject({ intact: true, events: 4 });
	});
});

describe('runs', () => {
	it('are listed newest first, as their events say', async () => {
		const journal = await newJournal();
		await journal.append([started('run-1', { service: 'web' }), note('x')]);
		await journal.append([started('run-2', { service: 'db', dryRun: true, parent: 'run-1' })]);
		await journal.append([ended('run-1'), note('after its end')]);
		const [second, first] = await journal.runs();
		expect(first).toEqual({
			runId: 'run-1',
			playbookId: 'p09-p0-container-crashed',
			title: 'P0: container crashed',
			service: 'web',
			engine: 'prod-1',
			startedAt: (await journal.read(0, 1))[0]?.at,
			endedAt: (await journal.read(3, 1))[0]?.at,
			outcome: 'succeeded',
			startedBy: actor,
			dryRun: false,
			lastSeq: 5,
		});
		expect(second).toMatchObject({ runId: 'run-2', service: 'db', dryRun: true, parentRunId: 'run-1', lastSeq: 3 });
		expect(second?.endedAt).toBeUndefined();
	});

	it('within another one, taken back with it, are open again until that ends, and are listed as it ended', async () => {
		const journal = await newJournal();
		await journal.append([started('run-1'), started('run-2', { parent: 'run-1' }), ended('run-2'), takenBack('run-1'), takenBack('run-2')]);
		expect((await journal.runs({ unfinished: true })).map((run) => run.runId)).toEqual(['run-2', 'run-1']);
		await journal.append([ended('run-2', 'rolled-back'), ended('run-1', 'rolled-back')]);
		expect((await journal.runs()).map((run) => [run.runId, run.outcome, run.endedAt !== undefined])).toEqual([
			['run-2', 'rolled-back', true],
			['run-1', 'rolled-back', true],
		]);
		expect(await verifyJournal(journal.path)).toMatchObject({ intact: true });
	});

	it('keep the end they had where anything comes after it', async () => {
		const journal = await newJournal();
		await journal.append([started('run-1'), ended('run-1', 'failed'), takenBack('run-1'), ended('run-1', 'rolled-back')]);
		await journal.append([started('run-2', { parent: 'run-1' }), ended('run-2', 'abandoned'), ended('run-2')]);
		expect((await journal.runs()).map((run) => run.outcome)).toEqual(['abandoned', 'failed']);
	});

	it('are filtered', async () => {
		const journal = await newJournal();
		await journal.append([started('run-1', { service: 'web' }), started('run-2', { service: 'web' }), started('run-3'), ended('run-2')]);
		const ids = async (...filter: Parameters<typeof journal.runs>): Promise<readonly string[]> => (await journal.runs(...filter)).map((run) => run.runId);
		expect(await ids()).toEqual(['run-3', 'run-2', 'run-1']);
		expect(await ids({ unfinished: true })).toEqual(['run-3', 'run-1']);
		expect(await ids({ unfinished: false })).toEqual(['run-2']);
		expect(await ids({ service: 'web' })).toEqual(['run-2', 'run-1']);
		expect(await ids({ service: 'web', unfinished: true, limit: 1 })).toEqual(['run-1']);
		expect(await ids({ limit: 2 })).toEqual(['run-3', 'run-2']);
	});
});
