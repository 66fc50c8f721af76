/**
 * A named time series of a service. The names are a closed vocabulary for what we measure ourselves;
 * a probe adds `probe.<name>.<figure>`.
 */
export type SignalName = string;

/** Unit, for axes and words. */
export type SignalUnit = 'percent' | 'bytes' | 'bytes/s' | 'count' | 'per-minute' | 'seconds' | 'milliseconds' | 'bool' | 'none';

/** The signals every container has without configuration, with their units. */
export const builtInSignals = {
	'container.running': 'bool',
	'container.healthy': 'bool',
	'container.replicas': 'count',
	'cpu.percent': 'percent',
	'cpu.quotaPercent': 'percent',
	'cpu.throttledPercent': 'percent',
	'memory.percent': 'percent',
	'memory.bytes': 'bytes',
	'memory.limitBytes': 'bytes',
	'network.rxBytesPerSecond': 'bytes/s',
	'network.txBytesPerSecond': 'bytes/s',
	'block.readBytesPerSecond': 'bytes/s',
	'block.writeBytesPerSecond': 'bytes/s',
	pids: 'count',
	restarts: 'count',
	oomKills: 'count',
	'log.errors': 'per-minute',
	'log.lines': 'per-minute',
	'log.errorsIn5Minutes': 'count',
	'log.linesIn5Minutes': 'count',
} as const satisfies Record<string, SignalUnit>;

/** One value at one time. */
export interface Sample {
	/** Epoch ms. */
	readonly at: number;
	readonly value: number;
}

/** Reads signals of one service. What a rule, a chart and a playbook condition see. */
export interface SignalReader {
	/** The newest sample, or `undefined` where none ever came. */
	latest(name: SignalName): Sample | undefined;
	/** Samples with `from <= at <= to`, oldest first; older ones may be averages over 10 s. */
	range(name: SignalName, from: number, to: number): readonly Sample[];
	names(): readonly SignalName[];
}
