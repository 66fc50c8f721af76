import { readFile } from 'node:fs/promises';
import { allProcesses, usersOf } from '../../src/drill/processes.ts';

/** Ticks a second in /proc; 100 on every Linux that Node runs on (USER_HZ is part of the kernel's interface). */
const ticksPerSecond = 100;

/** CPU time a process has used, with that of its ended children, seconds; 0 where it is gone. */
export const cpuSeconds = async (pid: number): Promise<number> => {
	let text: string;
	try {
		text = await readFile(`/proc/${pid}/stat`, 'utf8');
	} catch {
		return 0;
	}
	// The name in parentheses may hold spaces: the fields begin after the last one, with the state as number 3.
	const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
	const [user, system, childUser, childSystem] = [fields[11], fields[12], fields[13], fields[14]].map(Number);
	return ((user ?? 0) + (system ?? 0) + (childUser ?? 0) + (childSystem ?? 0)) / ticksPerSecond;
};

/** Resident memory of a process, bytes; 0 where it is gone. */
export const residentBytes = async (pid: number): Promise<number> => {
	try {
		const status = await readFile(`/proc/${pid}/status`, 'utf8');
		return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
	} catch {
		return 0;
	}
};

/** The engine, its runtime and its shims: every process that was started with a path below its folder, and the engine itself. */
export const engineProcesses = async (pid: number, folder: string): Promise<readonly number[]> => {
	const own = usersOf(await allProcesses(), folder).filter(({ argv }) => /(dockerd|containerd|containerd-shim\S*)$/.test(argv[0] ?? ''));
	return [...new Set([pid, ...own.map((each) => each.pid)])];
};

/** CPU time of several processes together, seconds. */
export const cpuOf = async (pids: readonly number[]): Promise<number> => {
	const each = await Promise.all(pids.map(cpuSeconds));
	return each.reduce((sum, seconds) => sum + seconds, 0);
};
