import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Actor, Journal } from '../../../src/domain/journal.ts';
import type { Responder } from '../../../src/domain/run/control.ts';
import { systemClock } from '../../../src/domain/systemClock.ts';
import { openJournal } from '../../../src/record/journal.ts';
import { foldRun } from '../../../src/respond/run/fold.ts';
import { makeResponder } from '../../../src/respond/run/responder.ts';
import { act, plan, swap } from './move.ts';
import { actionRunner, change, confirm, parse, playbook, statuses, step, World } from './support.ts';


describe('a run in the real journal', () => {
	const open: { journals: Journal[]; responders: Responder[]; folder?: string } = { journals: [], responders: [] };
	afterEach(async () => {
		for (const responder of open.responders.splice(0)) await responder.close();
		for (const journal of open.journals.splice(0)) await journal.close();
		if (open.folder !== undefined) await rm(open.folder, { recursive: true });
	});

	const console = async (world: World, actor: Actor): Promise<Responder> => {
		open.folder ??= await mkdtemp(join(tmpdir(), 'sitrep-run-'));
		const journal = await openJournal(join(open.folder, 'journal.db'));
		open.journals.push(journal);
		const responder = makeResponder({
			journal,
			actions: actionRunner(world, () => true),
			facts: () => ({ signal: () => ({ missing: 'none' }), probe: () => ({ missing: 'none' }) }),
			clock: systemClock,
			random: Math.random,
			newId: () => 'run-1',
			findPlaybook: () => undefined,
			parse: (text) => parse(text),
			stateFolder: open.folder,
			openOutput: () => undefined,
			engine: { name: 'docker', address: 'unix:///run/docker.sock', hostName: 'node-7' },
			actor,
		});
		open.responders.push(responder);
		return responder;
	};

	it('is followed, taken over and ended by another console', async () => {
		const world = new World();
		const ada = await console(world, { user: 'ada', host: 'node-7', session: `one:${process.pid}:1` });
		const grace = await console(world, { user: 'grace', host: 'node-7', session: `two:${process.pid}:1` });
		const first = await ada.start({ playbook: playbook('p', [step('look'), change('fix'), change('more')]), params: {}, secrets: {}, service: 'web', dryRun: false });
		await vi.waitFor(() => expect(first.waiting).toMatchObject({ kind: 'confirm', step: 'fix' }));
		const second = await grace.open('run-1', { act: true });
		expect(second.role).toBe('watching');
		await confirm(first);
		await vi.waitFor(() => expect(second.waiting).toMatchObject({ kind: 'confirm', step: 'more' }), { timeout: 5000 });
		expect(await second.takeOver(false)).toMatchObject({ refused: 'ada@node-7 carries it out' });
		expect(await second.takeOver(true)).toBeUndefined();
		await vi.waitFor(() => expect(first.role).toBe('watching'), { timeout: 8000 });
		await confirm(second);
		await vi.waitFor(() => expect(first.state.outcome).toBe('succeeded'), { timeout: 8000 });
		expect(statuses(first)).toEqual(statuses(second));
		expect(world.shown).toEqual(['run look', 'run fix', 'run more']);
		expect(await grace.unfinished()).toEqual([]);
	});

	it('sees how far a move is that another process writes, in the order of the journal', async () => {
		const world = new World();
		world.script = () => undefined;
		const actor = { user: 'ada', host: 'node-7', session: `one:${process.pid}:1` };
		const handle = await (await console(world, actor)).start({ playbook: playbook('p', [swap()]), params: {}, secrets: {}, service: 'web', dryRun: false });
		await confirm(handle);
		if (open.folder === undefined) throw new Error('no folder');
		const program = await openJournal(join(open.folder, 'journal.db'));
		open.journals.push(program);
		const about = { step: 'swap', execution: 'swap.1', planId: 'plan-1' };
		const rollout = () => handle.state.steps[0]?.attempts[0]?.rollout;
		await program.append([{ actor, runId: 'run-1', event: { kind: 'rollout_begun', step: 'swap', execution: 'swap.1', service: 'web', plan: plan(), undoing: false } }]);
		await vi.waitFor(() => expect(rollout()).toMatchObject({ acts: [] }), { timeout: 5000 });
		const writes: Promise<unknown>[] = [];
		for (let count = 0; count < 20; count++) {
			const stage = count % 2 === 0 ? 'begins' : 'done';
			writes.push(program.append([{ actor, runId: 'run-1', event: { kind: 'rollout_act', ...about, stage, act: act(`act ${Math.floor(count / 2)}`), undoing: false, ...(stage === 'done' ? { tookMs: count } : {}) } }]));
			writes.push(handle.command({ kind: 'note', text: `note ${count}` }));
		}
		await Promise.all(writes);
		await vi.waitFor(() => expect(rollout()?.acts).toHaveLength(10), { timeout: 5000 });
		expect(rollout()?.acts.map((each) => [each.act.id, each.tookMs])).toEqual(Array.from({ length: 10 }, (_, index) => [`act ${index}`, index * 2 + 1]));
		expect(handle.state.notes).toHaveLength(20);
		expect(handle.state).toEqual(foldRun(await program.readRun('run-1'), parse));
	});

	it('that was left goes on at another console', async () => {
		const world = new World();
		const ada = await console(world, { user: 'ada', host: 'node-7', session: 'another-boot:1:1' });
		const grace = await console(world, { user: 'grace', host: 'node-7', session: `two:${process.pid}:1` });
		const first = await ada.start({ playbook: playbook('p', [change('fix')]), params: {}, secrets: {}, service: 'web', dryRun: false });
		await first.leave();
		expect((await grace.unfinished()).map((run) => run.runId)).toEqual(['run-1']);
		const second = await grace.open('run-1', { act: false });
		expect(second.state.current).toBe('fix');
		expect(await second.takeOver(true)).toBeUndefined();
		await confirm(second);
		await vi.waitFor(() => expect(second.state.outcome).toBe('succeeded'));
	});
});
