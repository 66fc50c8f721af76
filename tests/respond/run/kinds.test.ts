import { describe, expect, it } from 'vitest';
import type { StartRequest } from '../../../src/domain/run/control.ts';
import { settle } from '../../support/manualClock.ts';
import { ada, change, confirm, doneEnd, failedEnd, grace, Machine, param, person, playbook, special, statuses, step } from './support.ts';

const signal = { kind: 'signal' } as const;
const http = { kind: 'http', method: 'GET', url: 'http://localhost:1/health', headers: {}, followRedirects: false } as const;
const answered = (status: number) => doneEnd({ words: `${status} in 1 ms`, outcome: status < 400 ? 'done' : 'failed', result: { status } });

describe('waitFor', () => {
	const waiting = special('waitFor', 'up', { action: http, expect: 'status == 200', consecutiveSuccessLimit: 3, intervalSeconds: 2, timeoutSeconds: 20 });

	it('waits until it holds so often in a row', async () => {
		const machine = new Machine();
		const answers = [503, 200, 200, 503, 200, 200, 200];
		machine.world.script = (_, count) => answered(answers[count - 1] ?? 200);
		const handle = await machine.start(playbook('p', [waiting]));
		await machine.clock.advance(11_000);
		expect(handle.state.steps[0]).toMatchObject({ status: 'running' });
		expect(handle.state.steps[0]?.attempts[0]?.look).toMatchObject({ ok: true });
		await machine.clock.advance(1000);
		expect(handle.state.outcome).toBe('succeeded');
		expect(machine.world.executions).toHaveLength(7);
		expect(machine.world.executions[0]?.folder).toBe('/state/runs/run-1/up.1/look-1');
		expect(handle.state.steps[0]?.attempts[0]?.words).toBe('200 in 1 ms, 3 times in a row, after 12 s');
	});

	it('says what it saw last where the time is over', async () => {
		const machine = new Machine();
		machine.world.script = () => answered(503);
		const handle = await machine.start(playbook('p', [waiting]));
		await machine.clock.advance(30_000);
		expect(handle.waiting).toMatchObject({ kind: 'failed', words: 'not within 20 s: expected status == 200, got 503' });
		expect(handle.state.steps[0]?.attempts[0]?.outcome).toBe('timed-out');
		const looks = machine.file.kinds().filter((kind) => kind === 'step_looked');
		expect(looks.length).toBeLessThanOrEqual(21);
	});

	it('records at most one look a second', async () => {
		const machine = new Machine();
		const fast = special('waitFor', 'up', { action: signal, expect: 'signal("x") == 1.0', consecutiveSuccessLimit: 1, intervalSeconds: 0.1, timeoutSeconds: 10 });
		const handle = await machine.start(playbook('p', [fast]));
		await machine.clock.advance(5000);
		const looks = () => machine.file.kinds().filter((kind) => kind === 'step_looked').length;
		expect(looks()).toBeLessThanOrEqual(6);
		expect(looks()).toBeGreaterThanOrEqual(5);
		expect(handle.state.steps[0]?.attempts[0]?.look).toMatchObject({ ok: undefined, words: expect.stringContaining('no sample of x') as string });
		machine.signals.set('x', 1);
		await machine.clock.advance(100);
		expect(handle.state.outcome).toBe('succeeded');
	});

	it('can be skipped while it waits', async () => {
		const machine = new Machine();
		machine.world.script = ({ shown }) => (shown.startsWith('run') ? doneEnd() : answered(503));
		const handle = await machine.start(playbook('p', [waiting, step('next')]));
		await machine.clock.advance(3000);
		expect(await handle.command({ kind: 'skip', step: 'up' })).toBeUndefined();
		await settle();
		expect(statuses(handle)).toEqual({ up: 'skipped', next: 'done' });
	});
});

