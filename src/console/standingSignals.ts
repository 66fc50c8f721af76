import type { ContainerHistory, Service } from '../domain/service.ts';
import { recentCounts } from '../judge/standing.ts';
import type { ServiceSignals } from '../observe/signals.ts';
import type { LogTap } from './logTap.ts';

/** Times over which lines and errors of the log are counted, and the signals they become. */
const logWindows = [
	{ withinMs: 60_000, errors: 'log.errors', lines: 'log.lines' },
	{ withinMs: 300_000, errors: 'log.errorsIn5Minutes', lines: 'log.linesIn5Minutes' },
] as const;

type HistoryOf = (containerId: string) => ContainerHistory | undefined;

/** Writes what nobody pushes into a service's signals: how its containers stand, and what their logs count. */
const recordStanding = (signals: ServiceSignals, service: Service, history: HistoryOf, logs: Pick<LogTap, 'counts'>, now: number): void => {
	const running = service.containers.filter((container) => container.state === 'running');
	signals.push('container.replicas', now, running.length);
	signals.push('container.running', now, running.length > 0 ? 1 : 0);
	const checked = running.filter((container) => container.health !== 'none');
	if (checked.length > 0) signals.push('container.healthy', now, checked.every((container) => container.health === 'healthy') ? 1 : 0);
	const recent = service.containers.map((container) => recentCounts(container, history(container.id), now));
	signals.push('restarts', now, recent.reduce((sum, each) => sum + each.restarts, 0));
	signals.push('oomKills', now, recent.reduce((sum, each) => sum + each.oomKills, 0));
	for (const { withinMs, errors, lines } of logWindows) {
		const counts = service.containers.flatMap((container) => logs.counts(container.id, now, withinMs) ?? []);
		if (counts.length === 0) return;
		signals.push(errors, now, counts.reduce((sum, each) => sum + each.errors, 0));
		signals.push(lines, now, counts.reduce((sum, each) => sum + each.lines, 0));
	}
};

/** Between two recordings of a healthy service that is not in view, ms; well within what rules take for current. */
const recordSlowMs = 5000;

/** Records how services stand: each time those that are near, the others every few seconds, since an hour of every figure of hundreds is memory. */
export class StandingRecorder {
	readonly #logs: Pick<LogTap, 'counts'>;
	readonly #recordedAt = new Map<string, number>();

	constructor(logs: Pick<LogTap, 'counts'>) {
		this.#logs = logs;
	}

	/** @param near looked at, or in trouble */
	record(signals: ServiceSignals, service: Service, history: HistoryOf, now: number, near: boolean): void {
		const last = this.#recordedAt.get(service.id) ?? 0;
		if (!near && now - last < recordSlowMs && now >= last) return;
		this.#recordedAt.set(service.id, now);
		recordStanding(signals, service, history, this.#logs, now);
	}

	keepOnly(serviceIds: ReadonlySet<string>): void {
		for (const id of this.#recordedAt.keys()) if (!serviceIds.has(id)) this.#recordedAt.delete(id);
	}
}
