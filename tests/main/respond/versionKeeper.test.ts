import { describe, expect, it } from 'vitest';
import { JournalError, type Journal } from '../../../src/domain/journal.ts';
import { Baselines } from '../../../src/main/respond/baselines.ts';
import { keepVersions } from '../../../src/main/respond/versionKeeper.ts';
import { verifyJournal } from '../../../src/record/verify.ts';
import { container } from '../../support/fakeEngine.ts';
import { ManualClock } from '../../support/manualClock.ts';
import { actor, engine, Observed, testJournal, versionEvents } from './support.ts';

const minute = 60_000;

const setUp = (journal: Pick<Journal, 'append' | 'versions'>, over: { readonly clock?: ManualClock; readonly writes?: boolean } = {}) => {
	const clock = over.clock ?? new ManualClock();
	const observed = new Observed(() => clock.now());
	const baselines = new Baselines();
	observed.containers = [container('api', { createdAt: clock.now(), startedAt: clock.now() }), container('db', { createdAt: clock.now(), startedAt: clock.now() })];
	const begin = () => keepVersions({ live: observed.live, clock, journal, actor, engine, baselines, writes: over.writes ?? true });
	return { clock, observed, baselines, begin };
};

/** A journal that can be kept from being written. */
const fragile = (journal: Journal) => {
	const broken = new JournalError('full', 'no space', { advice: 'make room' });
	const calls = { append: 0 };
	const state = { writes: true, reads: true };
	return {
		state,
		calls,
		append: (...args: Parameters<Journal['append']>) => {
			calls.append++;
			return state.writes ? journal.append(...args) : Promise.reject(broken);
		},
		versions: (...args: Parameters<Journal['versions']>) => (state.reads ? journal.versions(...args) : Promise.reject(broken)),
	};
};

