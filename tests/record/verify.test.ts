import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { chainHash } from '../../src/record/row.ts';
import { verifyJournal, type Verification } from '../../src/record/verify.ts';
import { act, begun, version } from './moves.ts';
import { ended, newJournal, note, started } from './support.ts';

/** Ten events, then somebody with the right to write the file at work on it. */
const tamperedWith = async (sql: string): Promise<Verification> => {
	const journal = await newJournal();
	await journal.append([started('run-1'), ...Array.from({ length: 8 }, (_, index) => note(`n${index}`)), ended('run-1')]);
	const sqlite = new Database(journal.path);
	sqlite.exec('DROP TRIGGER events_never_change; DROP TRIGGER events_never_go; DROP TRIGGER events_in_order;');
	sqlite.exec(sql);
	sqlite.close();
	return verifyJournal(journal.path);
};

describe('an intact journal', () => {
	it('is said to be so, with how many events it has and the newest', async () => {
		const journal = await newJournal();
		expect(await verifyJournal(journal.path)).toEqual({ path: journal.path, intact: true, events: 0, runs: 0, head: undefined, flaw: undefined });
		await journal.append([started('run-1'), note('a')]);
		const [, last] = await journal.append([started('run-2'), ended('run-1')]);
		expect(await verifyJournal(journal.path)).toEqual({ path: journal.path, intact: true, events: 4, runs: 2, head: { seq: 4, hash: last?.hash }, flaw: undefined });
	});

	it('of many events is read in turns, and tells how far it is', async () => {
		const journal = await newJournal();
		await journal.append(Array.from({ length: 10_001 }, (_, index) => note(String(index))));
		const told: (readonly [number, number])[] = [];
		expect(await verifyJournal(journal.path, (checked, total) => told.push([checked, total]))).toMatchObject({ intact: true, events: 10_001 });
		expect(told).toEqual([
			[5000, 10_001],
			[10_000, 10_001],
			[10_001, 10_001],
		]);
	});

	it('can be appended to meanwhile', async () => {
		const journal = await newJournal();
		await journal.append(Array.from({ length: 6000 }, (_, index) => note(String(index))));
		const verified: Promise<unknown>[] = [];
		const during = await verifyJournal(journal.path, () => verified.push(journal.append([started('run-2')])));
		await Promise.all(verified);
		expect(during).toMatchObject({ intact: true, events: 6000 });
		expect(await verifyJournal(journal.path)).toMatchObject({ intact: true, events: 6002 });
	});
});

