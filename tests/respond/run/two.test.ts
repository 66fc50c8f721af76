import { describe, expect, it } from 'vitest';
import { settle } from '../../support/manualClock.ts';
import { ada, change, confirm, doneEnd, failedEnd, grace, Machine, param, playbook, special, statuses, step, undo } from './support.ts';

describe('two consoles on one run', () => {
	const loaded = playbook('p', [step('look'), change('fix'), change('more')]);

	it('one acts, the other sees everything and is refused with words', async () => {
		const machine = new Machine();
		const acting = await machine.start(loaded);
		const watching = await machine.console(grace).open(acting.id, { act: true });
		expect(watching.role).toBe('watching');
		expect(watching.holder?.holder).toEqual(ada);
		await settle();
		expect(watching.waiting).toMatchObject({ kind: 'confirm', step: 'fix' });
		expect(await watching.command({ kind: 'confirm', step: 'fix', how: 'key' })).toEqual({
			refused: 'ada@node-7 carries this run out; this console watches',
			advice: 'approve and note work from here; for everything else take it over',
		});
		expect(machine.world.started('run fix')).toBe(0);
		let changes = 0;
		watching.onChange(() => changes++);
		await confirm(acting);
		await settle();
		expect(statuses(watching)).toEqual(statuses(acting));
		expect(changes).toBeGreaterThan(0);
		await watching.command({ kind: 'note', text: 'I see it' });
		await settle();
		expect(acting.state.notes).toMatchObject([{ text: 'I see it', by: grace }]);
	});

	it('takes over only where it is said to, and that is recorded', async () => {
		const machine = new Machine();
		const first = await machine.start(loaded);
		await settle();
		const second = await machine.console(grace).open(first.id, { act: false });
		expect(await second.takeOver(false)).toMatchObject({ refused: 'ada@node-7 carries it out' });
		expect(await second.takeOver(true)).toBeUndefined();
		expect(second.role).toBe('acting');
		await settle();
		expect(first.role).toBe('watching');
		expect(await first.command({ kind: 'confirm', step: 'fix', how: 'key' })).toMatchObject({ refused: expect.stringContaining('grace@node-7') as string });
		expect(machine.file.kinds()).toContain('run_taken_over');
		expect(machine.file.kinds()).toContain('run_resumed');
		await confirm(second);
		await settle();
		expect(first.state.steps[1]?.status).toBe('done');
		expect(machine.world.started('run fix')).toBe(1);
	});

	it('a takeover in the middle of a step takes the step over', async () => {
		const machine = new Machine();
		const first = await machine.start(loaded);
		machine.world.script = () => undefined;
		await settle();
		await confirm(first);
		const second = await machine.console(grace).open(first.id, { act: false });
		await second.takeOver(true);
		await settle();
		machine.world.end('run fix');
		await settle();
		expect(second.waiting).toMatchObject({ kind: 'confirm', step: 'more' });
		expect(machine.file.kinds().filter((kind) => kind === 'step_ended')).toHaveLength(2);
		expect(machine.world.executions.some((each) => each.cancelled)).toBe(false);
		expect(machine.world.started('run fix')).toBe(1);
	});

	it('one that lost the run without noticing starts nothing more', async () => {
		const machine = new Machine();
		const first = await machine.start(loaded);
		await settle();
		machine.file.listeners.clear();
		machine.file.leases.set('web', { runId: first.id, holder: grace, heartbeatAt: machine.clock.now() });
		await machine.clock.advance(5000);
		expect(first.role).toBe('watching');
		expect(await first.command({ kind: 'confirm', step: 'fix', how: 'key' })).toMatchObject({ refused: expect.any(String) as string });
		expect(machine.world.shown).toEqual(['run look']);
	});

	it('is adrift once its console is gone, and is taken over without force', async () => {
		const machine = new Machine();
		const first = await machine.start(loaded);
		const second = await machine.console(grace).open(first.id, { act: false });
		machine.kill(ada);
		await machine.clock.advance(5000);
		expect(second.role).toBe('adrift');
		expect(await second.takeOver(false)).toBeUndefined();
		expect(second.role).toBe('acting');
	});

	it('gives the console that carries it out again where it is opened twice', async () => {
		const machine = new Machine();
		const console = machine.console();
		const first = await console.start({ playbook: loaded, params: {}, secrets: {}, service: 'web', dryRun: false });
		expect(await console.open(first.id, { act: true })).toBe(first);
		expect((await console.unfinished()).map((run) => run.runId)).toEqual([first.id]);
	});
});

