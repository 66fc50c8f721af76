import { describe, expect, it } from 'vitest';
import { runRolloutTool } from '../../../src/respond/rollout/tool.ts';
import { planValue } from '../../../src/respond/rollout/planValue.ts';
import { Bench, full, move, plan, record, version } from './fakes.ts';

type Asked = Parameters<Bench['spec']>[0];
const run = (bench: Bench, action: Asked) => runRolloutTool(bench.spec(action), bench.ports);
const sizeOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

describe('versions', () => {
	it('tells what there is, what was good and why', async () => {
		const bench = new Bench();
		bench.rollout.known = [version('api:1.1.0', { current: true, createdAt: 2 }), version('api:1.0.0', { createdAt: 1, pinned: true })];
		bench.journal.records = [record('api:1.0.0', { provedAt: bench.clock.now() - 60_000, lastSeenAt: bench.clock.now() - 1000, healthyMs: 3 * 86_400_000 })];
		const { ok, value } = await run(bench, { action: 'versions' });
		expect(ok).toBe(true);
		expect(value).toMatchObject({
			service: 'api',
			subject: { id: 'c1', name: 'api', kind: 'container' },
			current: { image: 'api:1.1.0', imageId: 'sha256:api:1.1.0' },
			versions: [
				{ value: 'api:1.1.0', current: true, good: false, disabled: 'it runs now: nothing would change' },
				{ value: 'api:1.0.0', current: false, good: true, pinned: true, healthyMs: 3 * 86_400_000, detail: expect.stringContaining('last good, healthy for 3 d') as string },
			],
			lastGood: { value: 'api:1.0.0', image: 'api:1.0.0', imageId: 'sha256:api:1.0.0', proved: true },
		});
		expect(bench.lines.at(-1)).toMatch(/^last good: api:1\.0\.0\. api:1\.0\.0 ran healthy for 3 d/);
		expect(bench.journal.events).toEqual([]);
	});

	it('fits the journal however many there are, with the one that counts', async () => {
		const bench = new Bench();
		const many = Array.from({ length: 500 }, (_, index) => version(`registry.example.org/${'x'.repeat(150)}:${index}`, { tags: Array.from({ length: 30 }, (__, tag) => `tag-${tag}-${'y'.repeat(100)}`), createdAt: 500 - index }));
		bench.rollout.known = [version('api:1.1.0', { current: true, createdAt: 1000 }), ...many, version('api:0.1.0', { createdAt: 0 })];
		bench.journal.records = [record('api:0.1.0', { provedAt: 1 })];
		const { value } = await run(bench, { action: 'versions' });
		expect(sizeOf(value)).toBeLessThan(64 * 1024);
		const rows = value['versions'] as readonly { readonly value: string }[];
		expect(rows.map((row) => row.value)).toEqual(expect.arrayContaining(['api:1.1.0', 'api:0.1.0']));
		expect(value['more']).toBe(502 - rows.length);
	});

	it('goes on without a journal, and says so', async () => {
		const bench = new Bench();
		bench.rollout.known = [version('api:1.1.0', { current: true })];
		bench.journal.versions = () => Promise.reject(full);
		expect((await run(bench, { action: 'versions' })).ok).toBe(true);
		expect(bench.lines[0]).toContain('what ran before is not known: the journal cannot be written');
	});
});

