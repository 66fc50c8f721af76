import { describe, expect, it } from 'vitest';
import type { ContainerAction } from '../../../src/domain/playbook/step.ts';
import { type CallOptions, EngineError } from '../../../src/domain/engine.ts';
import type { ActionEnd, RunningAction } from '../../../src/domain/run/action.ts';
import { resolveAction } from '../../../src/respond/action/resolve.ts';
import { makeActionRunner } from '../../../src/respond/action/runner.ts';
import { container, detail } from '../../support/fakeEngine.ts';
import { settle } from '../../support/manualClock.ts';
import { type FakePorts, fakePorts } from './fakes.ts';

const action = (over: Partial<ContainerAction>): ContainerAction => ({ kind: 'container', action: 'start', name: 'web', ...over });
const scope = { params: {}, values: {} };
const begin = (ports: FakePorts, over: Partial<ContainerAction>, secrets: readonly string[] = []): Promise<RunningAction> =>
	makeActionRunner(ports).start(resolveAction(action(over), scope), { folder: '/f', timeoutMs: 30_000, secrets, hideOutput: false });
const done = async (ports: FakePorts, over: Partial<ContainerAction>, secrets: readonly string[] = []): Promise<ActionEnd> => (await begin(ports, over, secrets)).ended;

const withWeb = (...[over = {}]: Partial<Parameters<typeof container>>[1][]): FakePorts => {
	const ports = fakePorts();
	ports.engine.add(container('web', over), container('worker', { state: 'exited', exitCode: 1 }));
	return ports;
};

describe('acts on containers', () => {
	it.each<[Partial<ContainerAction>, object, string, string]>([
		[{ action: 'start' }, { state: 'running' }, 'start id-web', 'started'],
		[{ action: 'restart', graceSeconds: 3 }, { state: 'running' }, 'restart id-web 3', 'restarted'],
		[{ action: 'stop' }, { state: 'exited', exitCode: 0 }, 'stop id-web 10', 'stopped'],
		[{ action: 'pause' }, { state: 'paused' }, 'pause id-web', 'paused'],
		[{ action: 'unpause' }, { state: 'running' }, 'unpause id-web', 'unpaused'],
		[{ action: 'kill', signal: 'SIGHUP' }, { state: 'running' }, 'kill id-web SIGHUP', 'SIGHUP sent'],
		[{ action: 'inspect' }, { state: 'running', health: 'healthy' }, 'inspect id-web', 'running, healthy'],
	])('%j', async (over, state, call, words) => {
		const ports = withWeb(state);
		expect(await done(ports, over)).toMatchObject({ outcome: 'done', words, survivors: [] });
		expect(ports.engine.calls).toContain(call);
	});

	it('give the detail side by side', async () => {
		const ports = withWeb({ state: 'exited', exitCode: 137, detail: detail({ oomKilled: true, memoryLimit: 64 }) });
		const end = await done(ports, { action: 'inspect' });
		expect(end.words).toBe('exited 137, killed for memory');
		expect(end.result).toMatchObject({ name: 'web', state: 'exited', running: false, exitCode: 137, oomKilled: true, memoryLimit: 64 });
		expect(JSON.parse(JSON.stringify(end.result))).toEqual(end.result);
	});

	it.each<[Partial<ContainerAction>, object, string]>([
		[{ action: 'start' }, { state: 'exited', exitCode: 1, detail: detail({ error: 'port is taken' }) }, 'started, but it is exited 1: port is taken'],
		[{ action: 'stop' }, { state: 'running' }, 'stopped, but it is running'],
		[{ action: 'pause' }, { state: 'running' }, 'paused, but it is running'],
	])('%j that changed nothing is a failure', async (over, state, words) => {
		expect(await done(withWeb(state), over)).toMatchObject({ outcome: 'failed', words });
	});

	it('a container that does its work and ends is started', async () => {
		expect(await done(withWeb({ state: 'exited', exitCode: 0 }), { action: 'start' })).toMatchObject({ outcome: 'done', words: 'started, and ended with 0' });
	});

	it('a name that is not there is a failure in words', async () => {
		expect(await done(withWeb(), { name: 'wroker' })).toMatchObject({ outcome: 'failed', words: 'there is no container wroker. Did you mean worker?', result: {} });
	});

	it('a part of a name or an id is no name', async () => {
		expect(await done(withWeb(), { name: 'we' })).toMatchObject({ outcome: 'failed' });
		expect(await done(withWeb(), { name: 'id-we' })).toMatchObject({ outcome: 'failed' });
		expect(await done(withWeb(), { name: 'id-web', action: 'inspect' })).toMatchObject({ outcome: 'done' });
	});

	it('an engine that refuses tells why, and what to do', async () => {
		const ports = withWeb();
		ports.engine.down = new EngineError('permission', 'permission denied', { advice: 'Join the docker group.' });
		expect(await done(ports, {})).toMatchObject({ outcome: 'failed', words: 'permission denied. Join the docker group.' });
	});

	it('ends by itself after its time, and when it is cancelled', async () => {
		const ports = withWeb();
		ports.engine.stop = (_id: string, _grace: number, options?: CallOptions) => new Promise<void>((_resolve, reject) => options?.signal?.addEventListener('abort', () => reject(new Error('aborted'))));
		const timed = await begin(ports, { action: 'stop' });
		await settle();
		await ports.clock.advance(30_000);
		expect(await timed.ended).toMatchObject({ outcome: 'timed-out', words: 'timed out after 30 s; the engine may still carry it out', durationMs: 30_000 });
		const cancelled = await begin(ports, { action: 'stop' });
		await settle();
		expect(await cancelled.cancel()).toMatchObject({ outcome: 'cancelled', words: 'cancelled; the engine may still carry it out' });
	});
});