describe('a changed journal', () => {
	it.each([
		['the data', `UPDATE events SET data = '{"text":"n9"}' WHERE seq = 4`],
		['the time', 'UPDATE events SET at = at + 1 WHERE seq = 4'],
		['the actor', `UPDATE events SET actor = replace(actor, 'ops', 'eve') WHERE seq = 4`],
		['the run', `UPDATE events SET run_id = 'run-2' WHERE seq = 4`],
		['the incident', `UPDATE events SET incident_id = 'INC-1' WHERE seq = 4`],
		['the kind', `UPDATE events SET kind = 'cancel_asked' WHERE seq = 4`],
		['the hash', `UPDATE events SET hash = '${'0'.repeat(64)}' WHERE seq = 4`],
	])('%s of one event: named, with what was expected and found', async (_, sql) => {
		const verified = await tamperedWith(sql);
		expect(verified).toMatchObject({
			intact: false,
			events: 3,
			flaw: { kind: 'changed', seq: 4, expected: expect.stringMatching(/^hash [0-9a-f]{64} from its bytes$/), found: expect.stringMatching(/^hash [0-9a-f]{64}$/), words: expect.stringContaining('event 4') },
		});
	});

	it('an event made anew with a hash that fits it: the one after it shows it', async () => {
		const journal = await newJournal();
		const events = await journal.append([note('a'), note('b'), note('c')]);
		const sqlite = new Database(journal.path);
		const row = { runId: 'run-1', incidentId: null, actor: JSON.stringify(events[1]?.actor), kind: 'note_added', data: '{"text":"B"}' };
		const hash = chainHash(events[0]?.hash ?? '', 2, events[1]?.at ?? 0, row);
		sqlite.exec('DROP TRIGGER events_never_change');
		sqlite.prepare('UPDATE events SET data = ?, hash = ? WHERE seq = 2').run(row.data, hash);
		sqlite.close();
		expect(await verifyJournal(journal.path)).toMatchObject({ intact: false, events: 2, flaw: { kind: 'changed', seq: 3 } });
	});

	it('an event taken out', async () => {
		expect(await tamperedWith('DELETE FROM events WHERE seq = 4')).toMatchObject({ events: 3, flaw: { kind: 'gap', seq: 4, expected: 'event 4', found: 'event 5', words: 'event 4 is missing' } });
		expect(await tamperedWith('DELETE FROM events WHERE seq < 3')).toMatchObject({ events: 0, flaw: { kind: 'gap', seq: 1, words: 'events 1 to 2 are missing' } });
	});

	it('its newest events cut off', async () => {
		expect(await tamperedWith('DELETE FROM events WHERE seq > 7')).toMatchObject({ events: 7, flaw: { kind: 'gap', seq: 8, words: 'the newest 3 events are missing' } });
		expect(await tamperedWith('DELETE FROM events')).toMatchObject({ events: 0, flaw: { kind: 'gap', seq: 1, found: 'no event' } });
	});

	it('its newest events cut off, and the note of the newest with them', async () => {
		const verified = await tamperedWith('DELETE FROM events WHERE seq > 7; UPDATE head SET seq = 7, hash = (SELECT hash FROM events WHERE seq = 7)');
		expect(verified).toMatchObject({ intact: false, events: 7, flaw: { kind: 'projection', seq: 7, words: expect.stringContaining('run-1') } });
	});

	it('two events in each other\'s place', async () => {
		const verified = await tamperedWith('UPDATE events SET seq = 99 WHERE seq = 4; UPDATE events SET seq = 4 WHERE seq = 6; UPDATE events SET seq = 6 WHERE seq = 99');
		expect(verified).toMatchObject({ events: 3, flaw: { kind: 'reordered', seq: 4, words: 'events are not in their order: the one that belongs at 4 stands at 6' } });
	});

	it.each([
		[`UPDATE runs SET outcome = 'failed'`, 10],
		['UPDATE runs SET ended_at = NULL', 10],
		[`UPDATE runs SET title = 'another'`, 10],
		[`UPDATE runs SET started_by = '{}'`, 10],
		['DELETE FROM runs', 10],
		[`INSERT INTO runs SELECT 'run-9', playbook_id, title, service, engine, started_at, ended_at, outcome, started_by, parent_run_id, dry_run, 3, 3 FROM runs`, 3],
	])('the list of runs: %s', async (sql, seq) => {
		const verified = await tamperedWith(sql);
		expect(verified).toMatchObject({ intact: false, events: 10, flaw: { kind: 'projection', seq, words: expect.stringContaining('the list of runs') } });
	});

	it.each([
		['UPDATE versions SET healthy_ms = 1', 2, 'the list of versions does not say of shop/api unix:///var/run/docker.sock sha256:1'],
		['UPDATE versions SET figures = NULL', 2, 'the list of versions'],
		['DELETE FROM versions', 2, 'the list of versions'],
		["UPDATE rollouts SET ended = 'swapped'", 4, 'the list of moves does not say of p1'],
		['UPDATE rollouts SET act_seq = 1', 4, 'the list of moves'],
		['DELETE FROM rollouts', 4, 'the list of moves'],
		["INSERT INTO rollouts SELECT 'p9', service, run_id, begun_at, begun_seq, act_seq, fresh_id, undoing, ended, words, retired, 3 FROM rollouts", 3, 'the list of moves does not say of p9'],
	])('what is known of versions and moves: %s', async (sql, seq, words) => {
		const journal = await newJournal();
		await journal.append([version('version_seen'), version('version_proved', { healthyMs: 5, figures: { 'http.p95': 4 } }), begun('p1'), act('p1', 'stop')]);
		const sqlite = new Database(journal.path);
		sqlite.exec(sql);
		sqlite.close();
		expect(await verifyJournal(journal.path)).toMatchObject({ intact: false, events: 4, flaw: { kind: 'projection', seq, words: expect.stringContaining(words) } });
	});

	it('the note of the newest event', async () => {
		expect(await tamperedWith(`UPDATE head SET hash = '${'1'.repeat(64)}'`)).toMatchObject({ events: 10, flaw: { kind: 'projection', words: 'the note of the newest event was changed' } });
		expect(await tamperedWith('DELETE FROM head')).toMatchObject({ intact: false, events: 10, flaw: { kind: 'projection' } });
	});
});

describe('a journal whose events are intact', () => {
	const tampered = async (work: (sqlite: Database.Database) => void): Promise<Verification> => {
		const journal = await newJournal();
		await journal.append([started('run-1'), note('a'), note('b')]);
		await journal.close();
		const sqlite = new Database(journal.path);
		work(sqlite);
		sqlite.close();
		return verifyJournal(journal.path);
	};

	it('and whose index hides one of them', async () => {
		const verified = await tampered((sqlite) => {
			sqlite.exec('DROP INDEX events_of_run; CREATE INDEX events_of_run ON events (run_id, seq) WHERE run_id IS NOT NULL AND seq <> 2');
			sqlite.unsafeMode(true);
			sqlite.pragma('writable_schema = ON');
			sqlite.exec("UPDATE sqlite_schema SET sql = replace(sql, ' AND seq <> 2', '') WHERE name = 'events_of_run'");
		});
		expect(verified).toMatchObject({ intact: false, events: 3, flaw: { kind: 'structure', found: expect.stringContaining('events_of_run') } });
	});

	it('and that no longer forbids to remove them', async () => {
		const verified = await tampered((sqlite) => sqlite.exec('DROP TRIGGER events_never_go'));
		expect(verified).toMatchObject({ intact: false, flaw: { kind: 'structure', expected: 'trigger events_never_go', found: 'no trigger events_never_go' } });
	});

	it('and that does something of its own with them', async () => {
		const verified = await tampered((sqlite) => sqlite.exec('CREATE TRIGGER more AFTER INSERT ON events BEGIN SELECT 1; END'));
		expect(verified).toMatchObject({ intact: false, flaw: { kind: 'structure', found: 'trigger more' } });
	});
});

it('where there is no journal, it says so and makes none', async () => {
	const journal = await newJournal();
	await expect(verifyJournal(`${journal.path}.none`)).rejects.toMatchObject({ kind: 'broken', message: expect.stringContaining('there is no journal at') });
});
