import { fields, list, number, text, type Fields } from './narrow.ts';
import type { Reading } from './reading.ts';

/** What a stats reply cannot tell by itself. */
export interface StatsContext {
	readonly monotonicMs: number;
	readonly kind: 'docker' | 'podman';
	/** From the container's settings; the reply does not tell. */
	readonly quotaCores?: number | undefined;
	/** The host's, for containers without a limit whose reply says 0. */
	readonly hostMemoryBytes: number;
}

/** A reply's reading and, where the engine sent it along, the one before. */
export interface StatsReply {
	readonly now: Reading;
	readonly before?: Reading;
}

/**
 * Reads one reply of `/containers/{id}/stats`. A container that is not running gets samples with nothing in them,
 * dated year 1; those are no reading.
 */
export function readStats(body: unknown, context: StatsContext): StatsReply | undefined {
	const reply = fields(body);
	const read = text(reply['read']);
	const memory = fields(reply['memory_stats']);
	if (read === undefined || read.startsWith('0001-') || number(memory['usage']) === undefined) {
		return undefined;
	}
	const now = readNow(reply, memory, context);
	const before = readBefore(reply, now, read, context);
	return before === undefined ? { now } : { now, before };
}

function readNow(reply: Fields, memory: Fields, context: StatsContext): Reading {
	const cpu = fields(reply['cpu_stats']);
	const stats = fields(memory['stats']);
	const limit = number(memory['limit']) ?? 0;
	const cache = number(stats['total_cache']) ?? number(stats['cache']) ?? number(stats['file']);
	const pids = number(fields(reply['pids_stats'])['current']);
	const network = readNetworks(reply);
	const blocks = readBlocks(fields(reply['blkio_stats']));
	return {
		...readCpu(cpu, context),
		monotonicMs: context.monotonicMs,
		onlineCpus: onlineCpus(cpu),
		...(context.quotaCores === undefined ? {} : { quotaCores: context.quotaCores }),
		memoryBytes: number(memory['usage']) ?? 0,
		inactiveFileBytes: number(stats['total_inactive_file']) ?? number(stats['inactive_file']) ?? 0,
		...(cache === undefined ? {} : { cacheBytes: cache }),
		memoryLimitBytes: limit > 0 && (context.hostMemoryBytes === 0 || limit <= context.hostMemoryBytes) ? limit : context.hostMemoryBytes,
		...network,
		...blocks,
		...(pids === undefined ? {} : { pids }),
	};
}

function readCpu(cpu: Fields, context: StatsContext): Pick<Reading, 'cpuNs' | 'systemNs' | 'periods' | 'throttledPeriods'> {
	const system = number(cpu['system_cpu_usage']);
	const throttling = fields(cpu['throttling_data']);
	const periods = number(throttling['periods']);
	const throttled = number(throttling['throttled_periods']);
	return {
		cpuNs: number(fields(cpu['cpu_usage'])['total_usage']) ?? 0,
		// Podman leaves idle time out of the machine's, so a share of it would come out far too high (podman#29599).
		...(system === undefined || system <= 0 || context.kind === 'podman' ? {} : { systemNs: system }),
		...(periods === undefined || throttled === undefined ? {} : { periods, throttledPeriods: throttled }),
	};
}

function onlineCpus(cpu: Fields): number {
	return number(cpu['online_cpus']) || list(fields(cpu['cpu_usage'])['percpu_usage']).length || 1;
}

/** The sample before, which a stream sends along from its second frame on. Podman's is all zeroes (podman#24730). */
function readBefore(reply: Fields, now: Reading, read: string, context: StatsContext): Reading | undefined {
	const cpu = fields(reply['precpu_stats']);
	const preread = text(reply['preread']);
	const part = readCpu(cpu, context);
	if (part.systemNs === undefined || part.cpuNs === 0 || preread === undefined || preread.startsWith('0001-')) {
		return undefined;
	}
	return { ...now, ...part, monotonicMs: now.monotonicMs - (Date.parse(read) - Date.parse(preread)) };
}

/** Summed over all interfaces; absent where the container has none of its own (host network). */
function readNetworks(reply: Fields): { rxBytes?: number; txBytes?: number } {
	const networks = Object.values(fields(reply['networks'])).map(fields);
	if (networks.length === 0) {
		return {};
	}
	const sum = (key: string) => networks.reduce((total, network) => total + (number(network[key]) ?? 0), 0);
	return { rxBytes: sum('rx_bytes'), txBytes: sum('tx_bytes') };
}

function readBlocks(blocks: Fields): { readBytes: number; writeBytes: number } {
	let readBytes = 0;
	let writeBytes = 0;
	for (const item of list(blocks['io_service_bytes_recursive'])) {
		const entry = fields(item);
		const op = text(entry['op'])?.[0]?.toLowerCase();
		if (op === 'r') {
			readBytes += number(entry['value']) ?? 0;
		} else if (op === 'w') {
			writeBytes += number(entry['value']) ?? 0;
		}
	}
	return { readBytes, writeBytes };
}
