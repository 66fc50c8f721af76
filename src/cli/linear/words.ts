import { formatBytes } from '../../domain/bytes.ts';
import { formatDuration, formatLatency } from '../../domain/duration.ts';
import type { SignalReader } from '../../domain/signal.ts';
import type { ServiceStatus, Situation } from '../../domain/situation.ts';
import { clockTime } from '../clockTime.ts';
import { engineWords } from '../engineWords.ts';
import { summarise, summaryWords, worstFirst } from '../status/summary.ts';

/** `P0 shop/web: down 42 s: exited 137`. */
export const serviceLine = (status: ServiceStatus): string => `${status.mark} ${status.service.id}: ${status.reason}`;

/** In trouble, or of which nothing can be said. */
export const isTroubled = (status: ServiceStatus): boolean => status.mark !== 'ok' && status.mark !== '-';

export const situationLines = (situation: Situation): readonly string[] => [
	`${clockTime(situation.at)} ${engineWords(situation.engine)}`,
	summaryWords(summarise(situation.services)),
	...worstFirst(situation.services.filter(isTroubled)).map(serviceLine),
];

/** Everything known of a service's health, a fact a line. */
export const healthLines = (status: ServiceStatus, now: number): readonly string[] => {
	const lines = [serviceLine(status)];
	for (const alert of status.alerts) {
		lines.push(`${alert.severity} ${alert.state} for ${formatDuration(now - alert.since)}: ${alert.reason} (rule ${alert.ruleId})${alert.stale === undefined ? '' : `, not confirmed: ${alert.stale}`}`);
	}
	for (const each of status.inconclusive) lines.push(`cannot judge ${each.ruleId}: ${each.why}`);
	for (const probe of status.probes) lines.push(`probe ${probe.probe}: ${probe.ok ? 'ok' : 'failing'}, ${probe.words}, ${formatDuration(now - probe.at)} ago`);
	lines.push(`restarts in 10 min: ${status.restarts}`);
	for (const container of status.service.containers) {
		const exit = container.exitCode === undefined ? '' : `, exit code ${container.exitCode}`;
		lines.push(`container ${container.name}: ${container.state}${exit}, health ${container.health}, image ${container.image}`);
		const last = container.detail?.healthLog.at(-1);
		if (last !== undefined) lines.push(`last health check: exit code ${last.exitCode} in ${formatLatency(last.durationMs)}: ${last.output.trim()}`);
	}
	if (status.service.containers.length === 0) lines.push('no container');
	return lines;
};

/** What minutes a trend is told over, ms. */
const trendMs = 5 * 60_000;
const trended: readonly (readonly [name: string, title: string, unit: 'percent' | 'bytes/s'])[] = [
	['cpu.percent', 'CPU', 'percent'],
	['memory.percent', 'memory', 'percent'],
	['network.rxBytesPerSecond', 'network in', 'bytes/s'],
	['network.txBytesPerSecond', 'network out', 'bytes/s'],
];

/** Figures of a service in words, with their range over five minutes. */
export const metricLines = (status: ServiceStatus, signals: SignalReader | undefined, now: number): readonly string[] => {
	const { figures } = status;
	const lines: string[] = [];
	if (figures === undefined) lines.push('no figures: nothing runs, or none has come yet');
	else {
		lines.push(`figures ${formatDuration(now - figures.at)} old`);
		lines.push(figures.cpuPercent === undefined ? 'CPU: not known yet' : `CPU: ${figures.cpuPercent.toFixed(1)} % of one core`);
		lines.push(`memory: ${formatBytes(figures.memoryBytes)} of ${formatBytes(figures.memoryLimitBytes)}, ${figures.memoryPercent.toFixed(0)} %`);
		if (figures.throttledPercent !== undefined && figures.throttledPercent > 0) lines.push(`throttled in ${figures.throttledPercent.toFixed(0)} % of periods`);
		if (figures.pids !== undefined) lines.push(`processes: ${figures.pids}`);
	}
	if (status.rxBytesPerSecond !== undefined) lines.push(`network in: ${formatBytes(status.rxBytesPerSecond)} a second`);
	if (status.txBytesPerSecond !== undefined) lines.push(`network out: ${formatBytes(status.txBytesPerSecond)} a second`);
	if (status.errorsPerMinute !== undefined) lines.push(`log errors: ${status.errorsPerMinute.toFixed(0)} a minute`);
	if (signals === undefined) return lines;
	for (const [name, title, unit] of trended) {
		const values = signals.range(name, now - trendMs, now).map((sample) => sample.value);
		if (values.length < 2) continue;
		const say = (value: number): string => (unit === 'percent' ? `${value.toFixed(1)} %` : `${formatBytes(value)}/s`);
		lines.push(`${title} over 5 min: lowest ${say(Math.min(...values))}, highest ${say(Math.max(...values))}, was ${say(values[0] ?? 0)}`);
	}
	return lines;
};
