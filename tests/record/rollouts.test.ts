import { describe, expect, it } from 'vitest';
import { journalTools } from '../../src/record/tools.ts';
import { verifyJournal } from '../../src/record/verify.ts';
import { act, actOf, begun, engine, over, planOf, retired } from './moves.ts';
import { ended, newJournal, started } from './support.ts';

describe('moves of services', () => {
	it('are listed with all that is needed to take them up again', async () => {
		const journal = await newJournal();
		const [, first] = await journal.append([started('run-1'), begun('p1')]);
		expect(await journal.rollouts()).toEqual([{ planId: 'p1', service: 'shop/api', engine, runId: 'run-1', state: { plan: planOf('p1') }, begunAt: first?.at, undoing: false, retired: false }]);
		await journal.append([act('p1', 'stop')]);
		await journal.append([act('p1', 'stop', { stage: 'done', freshId: 'c2', tookMs: 130 })]);
		expect(await journal.rollouts({ unended: true })).toMatchObject([{ state: { freshId: 'c2' }, act: actOf('stop'), undoing: false }]);
		await journal.append([act('p1', 'start'), over('p1', { freshId: 'c3' })]);
		expect(await journal.rollouts()).toMatchObject([{ state: { plan: planOf('p1'), freshId: 'c3' }, act: actOf('start'), end: 'swapped', words: 'healthy after 2 s', retired: false }]);
		await journal.append([retired('p1'), ended('run-1')]);
		expect(await journal.rollouts()).toMatchObject([{ end: 'swapped', retired: true }]);
		expect(await journalTools(journal.path).rollouts({})).toEqual(await journal.rollouts());
		expect(await verifyJournal(journal.path)).toMatchObject({ intact: true, runs: 1 });
	});

	it('that are taken back begin again: they have no end until that has ended', async () => {
		const journal = await newJournal();
		const [, first] = await journal.append([started('run-1'), begun('p1'), act('p1', 'start', { freshId: 'c2' }), over('p1')]);
		await journal.append([started('run-2'), begun('p1', { undoing: true }, 'run-2')]);
		const [undone] = await journal.rollouts({ unended: true });
		expect(undone).toEqual({ planId: 'p1', service: 'shop/api', engine, runId: 'run-2', state: { plan: planOf('p1'), freshId: 'c2' }, begunAt: first?.at, act: actOf('start'), undoing: true, retired: false });
		await journal.append([act('p1', 'back', { undoing: true }, 'run-2'), over('p1', { undoing: true, end: 'restored', words: 'the old one is back' }, 'run-2')]);
		expect(await journal.rollouts({ unended: true })).toEqual([]);
		expect(await journal.rollouts()).toMatchObject([{ end: 'restored', words: 'the old one is back', undoing: true, act: actOf('back') }]);
	});

	it('that were taken back by themselves in the middle say so', async () => {
		const journal = await newJournal();
		await journal.append([begun('p1'), act('p1', 'start'), act('p1', 'back', { undoing: true })]);
		expect(await journal.rollouts()).toMatchObject([{ undoing: true, act: actOf('back') }]);
	});

	it('are filtered, newest begun first', async () => {
		const journal = await newJournal();
		await journal.append([begun('p1'), begun('p2', { service: 'shop/worker' }), begun('p3'), over('p3')]);
		const ids = async (...filter: Parameters<typeof journal.rollouts>): Promise<readonly string[]> => (await journal.rollouts(...filter)).map((each) => each.planId);
		expect(await ids()).toEqual(['p3', 'p2', 'p1']);
		expect(await ids({ service: 'shop/api' })).toEqual(['p3', 'p1']);
		expect(await ids({ service: 'shop/api', unended: true })).toEqual(['p1']);
		expect(await ids({ unended: false })).toEqual(['p3']);
		expect(await ids({ planId: 'p2' })).toEqual(['p2']);
		expect(await ids({ limit: 2 })).toEqual(['p3', 'p2']);
		await journal.append([begun('p1', { undoing: true })]);
		expect(await ids({ limit: 1 })).toEqual(['p1']);
	});

	it('are told apart by their engines; one whose run was not seen to start is on all of them', async () => {
		const journal = await newJournal();
		const other = 'ssh://ops@prod-2';
		await journal.append([started('run-1'), begun('p1'), started('run-2', { engine: other }), begun('p2', {}, 'run-2'), begun('p3', {}, 'run-3')]);
		expect((await journal.rollouts()).map((each) => [each.planId, each.engine])).toEqual([['p3', undefined], ['p2', other], ['p1', engine]]);
		const ids = async (address: string, limit?: number): Promise<readonly string[]> => (await journal.rollouts({ service: 'shop/api', engine: address, ...(limit === undefined ? {} : { limit }) })).map((each) => each.planId);
		expect(await ids(engine)).toEqual(['p3', 'p1']);
		expect(await ids(other)).toEqual(['p3', 'p2']);
		expect(await ids('tcp://elsewhere:2375')).toEqual(['p3']);
		// Those of another engine do not count for how many are asked for.
		await journal.append([begun('p4', {}, 'run-2'), begun('p5', {}, 'run-2')]);
		expect(await ids(engine, 2)).toEqual(['p3', 'p1']);
	});

	it('whose beginning is not in this journal are not listed', async () => {
		const journal = await newJournal();
		await journal.append([act('p9', 'stop'), over('p9'), retired('p9')]);
		expect(await journal.rollouts()).toEqual([]);
		expect(await verifyJournal(journal.path)).toMatchObject({ intact: true });
	});
});
