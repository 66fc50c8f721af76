import { describe, expect, it } from 'vitest';
import { JournalError } from '../../../src/domain/journal.ts';
import type { RunEvent } from '../../../src/domain/run/event.ts';
import { applyEvent, foldRun } from '../../../src/respond/run/fold.ts';
import { settle } from '../../support/manualClock.ts';
import { act, plan, rolloutStep, swap, tool } from './move.ts';
import { ada, change, confirm, doneEnd, failedEnd, grace, Machine, parse, playbook, statuses, step } from './support.ts';

const loaded = playbook('back', [swap(), step('verify')], { kind: 'rollback' });
const moved = { kind: 'rollout', action: 'swap', service: 'web' };

/** A run whose swap is under way. */
const underWay = async (of = loaded) => {
	const machine = new Machine();
	machine.world.script = ({ action }) => (action.kind === 'rollout' ? undefined : doneEnd());
	const handle = await machine.start(of);
	await settle();
	await confirm(handle);
	await settle();
	return { machine, handle, program: tool(machine) };
};

const progress = (handle: Awaited<ReturnType<typeof underWay>>['handle'], step = 'swap') => handle.state.steps.find((each) => each.id === step)?.attempts.at(-1)?.rollout;

describe('a move between versions', () => {
	it('is told where it stands in the record, and is seen live by the one who acts and by those who watch', async () => {
		const { machine, handle, program } = await underWay();
		const watching = await machine.console(grace).open(handle.id, { act: false });
		expect(machine.world.executions[0]).toMatchObject({ resolved: { action: moved }, about: { runId: 'run-1', step: 'swap', execution: 'swap.1', service: 'web' } });
		await program.begin();
		await program.act('stop', 'begins');
		await settle();
		for (const each of [handle, watching]) expect(progress(each)).toMatchObject({ plan: { id: 'plan-1' }, undoing: false, acts: [{ act: act('stop') }] });
		await program.act('stop', 'done', 'swap.1', { tookMs: 140, freshId: 'c2' });
		await program.act('start', 'begins');
		await settle();
		expect(progress(handle)).toMatchObject({ acts: [{ tookMs: 140 }, { act: { id: 'start' } }], freshId: 'c2' });
		expect(progress(handle)?.acts[1]?.tookMs).toBeUndefined();
		expect(handle.state.steps[0]?.status).toBe('running');
		await program.act('start', 'done', 'swap.1', { tookMs: 210 });
		await program.end('swapped');
		machine.world.end('move web to its last good version');
		await settle();
		expect(progress(handle)).toMatchObject({ end: 'swapped', gapMs: 240, requests: { sent: 10, failed: 2, longestGapMs: 240 } });
		expect(statuses(handle)).toEqual({ swap: 'done', verify: 'done' });
		expect(handle.state).toEqual(foldRun(machine.file.events, parse));
		expect(watching.state).toEqual(handle.state);
		await program.write({ kind: 'rollout_retired', step: 'retire', execution: 'retire.1', planId: 'plan-1' });
		await settle();
		expect(progress(handle)).toMatchObject({ end: 'swapped', retired: true });
	});

	it('asks the journal for no sign of life at each of its acts, and loses no approval that comes between', async () => {
		const { machine, handle, program } = await underWay();
		machine.file.leases.get('web')!.heartbeatAt = 1;
		await program.begin();
		await program.act('stop', 'begins');
		await settle();
		expect(machine.file.leases.get('web')?.heartbeatAt).toBe(1);
		await machine.console(grace).open(handle.id, { act: false }).then((other) => other.command({ kind: 'note', text: 'seen' }));
		await settle();
		expect(machine.file.leases.get('web')?.heartbeatAt).toBe(machine.clock.now());
	});

	it('that takes itself back shows both ways', async () => {
		const { machine, handle, program } = await underWay();
		await program.begin();
		await program.act('stop', 'done');
		await program.act('bring back', 'begins', 'swap.1', { undoing: true });
		await settle();
		expect(progress(handle)).toMatchObject({ undoing: true, acts: [{ undoing: false }, { act: { id: 'bring back' }, undoing: true }] });
		await program.end('restored', 'swap.1', true);
		machine.world.end('move web to its last good version', failedEnd(1, { words: 'not healthy within 40 s; web:1 is back' }));
		await settle();
		// It is back already: there is nothing that the undo could do.
		expect(handle.waiting).toMatchObject({ kind: 'failed', words: 'not healthy within 40 s; web:1 is back', canRollback: false });
	});

	it('with onFailure rollback that took itself back ends as rolled back, and says so', async () => {
		const { machine, handle, program } = await underWay(playbook('back', [swap({ onFailure: { do: 'rollback' } })]));
		await program.begin();
		await program.end('restored');
		machine.world.end('move web to its last good version', failedEnd());
		await settle();
		expect(handle.state).toMatchObject({ outcome: 'rolled-back', words: 'taken back by itself: swap' });
		expect(machine.world.executions).toHaveLength(1);
	});

	it('that is cancelled is taken back by its program, whose words stay', async () => {
		const { machine, handle, program } = await underWay();
		await program.begin();
		const [execution] = machine.world.executions;
		if (execution !== undefined) execution.end = failedEnd(143, { outcome: 'cancelled', words: 'cancelled: web:1 is back' });
		const cancelled = handle.command({ kind: 'cancel' });
		await settle();
		expect(execution?.cancelled).toBe(true);
		await program.end('restored');
		execution?.ended.resolve(execution.end ?? doneEnd());
		await cancelled;
		expect(handle.state.outcome).toBe('cancelled');
		expect(handle.state.steps[0]?.attempts[0]).toMatchObject({ outcome: 'cancelled', words: 'cancelled: web:1 is back', rollout: { end: 'restored' } });
	});

	it('goes on being recorded where its run was ended without it', async () => {
		const { machine, handle, program } = await underWay();
		await program.begin();
		await settle();
		machine.kill(ada);
		const other = await machine.console(grace).open(handle.id, { act: false });
		await other.command({ kind: 'abandon', why: 'not mine' });
		await program.end('swapped');
		await settle();
		expect(other.state.outcome).toBe('abandoned');
		expect(progress(other)).toMatchObject({ end: 'swapped' });
	});

	it('of which nothing is known, and versions that were seen, change nothing', () => {
		const events = [
			{ kind: 'run_started', playbookId: 'p', version: '1', title: 'p', hash: 'h', text: loaded.text, file: 'f', params: {}, secrets: [], engine: { name: 'e', address: 'a', hostName: 'h' }, dryRun: false },
			{ kind: 'rollout_ended', step: 'swap', execution: 'swap.9', planId: 'plan-9', undoing: false, end: 'stuck', words: '', tookMs: 1 },
			{ kind: 'rollout_begun', step: 'nowhere', execution: 'swap.1', service: 'web', plan: plan(), undoing: false },
		] satisfies readonly RunEvent[];
		const entry = { at: 1, hash: '', runId: 'r', actor: ada };
		const state = foldRun(events.map((event, index) => ({ ...entry, seq: index + 1, event })), parse);
		expect(state?.steps.every((each) => each.attempts.length === 0)).toBe(true);
		const seen = { kind: 'version_proved', service: 'web', engine: 'a', image: 'web:1', imageId: 'i', since: 1, healthyMs: 9, words: 'healthy' } as const;
		expect(applyEvent(state, { ...entry, seq: 9, event: seen }, parse)).toBe(state);
		expect(foldRun([{ ...entry, seq: 1, event: seen }], parse)).toBeUndefined();
	});

	it('written by others while the journal cannot be read loses nothing, and doubles nothing', async () => {
		const { machine, handle, program } = await underWay();
		await program.begin();
		machine.file.readTrouble = new JournalError('locked', 'locked', { advice: 'wait' });
		await program.act('stop', 'begins');
		await handle.command({ kind: 'note', text: 'while it cannot be read' });
		await program.act('stop', 'done');
		await settle();
		expect(handle.state.notes).toHaveLength(1);
		expect(progress(handle)?.acts).toEqual([]);
		machine.file.readTrouble = undefined;
		await machine.clock.advance(1000);
		expect(handle.state.notes).toHaveLength(1);
		expect(progress(handle)?.acts).toMatchObject([{ act: { id: 'stop' }, tookMs: 0 }]);
		expect(handle.state).toEqual(foldRun(machine.file.events, parse));
	});
});

