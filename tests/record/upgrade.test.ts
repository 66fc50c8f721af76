import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openJournal } from '../../src/record/journal.ts';
import { journalTools } from '../../src/record/tools.ts';
import { verifyJournal } from '../../src/record/verify.ts';
import { act, begun, engine, over, retired, version } from './moves.ts';
import { ended, newJournal, note, opened, started, takenBack } from './support.ts';

const events = [
	started('run-1'),
	version('version_seen'),
	version('version_proved', { healthyMs: 600_000, figures: { 'http.p95': 42 } }),
	begun('p1'),
	act('p1', 'stop', { freshId: 'c2' }),
	over('p1'),
	begun('p2'),
	act('p2', 'stop'),
	ended('run-1'),
];

const makeEarlier = (path: string): void => {
	const sqlite = new Database(path);
	sqlite.exec('DROP TABLE versions; DROP TABLE rollouts; UPDATE schema_version SET version = 1');
	sqlite.close();
};

/** A journal as an earlier sitrep leaves it, with what a later one has to know of it. */
const earlier = async () => {
	const journal = await newJournal();
	await journal.append(events);
	const known = { versions: await journal.versions('shop/api', engine), rollouts: await journal.rollouts() };
	await journal.close();
	makeEarlier(journal.path);
	return { path: journal.path, known };
};

const versionOf = (path: string): unknown => {
	const sqlite = new Database(path, { readonly: true });
	onTestFinished(() => void sqlite.close());
	return sqlite.prepare('SELECT version FROM schema_version').pluck().get();
};

describe('a journal of an earlier sitrep', () => {
	it('gets the tables it lacks, filled from its events, and is whole', async () => {
		const { path, known } = await earlier();
		const journal = await opened(path);
		expect(journal.trouble).toBeUndefined();
		expect(known.rollouts).toHaveLength(2);
		expect(await journal.versions('shop/api', engine)).toEqual(known.versions);
		expect(await journal.rollouts()).toEqual(known.rollouts);
		expect(versionOf(path)).toBe(3);
		await journal.append([over('p2', { end: 'restored' })]);
		expect(await journal.rollouts({ unended: true })).toEqual([]);
		expect(await verifyJournal(path)).toMatchObject({ intact: true, events: 10, runs: 1 });
	});

	it('is brought up once where two consoles open it at the same time', async () => {
		const { path, known } = await earlier();
		const journals = await Promise.all([openJournal(path), openJournal(path), openJournal(path)]);
		for (const journal of journals) expect(await journal.rollouts()).toEqual(known.rollouts);
		await Promise.all(journals.map((journal) => journal.append([note('a')])));
		await Promise.all(journals.map((journal) => journal.close()));
		expect(await verifyJournal(path)).toMatchObject({ intact: true, events: 12 });
	});

	it('is read and verified as it is by what only reads', async () => {
		const { path, known } = await earlier();
		expect(await verifyJournal(path)).toMatchObject({ intact: true, events: 9, runs: 1 });
		const tools = journalTools(path);
		expect(await tools.versions('shop/api', engine)).toEqual(known.versions);
		expect(await tools.versions('shop/worker', engine)).toEqual([]);
		expect(await tools.rollouts({})).toEqual(known.rollouts);
		expect(await tools.rollouts({ unended: true, service: 'shop/api', limit: 1 })).toMatchObject([{ planId: 'p2' }]);
		expect(await tools.rollouts({ planId: 'p9' })).toEqual([]);
		expect(await tools.runs({})).toHaveLength(1);
		expect(versionOf(path)).toBe(1);
	});

	it('knows from its events what the tables of a later one would say, whatever they are', async () => {
		const planId = fc.constantFrom('p1', 'p2', 'p3');
		const undoing = fc.boolean();
		const imageId = fc.constantFrom('sha256:1', 'sha256:2');
		const event = fc.oneof(
			fc.tuple(planId, undoing, fc.constantFrom('run-1', 'run-2')).map(([id, back, run]) => begun(id, { undoing: back }, run)),
			fc.tuple(planId, undoing, fc.constantFrom('begins' as const, 'done' as const), fc.option(fc.string(), { nil: undefined })).map(([id, back, stage, freshId]) => act(id, 'stop', { undoing: back, stage, ...(freshId === undefined ? {} : { freshId }) })),
			fc.tuple(planId, undoing, fc.string()).map(([id, back, words]) => over(id, { undoing: back, words })),
			planId.map((id) => retired(id)),
			fc.tuple(fc.constantFrom('version_seen' as const, 'version_proved' as const, 'version_left' as const), imageId, fc.double(), fc.string()).map(([kind, image, ms, words]) => version(kind, { imageId: image, healthyMs: ms, words, figures: { 'cpu.percent': ms } })),
		);
		await fc.assert(
			fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 30 }), async (many) => {
				const journal = await newJournal();
				await journal.append(many);
				expect(await verifyJournal(journal.path)).toMatchObject({ intact: true });
				const known = [await journal.versions('shop/api', engine), await journal.rollouts()];
				await journal.close();
				makeEarlier(journal.path);
				const tools = journalTools(journal.path);
				expect([await tools.versions('shop/api', engine), await tools.rollouts({})]).toEqual(known);
				const again = await openJournal(journal.path);
				expect([await again.versions('shop/api', engine), await again.rollouts()]).toEqual(known);
				await again.close();
				expect(await verifyJournal(journal.path)).toMatchObject({ intact: true });
			}),
			{ numRuns: 20 },
		);
	});

	it('of version 2 lists a run that was taken back within another one as that, once it is brought up', async () => {
		const journal = await newJournal();
		await journal.append([started('run-1'), started('run-2', { parent: 'run-1' }), ended('run-2'), takenBack('run-2'), ended('run-2', 'rolled-back'), note('later', 'run-2'), ended('run-1', 'rolled-back')]);
		await journal.close();
		const sqlite = new Database(journal.path);
		sqlite.exec("UPDATE runs SET outcome = 'succeeded', ended_at = (SELECT at FROM events WHERE seq = 3) WHERE run_id = 'run-2'; UPDATE schema_version SET version = 2");
		sqlite.close();
		expect(await verifyJournal(journal.path)).toMatchObject({ intact: true });
		const again = await opened(journal.path);
		expect((await again.runs()).map((run) => run.outcome)).toEqual(['rolled-back', 'rolled-back']);
		expect(versionOf(journal.path)).toBe(3);
		expect(await verifyJournal(journal.path)).toMatchObject({ intact: true, events: 7 });
	});

	it('whose chain is broken shows it as ever', async () => {
		const { path } = await earlier();
		const sqlite = new Database(path);
		sqlite.exec(`DROP TRIGGER events_never_change; UPDATE events SET data = '{}' WHERE seq = 1`);
		sqlite.close();
		expect(await verifyJournal(path)).toMatchObject({ intact: false, flaw: { kind: 'changed', seq: 1 } });
	});
});
