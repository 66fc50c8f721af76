import { describe, expect, it } from 'vitest';
import { journalTools } from '../../src/record/tools.ts';
import { verifyJournal } from '../../src/record/verify.ts';
import { engine, version } from './moves.ts';
import { newJournal } from './support.ts';

describe('versions of a service', () => {
	it('are what their events say, newest seen first', async () => {
		const journal = await newJournal();
		await journal.append([version('version_seen', { since: 1000 })]);
		await journal.append([version('version_proved', { since: 1000, healthyMs: 600_000, words: 'healthy for 10 min', figures: { 'http.p95': 42.5 } })]);
		const [left, seen] = await journal.append([
			version('version_left', { since: 1000, healthyMs: 700_000, words: 'replaced by api:1.1.0' }),
			version('version_seen', { image: 'api:1.1.0', imageId: 'sha256:2', since: 5000, words: 'runs since it was started' }),
		]);
		const proof = (await journal.read(1, 1))[0];
		expect(await journal.versions('shop/api', engine)).toEqual([
			{ service: 'shop/api', engine, image: 'api:1.1.0', imageId: 'sha256:2', firstSeenAt: 5000, lastSeenAt: seen?.at, since: 5000, healthyMs: 0, words: 'runs since it was started', left: false },
			{
				service: 'shop/api',
				engine,
				image: 'api:1.0.0',
				imageId: 'sha256:1',
				firstSeenAt: 1000,
				lastSeenAt: left?.at,
				since: 1000,
				healthyMs: 700_000,
				provedAt: proof?.at,
				figures: { 'http.p95': 42.5 },
				words: 'replaced by api:1.1.0',
				left: true,
			},
		]);
		expect(await journalTools(journal.path).versions('shop/api', engine)).toEqual(await journal.versions('shop/api', engine));
	});

	it('keep their longest health and their last proof, also where a later run of them is short', async () => {
		const journal = await newJournal();
		await journal.append([version('version_proved', { healthyMs: 900_000, figures: { 'cpu.percent': 3 } })]);
		const proof = (await journal.read(0, 1))[0];
		await journal.append([version('version_left', { healthyMs: 900_000 }), version('version_seen', { since: 8000 }), version('version_left', { since: 8000, healthyMs: 50, words: 'exited 1' })]);
		expect(await journal.versions('shop/api', engine)).toMatchObject([{ healthyMs: 900_000, provedAt: proof?.at, figures: { 'cpu.percent': 3 }, since: 8000, firstSeenAt: 1000, words: 'exited 1', left: true }]);
	});

	it('are told apart by service and engine', async () => {
		const journal = await newJournal();
		await journal.append([version('version_seen'), version('version_seen', { service: 'shop/worker' }), version('version_seen', { engine: 'ssh://prod-2' })]);
		expect(await journal.versions('shop/api', engine)).toHaveLength(1);
		expect(await journal.versions('shop/worker', engine)).toHaveLength(1);
		expect(await journal.versions('shop/api', 'ssh://prod-2')).toHaveLength(1);
		expect(await journal.versions('shop/worker', 'ssh://prod-2')).toEqual([]);
	});

	it('whatever stands in an event, it is recorded: figures that are no whole numbers, half a character', async () => {
		const journal = await newJournal();
		await journal.append([version('version_proved', { since: 1000.7, healthyMs: 12.5, image: 'api:\ud800', words: '\ud800', figures: { 'http.p95': Number.NaN } })]);
		await journal.append([version('version_left', { image: 'api:\ud800', since: Number.NaN })]);
		expect(await journal.versions('shop/api', engine)).toMatchObject([{ image: 'api:\ufffd', since: 0, healthyMs: 13 }]);
		expect(await verifyJournal(journal.path)).toMatchObject({ intact: true, events: 2 });
	});
});
