import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pass } from 'node:timers/promises';
import type Docker from 'dockerode';
import type { Bench } from '../bench.ts';
import type { Figure } from '../figure.ts';
import { cpuSeconds } from '../processes.ts';
import { median } from '../statistics.ts';

const lines = Number(process.env['SITREP_BENCH_LINES'] ?? 600_000);
const turns = 3;
const target = 1;

/**
 * Each program has so long before the first line is written, ms: it must have connected, of which nothing outside tells
 * where its output goes into /dev/null, and a start that is still under way is no part of the figure.
 */
const settleMs = 2500;

/** A container that writes numbered lines as fast as it can once it gets a signal, and ends. */
const writer = async (bench: Bench, name: string): Promise<Docker.Container> => {
	const container = await bench.run(
		name,
		`busybox awk 'BEGIN { for (i = 1; i <= ${lines}; i++) printf "%09d INFO handled GET /api/items/4711 status=200 took=12ms user=anonymous\\n", i; print "THE-END" }' > /tmp/lines; ` +
			`trap go=1 USR1; echo ready; while [ -z "$go" ]; do sleep 0.02; done; cat /tmp/lines`,
	);
	for (let ready = false; !ready; ) ready = String(await container.logs({ stdout: true })).includes('ready');
	return container;
};

/** Where a file costs no disk. */
const memoryFolder = (): string => (existsSync('/dev/shm') ? '/dev/shm' : tmpdir());

interface Run {
	/** Lines a second. */
	readonly rate: number;
	readonly cpu: number;
	readonly lost: number;
}

/** How often the file that a command line writes is looked at, ms. */
const lookMs = 5;

/** Waits until a file ends with the last line. */
const untilEnd = async (path: string): Promise<void> => {
	const tail = Buffer.alloc(32);
	const file = await open(path, 'r');
	try {
		for (;;) {
			const { size } = await file.stat();
			const { bytesRead } = await file.read(tail, 0, tail.length, Math.max(0, size - tail.length));
			if (tail.subarray(0, bytesRead).includes('THE-END')) return;
			await pass(lookMs);
		}
	} finally {
		await file.close();
	}
};

const linesIn = (bytes: Buffer): number => {
	let count = 0;
	for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count++;
	return count;
};

/**
 * A command line that follows. With a file it writes there, where nobody reads it before the end: its lines are counted
 * afterwards, and it is over at the last one. Without, into /dev/null, and it is over at its own end.
 */
const follow = async (bench: Bench, name: string, command: string, args: readonly string[], path?: string): Promise<Run> => {
	const container = await writer(bench, name);
	const output = path === undefined ? undefined : await open(path, 'w');
	const child = spawn(command, args, { env: { ...process.env, DOCKER_HOST: bench.host }, stdio: ['ignore', output === undefined ? 'ignore' : output.fd, 'inherit'] });
	const ended = new Promise<void>((resolve, reject) => child.once('error', reject).once('close', () => resolve()));
	await pass(settleMs);
	const pid = child.pid ?? 0;
	const cpuBefore = await cpuSeconds(pid);
	let cpu = 0;
	const meter = setInterval(() => void cpuSeconds(pid).then((now) => (cpu = Math.max(cpu, now - cpuBefore))), 50);
	const began = performance.now();
	await container.kill({ signal: 'USR1' });
	await (path === undefined ? ended : untilEnd(path));
	const seconds = (performance.now() - began) / 1000;
	clearInterval(meter);
	child.kill('SIGINT');
	await output?.close();
	const lost = path === undefined ? 0 : lines + 2 - linesIn(await readFile(path));
	if (path !== undefined) await rm(path);
	await bench.remove(container.id);
	return { rate: lines / seconds, cpu, lost };
};

/** The console, the container selected and its log in view, until the last line is on the screen. */
const inConsole = async (bench: Bench, name: string): Promise<Run & { readonly title: string }> => {
	const container = await writer(bench, name);
	await using terminal = await bench.live({ columns: 120, rows: 40 });
	terminal.type(`/${name}\r`);
	await terminal.waitFor(/ready/, { timeout: 20_000, what: 'the log' });
	await pass(settleMs);
	const cpuBefore = await cpuSeconds(terminal.pid);
	const began = performance.now();
	await container.kill({ signal: 'USR1' });
	await terminal.waitFor(/THE-END/, { timeout: 120_000, what: 'the last line' });
	const seconds = ((terminal.chunks.at(-1)?.at ?? 0) - began) / 1000;
	const cpu = (await cpuSeconds(terminal.pid)) - cpuBefore;
	const skipped = [...terminal.text().matchAll(/([\d,]+) lines (?:skipped|may be lost|lost)/g)].reduce((sum, match) => sum + Number((match[1] ?? '').replaceAll(',', '')), 0);
	const title = terminal.screen().find((line) => / LOGS /.test(line))?.trim().replaceAll(/─+/g, '-') ?? '';
	terminal.type('\u0003');
	await bench.remove(container.id);
	return { rate: lines / seconds, cpu, lost: skipped, title };
};

export const logThroughput: Figure = {
	id: 'log-throughput',
	title: 'log throughput, one container, following',
	promise: `>= ${target.toFixed(1)} x docker logs -f into /dev/null, nothing lost or every loss counted`,
	method: `a container that writes ${lines.toLocaleString('en')} lines at once on a signal; from the signal to the last line on the screen, or to the end of the program (docker's into /dev/null, ours into a file in memory whose lines are counted afterwards); median of ${turns}, in turns`,
	async run(bench) {
		await bench.idle(0);
		const docker: Run[] = [];
		const cli: Run[] = [];
		const console: (Run & { readonly title: string })[] = [];
		for (let turn = 0; turn < turns; turn++) {
			docker.push(await follow(bench, `writer-d${turn}`, 'docker', ['logs', '-f', `writer-d${turn}`]));
			console.push(await inConsole(bench, `writer-c${turn}`));
			cli.push(await follow(bench, `writer-l${turn}`, bench.command, ['logs', '-f', `writer-l${turn}`], join(memoryFolder(), `sitrep-lines-${process.pid}-${turn}`)));
		}
		const rate = (runs: readonly Run[]): number => median(runs.map((run) => run.rate));
		const cpu = (runs: readonly Run[]): string => `${(median(runs.map((run) => run.cpu)) / (lines / 1_000_000)).toFixed(2)} s CPU a million lines`;
		const words = (name: string, runs: readonly Run[]): string => `${name} ${Math.round(rate(runs) / 1000)}k lines/s, ${cpu(runs)}`;
		const ratio = rate(console) / rate(docker);
		const cliRatio = rate(cli) / rate(docker);
		const lost = cli.map((run) => run.lost);
		return [
			{ measured: `console ${ratio.toFixed(2)} x`, reached: ratio >= target, beside: [words('console', console), words('docker logs -f', docker), ...console.map((run) => `console said: ${run.title}`)] },
			{ measured: `sitrep logs -f ${cliRatio.toFixed(2)} x, ${lost.join(', ')} lines missing`, reached: cliRatio >= target && lost.every((count) => count === 0), beside: [words('sitrep logs -f', cli)] },
		];
	},
};