describe('leaving and cancelling', () => {
	it('leaving stops nothing, and the same console can come back', async () => {
		const machine = new Machine();
		machine.world.script = () => undefined;
		const console = machine.console();
		const first = await console.start({ playbook: playbook('p', [change('fix'), step('next')]), params: {}, secrets: {}, service: 'web', dryRun: false });
		await confirm(first);
		await first.leave();
		expect(machine.world.running).toHaveLength(1);
		expect(machine.world.executions[0]?.cancelled).toBe(false);
		machine.world.end('run fix');
		const again = await console.open(first.id, { act: true });
		expect(again).not.toBe(first);
		expect(again.role).toBe('acting');
		await settle();
		expect(statuses(again)).toMatchObject({ fix: 'done', next: 'running' });
	});

	it('cancel waits until what runs is gone, and names what is not', async () => {
		const machine = new Machine();
		machine.world.script = () => undefined;
		const handle = await machine.start(playbook('p', [change('fix'), step('next')]));
		await confirm(handle);
		const [execution] = machine.world.executions;
		if (execution !== undefined) execution.end = failedEnd(137, { outcome: 'cancelled', words: 'cancelled', survivors: ['4711 stubborn'] });
		const cancelled = handle.command({ kind: 'cancel' });
		await settle();
		expect(handle.state.endedAt).toBeUndefined();
		execution?.ended.resolve(execution.end ?? doneEnd());
		expect(await cancelled).toBeUndefined();
		expect(handle.state).toMatchObject({ outcome: 'cancelled' });
		expect(handle.state.steps[0]?.attempts[0]).toMatchObject({ outcome: 'cancelled', survivors: ['4711 stubborn'] });
		expect(machine.world.started('run next')).toBe(0);
		expect(machine.file.leases.size).toBe(0);
	});

	it('cancels while it waits for a person, and while it waits to try again', async () => {
		const machine = new Machine();
		const waiting = await machine.start(playbook('p', [change('fix')]));
		await waiting.command({ kind: 'cancel' });
		expect(waiting.state.outcome).toBe('cancelled');
		machine.world.script = () => failedEnd();
		const trying = await machine.start(playbook('p', [step('look', { maxAttempts: 9, intervalSeconds: 60 })]));
		await settle();
		await trying.command({ kind: 'cancel' });
		expect(trying.state.outcome).toBe('cancelled');
		await machine.clock.advance(120_000);
		expect(machine.world.executions).toHaveLength(1);
	});

	it('goes on cancelling where the console died over it', async () => {
		const machine = new Machine();
		machine.world.script = () => undefined;
		const first = await machine.start(playbook('p', [change('fix')]));
		await confirm(first);
		machine.file.afterAppend = (events) => {
			if (events.some((each) => each.event.kind === 'cancel_asked')) machine.kill(ada);
		};
		void first.command({ kind: 'cancel' });
		await settle();
		expect(machine.world.executions[0]?.cancelled).toBe(false);
		const second = await machine.console(grace).open(first.id, { act: true });
		await settle();
		expect(machine.world.executions[0]?.cancelled).toBe(true);
		expect(second.state.outcome).toBe('cancelled');
	});
});

describe('a journal that cannot be written', () => {
	const loaded = playbook('p', [step('look'), step('see', { confirm: 'ask' }), change('fix'), step('end')]);

	it('lets only reading steps run, says so, and writes their record once it can', async () => {
		const machine = new Machine();
		const handle = await machine.start(loaded);
		await settle();
		machine.file.break();
		await confirm(handle);
		await settle();
		expect(machine.world.shown).toEqual(['run look', 'run see']);
		expect(handle.waiting).toMatchObject({ kind: 'journal', why: expect.stringContaining('no space left') as string, advice: 'make room on the disk' });
		expect(handle.trouble).toMatchObject({ unrecorded: 2 });
		expect(handle.state.steps[1]?.status).toBe('done');
		expect(await handle.command({ kind: 'confirm', step: 'fix', how: 'key' })).toMatchObject({ refused: expect.any(String) as string });
		expect(await handle.command({ kind: 'retry', step: 'fix' })).toMatchObject({ refused: expect.stringContaining('no space left') as string });
		expect(machine.world.started('run fix')).toBe(0);
		machine.file.mend();
		expect(await handle.command({ kind: 'retry', step: 'fix' })).toBeUndefined();
		expect(handle.trouble).toBeUndefined();
		expect(handle.waiting).toMatchObject({ kind: 'confirm', step: 'fix' });
		expect(machine.file.kinds()).toEqual(['run_started', 'step_started', 'step_ended', 'step_started', 'step_ended']);
		await confirm(handle);
		await settle();
		expect(handle.state.outcome).toBe('succeeded');
	});

	it('is tried again by itself', async () => {
		const machine = new Machine();
		const handle = await machine.start(playbook('p', [change('fix')]));
		machine.file.break();
		expect(await handle.command({ kind: 'confirm', step: 'fix', how: 'key' })).toMatchObject({ refused: expect.stringContaining('nothing was run') as string });
		expect(machine.world.shown).toEqual([]);
		await machine.clock.advance(60_000);
		expect(handle.waiting).toMatchObject({ kind: 'journal' });
		machine.file.mend();
		await machine.clock.advance(31_000);
		expect(handle.waiting).toMatchObject({ kind: 'confirm', step: 'fix' });
	});

	it('at the very start lets a run begin that only reads', async () => {
		const machine = new Machine();
		machine.file.break();
		const handle = await machine.start(loaded);
		await settle();
		expect(machine.world.shown).toEqual(['run look']);
		await confirm(handle);
		await settle();
		expect(handle.waiting).toMatchObject({ kind: 'journal' });
		machine.file.mend();
		await machine.clock.advance(31_000);
		expect(machine.file.leases.get('web')).toMatchObject({ runId: handle.id });
		await confirm(handle);
		await settle();
		expect(handle.state.outcome).toBe('succeeded');
	});

	it('does not lose the end of a change that runs meanwhile', async () => {
		const machine = new Machine();
		machine.world.script = () => undefined;
		const handle = await machine.start(playbook('p', [change('fix'), change('more')]));
		await confirm(handle);
		machine.file.break();
		machine.world.end('run fix');
		await settle();
		expect(handle.waiting).toMatchObject({ kind: 'journal' });
		machine.file.mend();
		await machine.clock.advance(31_000);
		expect(machine.file.kinds().slice(-1)).toEqual(['step_ended']);
		expect(handle.waiting).toMatchObject({ kind: 'confirm', step: 'more' });
	});

	it('and a run that others took meanwhile: what could not be recorded is told', async () => {
		const machine = new Machine();
		const handle = await machine.start(loaded);
		await settle();
		machine.file.break();
		await confirm(handle);
		await settle();
		machine.file.leases.set('web', { runId: handle.id, holder: grace, heartbeatAt: machine.clock.now() });
		machine.file.mend();
		await machine.clock.advance(5000);
		expect(handle.role).toBe('watching');
		expect(handle.trouble).toBeUndefined();
		expect(machine.world.started('run fix')).toBe(0);
		expect(machine.file.kinds().slice(3)).toEqual(['note_added']);
		expect(handle.state.notes).toMatchObject([{ text: expect.stringContaining('2 events of ada@node-7 were not recorded') as string }]);
	});
});

