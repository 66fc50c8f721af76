import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { until } from './until.ts';

const run = promisify(execFile);

export interface SeenProcess {
	readonly pid: number;
	readonly parent: number;
	readonly argv: readonly string[];
}

/** Every process of this machine, from /proc. One that ends while we look is left out. */
export async function allProcesses(): Promise<readonly SeenProcess[]> {
	const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
	const seen = await Promise.all(pids.map(async (pid) => readProcess(pid)));
	return seen.filter((process) => process !== undefined);
}

export async function readProcess(pid: number): Promise<SeenProcess | undefined> {
	try {
		const [commandLine, status] = await Promise.all([readFile(`/proc/${pid}/cmdline`, 'utf8'), readFile(`/proc/${pid}/stat`, 'utf8')]);
		// The name in parentheses may hold spaces and parentheses itself: the fields begin after the last one.
		const fields = status.slice(status.lastIndexOf(')') + 2).split(' ');
		if (fields[0] === 'Z') {
			return undefined;
		}
		return { pid, parent: Number(fields[1]), argv: commandLine.split('\0').slice(0, -1) };
	} catch {
		return undefined;
	}
}

/** Processes that were started with a path below `folder` among their arguments. */
export function usersOf(processes: readonly SeenProcess[], folder: string): readonly SeenProcess[] {
	return processes.filter(({ argv }) => argv.slice(1).some((argument) => argument.includes(`${folder}/`)));
}

/** Children, their children, and so on, of the processes named. */
export function descendantsOf(processes: readonly SeenProcess[], roots: readonly number[]): readonly SeenProcess[] {
	const family = new Set(roots);
	const found: SeenProcess[] = [];
	for (let grown = true; grown; ) {
		grown = false;
		for (const process of processes) {
			if (family.has(process.parent) && !family.has(process.pid)) {
				family.add(process.pid);
				found.push(process);
				grown = true;
			}
		}
	}
	return found;
}

/** Longest wait for all threads of a process to stand still, ms. */
const standStillMs = 2000;

/** Stops a process (SIGSTOP) and waits until each of its threads stands still: one that runs elsewhere may go on for a moment. */
export function stopProcess(pid: number): void {
	signalProcess(pid, 'SIGSTOP');
	const pauser = new Int32Array(new SharedArrayBuffer(4));
	for (let waited = 0; waited < standStillMs && !standsStill(pid); waited++) {
		Atomics.wait(pauser, 0, 0, 1);
	}
}

/** True where every thread is stopped, or the system does not tell. */
function standsStill(pid: number): boolean {
	try {
		return readdirSync(`/proc/${pid}/task`).every((thread) => /\) [TtZX] /.test(readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8')));
	} catch {
		return true;
	}
}

/** Sends a signal; false where the process is gone. */
export function signalProcess(pid: number, signal: NodeJS.Signals | 0): boolean {
	try {
		process.kill(pid, signal);
		return true;
	} catch (error) {
		if (error instanceof Error && 'code' in error && error.code === 'ESRCH') {
			return false;
		}
		throw error;
	}
}

/** Waits until a process is gone, or is a zombie that only its parent can clear away. @throws TimeoutError */
export async function untilGone(pid: number, timeoutMs: number): Promise<void> {
	await until(async () => (await readProcess(pid)) === undefined, { timeoutMs, what: `process ${pid} to end` });
}

/** Asks a process to end, and ends it where it has not within the time given. */
export async function endProcess(pid: number, graceMs: number): Promise<void> {
	if (!signalProcess(pid, 'SIGTERM')) {
		return;
	}
	// A stopped process sees the request only once it goes on.
	signalProcess(pid, 'SIGCONT');
	try {
		await untilGone(pid, graceMs);
	} catch {
		signalProcess(pid, 'SIGKILL');
		await untilGone(pid, 5000);
	}
}

/** Takes away every mount at or below a folder, the deepest first. */
export async function unmountBelow(folder: string): Promise<void> {
	const table = await readFile('/proc/self/mountinfo', 'utf8');
	const points = table
		.split('\n')
		// The kernel writes blanks in a path as octal escapes.
		.map((line) => (line.split(' ')[4] ?? '').replaceAll(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))))
		.filter((point) => point === folder || point.startsWith(`${folder}/`))
		.sort((a, b) => b.length - a.length);
	for (const point of points) {
		await run('umount', ['-l', point]);
	}
}
