import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { text } from 'node:stream/consumers';
import { createCommandSupervisor } from '../../../src/respond/process/commandSupervisor.ts';
import { systemProcesses } from '../../../src/respond/process/processTable.ts';
import { readOutput } from '../../../src/respond/process/readOutput.ts';
import type { Figure } from '../figure.ts';
import { median, ms, percentile, spread } from '../statistics.ts';

const targetMs = 50;
const rounds = 60;
/** As long as a person needs at least between two confirmations. */
const pauseMs = 500;
/** Tells when it runs, in nanoseconds since the epoch. */
const command = ['date', '+%s%N'] as const;

/** As it ships: from the sources a supervisor takes three times as long to get ready. */
const builtProgram = fileURLToPath(new URL('../../../dist/stepSupervisor.js', import.meta.url));

const sleep = (time: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, time));
const now = (): number => performance.timeOrigin + performance.now();

const bare = async (env: Record<string, string>): Promise<number> => {
	const began = now();
	const child = spawn(command[0], command.slice(1), { env, stdio: ['ignore', 'pipe', 'ignore'] });
	return Number(await text(child.stdout)) / 1e6 - began;
};

/** What carrying out a command under a supervisor costs before it runs. */
export const stepOverhead: Figure = {
	id: 'step-overhead',
	title: 'Confirmation to command',
	promise: `from the start of a step to its command running, beyond the bare command: p95 <= ${targetMs} ms`,
	method: `a command that prints the time at which it runs is started ${rounds} times under a supervisor, ${pauseMs} ms apart, each beside the same command spawned bare; folder, identity and durable claim are written each time. Beside it: the same with no pause, so that a supervisor may not be ready yet`,
	async run() {
		const folder = await mkdtemp(join(tmpdir(), 'sitrep-bench-step-'));
		const supervisor = createCommandSupervisor(systemProcesses(), builtProgram);
		const env = { PATH: process.env['PATH'] ?? '/usr/bin:/bin' };
		let count = 0;
		const supervised = async (): Promise<number> => {
			const at = join(folder, String(count++));
			const began = now();
			const running = await supervisor.start({ folder: at, argv: command, env, workingDir: '/', timeoutMs: 10_000, graceMs: 1000, redact: ['a secret value'], hideOutput: false, maxOutputBytes: 2 ** 20 });
			await running.ended;
			return Number((await readOutput(at)).stdout) / 1e6 - began;
		};
		try {
			supervisor.warm();
			await sleep(2000);
			const bareTimes: number[] = [];
			const paused: number[] = [];
			for (let round = 0; round < rounds; round++) {
				bareTimes.push(await bare(env));
				await sleep(pauseMs);
				paused.push(await supervised());
			}
			const inRow: number[] = [];
			for (let round = 0; round < rounds / 2; round++) inRow.push(await supervised());
			const beyond = paused.map((time) => time - median(bareTimes));
			const worst = percentile(beyond, 0.95);
			return [
				{
					measured: `${ms(worst)} (p95) beyond the bare command`,
					reached: worst <= targetMs,
					beside: [`supervised: ${spread(paused)}`, `bare: ${spread(bareTimes)}`, `supervised, one right after the other: ${spread(inRow)}`],
				},
			];
		} finally {
			supervisor.close();
			await rm(folder, { recursive: true, force: true });
		}
	},
};
