import type { EngineInfo } from '../../src/domain/engine.ts';
import type { Service } from '../../src/domain/service.ts';
import type { ServiceStatus, Situation } from '../../src/domain/situation.ts';
import { container } from '../support/fakeEngine.ts';

/** 2026-11-21 03:14:07 UTC. */
export const at = Date.UTC(2026, 10, 21, 3, 14, 7);

export const engineInfo: EngineInfo = {
	target: { name: 'prod-1', kind: 'docker', address: 'ssh://ops@prod-1', origin: 'DOCKER_HOST' },
	product: 'Docker Engine',
	version: '28.2.1',
	apiVersion: '1.50',
	hostName: 'prod-1.internal',
	cpus: 4,
	memoryBytes: 8 * 1024 ** 3,
	cgroup: 'v2',
	os: 'Debian 13',
	swarm: false,
	clockSkewMs: 3,
};

/** A service of one container; everything unsaid is well. */
export const status = (id: string, over: Partial<ServiceStatus> = {}): ServiceStatus => {
	const [group, name] = id.includes('/') ? id.split('/') : [undefined, id];
	const service: Service = {
		id,
		name: name ?? id,
		...(group === undefined ? {} : { group }),
		manager: group === undefined ? 'none' : 'compose',
		containers: [container(id.replaceAll('/', '-'), { startedAt: at - 3_600_000 })],
		configured: false,
	};
	return { service, mark: 'ok', reason: 'healthy 1 h', alerts: [], inconclusive: [], restarts: 0, probes: [], ...over };
};

export const crashed = status('shop/cloud-native-poc', {
	mark: 'P0',
	severity: 'P0',
	reason: 'exited 137, killed for memory, 3rd time in 10 min',
	restarts: 3,
	alerts: [{ ruleId: 'container-down', serviceId: 'shop/cloud-native-poc', severity: 'P0', state: 'firing', since: at - 42_000, reason: 'exited 137, killed for memory' }],
});

export const locked = status('worker', { mark: 'P2', severity: 'P2', reason: 'database locked 12 s' });

export const measured = status('gateway', {
	reason: 'healthy 3 d',
	figures: { at: at - 500, cpuPercent: 2.04, memoryBytes: 21 * 1024 ** 2, memoryLimitBytes: 100 * 1024 ** 2, memoryPercent: 21, pids: 7 },
	rxBytesPerSecond: 1200,
	txBytesPerSecond: 3400,
	errorsPerMinute: 0,
	probes: [{ probe: 'ready', at: at - 900, durationMs: 12, ok: true, words: '200 in 12 ms', figures: { p95: 12 } }],
});

export const unjudged = status('postgres', { mark: '?', reason: 'starting 3 s, health not known yet', inconclusive: [{ ruleId: 'memory-high', serviceId: 'postgres', why: 'no sample of memory.percent' }] });

/** @param services in any order */
export const situation = (...services: readonly ServiceStatus[]): Situation => ({ at, engine: engineInfo, services });