describe('secrets', () => {
	it('stand in no event, whatever the step says', async () => {
		const machine = new Machine();
		const secret = 'correct-horse';
		machine.world.script = () => failedEnd(1, { words: `no such user ${secret}`, result: { exitCode: 1, stdout: `token=${secret}`, stderr: Buffer.from(secret).toString('base64'), json: { [secret]: secret } }, survivors: [`7 run ${secret}`] });
		const use = step('use', { action: { kind: 'command', run: ['use', '${{params.token}}'], env: {} }, register: 'used', expect: `exitCode == 0 && stdout == "x"` });
		const handle = await machine.start(playbook('p', [use], { params: { token: param('secret') } }), { secrets: { token: secret } });
		await settle();
		expect(machine.world.executions[0]?.resolved.action).toMatchObject({ run: ['use', secret] });
		await handle.command({ kind: 'note', text: `it is ${secret}` });
		await handle.command({ kind: 'skip', step: 'use', why: `because ${secret}` });
		const record = JSON.stringify(machine.file.events);
		expect(record).not.toContain(secret);
		expect(record).not.toContain(Buffer.from(secret).toString('base64'));
		expect(record).toContain('(secret)');
		expect(JSON.stringify(handle.state)).not.toContain(secret);
	});

	it('of an output are kept in memory only, and reach later steps', async () => {
		const machine = new Machine();
		machine.world.script = () => doneEnd({ result: { exitCode: 0, stdout: 's3cr3t-value' } });
		const steps = [step('get', { secret: true, register: 'key' }), change('use', { action: { kind: 'command', run: ['use'], env: { K: '${{key.stdout}}' } } })];
		const handle = await machine.start(playbook('p', steps));
		await settle();
		expect(handle.waiting).toMatchObject({ kind: 'confirm', step: 'use', command: expect.not.stringContaining('s3cr3t') as string });
		await confirm(handle);
		await settle();
		expect(machine.world.executions[1]?.resolved.action).toMatchObject({ env: { K: 's3cr3t-value' } });
		expect(JSON.stringify(machine.file.events)).not.toContain('s3cr3t');
	});

	it('whose result is gone with its console: the step that needs it is not run', async () => {
		const machine = new Machine();
		machine.world.script = () => doneEnd({ result: { exitCode: 0, stdout: 's3cr3t-value' } });
		const first = await machine.start(playbook('p', [step('get', { secret: true, register: 'key' }), change('use', { undo: undo('use'), action: { kind: 'command', run: ['use'], env: { K: '${{key.stdout}}' } } })]));
		await settle();
		machine.kill(ada);
		await first.leave();
		const second = await machine.console(grace).open(first.id, { act: true });
		expect(second.waiting).toMatchObject({ kind: 'confirm', why: expect.stringContaining('cannot be made ready') as string });
		await second.command({ kind: 'confirm', step: 'use', how: 'key' });
		expect(second.waiting).toMatchObject({ kind: 'failed', words: expect.stringContaining('not run') as string, canRollback: false });
		expect(machine.world.executions).toHaveLength(1);
	});

	it('an optional one that is not given is not asked for', async () => {
		const machine = new Machine();
		const handle = await machine.start(playbook('p', [special('manual', 'm', { instructions: 'x', checklist: [] })], { params: { token: param('secret', { optional: true }) } }));
		expect(handle.waiting).toMatchObject({ kind: 'manual' });
	});
});
