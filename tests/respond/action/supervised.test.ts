import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/domain/systemClock.ts';
import type { CommandAction } from '../../../src/domain/playbook/step.ts';
import type { ActionRunner, ResolvedAction, RunningAction } from '../../../src/domain/run/action.ts';
import { executionFiles } from '../../../src/respond/action/executionFiles.ts';
import { resolveAction } from '../../../src/respond/action/resolve.ts';
import { makeActionRunner } from '../../../src/respond/action/runner.ts';
import { findShell } from '../../../src/respond/action/shell.ts';
import { createCommandSupervisor } from '../../../src/respond/process/commandSupervisor.ts';
import { FakeEngine } from '../../support/fakeEngine.ts';

let root: string;
let runner: ActionRunner;

const makeRunner = (): ActionRunner =>
	makeActionRunner({
		supervisor: createCommandSupervisor(),
		engine: new FakeEngine(),
		tool: [process.execPath, '-e', ''],
		environment: { PATH: process.env['PATH'] ?? '' },
		workingDir: root,
		shell: findShell(process.env['PATH']),
		files: executionFiles(() => Date.now()),
		clock: systemClock,
		fetch,
	});

beforeAll(() => {
	root = mkdtempSync(join(tmpdir(), 'sitrep-actions-'));
	runner = makeRunner();
});

afterAll(() => {
	runner.close();
	rmSync(root, { recursive: true, force: true });
});

const resolve = (over: Partial<CommandAction>): ResolvedAction =>
	resolveAction({ kind: 'command', env: {}, ...over }, { params: { value: "it's $(id)\n-x" }, values: {}, secrets: { 'params.token': 'hunter22secret' } });

const start = (over: Partial<CommandAction>, name: string): Promise<RunningAction> =>
	runner.start(resolve(over), { folder: join(root, name), timeoutMs: 20_000, secrets: ['hunter22secret'], hideOutput: false });

describe('commands under the real supervisor', () => {
	it('hand a value over as one, and leave no secret in any file', async () => {
		const script = 'printf \'{"value": "%s"}\' "$#" ; printf "%s" "$P_value" >&2; echo "$P_token" >&2; echo -n "$P_token" | base64 >&2';
		const end = await (await start({ sh: script }, 'script.1')).ended;
		expect(end).toMatchObject({ outcome: 'done', words: 'exit 0', exitCode: 0, result: { json: { value: '0' }, stderr: expect.stringMatching(/^it's \$\(id\)\n-x\(secret\)\n\(secret\)\n$/) as string } });
		const bytes = readdirSync(join(root, 'script.1'), { withFileTypes: true }).map((file) => readFileSync(join(file.parentPath, file.name), 'latin1'));
		for (const form of ['hunter22secret', Buffer.from('hunter22secret').toString('base64')]) expect(bytes.join('\n')).not.toContain(form);
	});

	it('end in words where they fail or are not there', async () => {
		expect(await (await start({ sh: 'echo no space >&2; exit 3' }, 'fails.1')).ended).toMatchObject({ outcome: 'failed', words: 'exit 3: no space' });
		const missing = await (await start({ run: ['no-such-program-here'] }, 'missing.1')).ended;
		expect(missing.outcome).toBe('failed');
		expect(missing.words).toContain('no-such-program-here');
	});

	it('are not carried out twice in one folder', async () => {
		const again = await (await start({ sh: 'true' }, 'script.1')).ended;
		expect(again.outcome).toBe('failed');
	});

	it('can be traced by another console, with their end and their output', async () => {
		const folder = join(root, 'traced.1');
		const fifo = join(root, 'fifo');
		const command = { sh: 'mkfifo "$FIFO"; echo begun; read -r line < "$FIFO"; echo "$line"', env: { FIFO: fifo } };
		const script = resolve(command);
		const action = await start(command, 'traced.1');
		action.detach();
		await expect.poll(() => existsSync(fifo), { timeout: 10_000 }).toBe(true);
		const other = makeRunner();
		const found = await other.trace(script, { folder, timeoutMs: 20_000 });
		expect(found.kind).toBe('running');
		await writeFile(fifo, 'woken\n');
		expect(found.kind === 'running' && (await found.action.ended)).toMatchObject({ outcome: 'done', result: { stdout: 'begun\nwoken\n' } });
		expect(await other.trace(script, { folder, timeoutMs: 20_000 })).toMatchObject({ kind: 'ended', end: { outcome: 'done', result: { stdout: 'begun\nwoken\n' } } });
		other.close();
	});

	it('end with all they started when they are cancelled', async () => {
		const action = await start({ sh: 'sleep 60 & wait' }, 'cancelled.1');
		expect(await action.cancel()).toMatchObject({ outcome: 'cancelled', survivors: [] });
	});
});
