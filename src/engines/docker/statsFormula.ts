import type { Figures } from '../../domain/figures.ts';
import type { Reading } from './reading.ts';

/** The kernel tells the machine's CPU time in ticks of 10 ms; over less than this, passed time is the finer measure. */
const shortWindowMs = 500;

/**
 * Figures of a reading, compared with the one before, by the formulas of `docker stats`
 * (docker/cli, cli/command/container/stats_helpers.go).
 * @param at epoch ms on the console's clock
 */
export function toFigures(containerId: string, at: number, now: Reading, before: Reading | undefined): Figures {
	const memoryBytes = memoryInUse(now);
	// Counters that went back are those of a new run, which has nothing to compare with yet.
	const comparable = before !== undefined && now.cpuNs >= before.cpuNs ? before : undefined;
	const cpuPercent = comparable === undefined ? undefined : cpuShare(now, comparable);
	const quota = now.quotaCores;
	const throttled = comparable === undefined ? undefined : throttledShare(now, comparable);
	return {
		containerId,
		at,
		...(cpuPercent === undefined ? {} : { cpuPercent }),
		...(cpuPercent === undefined || quota === undefined ? {} : { cpuQuotaPercent: cpuPercent / quota }),
		...(throttled === undefined ? {} : { throttledPercent: throttled }),
		memoryBytes,
		...(now.cacheBytes === undefined ? {} : { memoryWithoutCacheBytes: Math.max(0, now.memoryBytes - now.cacheBytes) }),
		memoryLimitBytes: now.memoryLimitBytes,
		memoryPercent: now.memoryLimitBytes > 0 ? (memoryBytes / now.memoryLimitBytes) * 100 : 0,
		...(now.rxBytes === undefined ? {} : { networkRxBytes: now.rxBytes }),
		...(now.txBytes === undefined ? {} : { networkTxBytes: now.txBytes }),
		...(now.readBytes === undefined ? {} : { blockReadBytes: now.readBytes }),
		...(now.writeBytes === undefined ? {} : { blockWriteBytes: now.writeBytes }),
		...(now.pids === undefined ? {} : { pids: now.pids }),
	};
}

/** Usage less inactive page cache, only where that is smaller than the usage. */
function memoryInUse(reading: Reading): number {
	return reading.inactiveFileBytes < reading.memoryBytes ? reading.memoryBytes - reading.inactiveFileBytes : reading.memoryBytes;
}

/**
 * Δcontainer / Δsystem × online CPUs × 100, and 0 unless both grew. Where the machine's time is not told, or the
 * window is too short for its ticks, passed time stands for it: Δsystem is passed time × CPUs.
 */
function cpuShare(now: Reading, before: Reading): number {
	const used = now.cpuNs - before.cpuNs;
	const passedMs = now.monotonicMs - before.monotonicMs;
	if (used <= 0 || passedMs <= 0) {
		return 0;
	}
	if (now.systemNs === undefined || before.systemNs === undefined || passedMs < shortWindowMs) {
		return (used / (passedMs * 1e6)) * 100;
	}
	const system = now.systemNs - before.systemNs;
	return system > 0 ? (used / system) * now.onlineCpus * 100 : 0;
}

/** Absent where the container has no quota: the kernel counts no periods then. */
function throttledShare(now: Reading, before: Reading): number | undefined {
	if (now.periods === undefined || before.periods === undefined || now.throttledPeriods === undefined || before.throttledPeriods === undefined) {
		return undefined;
	}
	const periods = now.periods - before.periods;
	if (periods <= 0) {
		return now.quotaCores === undefined ? undefined : 0;
	}
	return Math.min(100, Math.max(0, ((now.throttledPeriods - before.throttledPeriods) / periods) * 100));
}
