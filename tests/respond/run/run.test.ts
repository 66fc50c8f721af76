import { describe, expect, it } from 'vitest';
import { settle } from '../../support/manualClock.ts';
import { change, confirm, failedEnd, Machine, param, playbook, special, statuses, step, undo } from './support.ts';

describe('a run', () => {
	it('runs what only reads at once, and asks before each change', async () => {
		const machine = new Machine();
		const handle = await machine.start(playbook('p', [step('look'), change('fix'), change('more')]));
		await settle();
		expect(machine.world.shown).toEqual(['run look']);
		expect(handle.waiting).toMatchObject({ kind: 'confirm', step: 'fix', risk: 'change', command: 'run fix', undo: false });
		await confirm(handle);
		await settle();
		expect(machine.world.shown).toEqual(['run look', 'run fix']);
		expect(handle.waiting).toMatchObject({ kind: 'confirm', step: 'more' });
		await confirm(handle);
		await settle();
		expect(handle.state).toMatchObject({ outcome: 'succeeded', words: '3 of 3 steps done' });
		expect(statuses(handle)).toEqual({ look: 'done', fix: 'done', more: 'done' });
		expect(machine.file.leases.size).toBe(0);
	});

	it('writes the start of a step before it starts it', async () => {
		const machine = new Machine();
		machine.world.onStart = () => expect(machine.file.kinds().at(-1)).toBe('step_started');
		const handle = await machine.start(playbook('p', [step('look'), change('fix')]));
		await settle();
		await confirm(handle);
		await settle();
		expect(machine.world.shown).toHaveLength(2);
		expect(handle.state.outcome).toBe('succeeded');
	});

	it('wants the target of a destructive step typed, and does not take --yes for it', async () => {
		const machine = new Machine();
		const handle = await machine.start(playbook('p', [step('wipe', { risk: 'destructive', target: 'app.db', loses: 'all rows' })]));
		expect(handle.waiting).toMatchObject({ kind: 'confirm', risk: 'destructive', typed: 'app.db', loses: 'all rows' });
		expect(await handle.command({ kind: 'confirm', step: 'wipe', how: 'yes' })).toMatchObject({ refused: expect.stringContaining('--yes') as string });
		expect(await handle.command({ kind: 'confirm', step: 'wipe', how: 'key' })).toMatchObject({ refused: expect.stringContaining('app.db') as string });
		expect(await handle.command({ kind: 'confirm', step: 'wipe', how: 'typed', typed: 'app.dB' })).toMatchObject({ refused: expect.any(String) as string });
		expect(machine.world.shown).toEqual([]);
		await confirm(handle);
		await settle();
		expect(machine.world.shown).toEqual(['run wipe']);
	});

	it('skips by when and unless, and asks where when cannot be told', async () => {
		const machine = new Machine();
		machine.signals.set('running', 1);
		const steps = [step('a', { when: 'signal("running") == 0.0' }), step('b', { unless: 'signal("running") == 1.0' }), step('c', { when: 'signal("gone") == 1.0' }), step('d', { unless: 'signal("gone") == 1.0' })];
		const handle = await machine.start(playbook('p', steps));
		await settle();
		expect(statuses(handle)).toMatchObject({ a: 'skipped', b: 'skipped', c: 'pending' });
		expect(handle.waiting).toMatchObject({ kind: 'confirm', step: 'c', why: expect.stringContaining('no sample of gone') as string });
		expect(await handle.command({ kind: 'confirm', step: 'c', how: 'yes' })).toMatchObject({ refused: expect.any(String) as string });
		await confirm(handle);
		await settle();
		expect(machine.world.shown).toEqual(['run c', 'run d']);
	});

	it('tries again only as often as the playbook says, and asks then', async () => {
		const machine = new Machine();
		machine.world.script = () => failedEnd(3);
		const handle = await machine.start(playbook('p', [step('look', { maxAttempts: 3, intervalSeconds: 2 })]));
		await settle();
		expect(machine.world.shown).toHaveLength(1);
		await machine.clock.advance(1999);
		expect(machine.world.shown).toHaveLength(1);
		await machine.clock.advance(10_000);
		expect(machine.world.shown).toHaveLength(3);
		expect(handle.waiting).toMatchObject({ kind: 'failed', step: 'look', words: 'exit 3', canRetry: true, canRollback: false });
		await handle.command({ kind: 'go-on', step: 'look' });
		expect(handle.state.outcome).toBe('succeeded');
	});

	it('never repeats a change that failed unless it is asked to', async () => {
		const machine = new Machine();
		machine.world.script = () => failedEnd();
		const handle = await machine.start(playbook('p', [change('fix')]));
		await confirm(handle);
		await machine.clock.advance(60_000);
		expect(machine.world.started('run fix')).toBe(1);
		await handle.command({ kind: 'retry', step: 'fix' });
		expect(handle.waiting).toMatchObject({ kind: 'confirm', step: 'fix' });
		expect(machine.world.started('run fix')).toBe(1);
		await confirm(handle);
		await settle();
		expect(machine.world.started('run fix')).toBe(2);
	});

	it('follows onFailure', async () => {
		const machine = new Machine();
		machine.world.script = ({ shown }) => (shown.startsWith('run bad') ? failedEnd(2) : undefined) ?? (shown.startsWith('run') ? { ...failedEnd(0), outcome: 'done', words: 'exit 0' } : undefined);
		const go = await machine.start(playbook('go', [step('bad', { onFailure: { do: 'continue' } }), step('next')]));
		await settle();
		expect(go.state.outcome).toBe('succeeded');
		expect(go.state.words).toContain('1 failed');
		const abort = await machine.start(playbook('abort', [step('bad', { onFailure: { do: 'abort' } }), step('next')]));
		await settle();
		expect(abort.state).toMatchObject({ outcome: 'failed', words: 'bad: exit 2' });
		const jump = await machine.start(playbook('jump', [step('bad', { onFailure: { do: 'step', step: 'c' } }), step('b'), step('c')]));
		await settle();
		expect(jump.state.path).toEqual(['bad', 'c']);
	});

	it('ends where the playbook says, and goes where it says', async () => {
		const machine = new Machine();
		const handle = await machine.start(playbook('p', [step('a', { nextStep: 'c' }), step('b'), step('c', { isEnd: true }), step('d')]));
		await settle();
		expect(handle.state.path).toEqual(['a', 'c']);
		expect(handle.state.outcome).toBe('succeeded');
	});

	it('asks where a playbook goes round in circles by itself', async () => {
		const machine = new Machine();
		const handle = await machine.start(playbook('p', [step('a'), step('b', { nextStep: 'a' })]));
		await machine.clock.advance(1000);
		for (let turn = 0; turn < 20 && handle.waiting === undefined; turn++) await settle();
		expect(handle.waiting).toMatchObject({ kind: 'confirm', step: 'a', why: expect.stringContaining('20 times') as string });
	});

	it('tells what was expected', async () => {
		const machine = new Machine();
		machine.world.script = () => failedEnd(0, { outcome: 'failed', words: '503 in 2 ms', result: { status: 503, json: { ok: false } } });
		const handle = await machine.start(playbook('p', [step('a', { expect: 'status == 200' })]));
		await settle();
		expect(handle.waiting).toMatchObject({ kind: 'failed', words: 'expected status == 200, got 503' });
	});

	it('takes back what was done, newest first, the failed step included, and asks each time', async () => {
		const machine = new Machine();
		machine.world.script = ({ shown }) => (shown === 'run c' ? failedEnd() : failedEnd(0, { outcome: 'done', words: 'exit 0' }));
		const handle = await machine.start(
			playbook('p', [change('a', { undo: undo('a') }), change('b'), change('c', { undo: undo('c'), risk: 'destructive', target: 'disk', onFailure: { do: 'rollback' } })]),
		);
		for (const _ of ['a', 'b', 'c']) {
			await confirm(handle);
			await settle();
		}
		expect(handle.state.rollingBack).toBe(true);
		expect(handle.waiting).toMatchObject({ kind: 'confirm', step: 'c', undo: true, command: 'undo c', typed: 'disk' });
		await confirm(handle);
		await settle();
		expect(handle.waiting).toMatchObject({ kind: 'confirm', step: 'a', undo: true });
		await confirm(handle);
		await settle();
		expect(machine.world.shown.slice(3)).toEqual(['undo c', 'undo a']);
		expect(handle.state).toMatchObject({ outcome: 'rolled-back', words: 'taken back: c, a' });
	});

	it('says so where something was not taken back', async () => {
		const machine = new Machine();
		machine.world.script = ({ shown }) => (shown === 'undo b' ? failedEnd() : failedEnd(0, { outcome: 'done' }));
		const handle = await machine.start(playbook('p', [change('a', { undo: undo('a') }), change('b', { undo: undo('b') }), step('last', { kind: 'command', confirm: 'ask' })]));
		await confirm(handle);
		await settle();
		await confirm(handle);
		await settle();
		await handle.command({ kind: 'rollback' });
		await confirm(handle);
		await settle();
		expect(handle.waiting).toMatchObject({ kind: 'failed', step: 'b', canRollback: false });
		await handle.command({ kind: 'retry', step: 'b' });
		expect(handle.waiting).toMatchObject({ kind: 'confirm', step: 'b', undo: true });
		await confirm(handle);
		await settle();
		await handle.command({ kind: 'skip', step: 'b' });
		await confirm(handle);
		await settle();
		expect(handle.state).toMatchObject({ outcome: 'failed', words: '1 of 2 steps taken back; not b' });
		expect(machine.world.started('undo b')).toBe(2);
	});

	it('walks through a dry run and touches nothing', async () => {
		const machine = new Machine();
		const steps = [step('look'), change('fix'), special('manual', 'hand', { instructions: 'do it', checklist: [] }), special('approval', 'ok', { of: 'it' }), step('last', { isEnd: true }), step('alt', { undo: undo('alt') })];
		const handle = await machine.start(playbook('p', steps, { params: { token: param('secret') } }), { dryRun: true });
		await settle();
		expect(machine.world.executions).toEqual([]);
		expect(machine.file.leases.size).toBe(0);
		expect(handle.state).toMatchObject({ outcome: 'succeeded', words: expect.stringContaining('nothing was touched') as string });
		expect(Object.values(statuses(handle))).toEqual(Array.from({ length: 6 }, () => 'skipped'));
		expect(handle.state.steps[1]?.words).toBe('run fix');
	});

	it('lists every step as it would be carried out', () => {
		const machine = new Machine();
		const loaded = playbook('p', [change('fix', { action: { kind: 'command', run: ['run', '${{params.name}}', '${{later.x}}'], env: {} } }), step('wipe', { risk: 'destructive', target: 'db' }), special('approval', 'ok', { of: 'it' })], {
			params: { name: param('text') },
		});
		const all = machine.console().resolve({ playbook: loaded, params: { name: 'a b' }, secrets: {}, dryRun: true });
		expect(all.map((each) => [each.id, each.command, each.confirmation])).toEqual([
			['fix', "run 'a b' ${{later.x}}", 'Enter'],
			['wipe', 'run wipe', 'type db'],
			['ok', 'ask a second person to approve: it', 'a second person'],
		]);
		expect(machine.file.events).toEqual([]);
	});

	it('holds its service alone', async () => {
		const machine = new Machine();
		await machine.start(playbook('p', [change('fix')]));
		await expect(machine.start(playbook('q', [step('look')]))).rejects.toThrow(/web is held by p \(run run-1\), ada@node-7 since 2026/);
		await expect(machine.start(playbook('q', [step('look')]), { service: 'db' })).resolves.toBeDefined();
	});

	it('without a service holds what its first change acts on', async () => {
		const machine = new Machine();
		const loaded = playbook('backup', [step('look'), change('fix', { target: '${{params.file}}' })], { params: { file: param('path') } });
		const start = (file: string) => machine.console().start({ playbook: loaded, params: { file }, secrets: {}, dryRun: false });
		await start('/a.db');
		await expect(start('/b.db')).resolves.toBeDefined();
		await expect(start('/a.db')).rejects.toThrow(/playbook:backup:\/a\.db is held/);
	});

	it('refuses a draft', async () => {
		await expect(new Machine().start(playbook('p', [], { draft: true }))).rejects.toThrow(/draft/);
	});
});