describe('a move whose console and program are gone', () => {
	const lose = async (of = loaded, before: (program: ReturnType<typeof tool>) => Promise<unknown> = (program) => program.begin().then(() => program.act('stop', 'begins')), advice: 'finish' | 'undo' = 'finish') => {
		const { machine, handle, program } = await underWay(of);
		await before(program);
		await settle();
		machine.kill(ada);
		await handle.leave();
		const execution = machine.world.executions.at(-1);
		if (execution !== undefined) {
			execution.lost = ['web is stopped', 'web:2 was made'];
			execution.advice = { choose: advice, why: 'the new one is healthy' };
		}
		const next = await machine.console(grace).open('run-1', { act: true });
		await settle();
		return { machine, program, handle: next };
	};

	it('is unknown, with the evidence, and what each answer means', async () => {
		const { handle } = await lose();
		expect(handle.waiting).toMatchObject({
			kind: 'unknown',
			step: 'swap',
			execution: 'swap.1',
			evidence: ['web is stopped', 'web:2 was made'],
			choices: [
				{ as: 'retry', title: 'Finish it', why: 'the new one is healthy', advised: true },
				{ as: 'rollback', title: 'Take it back', why: 'brings web:1 back, from wherever the move stands' },
				{ as: 'done' },
				{ as: 'failed' },
			],
		});
		const watching = await lose(loaded, undefined, 'undo');
		expect(watching.handle.waiting).toMatchObject({ choices: [{ as: 'rollback', advised: true }, { as: 'retry', title: 'Finish it' }, {}, {}] });
	});

	it('is finished by another try of the step, which is confirmed as that', async () => {
		const { machine, handle, program } = await lose();
		await handle.command({ kind: 'settle', step: 'swap', execution: 'swap.1', as: 'retry', why: 'finish it' });
		expect(handle.waiting).toMatchObject({ kind: 'confirm', why: expect.stringContaining('taken up and finished, not planned again') as string });
		await confirm(handle);
		await settle();
		expect(machine.world.executions.at(-1)?.about).toMatchObject({ runId: 'run-1', step: 'swap', execution: 'swap.2' });
		// The program takes the plan from the journal: it need not begin it again.
		await program.act('stop', 'done', 'swap.2');
		await program.end('swapped', 'swap.2');
		machine.world.end('move web to its last good version');
		await settle();
		expect(progress(handle)).toMatchObject({ plan: { id: 'plan-1' }, acts: [{ act: { id: 'stop' } }], end: 'swapped' });
		expect(handle.state.outcome).toBe('succeeded');
	});

	it('is taken back by one word', async () => {
		const { machine, handle, program } = await lose(playbook('back', [swap({ onFailure: { do: 'continue' } }), step('verify')]));
		expect(await handle.command({ kind: 'rollback' })).toBeUndefined();
		expect(handle.waiting).toMatchObject({ kind: 'confirm', step: 'swap', undo: true, risk: 'change', command: 'take back the newest move of web' });
		await confirm(handle);
		await settle();
		await program.begin('swap.2.undo', true);
		await program.act('bring back', 'done', 'swap.2.undo', { undoing: true });
		await program.end('restored', 'swap.2.undo', true);
		machine.world.end('take back the newest move of web');
		await settle();
		expect(handle.state).toMatchObject({ outcome: 'rolled-back', words: 'taken back: swap' });
		expect(handle.state.steps[0]?.attempts).toMatchObject([{ rollout: { undoing: false } }, { undo: true, rollout: { undoing: true, end: 'restored' } }]);
		expect(machine.world.started('run verify')).toBe(0);
	});

	it('is taken back after it was settled as failed', async () => {
		const { handle } = await lose();
		await handle.command({ kind: 'settle', step: 'swap', execution: 'swap.1', as: 'failed', why: 'half of it' });
		expect(handle.waiting).toMatchObject({ kind: 'failed', canRollback: true });
		await handle.command({ kind: 'rollback' });
		expect(handle.waiting).toMatchObject({ kind: 'confirm', step: 'swap', undo: true });
	});

	it('before its first act was never begun: it is done from the start, and there is nothing to take back', async () => {
		const { handle } = await lose(loaded, () => Promise.resolve());
		expect(handle.waiting).toMatchObject({ kind: 'unknown', choices: [{ as: 'retry', title: 'Do it again', why: 'no act of it was begun' }, { as: 'done' }, { as: 'failed' }] });
		expect(await handle.command({ kind: 'rollback' })).toMatchObject({ refused: expect.stringContaining('not settled') as string });
		await handle.command({ kind: 'settle', step: 'swap', execution: 'swap.1', as: 'retry', why: 'again' });
		expect(handle.waiting).not.toHaveProperty('why');
	});

	it('after its end was recorded has that end, with its value', async () => {
		const { handle } = await lose(playbook('back', [swap({ register: 'move' }), change('tell', { action: { kind: 'command', run: ['say', '${{move.gapMs}}', '${{move.to.image}}'], env: {} } })]), (program) => program.begin().then(() => program.end('swapped')));
		expect(handle.state.steps[0]).toMatchObject({ status: 'done', attempts: [{ outcome: 'done', words: 'swapped', durationMs: 900 }] });
		expect(handle.waiting).toMatchObject({ kind: 'confirm', command: 'say 240 web:2' });
		const back = await lose(loaded, (program) => program.begin().then(() => program.end('restored')));
		expect(back.handle.waiting).toMatchObject({ kind: 'failed', words: 'restored', canRollback: false });
	});

	it('that is ended by its program after all is known by that', async () => {
		const { handle, program } = await lose();
		await program.end('swapped');
		await settle();
		expect(handle.waiting).toMatchObject({ kind: 'unknown', choices: [{ as: 'done', advised: true, why: 'by its record: swapped' }, { as: 'failed' }] });
	});

	it('in the middle of being taken back is gone on with', async () => {
		const { machine, handle, program } = await underWay();
		await program.begin();
		await program.end('stuck');
		machine.world.end('move web to its last good version', failedEnd());
		await settle();
		await handle.command({ kind: 'rollback' });
		await confirm(handle);
		await settle();
		await program.begin('swap.2.undo', true);
		await settle();
		machine.kill(ada);
		await handle.leave();
		const execution = machine.world.executions.at(-1);
		if (execution !== undefined) execution.lost = ['half'];
		const next = await machine.console(grace).open('run-1', { act: true });
		await settle();
		expect(next.waiting).toMatchObject({ kind: 'unknown', execution: 'swap.2.undo', choices: [{ as: 'retry', title: 'Go on taking it back' }, { as: 'done' }, { as: 'failed' }] });
		await next.command({ kind: 'settle', step: 'swap', execution: 'swap.2.undo', as: 'retry', why: 'go on' });
		expect(next.waiting).toMatchObject({ kind: 'confirm', step: 'swap', undo: true });
	});

	it('that only looked is looked at again, without a word', async () => {
		const machine = new Machine();
		machine.world.script = () => undefined;
		const first = await machine.start(playbook('back', [rolloutStep('versions', 'versions', { risk: 'read' }), change('fix')]));
		await settle();
		machine.kill(ada);
		await first.leave();
		const [execution] = machine.world.executions;
		if (execution !== undefined) {
			execution.lost = ['gone'];
			execution.repeatable = true;
		}
		machine.world.script = () => doneEnd();
		const next = await machine.console(grace).open('run-1', { act: true });
		await settle();
		expect(next.waiting).toMatchObject({ kind: 'confirm', step: 'fix' });
		expect(machine.world.started('versions of web')).toBe(2);
	});
});

describe('a move whose old version was removed', () => {
	it('cannot be taken back any more', async () => {
		const { machine, handle, program } = await underWay(playbook('back', [swap(), change('last')]));
		await program.begin();
		await program.end('swapped');
		machine.world.end('move web to its last good version');
		await settle();
		await program.write({ kind: 'rollout_retired', step: 'swap', execution: 'swap.1', planId: 'plan-1' });
		await settle();
		expect(await handle.command({ kind: 'rollback' })).toMatchObject({ refused: 'no step done so far can be taken back' });
	});
});