describe('watch', () => {
	const watch = special('watch', 'calm', { action: signal, criteria: [{ title: 'few errors', holds: 'signal("errors") < 5.0' }], windowSeconds: 10, failureLimit: 1, intervalSeconds: 1 });

	it('holds its window, and bears so many bad looks', async () => {
		const machine = new Machine();
		machine.signals.set('errors', 1);
		const handle = await machine.start(playbook('p', [watch]));
		await machine.clock.advance(4500);
		machine.signals.set('errors', 9);
		await machine.clock.advance(1000);
		machine.signals.set('errors', 1);
		await machine.clock.advance(3000);
		expect(handle.state.outcome).toBeUndefined();
		await machine.clock.advance(2000);
		expect(handle.state.steps[0]?.attempts[0]).toMatchObject({ outcome: 'done', words: 'held for 10 s, 1 bad looks borne' });
	});

	it('fails at one bad look more', async () => {
		const machine = new Machine();
		machine.signals.set('errors', 9);
		const handle = await machine.start(playbook('p', [{ ...watch, onFailure: { do: 'abort' } }]));
		await machine.clock.advance(2000);
		expect(handle.state).toMatchObject({ outcome: 'failed', words: expect.stringContaining('not so: few errors') as string });
	});

	it('without data is inconclusive: it asks, whatever the playbook would do on failure', async () => {
		const machine = new Machine();
		const handle = await machine.start(playbook('p', [{ ...watch, onFailure: { do: 'continue' } }, step('next')]));
		await machine.clock.advance(60_000);
		expect(handle.waiting).toMatchObject({ kind: 'failed', step: 'calm', words: expect.stringContaining('inconclusive') as string });
		expect(machine.world.executions).toEqual([]);
	});
});

describe('what a person answers', () => {
	it('branch: shows each cause with its evidence, and leaves the choice to the person', async () => {
		const machine = new Machine();
		machine.world.script = () => doneEnd({ result: { exitCode: 0, json: { OOMKilled: true, code: 137 } } });
		const branch = special('branch', 'why', {
			choices: [
				{ title: 'Crashed', when: 'state.code == 1', evidence: 'state.code', nextStep: 'a' },
				{ title: 'Memory', when: 'state.OOMKilled == true', evidence: 'state.OOMKilled', nextStep: 'b' },
				{ title: 'Other', when: 'nothing.known', nextStep: 'end' },
			],
		});
		const handle = await machine.start(playbook('p', [step('state', { register: 'state' }), branch, step('a'), step('b', { isEnd: true })]));
		await settle();
		expect(handle.waiting).toMatchObject({ kind: 'choose', suggested: 1, choices: [{ holds: false, evidence: '137' }, { holds: true, evidence: 'true' }, { holds: undefined }] });
		await handle.command({ kind: 'choose', step: 'why', choice: 1 });
		await settle();
		expect(handle.state.path).toEqual(['state', 'why', 'b']);
		expect(machine.file.events.find((entry) => entry.event.kind === 'branch_chosen')?.event).toMatchObject({ title: 'Memory', suggested: true, evidence: ['Crashed: no, 137', 'Memory: yes, true', 'Other: ?'] });
	});

	it('manual: is done once all is ticked', async () => {
		const machine = new Machine();
		const handle = await machine.start(playbook('p', [special('manual', 'call', { instructions: 'Call ${{params.who}}', checklist: ['a', 'b'] })], { params: { who: param('text') } }), { params: { who: 'ops' } });
		expect(handle.waiting).toMatchObject({ kind: 'manual', instructions: 'Call ops' });
		await handle.command({ kind: 'tick', step: 'call', item: 1, ticked: true });
		expect(await handle.command({ kind: 'manual', step: 'call', as: 'done' })).toMatchObject({ refused: 'not ticked yet: a' });
		await handle.command({ kind: 'tick', step: 'call', item: 0, ticked: true });
		expect(handle.state.steps[0]?.ticked).toEqual([0, 1]);
		await handle.command({ kind: 'manual', step: 'call', as: 'done', note: 'reached' });
		expect(handle.state.outcome).toBe('succeeded');
		expect(handle.state.steps[0]).toMatchObject({ words: 'reached', by: ada });
	});

	it('input: its values reach later steps, its secrets no record', async () => {
		const machine = new Machine();
		const input = special('input', 'login', { fields: { name: param('text', { pattern: '[a-z]+' }), password: param('secret') } });
		const use = change('use', { action: { kind: 'command', run: ['use', '${{login.name}}'], env: { PW: '${{login.password}}' } } });
		const handle = await machine.start(playbook('p', [input, use]));
		expect(await handle.command({ kind: 'input', step: 'login', values: { name: 'A', password: 'hunter22' } })).toMatchObject({ refused: expect.stringContaining('name') as string });
		await handle.command({ kind: 'input', step: 'login', values: { name: 'a', password: 'hunter22' } });
		// What was given stands in its row, secrets apart.
		expect(handle.state.steps.find((each) => each.id === 'login')?.words).toBe('name a');
		expect(handle.waiting).toMatchObject({ kind: 'confirm', command: 'PW=(secret) use a' });
		await confirm(handle);
		await settle();
		expect(machine.world.executions[0]?.resolved.action).toMatchObject({ env: { PW: 'hunter22' } });
		expect(JSON.stringify(machine.file.events)).not.toContain('hunter22');
	});

	it('notify without an action is a text to copy', async () => {
		const machine = new Machine();
		const handle = await machine.start(playbook('p', [special('notify', 'tell', { message: 'it is down' })]));
		expect(handle.waiting).toMatchObject({ kind: 'manual', step: 'tell', instructions: 'it is down' });
		await handle.command({ kind: 'manual', step: 'tell', as: 'done' });
		expect(handle.state.outcome).toBe('succeeded');
	});

	it('notify with an action hands the message over', async () => {
		const machine = new Machine();
		await machine.start(playbook('p', [special('notify', 'tell', { message: 'down', action: { kind: 'command', run: ['say', '${{message}}'], env: {} } })]));
		await settle();
		expect(machine.world.shown).toEqual(['say down']);
	});
});

