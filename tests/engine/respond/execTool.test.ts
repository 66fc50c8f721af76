import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../../src/domain/engine.ts';
import type { CommandSpec } from '../../../src/domain/run/execution.ts';
import { toolVariables, type ToolSpec } from '../../../src/domain/run/tool.ts';
import { createCommandSupervisor } from '../../../src/respond/process/commandSupervisor.ts';
import { readOutput } from '../../../src/respond/process/readOutput.ts';
import { Containers, eventually, openEngine, testEngineAddress } from '../../support/engine.ts';

const address = testEngineAddress();
const containers = new Containers(address);
const tool = fileURLToPath(new URL('../../../src/main/stepTool.ts', import.meta.url));
const supervisor = createCommandSupervisor();
const root = mkdtempSync(join(tmpdir(), 'sitrep-exec-tool-'));
let engine: Engine;
let id: string;
let count = 0;

beforeAll(async () => {
	engine = await openEngine(address);
	id = await containers.run('while :; do sleep 1; done');
});

afterAll(async () => {
	supervisor.close();
	await containers.removeAll();
	await engine.close();
	rmSync(root, { recursive: true, force: true });
});

const execSpec = (script: string, more: Partial<Extract<ToolSpec, { tool: 'exec' }>> = {}, redact: readonly string[] = []): CommandSpec => {
	const spec: ToolSpec = { tool: 'exec', engineAddress: address, container: id, argv: ['sh', '-c', script], env: {}, timeoutMs: 30_000, ...more };
	const folder = join(root, String(count++));
	return {
		folder,
		argv: [process.execPath, tool],
		env: { PATH: process.env['PATH'] ?? '', HOME: root, [toolVariables.spec]: JSON.stringify(spec), [toolVariables.folder]: folder },
		workingDir: root,
		timeoutMs: 60_000,
		graceMs: 15_000,
		redact,
		hideOutput: false,
		maxOutputBytes: 1024 * 1024,
	};
};

const inside = async (): Promise<string> => Buffer.from((await engine.exec(id, { argv: ['ps', '-o', 'pid,args'], timeoutMs: 5000 })).stdout).toString('utf8');

describe('a command inside a container, under a supervisor', { timeout: 60_000 }, () => {
	it('has its output, exit code, environment and folder', async () => {
		const spec = execSpec('echo out; echo err >&2; echo "$A"; pwd; exit 7', { env: { A: 'b "c" $(d)' }, workingDir: '/tmp' });
		expect(await (await supervisor.start(spec)).ended).toMatchObject({ exitCode: 7 });
		expect(await readOutput(spec.folder)).toMatchObject({ stdout: 'out\nb "c" $(d)\n/tmp\n', stderr: 'err\n' });
	});

	it('is gone inside the container when it is cancelled from outside', async () => {
		const spec = execSpec('(sleep 8101 &); setsid sleep 8102 & trap "" TERM; sleep 8103; sleep 8104');
		const command = await supervisor.start(spec);
		await eventually('it runs inside', async () => (await inside()).includes('sleep 8103'));
		const end = await command.cancel();
		expect(end).toMatchObject({ cancelled: true, exitCode: 143, survivors: [] });
		expect(await inside()).not.toMatch(/sleep 810\d/);
	});

	it('is gone inside the container where the signal reaches the tool alone', async () => {
		const spec = execSpec('sleep 8111 & sleep 8112');
		const command = await supervisor.start(spec);
		await eventually('it runs inside', async () => (await inside()).includes('sleep 8112'));
		process.kill(JSON.parse(readFileSync(join(spec.folder, 'identity.json'), 'utf8')).child.pid, 'SIGTERM');
		expect(await command.ended).toMatchObject({ cancelled: false, exitCode: 143 });
		expect(await inside()).not.toMatch(/sleep 811\d/);
	});

	it('ends with 124 when its time is up, and leaves nothing', async () => {
		const spec = execSpec('echo begun; sleep 8121', { timeoutMs: 700 });
		expect(await (await supervisor.start(spec)).ended).toMatchObject({ exitCode: 124 });
		expect(await inside()).not.toMatch(/sleep 8121/);
		expect((await readOutput(spec.folder)).stderr).toContain('timed out after 0.7 s');
	});

	it('ends with 125 and says why where it cannot be run', async () => {
		const spec = execSpec('true', { container: 'no-such-container' });
		expect(await (await supervisor.start(spec)).ended).toMatchObject({ exitCode: 125 });
		expect((await readOutput(spec.folder)).stderr).toMatch(/^sitrep: .*no-such-container/);
	});

	it('says so where there is no engine', async () => {
		const spec = execSpec('true', { engineAddress: 'unix:///nonexistent/docker.sock' });
		expect(await (await supervisor.start(spec)).ended).toMatchObject({ exitCode: 125 });
		expect((await readOutput(spec.folder)).stderr).toContain('/nonexistent/docker.sock');
	});

	it('hands no secret to what runs beside it', async () => {
		const spec = execSpec('env; sleep 8131', { env: { SECRET: 'seeded-91-value' } }, ['seeded-91-value']);
		const command = await supervisor.start(spec);
		await eventually('it runs inside', async () => (await inside()).includes('sleep 8131'));
		expect((await readOutput(spec.folder)).stdout).toContain('SECRET=(secret)');
		const { child } = JSON.parse(readFileSync(join(spec.folder, 'identity.json'), 'utf8'));
		expect(readFileSync(`/proc/${child.pid}/cmdline`, 'utf8')).not.toContain('seeded-91');
		await command.cancel();
	});
});
