import { join } from 'node:path';
import type { Reading } from '../reading.ts';
import type { KernelFiles } from './files.ts';
import type { Location } from './locate.ts';
import { blockBytesV1, blockBytesV2, interfaceNames, keyed, networkBytes, single } from './parse.ts';

/** What changes so seldom that it is read every few seconds only. */
export interface Limits {
	readonly memoryLimitBytes: number;
	readonly quotaCores?: number;
	/** A process of the container, for its network's counters; absent where the network is the host's own. */
	readonly networkPid?: number;
	/** v1: the file that counts block IO. Engines prefer a scheduler's own where it counts anything, else that of throttling. */
	readonly blockFile?: string;
}

/** The machine as a whole, read once for a batch. */
export interface Machine {
	readonly monotonicMs: number;
	readonly systemNs: number;
	readonly cpus: number;
}

/** What a container's limits are told from, beside its own files. */
export interface Host {
	readonly memoryBytes: number;
	/** The link of its own network; `undefined` where it cannot be read. */
	readonly network: string | undefined;
}

/** Reads the limits of a container; `undefined` where it has no process any more. */
export function readLimits(files: KernelFiles, proc: string, location: Location, host: Host): Limits | undefined {
	const pid = firstPid(files, location.version === 'v1' ? location.memory : location.folder);
	if (pid === undefined) {
		return undefined;
	}
	const memory = single(files.read(location.version === 'v1' ? join(location.memory, 'memory.limit_in_bytes') : join(location.folder, 'memory.max')));
	const quota = readQuota(files, location);
	return {
		memoryLimitBytes: memory === undefined || memory <= 0 || memory > host.memoryBytes ? host.memoryBytes : memory,
		...(quota === undefined ? {} : { quotaCores: quota }),
		...(location.version === 'v1' ? { blockFile: blockFile(files, location.blkio) } : {}),
		...(sharesHostNetwork(files, proc, pid, host.network) ? {} : { networkPid: pid }),
	};
}

/**
 * A container on the host's network would be shown the host's counters. Only root may see which network a process of
 * another is in; everybody else compares the interfaces: the host has at least a bridge that no container has.
 */
function sharesHostNetwork(files: KernelFiles, proc: string, pid: number, host: string | undefined): boolean {
	const own = host === undefined ? undefined : files.link(join(proc, String(pid), 'ns/net'));
	if (own !== undefined && host !== undefined) {
		return own === host;
	}
	return interfaceNames(files.read(join(proc, String(pid), 'net/dev'))) === interfaceNames(files.read(join(proc, 'self/net/dev')));
}

function blockFile(files: KernelFiles, folder: string): string {
	const scheduler = join(folder, 'blkio.bfq.io_service_bytes_recursive');
	return blockBytesV1(files.read(scheduler)) === undefined ? join(folder, 'blkio.throttle.io_service_bytes_recursive') : scheduler;
}

/** Cores: quota over period; -1 and `max` mean no quota. */
function readQuota(files: KernelFiles, location: Location): number | undefined {
	const [quota, period] =
		location.version === 'v1'
			? [single(files.read(join(location.cpu, 'cpu.cfs_quota_us'))), single(files.read(join(location.cpu, 'cpu.cfs_period_us')))]
			: (files.read(join(location.folder, 'cpu.max')) ?? '').split(' ').map((word) => single(word));
	return quota === undefined || period === undefined || quota <= 0 || period <= 0 ? undefined : quota / period;
}

/** Processes may stand in a folder below: an init within the container, or Podman's own `container` folder. */
function firstPid(files: KernelFiles, folder: string, depth = 0): number | undefined {
	const pid = single(files.read(join(folder, 'cgroup.procs')));
	if (pid !== undefined || depth === 2) {
		return pid;
	}
	for (const name of files.folders(folder)) {
		const below = firstPid(files, join(folder, name), depth + 1);
		if (below !== undefined) {
			return below;
		}
	}
	return undefined;
}

/**
 * One reading of a container; `undefined` where its control group is gone.
 * @param machine read at about the same time
 * @param monotonicMs now
 */
export function readSample(files: KernelFiles, proc: string, location: Location, limits: Limits, machine: Machine, monotonicMs: number): Reading | undefined {
	const part = location.version === 'v1' ? readV1(files, location, limits) : readV2(files, location.folder);
	if (part === undefined) {
		return undefined;
	}
	const network = limits.networkPid === undefined ? undefined : networkBytes(files.read(join(proc, String(limits.networkPid), 'net/dev')));
	return {
		...part,
		// The machine was read a little before; in between it went on by so much time on each CPU.
		systemNs: machine.systemNs + (monotonicMs - machine.monotonicMs) * 1e6 * machine.cpus,
		monotonicMs,
		onlineCpus: machine.cpus,
		...(limits.quotaCores === undefined ? {} : { quotaCores: limits.quotaCores }),
		memoryLimitBytes: limits.memoryLimitBytes,
		...network,
	};
}

type Part = Omit<Reading, 'systemNs' | 'monotonicMs' | 'onlineCpus' | 'quotaCores' | 'memoryLimitBytes' | 'rxBytes' | 'txBytes'>;

function readV1(files: KernelFiles, location: Extract<Location, { version: 'v1' }>, limits: Limits): Part | undefined {
	const usage = single(files.read(`${location.memory}/memory.usage_in_bytes`));
	const cpuNs = single(files.read(`${location.cpuacct}/cpuacct.usage`));
	if (usage === undefined || cpuNs === undefined) {
		return undefined;
	}
	const memory = files.read(`${location.memory}/memory.stat`);
	const pids = single(files.read(`${location.pids}/pids.current`));
	return {
		cpuNs,
		// Without a quota nothing is throttled, and the file needs no reading.
		...(limits.quotaCores === undefined ? {} : throttling(files.read(`${location.cpu}/cpu.stat`))),
		memoryBytes: usage,
		inactiveFileBytes: keyed(memory, 'total_inactive_file') ?? 0,
		cacheBytes: keyed(memory, 'total_cache') ?? 0,
		...(blockBytesV1(limits.blockFile === undefined ? undefined : files.read(limits.blockFile)) ?? { readBytes: 0, writeBytes: 0 }),
		...(pids === undefined ? {} : { pids }),
	};
}

function readV2(files: KernelFiles, folder: string): Part | undefined {
	const usage = single(files.read(`${folder}/memory.current`));
	const cpu = files.read(`${folder}/cpu.stat`);
	const usageUs = keyed(cpu, 'usage_usec');
	if (usage === undefined || usageUs === undefined) {
		return undefined;
	}
	const memory = files.read(`${folder}/memory.stat`);
	const pids = single(files.read(`${folder}/pids.current`));
	return {
		cpuNs: usageUs * 1000,
		...throttling(cpu),
		memoryBytes: usage,
		inactiveFileBytes: keyed(memory, 'inactive_file') ?? 0,
		cacheBytes: keyed(memory, 'file') ?? 0,
		...blockBytesV2(files.read(`${folder}/io.stat`)),
		...(pids === undefined ? {} : { pids }),
	};
}

function throttling(text: string | undefined): { periods?: number; throttledPeriods?: number } {
	const periods = keyed(text, 'nr_periods');
	const throttledPeriods = keyed(text, 'nr_throttled');
	return periods === undefined || throttledPeriods === undefined ? {} : { periods, throttledPeriods };
}
