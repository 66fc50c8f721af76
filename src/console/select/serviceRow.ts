import type { Port } from '../../domain/container.ts';
import { sanitiseText } from '../../domain/sanitise.ts';
import type { ServiceStatus } from '../../domain/situation.ts';
import type { ServiceRow } from '../view.ts';

/** Figures this old are shown as stale, ms: the slowest rows are read every 10 s. */
const figuresStaleMs = 15_000;

/** Published ports in short: `8000`, or `8080>80` where they differ. */
export const portsInShort = (ports: readonly Port[]): string => {
	const published = new Set<string>();
	for (const port of ports) {
		if (port.host === undefined) continue;
		published.add(port.host === port.container ? `${port.host}` : `${port.host}>${port.container}`);
	}
	return [...published].join(' ');
};

/** What is shown of a service while the engine is out of reach: nothing in it may pass for the present. */
const notCurrent = (status: ServiceStatus): Pick<ServiceStatus, 'mark' | 'reason'> => ({
	mark: '?',
	reason: status.reason.startsWith('no news') ? status.reason : `unknown: ${status.reason}`,
});

/**
 * A service's row. Every text in it is harmless.
 * @param current false while the engine is out of reach
 */
export const serviceRow = (status: ServiceStatus, now: number, current: boolean): ServiceRow => {
	const { mark, reason } = current ? status : notCurrent(status);
	const { service, figures } = status;
	const running = service.containers.filter((container) => container.state === 'running');
	const first = service.containers[0];
	const startedAt = running[0]?.startedAt;
	return {
		id: service.id,
		name: sanitiseText(service.name),
		...(service.group === undefined ? {} : { group: sanitiseText(service.group) }),
		...(status.severity === undefined || !current ? {} : { severity: status.severity }),
		mark,
		reason: sanitiseText(reason),
		replicas: { running: running.length, total: service.containers.length },
		...(figures?.cpuPercent === undefined ? {} : { cpuPercent: figures.cpuPercent }),
		...(figures === undefined ? {} : { memoryPercent: figures.memoryPercent, memoryBytes: figures.memoryBytes }),
		...(status.rxBytesPerSecond === undefined ? {} : { rxBytesPerSecond: status.rxBytesPerSecond }),
		...(status.txBytesPerSecond === undefined ? {} : { txBytesPerSecond: status.txBytesPerSecond }),
		...(status.errorsPerMinute === undefined ? {} : { errorsPerMinute: status.errorsPerMinute }),
		restarts: status.restarts,
		...(startedAt === undefined ? {} : { uptimeMs: Math.max(0, now - startedAt) }),
		image: sanitiseText(first?.image ?? ''),
		ports: portsInShort(service.containers.flatMap((container) => container.ports)),
		figuresStale: !current || (figures !== undefined && now - figures.at > figuresStaleMs),
	};
};
