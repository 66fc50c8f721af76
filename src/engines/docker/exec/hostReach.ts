import { join } from 'node:path';
import type { KernelFiles } from '../cgroup/files.ts';
import { layout, locate } from '../cgroup/locate.ts';
import { parseStat, type Process } from './processes.ts';
import type { Reach } from './reach.ts';

export interface HostParts {
	readonly files: KernelFiles;
	readonly roots: { readonly cgroup: string; readonly proc: string };
	/** @throws where it is not permitted, or the process is gone */
	readonly kill: (pid: number, signal: NodeJS.Signals | 0) => void;
}

/**
 * Through the host's own process table, where the engine runs on this machine and its processes may be signalled.
 * A pid is believed only where the process stands in the container's control group: over a forwarded socket, or from
 * within another container, the same number is a process of something else.
 */
export function createHostReach(parts: HostParts, containerId: string, pid: number, mark: string): Reach {
	const { files, roots, kill } = parts;

	const pids = (folder: string, depth = 0): number[] => {
		const own = (files.read(join(folder, 'cgroup.procs')) ?? '').split('\n').filter((line) => line !== '').map(Number);
		return depth === 4 ? own : [...own, ...files.folders(folder).flatMap((name) => pids(join(folder, name), depth + 1))];
	};

	const scan = (): readonly Process[] | undefined => {
		const location = locate(files, roots, layout(files, roots.cgroup), containerId, pid);
		if (location === undefined) {
			return undefined;
		}
		const found: Process[] = [];
		for (const each of pids(location.version === 'v1' ? location.memory : location.folder)) {
			const folder = join(roots.proc, String(each));
			const process = parseStat(files.read(join(folder, 'stat')) ?? '', files.read(join(folder, 'environ'))?.includes(mark) ?? false, innerPid(files, folder));
			if (process !== undefined) {
				found.push(process);
			}
		}
		return found;
	};

	return {
		side: 'host',
		scan: async () => {
			const found = scan();
			const own = found?.find((process) => process.pid === pid);
			// Signal 0 asks for permission only. Without it, the way through the engine is left.
			return found === undefined || (own !== undefined && !permitted(() => kill(own.pid, 0))) ? undefined : found;
		},
		kill: async (processes, signal) => {
			for (const process of processes) {
				permitted(() => kill(process.pid, signal));
			}
		},
	};
}

function permitted(act: () => void): boolean {
	try {
		act();
		return true;
	} catch (error) {
		return !(error instanceof Error && 'code' in error && error.code === 'EPERM');
	}
}

/** The last of the pids a process has in the namespaces it is nested in. */
function innerPid(files: KernelFiles, folder: string): number | undefined {
	const line = /^NSpid:\s*(.*)$/m.exec(files.read(join(folder, 'status')) ?? '')?.[1];
	const pid = Number(line?.trim().split(/\s+/).at(-1));
	return Number.isInteger(pid) && pid > 0 ? pid : undefined;
}