describe('a plan', () => {
	it('is shown whole, and kept without what is the engine’s own', async () => {
		const bench = new Bench();
		const { ok, value } = await run(bench, { action: 'plan', to: 'api:1.0.0' });
		expect(ok).toBe(true);
		expect(value).toMatchObject({ planId: 'plan0001', refused: false, warnings: 0, lost: ['its log'], acts: plan().acts });
		expect(value).not.toHaveProperty('data');
		for (const part of ['api: api:1.1.0 -> api:1.0.0', 'kept      1 mount', 'lost      its log', 'changes   image: api:1.1.0 -> api:1.0.0', 'act 2     stop api', 'undo      halt api; restart api']) expect(bench.lines).toContain(part);
		expect(bench.journal.events).toEqual([]);
	});

	it('has what the playbook found beside what the engine did, which may warn and never refuses', async () => {
		const bench = new Bench();
		const findings = [
			{ level: 'warn', what: 'backup', why: 'the newest sound one is 3 d old, which is not fresh' },
			{ level: 'fine', what: 'schema', why: 'both have schema 0001' },
		];
		const { ok, value } = await run(bench, { action: 'plan', to: 'api:1.0.0', findings });
		expect({ ok, value }).toMatchObject({ ok: true, value: { refused: false, warnings: 1 } });
		expect(value['findings']).toEqual(expect.arrayContaining(findings));
		expect(bench.lines).toContain('warn      backup: the newest sound one is 3 d old, which is not fresh');
	});

	it('fails where it is refused, with what for', async () => {
		const bench = new Bench();
		bench.rollout.planned = plan({ findings: [{ level: 'refuse', what: 'removal', why: 'it is started with --rm' }] });
		expect(await run(bench, { action: 'plan', to: 'api:1.0.0' })).toMatchObject({ ok: false, value: { refused: true, words: 'the preflight refuses to move api to api:1.0.0: removal: it is started with --rm' } });
	});

	it('of a version that is not there says that it will be fetched, and fetches nothing', async () => {
		const bench = new Bench();
		bench.rollout.planned = plan({ to: { image: 'api:1.0.0', imageId: '' }, findings: [{ level: 'refuse', what: 'image', why: 'it is not there' }] });
		expect(await run(bench, { action: 'plan', to: 'api:1.0.0' })).toMatchObject({ ok: true, value: { refused: false, fetches: true, warnings: 1 } });
		expect(bench.rollout.calls).toEqual(['plan api:1.0.0']);
	});

	it('goes to the last good version where none is named, and fails where there is none', async () => {
		const bench = new Bench();
		bench.rollout.known = [version('api:1.1.0', { current: true, createdAt: 2 }), version('api:1.0.0', { createdAt: 1 })];
		expect((await run(bench, { action: 'plan', to: '' })).ok).toBe(true);
		expect(bench.rollout.calls).toEqual(['plan api:1.0.0']);
		expect(bench.lines[0]).toContain('best guess: api:1.0.0. not known to have been healthy');
		bench.rollout.known = [];
		expect(await run(bench, { action: 'plan' })).toMatchObject({ ok: false, value: { refused: true, advice: 'Name one with `to`.' } });
	});

	it('fits the journal, refusals first', () => {
		const long = Array.from({ length: 2000 }, (_, index) => `${index} ${'z'.repeat(3000)}`);
		const value = planValue(plan({ kept: long, lost: long, findings: [...long.map((why) => ({ level: 'fine', what: 'x', why }) as const), { level: 'refuse', what: 'last', why: 'no' }] }));
		expect(sizeOf(value)).toBeLessThan(64 * 1024);
		expect(value).toMatchObject({ planId: 'plan0001', refused: true, findings: [{ what: 'last' }, { level: 'fine' }, {}, {}, {}] });
		expect(value['cut']).toBeGreaterThan(0);
	});
});

