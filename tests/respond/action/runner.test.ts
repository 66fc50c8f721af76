import { describe, expect, it } from 'vitest';
import type { Action, CommandAction } from '../../../src/domain/playbook/step.ts';
import type { ActionEnd, ActionRunner } from '../../../src/domain/run/action.ts';
import { resolveAction } from '../../../src/respond/action/resolve.ts';
import { makeActionRunner } from '../../../src/respond/action/runner.ts';
import type { Scope } from '../../../src/respond/action/scope.ts';
import { type FakePorts, fakePorts } from './fakes.ts';

const scope: Scope = { params: { container: 'web' }, values: {}, secrets: { 'params.token': 'hunter22' } };
const whole = { stdout: false, stderr: false };
const options = { folder: '/state/runs/r/step.1', timeoutMs: 30_000, secrets: ['hunter22'], hideOutput: false };
const command = (over: Partial<CommandAction> = {}): CommandAction => ({ kind: 'command', run: ['true'], env: {}, ...over });

const started = async (ports: FakePorts, action: Action, over: Partial<typeof options> = {}): Promise<{ readonly runner: ActionRunner; readonly ended: Promise<ActionEnd>; cancel(): Promise<ActionEnd>; detach(): void }> => {
	const runner = makeActionRunner(ports);
	return { runner, ...(await runner.start(resolveAction(action, scope), { ...options, ...over })) };
};

describe('commands', () => {
	it('go to the supervisor with their environment, time and secrets', async () => {
		const ports = fakePorts();
		ports.files.written = { stdout: '{"a": 1}\n', stderr: '', cut: whole };
		const action = await started(ports, command({ run: ['docker', 'inspect', '${{params.container}}'], env: { T: '${{params.token}}' }, workingDir: 'sub' }));
		ports.supervisor.end();
		expect(await action.ended).toEqual({
			outcome: 'done',
			words: 'exit 0',
			exitCode: 0,
			durationMs: 100,
			output: { bytes: 3, lines: 1, droppedBytes: 0, folder: options.folder },
			result: { exitCode: 0, stdout: '{"a": 1}\n', stderr: '', json: { a: 1 } },
			survivors: [],
		});
		expect(ports.supervisor.specs).toEqual([
			expect.objectContaining({
				folder: options.folder,
				argv: ['docker', 'inspect', 'web'],
				env: { PATH: '/usr/bin:/bin', T: 'hunter22' },
				workingDir: '/work/sub',
				timeoutMs: 30_000,
				redact: ['hunter22'],
				hideOutput: false,
			}),
		]);
	});

	it('run scripts with their parameters in the environment', async () => {
		const ports = fakePorts();
		await started(ports, command({ run: ['x'], sh: 'echo "$P_container" "$P_token"' }));
		const [spec] = ports.supervisor.specs;
		expect(spec?.argv.slice(0, 3)).toEqual(['/bin/sh', '-eu', '-c']);
		expect(spec?.argv.join(' ')).not.toContain('hunter22');
		expect(spec?.env).toMatchObject({ P_container: 'web', P_token: 'hunter22' });
	});

	it('run inside a container through the tool, with no secret in an argument', async () => {
		const ports = fakePorts();
		const action = await started(ports, command({ run: ['ls'], inContainer: '${{params.container}}', env: { T: '${{params.token}}' } }));
		const [spec] = ports.supervisor.specs;
		expect(spec?.argv).toEqual(['/usr/bin/node', '/opt/tool.js']);
		expect(JSON.parse(spec?.env['SITREP_TOOL_SPEC'] ?? '')).toEqual({ tool: 'exec', engineAddress: 'unix:///fake', container: 'web', argv: ['ls'], env: { T: 'hunter22' }, timeoutMs: 30_000 });
		expect(spec?.env['SITREP_TOOL_FOLDER']).toBe(options.folder);
		expect(spec?.timeoutMs).toBeGreaterThan(30_000);
		ports.supervisor.end({ exitCode: 124 });
		expect(await action.ended).toMatchObject({ outcome: 'timed-out', words: 'timed out after 30 s' });
	});

	it.each([
		[{ exitCode: 3 }, { stdout: '', stderr: 'a\nno space left\n' }, 'failed', 'exit 3: no space left'],
		[{ exitCode: 1 }, { stdout: '', stderr: '' }, 'failed', 'exit 1'],
		[{ exitCode: 1 }, { stdout: '', stderr: 'bad hunter22' }, 'failed', 'exit 1: bad (secret)'],
		[{ timedOut: true, signal: 'SIGKILL' }, { stdout: '', stderr: '' }, 'timed-out', 'timed out after 30 s'],
		[{ signal: 'SIGSEGV' }, { stdout: '', stderr: '' }, 'failed', 'ended by SIGSEGV'],
		[{ failedToStart: 'nope: there is no such program' }, { stdout: '', stderr: '' }, 'failed', 'nope: there is no such program'],
	] as const)('%j ends in words', async (end, written, outcome, words) => {
		const ports = fakePorts();
		ports.files.written = { ...written, cut: whole };
		const action = await started(ports, command());
		ports.supervisor.end('exitCode' in end ? end : { exitCode: 137, ...end });
		expect(await action.ended).toMatchObject({ outcome, words });
	});

	it('name what survives a cancel', async () => {
		const action = await started(fakePorts(), command());
		expect(await action.cancel()).toMatchObject({ outcome: 'cancelled', words: 'cancelled; still running: 12 sleep', survivors: ['12 sleep'] });
	});

	it('name what was left running, and what else is to be known, without secrets', async () => {
		const ports = fakePorts();
		const action = await started(ports, command());
		ports.supervisor.end({ left: ['12 serve hunter22'], note: 'hunter22 could not be written' });
		expect(await action.ended).toMatchObject({ outcome: 'done', words: 'exit 0', left: ['12 serve (secret)'], note: '(secret) could not be written', survivors: [] });
	});

	it('that cannot be started are failures in words, without secrets', async () => {
		const ports = fakePorts();
		ports.supervisor.refuses = new Error('no room for hunter22');
		const action = await started(ports, command());
		expect(await action.ended).toMatchObject({ outcome: 'failed', words: 'no room for (secret)', result: {} });
	});

	it('take no JSON from an output that was cut', async () => {
		const ports = fakePorts();
		ports.files.written = { stdout: '1', stderr: '', cut: { stdout: true, stderr: false } };
		const action = await started(ports, command());
		ports.supervisor.end();
		expect((await action.ended).result).toEqual({ exitCode: 0, stdout: '1', stderr: '', cut: true });
	});

	it('go on when they are let go of', async () => {
		const ports = fakePorts();
		const action = await started(ports, command());
		action.detach();
		expect(ports.supervisor.calls).toEqual(['detach']);
	});
});

