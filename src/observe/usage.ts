import type { Figures } from '../domain/figures.ts';
import type { ServiceSignals } from './signals.ts';

/** Figures of a whole service at one moment, and how fast its counters move. */
export interface Usage {
	readonly figures: Omit<Figures, 'containerId'>;
	readonly rxBytesPerSecond?: number;
	readonly txBytesPerSecond?: number;
	readonly blockReadBytesPerSecond?: number;
	readonly blockWriteBytesPerSecond?: number;
}

interface Rates {
	readonly rx?: number;
	readonly tx?: number;
	readonly read?: number;
	readonly write?: number;
}

interface Reading {
	readonly figures: Figures;
	readonly rates: Rates;
}

/** Readings older than this do not count in a service's sum, ms: the slowest rows are read every 10 s. */
const maxAgeMs = 25_000;

/** Keeps the newest reading of each container and sums them up by service. */
export class UsageBook {
	readonly #readings = new Map<string, Reading>();

	take(figures: Figures): void {
		const before = this.#readings.get(figures.containerId);
		if (before !== undefined && figures.at <= before.figures.at) return;
		this.#readings.set(figures.containerId, { figures, rates: rates(before?.figures, figures) });
	}

	/** The container stopped or went: its last reading says nothing any more. */
	forget(containerId: string): void {
		this.#readings.delete(containerId);
	}

	/** Sums over the containers that have a current reading; `undefined` where none has. */
	usage(containerIds: readonly string[], now: number): Usage | undefined {
		const readings: Reading[] = [];
		for (const id of containerIds) {
			const reading = this.#readings.get(id);
			if (reading !== undefined && now - reading.figures.at <= maxAgeMs) readings.push(reading);
		}
		const first = readings[0];
		if (first === undefined) return undefined;
		const figures = readings.map((reading) => reading.figures);
		const cpuPercent = sum(figures.map((each) => each.cpuPercent));
		// A quota and a limit belong to one container: the fullest one decides.
		const cpuQuotaPercent = most(figures.map((each) => each.cpuQuotaPercent));
		const throttledPercent = most(figures.map((each) => each.throttledPercent));
		const memoryWithoutCacheBytes = sum(figures.map((each) => each.memoryWithoutCacheBytes));
		const pids = sum(figures.map((each) => each.pids));
		const rx = sum(readings.map((each) => each.rates.rx));
		const tx = sum(readings.map((each) => each.rates.tx));
		const read = sum(readings.map((each) => each.rates.read));
		const write = sum(readings.map((each) => each.rates.write));
		return {
			figures: {
				at: Math.max(...figures.map((each) => each.at)),
				memoryBytes: sum(figures.map((each) => each.memoryBytes)) ?? 0,
				memoryLimitBytes: sum(figures.map((each) => each.memoryLimitBytes)) ?? 0,
				memoryPercent: most(figures.map((each) => each.memoryPercent)) ?? 0,
				...(cpuPercent === undefined ? {} : { cpuPercent }),
				...(cpuQuotaPercent === undefined ? {} : { cpuQuotaPercent }),
				...(throttledPercent === undefined ? {} : { throttledPercent }),
				...(memoryWithoutCacheBytes === undefined ? {} : { memoryWithoutCacheBytes }),
				...(pids === undefined ? {} : { pids }),
			},
			...(rx === undefined ? {} : { rxBytesPerSecond: rx }),
			...(tx === undefined ? {} : { txBytesPerSecond: tx }),
			...(read === undefined ? {} : { blockReadBytesPerSecond: read }),
			...(write === undefined ? {} : { blockWriteBytesPerSecond: write }),
		};
	}
}

/** Writes a service's usage into its signals. */
export const recordUsage = (signals: ServiceSignals, usage: Usage): void => {
	const { figures } = usage;
	const put = (name: string, value: number | undefined): void => {
		if (value !== undefined) signals.push(name, figures.at, value);
	};
	put('cpu.percent', figures.cpuPercent);
	put('cpu.quotaPercent', figures.cpuQuotaPercent);
	put('cpu.throttledPercent', figures.throttledPercent);
	put('memory.percent', figures.memoryPercent);
	put('memory.bytes', figures.memoryBytes);
	put('memory.limitBytes', figures.memoryLimitBytes);
	put('pids', figures.pids);
	put('network.rxBytesPerSecond', usage.rxBytesPerSecond);
	put('network.txBytesPerSecond', usage.txBytesPerSecond);
	put('block.readBytesPerSecond', usage.blockReadBytesPerSecond);
	put('block.writeBytesPerSecond', usage.blockWriteBytesPerSecond);
};

/** A counter that went back began anew with the container: that step has no rate. */
const rate = (before: number | undefined, after: number | undefined, seconds: number): number | undefined =>
	before === undefined || after === undefined || after < before || seconds <= 0 ? undefined : (after - before) / seconds;

const rates = (before: Figures | undefined, after: Figures): Rates => {
	if (before === undefined) return {};
	const seconds = (after.at - before.at) / 1000;
	const rx = rate(before.networkRxBytes, after.networkRxBytes, seconds);
	const tx = rate(before.networkTxBytes, after.networkTxBytes, seconds);
	const read = rate(before.blockReadBytes, after.blockReadBytes, seconds);
	const write = rate(before.blockWriteBytes, after.blockWriteBytes, seconds);
	return {
		...(rx === undefined ? {} : { rx }),
		...(tx === undefined ? {} : { tx }),
		...(read === undefined ? {} : { read }),
		...(write === undefined ? {} : { write }),
	};
};

const known = (values: readonly (number | undefined)[]): number[] =>
	values.filter((value): value is number => value !== undefined);

const sum = (values: readonly (number | undefined)[]): number | undefined => {
	const numbers = known(values);
	return numbers.length === 0 ? undefined : numbers.reduce((total, value) => total + value, 0);
};

const most = (values: readonly (number | undefined)[]): number | undefined => {
	const numbers = known(values);
	return numbers.length === 0 ? undefined : Math.max(...numbers);
};
