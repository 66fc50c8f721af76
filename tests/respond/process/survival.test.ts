import { spawn as spawnInTerminal } from '@lydell/node-pty';
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import type { CommandSpec } from '../../../src/domain/run/execution.ts';
import { createCommandSupervisor } from '../../../src/respond/process/commandSupervisor.ts';
import { procTable } from '../../../src/respond/process/procTable.ts';
import { readOutput } from '../../../src/respond/process/readOutput.ts';
import { Spare, supervisorProgram } from '../../../src/respond/process/spare.ts';
import { allBytes, eventually, lives, running, shellSpec, temporaryFolder } from './support.ts';

const starter = fileURLToPath(new URL('starter.ts', import.meta.url));
const supervisor = createCommandSupervisor();
afterAll(() => supervisor.close());

const lines = (count: number): string => Array.from({ length: count }, (_, index) => `line ${index + 1}\n`).join('');
const threeSeconds = 'i=0; while [ $i -lt 30 ]; do i=$((i+1)); echo "line $i"; sleep 0.1; done; echo err >&2; exit 5';

const startElsewhere = async (spec: CommandSpec): Promise<ChildProcess> => {
	// In a group of its own, so that the whole group can be killed.
	const console = spawn(process.execPath, [starter, JSON.stringify(spec)], { stdio: ['pipe', 'pipe', 'inherit'], detached: true });
	await eventually('it started', () => new Promise<true>((resolve) => console.stdout?.once('data', () => resolve(true))));
	return console;
};

const identity = (folder: string): { supervisor: { pid: number }; child: { pid: number } } => JSON.parse(readFileSync(join(folder, 'identity.json'), 'utf8'));

const expectWhole = async (folder: string): Promise<void> => {
	const taken = await supervisor.attach(folder);
	expect(await taken?.ended).toMatchObject({ exitCode: 5, cancelled: false, timedOut: false, lines: 31, droppedBytes: 0 });
	expect(await readOutput(folder)).toMatchObject({ stdout: lines(30), stderr: 'err\n' });
};

describe('a command whose console goes away', { timeout: 60_000 }, () => {
	it.each([
		['is killed', (console: ChildProcess) => process.kill(console.pid ?? 0, 'SIGKILL')],
		['is killed with its whole process group', (console: ChildProcess) => process.kill(-(console.pid ?? 0), 'SIGKILL')],
		['is hung up with its whole process group', (console: ChildProcess) => process.kill(-(console.pid ?? 0), 'SIGHUP')],
	])('goes on to its end where the console %s', async (_how, end) => {
		using folder = temporaryFolder();
		const at = join(folder.path, 'e');
		const console = await startElsewhere(shellSpec(at, threeSeconds));
		end(console);
		await eventually('the console is gone', () => !lives(console.pid ?? 0));
		expect(await supervisor.evidence(at)).toMatchObject({ kind: 'running' });
		await expectWhole(at);
	});

	it('goes on where its terminal closes', async () => {
		using folder = temporaryFolder();
		const at = join(folder.path, 'e');
		const terminal = spawnInTerminal(process.execPath, [starter, JSON.stringify(shellSpec(at, threeSeconds)), 'warm'], { cols: 80, rows: 24 });
		let text = '';
		terminal.onData((part) => (text += part));
		await eventually('it started', () => text.includes('started'));
		terminal.kill('SIGHUP');
		await eventually('the console is gone', () => !lives(terminal.pid));
		await expectWhole(at);
	});

	it('can be cancelled by another console', async () => {
		using folder = temporaryFolder();
		const at = join(folder.path, 'e');
		const console = await startElsewhere(shellSpec(at, 'sleep 71.1 & sleep 71.2'));
		process.kill(console.pid ?? 0, 'SIGKILL');
		const taken = await supervisor.attach(at);
		expect(await taken?.cancel()).toMatchObject({ cancelled: true, survivors: [] });
		expect(running('sleep\x0071.')).toEqual([]);
	});

	it('leaves no idle supervisor behind', async () => {
		using folder = temporaryFolder();
		const console = spawn(process.execPath, [starter, JSON.stringify(shellSpec(join(folder.path, 'e'), 'sleep 72.1')), 'warm'], { stdio: ['ignore', 'pipe', 'inherit'] });
		await eventually('it started', () => new Promise<true>((resolve) => console.stdout?.once('data', () => resolve(true))));
		const children = (): readonly number[] =>
			procTable('/proc')
				.all('', 0)
				.filter((seen) => seen.parent === console.pid && !seen.zombie)
				.map((seen) => seen.pid);
		const both = await eventually('another is kept ready', () => children().length === 2 && children());
		process.kill(console.pid ?? 0, 'SIGKILL');
		const { supervisor: busy } = identity(join(folder.path, 'e'));
		await eventually('only the busy one is left', () => both.filter(lives).length === 1);
		expect(lives(busy.pid)).toBe(true);
		await (await supervisor.attach(join(folder.path, 'e')))?.cancel();
	});
});