describe('approval', () => {
	const loaded = playbook('p', [special('approval', 'ok', { of: 'the deletion', by: 'lead' }), change('fix')]);

	it('takes another person at another console', async () => {
		const machine = new Machine();
		const handle = await machine.start(loaded);
		expect(handle.waiting).toMatchObject({ kind: 'approval', of: 'the deletion', by: 'lead', askedBy: ada });
		expect(await handle.command({ kind: 'approve', step: 'ok', granted: true, person: 'Grace' })).toMatchObject({ refused: expect.any(String) as string });
		expect(await handle.command({ kind: 'skip', step: 'ok' })).toMatchObject({ refused: 'an approval cannot be skipped' });
		expect(await handle.command({ kind: 'jump', to: 'fix' })).toMatchObject({ refused: 'ok has not been approved' });
		const second = await machine.console(grace).open(handle.id, { act: false });
		expect(second.role).toBe('watching');
		expect(second.waiting).toMatchObject({ kind: 'approval', step: 'ok' });
		expect(await second.command({ kind: 'approve', step: 'ok', granted: true, note: 'go' })).toBeUndefined();
		await settle();
		expect(handle.waiting).toMatchObject({ kind: 'confirm', step: 'fix' });
		expect(handle.state.steps[0]).toMatchObject({ status: 'done', words: 'approved by grace: go' });
	});

	it('where they share an account takes a second session and a second name', async () => {
		const machine = new Machine();
		const root = person('root', { person: 'Ada' });
		const handle = await machine.start(loaded, {}, root);
		const second = await machine.console(person('root', { session: 'boot:root:2' })).open(handle.id, { act: false });
		expect(await second.command({ kind: 'approve', step: 'ok', granted: true })).toMatchObject({ refused: expect.stringContaining('not known') as string });
		expect(await second.command({ kind: 'approve', step: 'ok', granted: true, person: ' ada ' })).toMatchObject({ refused: expect.stringContaining('asked for this') as string });
		expect(await second.command({ kind: 'approve', step: 'ok', granted: true, person: 'Grace' })).toBeUndefined();
		await settle();
		expect(handle.state.steps[0]?.by).toMatchObject({ user: 'root', person: 'Grace' });
	});

	it('a refusal is a failure that cannot be passed over', async () => {
		const machine = new Machine();
		const handle = await machine.start(loaded);
		const second = await machine.console(grace).open(handle.id, { act: false });
		await second.command({ kind: 'approve', step: 'ok', granted: false, note: 'not now' });
		await settle();
		expect(handle.waiting).toMatchObject({ kind: 'failed', words: 'refused by grace: not now' });
		expect(await handle.command({ kind: 'go-on', step: 'ok' })).toMatchObject({ refused: expect.any(String) as string });
		expect(await handle.command({ kind: 'skip', step: 'ok' })).toMatchObject({ refused: expect.any(String) as string });
		await handle.command({ kind: 'retry', step: 'ok' });
		expect(handle.waiting).toMatchObject({ kind: 'approval' });
	});

	it('is asked anew by whoever takes the run over', async () => {
		const machine = new Machine();
		const handle = await machine.start(loaded);
		const second = await machine.console(grace).open(handle.id, { act: false });
		expect(await second.takeOver(true)).toBeUndefined();
		expect(second.waiting).toMatchObject({ kind: 'approval', askedBy: grace });
		await settle();
		expect(handle.role).toBe('watching');
		expect(await handle.command({ kind: 'approve', step: 'ok', granted: true })).toBeUndefined();
		await settle();
		expect(second.waiting).toMatchObject({ kind: 'confirm', step: 'fix' });
	});
});

