import { describe, expect, it } from 'vitest';
import type { RunHandle } from '../../../src/domain/run/control.ts';
import { settle } from '../../support/manualClock.ts';
import { ada, change, confirm, doneEnd, failedEnd, grace, Machine, param, playbook, special, statuses, step, undo } from './support.ts';

const sub = special('playbook', 'sub', { playbook: 'inner', params: {} });
const inner = playbook('inner', [change('one', { undo: undo('one') }), change('two', { undo: undo('two') }), change('plain')]);
const outer = playbook('outer', [change('first', { undo: undo('first') }), sub, change('last')]);

const answer = async (handle: RunHandle): Promise<void> => {
	await settle();
	await confirm(handle.child ?? handle);
	await settle();
};

/** A run whose inner run is done, and which waits before its last step. */
const innerDone = async (machine = new Machine()) => {
	machine.library.set('inner', inner);
	const handle = await machine.start(outer);
	for (let turn = 0; turn < 4; turn++) await answer(handle);
	expect(handle.waiting).toMatchObject({ kind: 'confirm', step: 'last' });
	return { machine, handle };
};

describe('a rollback', () => {
	it('takes back what a run within it did, each step confirmed, newest first', async () => {
		const { machine, handle } = await innerDone();
		await handle.command({ kind: 'rollback' });
		expect(handle.waiting).toMatchObject({ kind: 'confirm', step: 'sub', undo: true, command: 'take back what playbook inner did (run run-2)' });
		await answer(handle);
		expect(handle.child?.id).toBe('run-2');
		expect(handle.child?.waiting).toMatchObject({ kind: 'confirm', step: 'two', undo: true });
		const watching = await machine.console(grace).open(handle.id, { act: false });
		await handle.command({ kind: 'note', text: 'x' });
		await settle();
		expect(watching.child?.id).toBe('run-2');
		await answer(handle);
		await answer(handle);
		expect(handle.waiting).toMatchObject({ kind: 'confirm', step: 'first', undo: true });
		await answer(handle);
		expect(handle.state).toMatchObject({ outcome: 'rolled-back', words: 'taken back: sub, first' });
		expect(machine.world.shown.slice(-3)).toEqual(['undo two', 'undo one', 'undo first']);
		expect(machine.file.events.filter((entry) => entry.event.kind === 'run_ended').map((entry) => entry.runId)).toEqual(['run-2', 'run-2', 'run-1']);
	});

	it('that dies within the inner one is gone on with where it stood', async () => {
		const { machine, handle } = await innerDone();
		await handle.command({ kind: 'rollback' });
		await answer(handle);
		await answer(handle);
		expect(handle.child?.waiting).toMatchObject({ step: 'one', undo: true });
		machine.kill(ada);
		const next = await machine.console(grace).open('run-1', { act: true });
		await settle();
		expect(next.child?.waiting).toMatchObject({ kind: 'confirm', step: 'one', undo: true });
		await answer(next);
		await answer(next);
		expect(next.state).toMatchObject({ outcome: 'rolled-back', words: 'taken back: sub, first' });
		expect(machine.world.started('undo two')).toBe(1);
	});

	/** Does whatever a person would to bring the rollback to its end. */
	const drive = async (machine: Machine, handle: RunHandle): Promise<void> => {
		for (let turn = 0; turn < 40 && handle.state.endedAt === undefined; turn++) {
			const active = handle.child ?? handle;
			const { waiting } = active;
			if (waiting?.kind === 'confirm') await confirm(active);
			else if (waiting?.kind === 'unknown') await active.command({ kind: 'settle', step: waiting.step, execution: waiting.execution, as: 'retry', why: 'it never ran' });
			else await machine.clock.advance(1000);
			await settle();
		}
	};

	it('after any event of which the console dies is brought to its end by the next one, with nothing taken back twice', async () => {
		const whole = await innerDone();
		const before = whole.machine.file.events.length;
		await whole.handle.command({ kind: 'rollback' });
		await drive(whole.machine, whole.handle);
		const total = whole.machine.file.events.length;
		expect(total - before).toBeGreaterThan(10);
		for (let at = before + 1; at < total; at++) {
			const { machine, handle } = await innerDone();
			machine.file.afterAppend = () => {
				if (machine.file.events.length >= at) machine.kill(ada);
			};
			await machine.untilKilled(handle.command({ kind: 'rollback' }).then(() => drive(machine, handle)));
			machine.file.afterAppend = () => undefined;
			await settle();
			const next = await machine.console(grace).open('run-1', { act: true });
			await settle();
			await drive(machine, next);
			expect(next.state.outcome, `killed after event ${at}`).toBe('rolled-back');
			for (const id of ['two', 'one', 'first']) expect(machine.world.started(`undo ${id}`), `undo ${id}, killed after event ${at}`).toBe(1);
		}
	});

	it('of which the inner one fails is asked about, and can be tried again', async () => {
		const { machine, handle } = await innerDone();
		machine.world.script = ({ shown }) => (shown === 'undo two' ? failedEnd() : doneEnd());
		await handle.command({ kind: 'rollback' });
		await answer(handle);
		await answer(handle);
		await handle.child?.command({ kind: 'skip', step: 'two' });
		await answer(handle);
		expect(handle.waiting).toMatchObject({ kind: 'failed', step: 'sub', words: expect.stringContaining('not two') as string });
		machine.world.script = () => doneEnd();
		await handle.command({ kind: 'retry', step: 'sub' });
		await answer(handle);
		expect(handle.child?.waiting).toMatchObject({ kind: 'confirm', step: 'two', undo: true });
	});

	it('leaves an inner run alone that changed nothing to take back', async () => {
		const machine = new Machine();
		machine.library.set('inner', playbook('inner', [change('plain')]));
		const handle = await machine.start(outer);
		for (let turn = 0; turn < 2; turn++) await answer(handle);
		await handle.command({ kind: 'rollback' });
		expect(handle.waiting).toMatchObject({ kind: 'confirm', step: 'first', undo: true });
	});
});

