import type { ContainerDetail, ContainerSummary } from '../../src/domain/container.ts';
import type { ProbeResult } from '../../src/domain/probe.ts';
import type { ContainerHistory, Service, ServiceFacts } from '../../src/domain/service.ts';
import type { Sample } from '../../src/domain/signal.ts';

/** A moment all tests of the judge start from. */
export const noon = Date.UTC(2026, 10, 21, 12, 0, 0);

export const detail = (changes: Partial<ContainerDetail> = {}): ContainerDetail => ({
	at: noon,
	command: ['serve'],
	oomKilled: false,
	policyRestarts: 0,
	restartPolicy: 'no',
	autoRemove: false,
	tty: false,
	logDriver: 'json-file',
	healthLog: [],
	failingStreak: 0,
	addresses: {},
	...changes,
});

export const container = (changes: Partial<ContainerSummary> = {}): ContainerSummary => ({
	id: 'c1',
	name: 'web',
	image: 'web:1',
	imageId: 'sha256:1',
	createdAt: noon - 3 * 86_400_000,
	startedAt: noon - 3 * 86_400_000,
	state: 'running',
	health: 'none',
	ports: [],
	mounts: [],
	networks: [],
	labels: {},
	manager: 'none',
	...changes,
});

export interface FactsChanges {
	readonly service?: Partial<Service>;
	readonly containers?: readonly ContainerSummary[];
	readonly history?: Partial<ContainerHistory>;
	/** Newest values, sampled at the moment itself; or whole series. */
	readonly signals?: Readonly<Record<string, number | readonly Sample[]>>;
	readonly probes?: readonly ProbeResult[];
	readonly lastError?: string;
	readonly lastErrorAt?: number;
	readonly freshAt?: number;
	readonly at?: number;
}

export const facts = (changes: FactsChanges = {}): ServiceFacts => {
	const at = changes.at ?? noon;
	const series = new Map(
		Object.entries({ 'memory.percent': 20, ...changes.signals }).map(([name, value]): [string, readonly Sample[]] => [
			name,
			typeof value === 'number' ? [{ at, value }] : value,
		]),
	);
	return {
		service: {
			id: 'web',
			name: 'web',
			manager: 'none',
			containers: changes.containers ?? [container()],
			configured: false,
			...changes.service,
		},
		history: (containerId) =>
			changes.history === undefined ? undefined : { containerId, starts: [], ends: [], ...changes.history },
		signals: {
			latest: (name) => series.get(name)?.at(-1),
			range: (name, from, to) => (series.get(name) ?? []).filter((each) => each.at >= from && each.at <= to),
			names: () => [...series.keys()],
		},
		probes: changes.probes ?? [],
		lastError: () => (changes.lastError === undefined ? undefined : { at: changes.lastErrorAt ?? at, words: changes.lastError }),
		freshAt: changes.freshAt ?? at,
	};
};
