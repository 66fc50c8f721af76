import { describe, expect, it } from 'vitest';
import type { NewJournalEvent } from '../../../src/domain/journal.ts';
import { settle } from '../../support/manualClock.ts';
import { ada, change, confirm, doneEnd, failedEnd, grace, Machine, param, person, playbook, special, statuses, step, undo } from './support.ts';

const loaded = playbook('p', [step('look'), change('fix', { undo: undo('fix') }), special('manual', 'hand', { instructions: 'x', checklist: [] }), change('more'), step('verify')]);

/** Does whatever a person would to bring the run to its end. */
const drive = async (machine: Machine, handle: Awaited<ReturnType<Machine['start']>>): Promise<void> => {
	for (let turn = 0; turn < 40 && handle.state.endedAt === undefined; turn++) {
		const { waiting } = handle;
		if (waiting?.kind === 'confirm') await confirm(handle);
		else if (waiting?.kind === 'manual') await handle.command({ kind: 'manual', step: waiting.step, as: 'done' });
		else if (waiting?.kind === 'unknown') await handle.command({ kind: 'settle', step: waiting.step, execution: waiting.execution, as: 'done', why: 'seen' });
		else await machine.clock.advance(1000);
	}
};

describe('a console that dies', () => {
	// Counts the events of a whole run, so that it can be killed after each of them.
	const events = async (): Promise<number> => {
		const machine = new Machine();
		await drive(machine, await machine.start(loaded));
		return machine.file.events.length;
	};

	it('after any event leaves a run that another console ends, with no change made twice', async () => {
		const total = await events();
		expect(total).toBeGreaterThan(10);
		for (let at = 1; at < total; at++) {
			const machine = new Machine();
			// The process is gone the moment the event is durable: nothing that follows is done.
			machine.file.afterAppend = () => {
				if (machine.file.events.length >= at) machine.kill(ada);
			};
			await machine.untilKilled(machine.start(loaded).then((handle) => drive(machine, handle)));
			machine.file.afterAppend = () => undefined;
			await settle();
			const handle = await machine.console(grace).open('run-1', { act: true });
			await drive(machine, handle);
			expect(handle.state.outcome, `killed after event ${at}`).toBe('succeeded');
			for (const id of ['fix', 'more']) expect(machine.world.started(`run ${id}`), `run ${id}, killed after event ${at}`).toBeLessThanOrEqual(1);
		}
	});

	it('after any start of a command leaves that command its end, and starts it no second time', async () => {
		for (const id of ['look', 'fix', 'more', 'verify']) {
			const machine = new Machine();
			machine.world.onStart = ({ shown }) => {
				if (shown === `run ${id}`) machine.kill(ada);
			};
			await machine.untilKilled(machine.start(loaded).then((handle) => drive(machine, handle)));
			await settle();
			machine.world.onStart = () => undefined;
			const handle = await machine.console(grace).open('run-1', { act: true });
			await drive(machine, handle);
			expect(handle.state.outcome).toBe('succeeded');
			expect(machine.world.shown).toEqual(['run look', 'run fix', 'run more', 'run verify']);
		}
	});

	it('while a command runs: it goes on, and the next console gets its end', async () => {
		const machine = new Machine();
		machine.world.script = ({ shown }) => (shown === 'run fix' ? undefined : doneEnd());
		const first = await machine.start(loaded);
		await settle();
		await confirm(first);
		machine.kill(ada);
		const second = await machine.console(grace).open(first.id, { act: true });
		expect(second.waiting).toBeUndefined();
		expect(second.state.steps[1]).toMatchObject({ status: 'running' });
		machine.world.end('run fix', doneEnd({ words: 'exit 0 at last' }));
		await settle();
		expect(second.state.steps[1]?.attempts).toMatchObject([{ words: 'exit 0 at last' }]);
		expect(second.waiting).toMatchObject({ kind: 'manual' });
		expect(machine.world.started('run fix')).toBe(1);
	});

	it('and a command that ended meanwhile: its real end is recorded', async () => {
		const machine = new Machine();
		machine.world.script = ({ shown }) => (shown === 'run fix' ? undefined : doneEnd());
		const first = await machine.start(loaded);
		await settle();
		await confirm(first);
		machine.kill(ada);
		await first.leave();
		machine.world.end('run fix', failedEnd(9));
		const second = await machine.console(grace).open(first.id, { act: true });
		expect(second.waiting).toMatchObject({ kind: 'failed', step: 'fix', words: 'exit 9' });
		expect(machine.world.started('run fix')).toBe(1);
	});

	const lose = async (unless?: string) => {
		const machine = new Machine();
		machine.world.script = () => undefined;
		const first = await machine.start(playbook('p', [change('fix', unless === undefined ? {} : { unless }), step('next')]));
		await confirm(first);
		machine.kill(ada);
		await first.leave();
		const [execution] = machine.world.executions;
		if (execution !== undefined) execution.lost = ['container web is running', 'started 3 s ago'];
		machine.world.script = () => doneEnd();
		return machine;
	};

	it('and nobody knows what became of the step: it is unknown, with evidence, and the person says', async () => {
		const machine = await lose('signal("running") == 1.0');
		machine.signals.set('running', 1);
		const handle = await machine.console(grace).open('run-1', { act: true });
		expect(handle.waiting).toEqual({ kind: 'unknown', step: 'fix', execution: 'fix.1', evidence: ['container web is running', 'started 3 s ago'], unless: true });
		expect(await handle.command({ kind: 'jump', to: 'next' })).toMatchObject({ refused: expect.stringContaining('not settled') as string });
		expect(machine.world.started('run fix')).toBe(1);
		await handle.command({ kind: 'settle', step: 'fix', execution: 'fix.1', as: 'done', why: 'the container runs' });
		await settle();
		expect(handle.state.outcome).toBe('succeeded');
		expect(handle.state.steps[0]).toMatchObject({ status: 'done', words: 'the container runs', by: grace });
		expect(machine.world.started('run fix')).toBe(1);
	});

	it('and the person wants it again: it is confirmed again', async () => {
		const machine = await lose();
		const handle = await machine.console(grace).open('run-1', { act: true });
		expect(handle.waiting).toMatchObject({ kind: 'unknown', unless: undefined });
		await handle.command({ kind: 'settle', step: 'fix', execution: 'fix.1', as: 'retry', why: 'not there' });
		expect(handle.waiting).toMatchObject({ kind: 'confirm', step: 'fix' });
		expect(machine.world.started('run fix')).toBe(1);
		await confirm(handle);
		await settle();
		expect(machine.world.started('run fix')).toBe(2);
		expect(handle.state.outcome).toBe('succeeded');
	});

	it('in the middle of a rollback: the undo is not repeated', async () => {
		const machine = new Machine();
		machine.world.script = ({ shown }) => (shown === 'undo b' ? undefined : doneEnd());
		const first = await machine.start(playbook('p', [change('a', { undo: undo('a') }), change('b', { undo: undo('b') }), change('c')]));
		for (const _ of ['a', 'b']) {
			await confirm(first);
			await settle();
		}
		await first.command({ kind: 'rollback' });
		await confirm(first);
		await settle();
		machine.kill(ada);
		await first.leave();
		const second = await machine.console(grace).open(first.id, { act: true });
		machine.world.end('undo b');
		await settle();
		expect(second.waiting).toMatchObject({ kind: 'confirm', step: 'a', undo: true });
		await confirm(second);
		await settle();
		expect(second.state.outcome).toBe('rolled-back');
		expect(machine.world.started('undo b')).toBe(1);
	});

	it('in the middle of a wait: the next console goes on waiting, for what is left of the time', async () => {
		const machine = new Machine();
		machine.world.script = () => failedEnd();
		const wait = special('waitFor', 'up', { action: { kind: 'command', run: ['look'], env: {} }, consecutiveSuccessLimit: 1, intervalSeconds: 1, timeoutSeconds: 30 });
		const first = await machine.start(playbook('p', [wait]));
		await machine.clock.advance(10_000);
		machine.kill(ada);
		await first.leave();
		await machine.clock.advance(10_000);
		const second = await machine.console(grace).open(first.id, { act: true });
		await machine.clock.advance(9000);
		expect(second.state.steps[0]?.status).toBe('running');
		await machine.clock.advance(2000);
		expect(second.waiting).toMatchObject({ kind: 'failed', words: expect.stringContaining('not within 30 s') as string });
		const folders = machine.world.executions.map((each) => each.folder);
		expect(new Set(folders).size).toBe(folders.length);
	});

	it('in the middle of a parallel step: each part is found out about', async () => {
		const machine = new Machine();
		machine.world.script = ({ shown }) => (shown === 'run a' ? doneEnd() : undefined);
		const first = await machine.start(playbook('p', [special('parallel', 'all', { steps: [change('a'), change('b'), change('c')] })]));
		await confirm(first);
		await settle();
		machine.kill(ada);
		await first.leave();
		const lost = machine.world.executions.find((each) => each.resolved.shown === 'run c');
		if (lost !== undefined) lost.lost = ['gone'];
		const second = await machine.console(grace).open(first.id, { act: true });
		machine.world.end('run b');
		await settle();
		expect(statuses(second)).toMatchObject({ all: 'failed', a: 'done', b: 'done', c: 'unknown' });
		expect(second.waiting).toMatchObject({ kind: 'failed', step: 'all', words: expect.stringContaining('c: what became of it is not known') as string });
		expect(machine.world.executions).toHaveLength(3);
	});

	it('asks for secrets again', async () => {
		const machine = new Machine();
		const secretive = playbook('p', [change('fix'), change('use', { action: { kind: 'command', run: ['use'], env: { T: '${{params.token}}' } } })], { params: { token: param('secret', { title: 'API token' }) } });
		const first = await machine.start(secretive, { secrets: { token: 'hunter22' } });
		await confirm(first);
		await settle();
		machine.kill(ada);
		await first.leave();
		const second = await machine.console(grace).open(first.id, { act: true });
		expect(second.waiting).toEqual({ kind: 'secret', name: 'token', title: 'API token' });
		expect(await second.command({ kind: 'secret', name: 'token', value: '' })).toMatchObject({ refused: expect.any(String) as string });
		await second.command({ kind: 'secret', name: 'token', value: 'hunter23' });
		expect(second.waiting).toMatchObject({ kind: 'confirm', step: 'use', command: 'T=(secret) use' });
		await confirm(second);
		await settle();
		expect(machine.world.executions.at(-1)?.secrets).toContain('hunter23');
		expect(JSON.stringify(machine.file.events)).not.toMatch(/hunter2/);
	});

	it('right after it took the lease leaves nothing that holds the service up', async () => {
		const machine = new Machine();
		machine.file.leases.set('web', { runId: 'never-begun', holder: person('bob'), heartbeatAt: machine.clock.now() });
		machine.file.dead.add(person('bob').session);
		await expect(machine.start(loaded)).resolves.toBeDefined();
	});

	it('leaves a run that can be abandoned', async () => {
		const machine = new Machine();
		const first = await machine.start(playbook('p', [change('fix')]));
		machine.kill(ada);
		await first.leave();
		await expect(machine.start(loaded, {}, grace)).rejects.toThrow(/nobody carries it out/);
		const second = await machine.console(grace).open(first.id, { act: false });
		expect(second.role).toBe('adrift');
		expect(await second.command({ kind: 'confirm', step: 'fix', how: 'key' })).toMatchObject({ refused: 'nobody carries this run out' });
		await second.command({ kind: 'abandon', why: 'not needed' });
		expect(second.state).toMatchObject({ outcome: 'abandoned', words: 'not needed' });
		await expect(machine.start(loaded, {}, grace)).resolves.toBeDefined();
	});

	it('keeps to the text it started with', async () => {
		const machine = new Machine();
		const first = await machine.start(loaded);
		await settle();
		machine.kill(ada);
		machine.library.set('p', playbook('p', [change('other')]));
		const second = await machine.console(grace).open(first.id, { act: true });
		expect(second.state.hash).toBe(first.state.hash);
		expect(second.waiting).toMatchObject({ kind: 'confirm', step: 'fix' });
	});
});

describe('a step that was recorded but never started, because the console lost the run in between', () => {
	it('is not started by the one, and does not run at the other unasked', async () => {
		const machine = new Machine();
		const first = await machine.start(playbook('p', [change('fix')]));
		const isStart = (events: readonly NewJournalEvent[]): boolean => events.some((each) => each.event.kind === 'step_started');
		machine.file.beforeAppend = (events) => {
			if (!isStart(events)) return;
			machine.file.leases.set('web', { runId: 'run-1', holder: grace, heartbeatAt: machine.clock.now() });
		};
		await first.command({ kind: 'confirm', step: 'fix', how: 'key' });
		await settle();
		expect(machine.world.executions).toEqual([]);
		expect(first.role).toBe('watching');
		expect(first.state.steps[0]?.attempts[0]).toMatchObject({ outcome: 'cancelled', words: 'not run: another console took the run over' });
	});
});
