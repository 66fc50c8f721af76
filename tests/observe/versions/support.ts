import type { ContainerSummary } from '../../../src/domain/container.ts';
import type { VersionEvent, VersionRecord } from '../../../src/domain/journal.ts';
import type { Alert } from '../../../src/domain/rule.ts';
import type { ContainerEnd, ContainerHistory, Service } from '../../../src/domain/service.ts';
import type { Severity } from '../../../src/domain/severity.ts';
import type { ServiceStatus } from '../../../src/domain/situation.ts';
import { ServiceSignals } from '../../../src/observe/signals.ts';
import { asideOf } from '../../../src/observe/versions/aside.ts';
import { VersionBook } from '../../../src/observe/versions/book.ts';
import { container } from '../../support/fakeEngine.ts';

export const engine = 'unix:///fake';
export const minute = 60_000;
export const start = Date.UTC(2026, 10, 21, 3, 0, 0);

export const alert = (severity: Severity, reason: string, over: Partial<Alert> = {}): Alert => ({ ruleId: 'r', serviceId: 'api', severity, state: 'firing', since: 0, reason, ...over });

/** A container of `api`, made and started at a time. */
export const of = (version: string, startedAt: number, over: Partial<ContainerSummary> = {}): ContainerSummary =>
	container('api', { id: `${version}@${startedAt}`, image: `api:${version}`, imageId: `sha256:${version}`, createdAt: startedAt, startedAt, ...over });

export const record = (version: string, over: Partial<VersionRecord> = {}): VersionRecord => ({
	service: 'api',
	engine,
	image: `api:${version}`,
	imageId: `sha256:${version}`,
	firstSeenAt: start - 100 * minute,
	lastSeenAt: start - 50 * minute,
	since: start - 100 * minute,
	healthyMs: 0,
	words: 'runs',
	left: false,
	...over,
});

/** One service, looked at every five seconds, with what it tells in short. */
export class Scene {
	readonly book: VersionBook;
	readonly signals = new ServiceSignals();
	readonly events: VersionEvent[] = [];
	readonly starts = new Map<string, number[]>();
	readonly ends = new Map<string, ContainerEnd[]>();
	now = start;
	containers: readonly ContainerSummary[] = [];
	/** Those that stand beside it under names of their own. */
	beside: readonly string[] = [];
	status: Partial<ServiceStatus> = {};

	constructor(records: readonly VersionRecord[] = [], windowOf?: (service: Service) => number | undefined) {
		this.book = new VersionBook(engine, windowOf === undefined ? {} : { windowOf });
		this.book.adopt('api', records);
	}

	/** `seen 1.0.0: words`, oldest first, those since the last time. */
	get told(): readonly string[] {
		return this.events.splice(0).map(({ kind, image, words }) => `${kind.slice('version_'.length)} ${image.replace('api:', '')}: ${words}`);
	}

	/** What was told so far is not asked about. */
	forget(): void {
		this.events.length = 0;
	}

	look(): void {
		const service = { id: 'api', name: 'api', manager: 'none', containers: this.containers, configured: false } as const;
		const status: ServiceStatus = { service, mark: 'ok', reason: 'healthy', alerts: [], inconclusive: [], restarts: 0, probes: [], ...this.status };
		const moving = new Set([...this.containers.map(({ name }) => name), ...this.beside].flatMap((name) => asideOf(name) ?? []));
		this.events.push(
			...(this.containers.length === 0
				? this.book.gone('api', moving, this.now)
				: this.book.look({ status, history: (id) => this.#history(id), signals: this.signals }, moving, this.now)),
		);
	}

	/** Looks until so much time has passed. */
	pass(ms: number): void {
		for (let left = ms; left > 0; left -= 5000) {
			this.now += 5000;
			this.look();
		}
	}

	/** From now on these are there; they are looked at. */
	be(...containers: readonly ContainerSummary[]): void {
		this.containers = containers;
		this.look();
	}

	#history(containerId: string): ContainerHistory | undefined {
		const starts = this.starts.get(containerId);
		const ends = this.ends.get(containerId);
		return starts === undefined && ends === undefined ? undefined : { containerId, starts: starts ?? [], ends: ends ?? [] };
	}
}