describe('the keeper of versions', () => {
	it('does nothing at the start of a console, then writes what runs, once', async () => {
		const journal = await testJournal();
		const { clock, begin } = setUp(journal);
		const end = begin();
		await clock.advance(9000);
		expect(await versionEvents(journal)).toEqual([]);
		await clock.advance(15_000);
		expect((await versionEvents(journal)).map(({ kind, service }) => `${kind} ${service}`).toSorted()).toEqual(['version_seen api', 'version_seen db']);
		await clock.advance(12 * minute);
		expect((await versionEvents(journal)).map(({ kind, service }) => `${kind} ${service}`).slice(2).toSorted()).toEqual(['version_proved api', 'version_proved api', 'version_proved db', 'version_proved db']);
		await clock.advance(60 * minute);
		expect(await versionEvents(journal)).toHaveLength(6);
		await end();
		expect(await verifyJournal(journal.path)).toMatchObject({ intact: true });
	});

	it('does not repeat itself when the console is opened again, nor beside another one', async () => {
		const journal = await testJournal();
		const first = setUp(journal);
		const end = first.begin();
		await first.clock.advance(12 * minute);
		await end();
		const before = await versionEvents(journal);
		const second = setUp(journal, { clock: first.clock });
		second.observed.containers = first.observed.containers;
		const ends = [second.begin(), second.begin()];
		await first.clock.advance(20 * minute);
		second.observed.containers = [container('api', { id: 'new', image: 'api:2', imageId: 'sha256:2', createdAt: first.clock.now(), startedAt: first.clock.now() }), ...second.observed.containers.slice(1)];
		await first.clock.advance(minute);
		await Promise.all(ends.map((each) => each()));
		expect((await versionEvents(journal)).slice(before.length).map(({ kind, words }) => `${kind}: ${words}`)).toEqual(['version_left: replaced by api:2', 'version_seen: runs here for the first time that was seen']);
		expect((await journal.versions('api', engine)).map(({ image, left }) => [image, left])).toEqual([['api:2', false], ['api:1', true]]);
	});

	it('does not repeat what a move wrote of its two versions', async () => {
		const journal = await testJournal();
		const { clock, observed, begin } = setUp(journal);
		const end = begin();
		await clock.advance(minute);
		const moved = { service: 'api', engine, healthyMs: 0, words: 'moved' };
		await journal.append([
			{ actor, runId: 'run-1', event: { kind: 'version_left', image: 'api:1', imageId: 'sha256:api', since: 0, ...moved } },
			{ actor, runId: 'run-1', event: { kind: 'version_seen', image: 'api:0', imageId: 'sha256:0', since: clock.now(), ...moved } },
		]);
		observed.containers = [container('api', { id: 'fresh', image: 'api:0', imageId: 'sha256:0', createdAt: clock.now(), startedAt: clock.now() }), ...observed.containers.slice(1)];
		await clock.advance(11 * minute);
		await end();
		expect((await versionEvents(journal)).filter(({ service }) => service === 'api').map(({ kind, image }) => `${kind} ${image}`)).toEqual(['version_seen api:1', 'version_left api:1', 'version_seen api:0', 'version_proved api:0']);
	});

	it('writes what ran into its figures, and those can be asked for as baselines', async () => {
		const journal = await testJournal();
		const { clock, observed, baselines, begin } = setUp(journal);
		const end = begin();
		for (let second = 0; second < 720; second += 10) {
			observed.signals.of('api').push('http.p95', clock.now(), 120);
			await clock.advance(10_000);
		}
		const api = { id: 'api', name: 'api' };
		expect(baselines.of(api, 'sha256:api', 'http.p95')).toBe(120);
		expect(baselines.of(api, 'sha256:2', 'http.p95')).toBe(120);
		expect(baselines.of(api, 'sha256:api', 'http.errorRate')).toEqual({ missing: 'no baseline of http.errorRate: it was not measured while api was healthy' });
		await end();
	});

	it('keeps what cannot be written and tries again, ever more rarely; what is late says so', async () => {
		const journal = await testJournal();
		const port = fragile(journal);
		const { clock, begin } = setUp(port);
		port.state.writes = false;
		const end = begin();
		await clock.advance(30 * minute);
		expect(await versionEvents(journal)).toEqual([]);
		expect(port.calls.append).toBeGreaterThan(5);
		expect(port.calls.append).toBeLessThan(40);
		port.state.writes = true;
		await clock.advance(2 * minute);
		const events = await versionEvents(journal);
		expect(events.map(({ kind, service }) => `${kind} ${service}`).toSorted()).toEqual(['version_proved api', 'version_proved db', 'version_seen api', 'version_seen db']);
		for (const { words } of events) expect(words).toMatch(/; recorded \d+ min later/);
		expect(events.filter(({ words }) => words.includes('one before it could not be recorded'))).toHaveLength(2);
		await end();
	});

	it('waits for a journal that cannot be read: it must not tell again what that says already', async () => {
		const journal = await testJournal();
		const port = fragile(journal);
		const { clock, begin } = setUp(port);
		port.state.reads = false;
		const end = begin();
		await clock.advance(minute);
		expect(port.calls.append).toBe(0);
		port.state.reads = true;
		await clock.advance(minute);
		expect(await versionEvents(journal)).toHaveLength(2);
		await end();
	});

	it('writes what is left when it ends', async () => {
		const journal = await testJournal();
		const port = fragile(journal);
		const { clock, begin } = setUp(port);
		port.state.writes = false;
		const end = begin();
		await clock.advance(minute);
		port.state.writes = true;
		await end();
		expect(await versionEvents(journal)).toHaveLength(2);
	});

	it('of a console that is read-only writes nothing, and reads what others wrote', async () => {
		const journal = await testJournal();
		await journal.append([{ actor, event: { kind: 'version_proved', service: 'api', engine, image: 'api:0', imageId: 'sha256:0', since: 0, healthyMs: 600_000, words: 'healthy', figures: { 'cpu.percent': 3 } } }]);
		const { clock, baselines, begin } = setUp(journal, { writes: false });
		const end = begin();
		await clock.advance(20 * minute);
		expect(await versionEvents(journal)).toHaveLength(1);
		expect(baselines.of({ id: 'api', name: 'api' }, 'sha256:api', 'cpu.percent')).toBe(3);
		await end();
	});

	it('says nothing while the engine is not heard of', async () => {
		const journal = await testJournal();
		const { clock, observed, begin } = setUp(journal);
		const end = begin();
		await clock.advance(minute);
		observed.freshAt = clock.now();
		observed.containers = [];
		await clock.advance(10_000);
		await clock.advance(30 * minute);
		expect(await versionEvents(journal)).toHaveLength(2);
		await end();
	});

	it('does not lose its baselines while a container is being moved', async () => {
		const journal = await testJournal();
		await journal.append([{ actor, event: { kind: 'version_proved', service: 'api', engine, image: 'api:1', imageId: 'sha256:api', since: 0, healthyMs: 600_000, words: 'healthy', figures: { 'cpu.percent': 3 } } }]);
		const { clock, observed, baselines, begin } = setUp(journal);
		const end = begin();
		await clock.advance(minute);
		const [api, db] = observed.containers;
		if (api === undefined || db === undefined) throw new Error('both are there');
		observed.containers = [{ ...api, name: 'api-sitrep-old-p1', state: 'exited', exitCode: 0 }, container('api-sitrep-new-p1'), db];
		await clock.advance(minute);
		expect(baselines.of({ id: 'api', name: 'api' }, undefined, 'cpu.percent')).toBe(3);
		observed.containers = [api, db];
		await clock.advance(minute);
		expect((await versionEvents(journal)).filter(({ service }) => service.startsWith('api'))).toHaveLength(1);
		await end();
	});
});