describe('a failed step that nobody can be asked about', () => {
	it('ends the run as failed, with why; said elsewhere it is a cancel', async () => {
		const machine = new Machine();
		machine.world.script = () => failedEnd(3);
		const handle = await machine.start(playbook('p', [step('verify')]));
		await settle();
		expect(await handle.command({ kind: 'cancel', because: 'failed' })).toBeUndefined();
		expect(handle.state).toMatchObject({ outcome: 'failed', words: 'verify: exit 3' });
		expect(machine.file.leases.size).toBe(0);
		const other = await machine.start(playbook('p', [change('fix')]));
		await other.command({ kind: 'cancel', because: 'failed' });
		expect(other.state.outcome).toBe('cancelled');
	});

	it('within another run fails that one too', async () => {
		const machine = new Machine();
		machine.library.set('inner', playbook('inner', [step('verify')]));
		machine.world.script = () => failedEnd(3);
		const handle = await machine.start(playbook('p', [sub]));
		await settle();
		await handle.child?.command({ kind: 'cancel', because: 'failed' });
		await settle();
		expect(handle.waiting).toMatchObject({ kind: 'failed', step: 'sub', words: 'inner failed: verify: exit 3' });
	});
});

describe('a playbook of kind rollback that takes over', () => {
	const params = { service: param('service'), container: param('container', { default: 'somewhere-else' }), database: param('path', { optional: true }), to: param('text', { optional: true }) };
	const back = playbook('back', [change('revert', { action: { kind: 'command', run: ['revert', '${{params.container}}', '${{params.database}}', '${{params.to}}'], env: {} } })], { kind: 'rollback', params });
	const failing = (over: Parameters<typeof playbook>[2]) => playbook('p', [step('verify', { onFailure: { do: 'playbook', playbook: 'back' } })], over);
	const handOver = async (loaded: ReturnType<typeof playbook>, request: Parameters<Machine['start']>[1]) => {
		const machine = new Machine();
		machine.library.set('back', back);
		machine.world.script = ({ shown }) => (shown === 'run verify' ? failedEnd() : doneEnd());
		const handle = await machine.start(loaded, request);
		await machine.clock.advance(5000);
		await handle.command({ kind: 'open-playbook', step: 'verify', accept: true });
		await settle();
		return { machine, handle, child: handle.child };
	};

	it('opens filled in with all that is known', async () => {
		const named = { target: param('container'), database: param('path'), other: param('text') };
		const faultAt = 1_700_000_000_000;
		const { handle, child } = await handOver(failing({ params: named }), { params: { target: 'web-1', database: '/data/app.db', other: 'x' }, faultAt });
		expect(child?.state).toMatchObject({ service: 'web', faultAt, params: { service: 'web', container: 'web-1', database: '/data/app.db', to: '' }, parent: { runId: handle.id } });
		expect(child?.waiting).toMatchObject({ kind: 'confirm', command: "revert web-1 /data/app.db ''" });
		if (child !== undefined) await confirm(child);
		await settle();
		expect(handle.state).toMatchObject({ outcome: 'rolled-back' });
		expect(statuses(handle)).toEqual({ verify: 'failed' });
	});

	it('goes by the service where no container is named, rather than by a default', async () => {
		const { child } = await handOver(failing({}), {});
		expect(child?.state.params).toMatchObject({ service: 'web', container: 'web' });
	});

	it('counts the time from the fault: from the failure in a deploy, from the start in an incident', async () => {
		const incident = await handOver(failing({}), {});
		expect(incident.child?.state.faultAt).toBe(incident.handle.state.startedAt);
		const deploy = await handOver(failing({ kind: 'deploy' }), {});
		expect(deploy.child?.state.faultAt).toBe(deploy.handle.state.steps[0]?.attempts[0]?.endedAt);
	});
});

describe('a journal that another process holds', () => {
	it('is told after a second, and what was confirmed goes on by itself', async () => {
		const machine = new Machine();
		const handle = await machine.start(playbook('p', [change('fix')]));
		const { promise, resolve } = Promise.withResolvers<void>();
		machine.file.lock = promise;
		const confirmed = handle.command({ kind: 'confirm', step: 'fix', how: 'key' });
		await settle();
		await machine.clock.advance(900);
		expect(handle.trouble).toBeUndefined();
		let told = 0;
		handle.onChange(() => told++);
		await machine.clock.advance(200);
		expect(told).toBe(1);
		expect(handle.trouble).toMatchObject({ why: expect.stringContaining('waiting for the journal') as string, unrecorded: 0 });
		expect(machine.world.shown).toEqual([]);
		resolve();
		await confirmed;
		await settle();
		expect(handle.trouble).toBeUndefined();
		expect(handle.state.outcome).toBe('succeeded');
	});
});
