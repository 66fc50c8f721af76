import type { Service } from '../domain/service.ts';
import type { ServiceSignals } from '../observe/signals.ts';
import type { LogTap } from './logTap.ts';

/** Times over which lines and errors of the log are counted, and the signals they become. */
const logWindows = [
	{ withinMs: 60_000, errors: 'log.errors', lines: 'log.lines' },
	{ withinMs: 300_000, errors: 'log.errorsIn5Minutes', lines: 'log.linesIn5Minutes' },
] as const;

/** Writes what nobody pushes into a service's signals: how its containers stand, and what their logs count. */
export const recordStanding = (signals: ServiceSignals, service: Service, logs: Pick<LogTap, 'counts'>, now: number): void => {
	const running = service.containers.filter((container) => container.state === 'running');
	signals.push('container.replicas', now, running.length);
	signals.push('container.running', now, running.length > 0 ? 1 : 0);
	const checked = running.filter((container) => container.health !== 'none');
	if (checked.length > 0) signals.push('container.healthy', now, checked.every((container) => container.health === 'healthy') ? 1 : 0);
	for (const { withinMs, errors, lines } of logWindows) {
		const counts = service.containers.flatMap((container) => logs.counts(container.id, now, withinMs) ?? []);
		if (counts.length === 0) return;
		signals.push(errors, now, counts.reduce((sum, each) => sum + each.errors, 0));
		signals.push(lines, now, counts.reduce((sum, each) => sum + each.lines, 0));
	}
};