describe('logs', () => {
	it('are kept as output and given as a result, secrets redacted', async () => {
		const ports = withWeb();
		const asked: unknown[] = [];
		ports.engine.logs = (id, { tail, since, follow }, sink) => {
			asked.push({ id, tail, since, follow });
			for (const [text, stream] of [['one hunter22', 'stdout'], ['two', 'stderr'], ['three', 'tty']] as const) sink.line(Buffer.from(`xx${text}\n`), 2, 2 + text.length, 0, 0, stream);
			return Promise.resolve({ kind: 'ended' });
		};
		const end = await done(ports, { action: 'logs', tail: 50, sinceSeconds: 60 }, ['hunter22']);
		expect(end).toMatchObject({ outcome: 'done', words: '3 lines', result: { name: 'web', lines: 3, stdout: 'one (secret)\nthree\n', stderr: 'two\n' } });
		expect(asked).toEqual([{ id: 'id-web', tail: 50, follow: false, since: ((ports.clock.now() - 60_000) / 1000).toFixed(3) }]);
		expect(ports.files.kept).toMatchObject({ text: 'one hunter22\nE:two\nthree\n', secrets: ['hunter22'] });
	});

	it('that cannot be read are a failure', async () => {
		const ports = withWeb();
		ports.engine.logs = () => Promise.resolve({ kind: 'unsupported', driver: 'none', words: 'the log driver keeps nothing' });
		expect(await done(ports, { action: 'logs' })).toMatchObject({ outcome: 'failed', words: 'its log cannot be read: the log driver keeps nothing' });
	});
});

describe('on resume', () => {
	it('tells how the container stands now, and whether that came after the step began', async () => {
		const ports = withWeb();
		const now = ports.clock.now();
		ports.engine.add(container('web', { state: 'running', startedAt: now - 42_000 }));
		const found = (startedAt: number) => makeActionRunner(ports).trace(resolveAction(action({}), scope), { folder: '/f', timeoutMs: 1000, startedAt });
		expect(await found(now - 45_000)).toEqual({ kind: 'unknown', evidence: ['web is running', 'started 42 s ago: 3 s after the step began'] });
		expect(await found(now - 40_000)).toEqual({ kind: 'unknown', evidence: ['web is running', 'started 42 s ago: before the step began'] });
	});

	it('tells of what cannot be looked at', async () => {
		const ports = withWeb();
		ports.engine.goAway();
		const found = await makeActionRunner(ports).trace(resolveAction(action({ action: 'inspect' }), scope), { folder: '/f', timeoutMs: 1000 });
		expect(found).toEqual({ kind: 'unknown', evidence: ['the engine says nothing of web: connection refused. is it running?'], repeatable: true });
	});
});