describe('databases', () => {
	const backup: Action = { kind: 'database', system: 'postgres', action: 'query', database: 'shop', sql: 'select 1', passwordParam: 'token' };

	it('run through the tool, and give its value', async () => {
		const ports = fakePorts();
		ports.files.toolValue = { rows: [{ token: 'hunter22' }] };
		ports.files.written = { stdout: 'dumping\n1 row\n', stderr: '', cut: whole };
		const action = await started(ports, backup);
		expect(JSON.parse(ports.supervisor.specs[0]?.env['SITREP_TOOL_SPEC'] ?? '')).toMatchObject({ tool: 'database', password: 'hunter22', action: { database: 'shop' } });
		expect(JSON.stringify(ports.supervisor.specs[0]?.argv)).not.toContain('hunter22');
		ports.supervisor.end();
		expect(await action.ended).toMatchObject({ outcome: 'done', words: '1 row', result: { rows: [{ token: '(secret)' }] } });
		expect(ports.files.forgotten).toBe(false);
	});

	it('leave no value file behind where the output is secret', async () => {
		const ports = fakePorts();
		const action = await started(ports, backup, { hideOutput: true });
		ports.supervisor.end({ exitCode: 1 });
		expect(await action.ended).toMatchObject({ outcome: 'failed', words: 'exit 1', result: {} });
		expect(ports.files.forgotten).toBe(true);
	});
});

describe('on resume', () => {
	const trace = (ports: FakePorts, action: Action) => makeActionRunner(ports).trace(resolveAction(action, scope), { folder: options.folder, timeoutMs: 1000, startedAt: ports.clock.now() - 60_000 });

	it('a command that ended meanwhile has its end and output', async () => {
		const ports = fakePorts();
		ports.supervisor.found = { kind: 'ended', end: { exitCode: 0, timedOut: false, cancelled: false, startedAt: 0, endedAt: 1, durationMs: 1, bytes: 0, lines: 0, droppedBytes: 0, survivors: [] } };
		ports.files.written = { stdout: 'hunter22', stderr: '', cut: whole };
		expect(await trace(ports, command())).toMatchObject({ kind: 'ended', end: { outcome: 'done', result: { stdout: '(secret)' } } });
	});

	it('one that still runs is taken up', async () => {
		const ports = fakePorts();
		ports.supervisor.found = { kind: 'running', startedAt: 0 };
		const found = await trace(ports, command());
		ports.supervisor.end({ exitCode: 4 });
		expect(found.kind === 'running' && (await found.action.ended)).toMatchObject({ outcome: 'failed', exitCode: 4 });
	});

	it('one whose supervisor is gone, or that never began, is unknown, with what there is to tell', async () => {
		const ports = fakePorts();
		ports.supervisor.found = { kind: 'lost', words: 'the machine was restarted', alive: ['7 sleep'] };
		expect(await trace(ports, command())).toEqual({ kind: 'unknown', evidence: ['the machine was restarted', 'still running: 7 sleep'] });
		ports.supervisor.found = { kind: 'never' };
		expect(await trace(ports, command())).toEqual({ kind: 'unknown', evidence: ['nothing of it was ever started'] });
	});

	it('a request can be repeated where it only reads', async () => {
		const http = { kind: 'http', url: 'http://h/x', headers: {}, followRedirects: false } as const;
		expect(await trace(fakePorts(), { ...http, method: 'GET' })).toMatchObject({ kind: 'unknown', repeatable: true });
		expect(await trace(fakePorts(), { ...http, method: 'POST' })).toEqual({ kind: 'unknown', evidence: ['whether h received the request and acted on it is not known here'] });
	});
});
