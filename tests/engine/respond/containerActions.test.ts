import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../../src/domain/engine.ts';
import type { ContainerAction } from '../../../src/domain/playbook/step.ts';
import type { ActionEnd, ActionRunner } from '../../../src/domain/run/action.ts';
import { systemClock } from '../../../src/domain/systemClock.ts';
import { executionFiles } from '../../../src/respond/action/executionFiles.ts';
import { resolveAction } from '../../../src/respond/action/resolve.ts';
import { makeActionRunner } from '../../../src/respond/action/runner.ts';
import { findShell } from '../../../src/respond/action/shell.ts';
import { createCommandSupervisor } from '../../../src/respond/process/commandSupervisor.ts';
import { Containers, openEngine, testEngineAddress } from '../../support/engine.ts';

const address = testEngineAddress();
const containers = new Containers(address);
const name = `sitrep-test-actions-${process.pid}`;
const root = mkdtempSync(join(tmpdir(), 'sitrep-container-actions-'));
let engine: Engine;
let runner: ActionRunner;
let count = 0;

beforeAll(async () => {
	engine = await openEngine(address);
	await containers.run("trap 'exit 0' TERM; echo hello; echo token=hunter22 >&2; while :; do sleep 0.1; done", { name });
	runner = makeActionRunner({
		supervisor: createCommandSupervisor(),
		engine,
		tool: [process.execPath],
		environment: {},
		workingDir: root,
		shell: findShell(process.env['PATH']),
		files: executionFiles(() => systemClock.now()),
		clock: systemClock,
		fetch,
	});
});

afterAll(async () => {
	runner.close();
	await containers.removeAll();
	await engine.close();
	rmSync(root, { recursive: true, force: true });
});

const act = async (over: Partial<ContainerAction>): Promise<ActionEnd> => {
	const resolved = resolveAction({ kind: 'container', action: 'inspect', name: '${{params.container}}', ...over }, { params: { container: name }, values: {} });
	const running = await runner.start(resolved, { folder: join(root, `step.${++count}`), timeoutMs: 30_000, secrets: ['hunter22'], hideOutput: false });
	return running.ended;
};

describe('acts on a real container', () => {
	it('judge what they did by its state, and give its detail', async () => {
		expect(await act({})).toMatchObject({ outcome: 'done', words: 'running', result: { name, state: 'running', running: true, oomKilled: false } });
		expect(await act({ action: 'pause' })).toMatchObject({ outcome: 'done', words: 'paused', result: { state: 'paused' } });
		expect(await act({ action: 'unpause' })).toMatchObject({ outcome: 'done', words: 'unpaused' });
		expect(await act({ action: 'stop', graceSeconds: 5 })).toMatchObject({ outcome: 'done', words: 'stopped', result: { state: 'exited', exitCode: 0 } });
		expect(await act({ action: 'pause' })).toMatchObject({ outcome: 'failed', words: expect.stringMatching(/not running/) as string });
		expect(await act({ action: 'start' })).toMatchObject({ outcome: 'done', words: 'started' });
		expect(await act({ action: 'restart', graceSeconds: 5 })).toMatchObject({ outcome: 'done', words: 'restarted', result: { running: true } });
	});

	it('read its log, both streams, without secrets', async () => {
		const end = await act({ action: 'logs', tail: 2 });
		expect(end).toMatchObject({ outcome: 'done', words: '2 lines', result: { lines: 2, stdout: 'hello\n', stderr: 'token=(secret)\n' } });
	});

	it('tell what they find of an act that nobody saw end', async () => {
		const resolved = resolveAction({ kind: 'container', action: 'start', name }, { params: {}, values: {} });
		const found = await runner.trace(resolved, { folder: join(root, 'none'), timeoutMs: 1000, startedAt: systemClock.now() - 3_600_000 });
		expect(found).toMatchObject({ kind: 'unknown', evidence: [`${name} is running`, expect.stringMatching(/^started .* ago: .* after the step began$/) as string] });
	});
});