describe('parallel', () => {
	const loaded = playbook('p', [special('parallel', 'both', { steps: [step('a'), change('b')] }), step('next')]);

	it('is confirmed as one, starts all, and has failed where one has', async () => {
		const machine = new Machine();
		machine.world.script = ({ shown }) => (shown === 'run next' ? doneEnd() : undefined);
		const handle = await machine.start(loaded);
		expect(handle.waiting).toMatchObject({ kind: 'confirm', step: 'both', risk: 'change', command: 'run a  &  run b' });
		await confirm(handle);
		await settle();
		expect(machine.world.shown).toEqual(['run a', 'run b']);
		machine.world.end('run b', failedEnd(4));
		await settle();
		expect(statuses(handle)).toMatchObject({ both: 'running', a: 'running', b: 'failed' });
		machine.world.end('run a');
		await settle();
		expect(handle.waiting).toMatchObject({ kind: 'failed', step: 'both', words: '1 of 2 done; b: exit 4' });
		const ids = machine.file.events.flatMap(({ event }) => (event.kind === 'step_started' ? [event.execution] : []));
		expect(ids).toEqual(['both.1', 'both.1/a', 'both.1/b']);
	});
});

describe('playbook', () => {
	const machineWith = (steps: Parameters<typeof playbook>[1]): Machine => {
		const machine = new Machine();
		machine.library.set('inner', playbook('inner', steps, { params: { name: param('text') } }));
		return machine;
	};
	const outer = playbook('outer', [special('playbook', 'sub', { playbook: 'inner', params: { name: '${{params.who}}' } }), step('after')], { params: { who: param('text') } });
	const request: Partial<StartRequest> = { params: { who: 'x' } };

	it('gives it what the service gives, where the step says nothing, rather than a default', async () => {
		const machine = new Machine();
		const params = { name: param('text'), url: param('url', { default: 'http://127.0.0.1:8000' }), container: param('container', { default: 'somewhere-else' }) };
		machine.library.set('inner', playbook('inner', [change('fix', { action: { kind: 'command', run: ['fix', '${{params.name}}', '${{params.url}}', '${{params.container}}'], env: {} } })], { params }));
		machine.prefill = (loaded, service) => (service === 'web' && loaded.playbook.id === 'inner' ? { name: 'not this', url: 'http://127.0.0.1:18000', container: 'web-1' } : {});
		const handle = await machine.start(outer, request);
		expect(handle.child?.waiting).toMatchObject({ kind: 'confirm', command: 'fix x http://127.0.0.1:18000 web-1' });
	});

	it('runs another playbook as a part of this one, under the same lease', async () => {
		const machine = machineWith([change('fix', { action: { kind: 'command', run: ['fix', '${{params.name}}'], env: {} } })]);
		const handle = await machine.start(outer, request);
		expect(handle.waiting).toBeUndefined();
		const { child } = handle;
		expect(child?.state.parent).toEqual({ runId: 'run-1', execution: 'sub.1' });
		expect(child?.waiting).toMatchObject({ kind: 'confirm', command: 'fix x' });
		expect([...machine.file.leases.keys()]).toEqual(['web']);
		if (child !== undefined) await confirm(child);
		await settle();
		expect(handle.state.outcome).toBe('succeeded');
		expect(handle.state.steps[0]?.attempts[0]?.value).toMatchObject({ runId: 'run-2', outcome: 'succeeded' });
	});

	it('is taken up again with its run', async () => {
		const machine = machineWith([step('look'), change('fix')]);
		const first = await machine.start(outer, request);
		await settle();
		machine.kill(ada);
		const second = await machine.console(grace).open(first.id, { act: true });
		await settle();
		expect(second.role).toBe('acting');
		expect(second.child?.id).toBe('run-2');
		expect(second.child?.waiting).toMatchObject({ kind: 'confirm', step: 'fix' });
		expect(machine.world.started('run look')).toBe(1);
		if (second.child !== undefined) await confirm(second.child);
		await settle();
		expect(second.state.outcome).toBe('succeeded');
		expect(machine.file.events.filter((entry) => entry.event.kind === 'run_started')).toHaveLength(2);
	});

	it('opened by itself leads to the run it is a part of', async () => {
		const machine = machineWith([change('fix')]);
		await machine.start(outer, request);
		machine.kill(ada);
		const child = await machine.console(grace).open('run-2', { act: true });
		expect(child.id).toBe('run-2');
		expect(child.role).toBe('acting');
		expect(machine.file.leases.get('web')).toMatchObject({ runId: 'run-1', holder: grace });
	});

	it('is seen by those who watch', async () => {
		const machine = machineWith([change('fix')]);
		const handle = await machine.start(outer, request);
		const second = await machine.console(grace).open(handle.id, { act: false });
		await handle.command({ kind: 'note', text: 'hello' });
		await settle();
		expect(second.child?.id).toBe('run-2');
		expect(second.child?.role).toBe('watching');
	});

	it('does not run itself, nor without end', async () => {
		const machine = new Machine();
		machine.library.set('outer', playbook('outer', [special('playbook', 'again', { playbook: 'outer', params: {} })]));
		const handle = await machine.start(playbook('outer', [special('playbook', 'again', { playbook: 'outer', params: {} })]));
		await settle();
		expect(handle.waiting).toMatchObject({ kind: 'failed', words: expect.stringContaining('running already') as string });
		for (let depth = 1; depth < 9; depth++) machine.library.set(`p${depth}`, playbook(`p${depth}`, [special('playbook', 'sub', { playbook: `p${depth + 1}`, params: {}, onFailure: { do: 'abort' } })]));
		const deep = await machine.start(playbook('p0', [special('playbook', 'sub', { playbook: 'p1', params: {}, onFailure: { do: 'abort' } })]), { service: 'deep' });
		for (let turn = 0; turn < 20; turn++) await settle();
		expect(deep.state.outcome).toBe('failed');
		expect(deep.state.words).toContain('more than 5 playbooks');
	});

	it('is cancelled with its run', async () => {
		const machine = machineWith([step('slow')]);
		machine.world.script = () => undefined;
		const handle = await machine.start(outer, request);
		await settle();
		await handle.command({ kind: 'cancel' });
		await settle();
		expect(machine.world.executions[0]?.cancelled).toBe(true);
		expect(handle.state.outcome).toBe('cancelled');
		expect(machine.file.events.filter((entry) => entry.event.kind === 'run_ended')).toHaveLength(2);
	});

	it('proposed by onFailure runs once it is accepted, and ends the run', async () => {
		const machine = new Machine();
		machine.world.script = ({ shown }) => (shown === 'run verify' ? failedEnd() : doneEnd());
		machine.library.set('back', playbook('back', [change('revert')], { kind: 'rollback' }));
		const loaded = playbook('p', [step('verify', { onFailure: { do: 'playbook', playbook: 'back' } }), step('after')]);
		const handle = await machine.start(loaded);
		await settle();
		expect(handle.waiting).toMatchObject({ kind: 'playbook', playbook: 'back' });
		await handle.command({ kind: 'open-playbook', step: 'verify', accept: true });
		if (handle.child !== undefined) await confirm(handle.child);
		await settle();
		expect(handle.state).toMatchObject({ outcome: 'rolled-back' });
		expect(statuses(handle)).toEqual({ verify: 'failed', after: 'pending' });
	});

	it('declined leaves the failed step to the person', async () => {
		const machine = new Machine();
		machine.world.script = () => failedEnd();
		const handle = await machine.start(playbook('p', [step('verify', { onFailure: { do: 'playbook', playbook: 'back' } })]));
		await settle();
		await handle.command({ kind: 'open-playbook', step: 'verify', accept: false });
		expect(handle.waiting).toMatchObject({ kind: 'failed', step: 'verify' });
	});
});