describe('undo', () => {
	it('takes the newest move back, from its record alone', async () => {
		const bench = new Bench();
		bench.journal.moves = [move({ runId: 'r-9', end: 'swapped', state: { plan: plan(), freshId: 'c2' } })];
		bench.rollout.standing = { stage: 'done' };
		expect(await run(bench, { action: 'undo' })).toMatchObject({ ok: true, value: { end: 'restored', planId: 'plan0001' } });
		expect(bench.journal.kinds).toEqual(['rollout_begun', 'begins halt back', 'done halt back', 'begins restart back', 'done restart back', 'rollout_ended', 'version_left', 'version_seen']);
		expect(bench.journal.events[0]).toMatchObject({ runId: 'r-1', event: { undoing: true } });
		expect(bench.journal.events.slice(-2)).toMatchObject([{ event: { image: 'api:1.0.0' } }, { event: { image: 'api:1.1.0' } }]);
	});

	it('takes back the move that followed the plan that was shown', async () => {
		const bench = new Bench();
		await bench.show(planValue({ ...plan(), id: 'shown001' }));
		bench.journal.moves = [move({ planId: 'other', runId: 'r-1' }, { id: 'other', to: { image: 'x', imageId: 'x' } }), move({ end: 'swapped' })];
		expect(await run(bench, { action: 'undo', plan: 'shown001' })).toMatchObject({ ok: true, value: { planId: 'plan0001' } });
		expect(await run(bench, { action: 'undo', plan: 'none' })).toMatchObject({ ok: false, value: { error: 'there is no move none' } });
	});

	it('that changes nothing is a failure', async () => {
		const bench = new Bench();
		bench.journal.moves = [move({ end: 'restored' })];
		bench.rollout.standing = { stage: 'undone' };
		const { ok, value } = await run(bench, { action: 'undo' });
		expect(ok).toBe(false);
		expect(value['error']).toBe('the move plan0001 of api to api:1.0.0 cannot be taken back: it was taken back already, so nothing would change');
		bench.journal.moves = [];
		expect((await run(bench, { action: 'undo' })).value['error']).toBe('no move of api is recorded here');
	});

	it('records the end of a move of which nothing is left', async () => {
		const bench = new Bench();
		bench.journal.moves = [move()];
		bench.rollout.standing = { stage: 'not-begun' };
		expect(await run(bench, { action: 'undo' })).toMatchObject({ ok: true, value: { end: 'restored' } });
		expect(bench.journal.kinds).toEqual(['rollout_begun', 'rollout_ended']);
		expect(bench.rollout.calls).toEqual([]);
	});

	it('does nothing that cannot be recorded', async () => {
		const bench = new Bench();
		bench.journal.moves = [move({ end: 'swapped' })];
		bench.journal.fails = () => full;
		expect((await run(bench, { action: 'undo' })).ok).toBe(false);
		expect(bench.rollout.calls).toEqual([]);
	});
});

describe('finish', () => {
	it('does the rest of a move', async () => {
		const bench = new Bench();
		bench.journal.moves = [move({ runId: 'r-9' })];
		expect(await run(bench, { action: 'finish' })).toMatchObject({ ok: true, value: { end: 'swapped' } });
		expect(bench.rollout.calls[0]).toBe('finish');
	});

	it('records the end of one that was done, and fails for one that had ended', async () => {
		const bench = new Bench();
		bench.rollout.standing = { stage: 'done', finish: { possible: false, why: 'it is done' } };
		bench.journal.moves = [move()];
		expect(await run(bench, { action: 'finish' })).toMatchObject({ ok: true, value: { end: 'swapped' } });
		bench.journal.moves = [move({ end: 'swapped' })];
		expect((await run(bench, { action: 'finish' })).value['error']).toBe('the move plan0001 of api to api:1.0.0 cannot be finished: it was carried out, and it is done');
		expect(bench.rollout.calls).toEqual([]);
	});
});

describe('retire', () => {
	it('removes what a move kept, once, and records it', async () => {
		const bench = new Bench();
		bench.journal.moves = [move({ end: 'swapped' })];
		expect((await run(bench, { action: 'retire' })).ok).toBe(true);
		expect(bench.rollout.calls).toEqual(['retire']);
		expect(bench.journal.events).toMatchObject([{ event: { kind: 'rollout_retired', planId: 'plan0001', step: 'retire' } }]);
		bench.journal.moves = [move({ end: 'swapped', retired: true })];
		expect((await run(bench, { action: 'retire' })).ok).toBe(false);
	});

	it('leaves what a move that did not end well has kept', async () => {
		const bench = new Bench();
		bench.journal.moves = [move()];
		expect((await run(bench, { action: 'retire' })).value['words']).toContain('was left in the middle: nothing that it kept may be removed');
		expect(bench.rollout.calls).toEqual([]);
	});
});
