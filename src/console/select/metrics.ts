import { formatBytes } from '../../domain/bytes.ts';
import type { Severity } from '../../domain/severity.ts';
import type { SignalReader, SignalUnit } from '../../domain/signal.ts';
import type { ServiceStatus } from '../../domain/situation.ts';
import type { MetricsView, SeriesView } from '../view.ts';

/** A threshold of a rule, drawn as a line in the chart of its signal. */
export interface Threshold {
	readonly signal: string;
	readonly value: number;
	readonly severity: Severity;
	readonly title: string;
}

interface Chart {
	readonly name: string;
	readonly title: string;
	readonly unit: SignalUnit;
	readonly max?: number;
	/** Shown only where there is a sample. */
	readonly optional?: boolean;
}

const charts: readonly Chart[] = [
	{ name: 'cpu.percent', title: 'cpu', unit: 'percent' },
	{ name: 'memory.percent', title: 'memory', unit: 'percent', max: 100 },
	{ name: 'http.p95', title: 'p95', unit: 'milliseconds', optional: true },
	{ name: 'http.errorRate', title: 'error rate', unit: 'percent', optional: true },
	{ name: 'log.errors', title: 'log errors', unit: 'per-minute', optional: true },
	{ name: 'network.rxBytesPerSecond', title: 'net in', unit: 'bytes/s' },
	{ name: 'network.txBytesPerSecond', title: 'net out', unit: 'bytes/s' },
	{ name: 'block.readBytesPerSecond', title: 'disk read', unit: 'bytes/s' },
	{ name: 'block.writeBytesPerSecond', title: 'disk write', unit: 'bytes/s' },
	{ name: 'pids', title: 'pids', unit: 'count' },
	{ name: 'disk.percent', title: 'disk full', unit: 'percent', max: 100, optional: true },
	{ name: 'db.queryMs', title: 'query', unit: 'milliseconds', optional: true },
];

/** A series whose newest sample is older than this is stale, ms. */
const staleMs = 15_000;

/** What stands beside the number: the limit it is a percent of. */
const noteOf = (chart: Chart, status: ServiceStatus): string | undefined => {
	const { figures } = status;
	if (figures === undefined) return undefined;
	if (chart.name === 'memory.percent') {
		return `${formatBytes(figures.memoryBytes)} of ${formatBytes(figures.memoryLimitBytes)}`;
	}
	if (chart.name === 'cpu.percent' && figures.cpuQuotaPercent !== undefined) {
		const throttled = figures.throttledPercent ?? 0;
		const share = `${Math.round(figures.cpuQuotaPercent)} % of its quota`;
		return throttled >= 1 ? `${share}, throttled ${Math.round(throttled)} %` : share;
	}
	return undefined;
};

/** The metrics of one service over a window that ends now. */
export const metricsView = (
	status: ServiceStatus | undefined,
	signals: SignalReader | undefined,
	options: {
		readonly now: number;
		readonly windowMs: number;
		readonly selected: number;
		readonly source: string;
		readonly thresholds: readonly Threshold[];
	},
): MetricsView => {
	const base = { windowMs: options.windowMs, source: options.source, selected: options.selected };
	if (status === undefined || signals === undefined) {
		return { ...base, title: '', series: [], words: { kind: 'empty', text: 'no service selected' } };
	}
	const title = status.service.name;
	const series: SeriesView[] = [];
	for (const chart of charts) {
		const latest = signals.latest(chart.name);
		if (chart.optional === true && latest === undefined) continue;
		const note = noteOf(chart, status);
		series.push({
			name: chart.name,
			title: chart.title,
			unit: chart.unit,
			...(latest === undefined ? {} : { latest: latest.value }),
			...(note === undefined ? {} : { note }),
			samples: signals.range(chart.name, options.now - options.windowMs, options.now),
			...(chart.max === undefined ? {} : { max: chart.max }),
			thresholds: options.thresholds.filter((threshold) => threshold.signal === chart.name),
			stale: latest !== undefined && options.now - latest.at > staleMs,
		});
	}
	if (series.every((each) => each.samples.length === 0)) {
		const runs = status.service.containers.some((container) => container.state === 'running');
		return {
			...base,
			title,
			series,
			words: runs
				? { kind: 'loading', text: 'waiting for the first reading' }
				: { kind: 'empty', text: 'no figures: nothing of it runs' },
		};
	}
	return { ...base, title, series, selected: Math.min(options.selected, series.length - 1) };
};
