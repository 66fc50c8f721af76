import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import process from 'node:process';
import { until } from '../../../src/drill/until.ts';
import { createCommandSupervisor } from '../../../src/respond/process/commandSupervisor.ts';
import { followOutput } from '../../../src/respond/process/output.ts';
import type { Figure } from '../figure.ts';
import { cpuSeconds, residentBytes } from '../processes.ts';
import { ms, percentile, spread } from '../statistics.ts';

const linesPerSecond = 50_000;
const seconds = 20;
const maxOutputBytes = 64 * 2 ** 20;
const targetMiB = 128;
const targetLagMs = 500;
const targetStallMs = 50;
const lookMs = 100;
const shownLines = 40;

/** Prints lines of about 100 bytes at the rate asked for, each with the time at which it was made. */
const writer = `
const rest = ' INFO handled GET /api/items in 12 ms, 200, 1,532 bytes, request 5f3c0b12a9'.padEnd(86, '.') + '\\n';
const began = Date.now(); let made = 0; const all = ${linesPerSecond * seconds};
const timer = setInterval(() => {
	const due = Math.min(all, Math.floor((Date.now() - began) * ${linesPerSecond / 1000}));
	process.stdout.write((Date.now() + rest).repeat(due - made)); made = due;
	if (made === all) clearInterval(timer);
}, 10);`;

const mib = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MiB`;

/** A step that floods its output, as it is stored and followed. */
export const stepOutput: Figure = {
	id: 'step-output',
	title: 'Output of a step',
	promise: `a step that prints ${linesPerSecond / 1000}k lines/s is followed live: supervisor and follower in bounded memory, lines <= ${targetLagMs} ms old (p95), the follower's event loop free within ${targetStallMs} ms (p95)`,
	method: `${seconds} s of lines of about 100 bytes under a supervisor with a bound of ${mib(maxOutputBytes)}; its newest ${shownLines} lines are taken every ${lookMs} ms from its files; memory is resident bytes`,
	async run() {
		const folder = await mkdtemp(join(tmpdir(), 'sitrep-bench-output-'));
		const at = join(folder, 'step');
		const supervisor = createCommandSupervisor();
		try {
			supervisor.warm();
			const before = await residentBytes(process.pid);
			const running = await supervisor.start({ folder: at, argv: [process.execPath, '-e', writer], env: {}, workingDir: '/', timeoutMs: 120_000, graceMs: 1000, redact: ['one secret', 'another-secret'], hideOutput: false, maxOutputBytes });
			const { supervisor: own } = JSON.parse(await readFile(join(at, 'identity.json'), 'utf8'));
			const output = followOutput(at);
			const lags: number[] = [];
			const memory = { supervisor: 0, follower: 0 };
			let cpu = 0;
			let disk = 0;
			const delay = monitorEventLoopDelay({ resolution: 5 });
			delay.enable();
			const watch = setInterval(() => {
				// The last one but one: the last may not have come whole.
				const last = output.tail(shownLines).lines.at(-2);
				if (last !== undefined) lags.push(Date.now() - Number.parseInt(last.text, 10));
				void (async () => {
					memory.supervisor = Math.max(memory.supervisor, await residentBytes(own.pid));
					memory.follower = Math.max(memory.follower, await residentBytes(process.pid));
					cpu = Math.max(cpu, await cpuSeconds(own.pid));
					disk = Math.max(disk, await folderBytes(at));
				})();
			}, lookMs);
			const end = await running.ended;
			clearInterval(watch);
			delay.disable();
			await until(() => output.tail(0).above + output.tail(0).lines.length >= end.lines, { timeoutMs: 5000, what: 'the last line to be read' });
			const tail = output.tail(shownLines);
			output.close();
			const lag = percentile(lags, 0.95);
			const stall = delay.percentile(95) / 1e6;
			return [
				{
					measured: `${mib(memory.supervisor)} the supervisor, lines ${ms(lag)} old (p95), event loop ${ms(stall)} (p95)`,
					reached: memory.supervisor <= targetMiB * 2 ** 20 && lag <= targetLagMs && stall <= targetStallMs && disk <= maxOutputBytes + 64 * 1024 && end.lines === linesPerSecond * seconds,
					beside: [
						`${end.lines} lines, ${mib(end.bytes)} in ${ms(end.durationMs)}; ${mib(end.droppedBytes)} of it left out in the middle, and counted; at most ${mib(disk)} on disk`,
						`follower: ${mib(memory.follower - before)} more than before; lines above the newest ${shownLines}: ${tail.above}`,
						`age of the newest line: ${spread(lags)}`,
						`the supervisor used ${((cpu / end.durationMs) * 100_000).toFixed(0)} % of a core`,
					],
				},
			];
		} finally {
			supervisor.close();
			await rm(folder, { recursive: true, force: true });
		}
	},
};

const folderBytes = async (folder: string): Promise<number> => {
	const sizes = await Promise.all((await readdir(folder)).map(async (name) => stat(join(folder, name)).then(({ size }) => size, () => 0)));
	return sizes.reduce((sum, size) => sum + size, 0);
};
