import type { ContainerSummary } from '../../domain/container.ts';
import type { Alert } from '../../domain/rule.ts';
import type { ServiceStatus, Situation } from '../../domain/situation.ts';
import { isoTime, schemaVersion } from '../json.ts';
import type { ContainerShape, ServiceShape, StatusShape } from '../reference/shapes.ts';
import { summarise } from './summary.ts';

const alertJson = (alert: Alert): ServiceShape['alerts'][number] => ({
	rule: alert.ruleId,
	severity: alert.severity,
	state: alert.state,
	since: isoTime(alert.since),
	reason: alert.reason,
	stale: alert.stale ?? null,
});

const timeOrNull = (at: number | undefined): string | null => (at === undefined ? null : isoTime(at));

const containerJson = (container: ContainerSummary): ContainerShape => ({
	id: container.id,
	name: container.name,
	image: container.image,
	state: container.state,
	health: container.health,
	exitCode: container.exitCode ?? null,
	startedAt: timeOrNull(container.startedAt),
	finishedAt: timeOrNull(container.finishedAt),
});

const figuresJson = (status: ServiceStatus): ServiceShape['figures'] => {
	const { figures } = status;
	if (figures === undefined) return null;
	return {
		at: isoTime(figures.at),
		cpuPercent: figures.cpuPercent ?? null,
		memoryBytes: figures.memoryBytes,
		memoryLimitBytes: figures.memoryLimitBytes,
		memoryPercent: figures.memoryPercent,
		networkRxBytesPerSecond: status.rxBytesPerSecond ?? null,
		networkTxBytesPerSecond: status.txBytesPerSecond ?? null,
		pids: figures.pids ?? null,
	};
};

const serviceJson = (status: ServiceStatus): ServiceShape => ({
	id: status.service.id,
	name: status.service.name,
	group: status.service.group ?? null,
	mark: status.mark,
	severity: status.severity ?? null,
	reason: status.reason,
	restarts: status.restarts,
	errorsPerMinute: status.errorsPerMinute ?? null,
	figures: figuresJson(status),
	alerts: status.alerts.map(alertJson),
	inconclusive: status.inconclusive.map((each) => ({ rule: each.ruleId, why: each.why })),
	probes: status.probes.map((probe) => ({ name: probe.probe, ok: probe.ok, words: probe.words, at: isoTime(probe.at), durationMs: probe.durationMs })),
	containers: status.service.containers.map(containerJson),
});

/** The situation as `status --json` writes it. Keys are always there; what is not known is null. */
export const statusJson = (situation: Situation, services: readonly ServiceStatus[]): StatusShape => {
	const { engine, at } = situation;
	const { total, troubled, unknown, counts } = summarise(services);
	return {
		schemaVersion,
		at: isoTime(at),
		engine: {
			name: engine.target.name,
			kind: engine.target.kind,
			address: engine.target.address,
			origin: engine.target.origin,
			product: engine.product,
			version: engine.version,
			apiVersion: engine.apiVersion,
			hostName: engine.hostName,
		},
		summary: { total, troubled, unknown, ...counts },
		services: services.map(serviceJson),
	};
};