describe('evidence', { timeout: 60_000 }, () => {
	it('is lost where the supervisor was killed, and names what still runs', async () => {
		using folder = temporaryFolder();
		const command = await supervisor.start(shellSpec(folder.path, 'echo begun; sleep 73.1'));
		await eventually('output is there', async () => (await readOutput(folder.path)).stdout === 'begun\n');
		const { supervisor: own, child } = identity(folder.path);
		process.kill(own.pid, 'SIGKILL');
		await expect(command.ended).rejects.toMatchObject({ name: 'CommandLost', alive: expect.arrayContaining([`${child.pid} sh`]) });
		const evidence = await supervisor.evidence(folder.path);
		expect(evidence).toMatchObject({ kind: 'lost', words: expect.stringContaining(`still running: ${child.pid} sh`) });
		expect(await supervisor.attach(folder.path)).toBeUndefined();
		process.kill(-child.pid, 'SIGKILL');
		// Its own child is taken by the system a moment later.
		await eventually('all of it is gone', async () => {
			const now = await supervisor.evidence(folder.path);
			return !lives(child.pid) && now.kind === 'lost' && now.alive.length === 0;
		});
		expect(await supervisor.evidence(folder.path)).toMatchObject({ kind: 'lost', words: expect.stringContaining('nothing of it runs any more') });
	});

	it('does not take another process for the supervisor, and knows a new start of the machine', async () => {
		using folder = temporaryFolder();
		const command = await supervisor.start(shellSpec(folder.path, 'sleep 74.1'));
		const path = join(folder.path, 'identity.json');
		const whole = JSON.parse(readFileSync(path, 'utf8'));
		expect(await supervisor.evidence(folder.path)).toMatchObject({ kind: 'running', startedAt: whole.startedAt });
		// As if the number had gone to a process that started later.
		writeFileSync(path, JSON.stringify({ ...whole, supervisor: { ...whole.supervisor, start: whole.supervisor.start - 1 } }));
		expect(await supervisor.evidence(folder.path)).toMatchObject({ kind: 'lost' });
		writeFileSync(path, JSON.stringify({ ...whole, bootId: 'another' }));
		expect(await supervisor.evidence(folder.path)).toMatchObject({ kind: 'lost', alive: [], words: expect.stringContaining('machine was started anew') });
		writeFileSync(path, JSON.stringify(whole));
		await command.cancel();
	});

	it('is never where nothing was spawned, and lost where the records are damaged', async () => {
		using folder = temporaryFolder();
		expect(await supervisor.evidence(join(folder.path, 'none'))).toEqual({ kind: 'never' });
		expect(await supervisor.evidence(folder.path)).toEqual({ kind: 'never' });
		writeFileSync(join(folder.path, 'identity.json'), '{"version":1,');
		expect(await supervisor.evidence(folder.path)).toMatchObject({ kind: 'lost', words: expect.stringContaining('damaged') });
	});

	it('is the end where the folder of a lost console holds one', async () => {
		using folder = temporaryFolder();
		const end = await (await supervisor.start(shellSpec(folder.path, 'exit 4'))).ended;
		rmSync(join(folder.path, 'identity.json'));
		expect(await supervisor.evidence(folder.path)).toEqual({ kind: 'ended', end });
	});
});

describe('an idle supervisor', { timeout: 60_000 }, () => {
	it('is replaced where it was killed while it waited', async () => {
		using folder = temporaryFolder();
		const own = createCommandSupervisor();
		own.warm();
		const idle = await eventually('one waits', () => procTable('/proc').all('', 0).findLast((seen) => seen.parent === process.pid && !seen.zombie && seen.name === 'sitrep step'));
		process.kill(idle.pid, 'SIGKILL');
		expect(await (await own.start(shellSpec(join(folder.path, 'e'), 'exit 6'))).ended).toMatchObject({ exitCode: 6 });
		own.close();
	});

	it('starts nothing of a command that did not come whole', async () => {
		using folder = temporaryFolder();
		const child = spawn(process.execPath, [supervisorProgram], { stdio: ['pipe', 'ignore', 'inherit'] });
		child.stdin.end(JSON.stringify(shellSpec(join(folder.path, 'e'), 'true')).slice(0, -3));
		expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(0);
		expect(allBytes(folder.path)).toHaveLength(0);
	});

	it('ends when it is not needed', async () => {
		const spare = new Spare(supervisorProgram);
		spare.close();
		await spare.gone;
		expect(spare.alive).toBe(false);
	});
});
