import type { ContainerSummary } from '../../domain/container.ts';
import type { VersionEvent, VersionRecord } from '../../domain/journal.ts';
import type { ContainerHistory, Service } from '../../domain/service.ts';
import type { SignalReader } from '../../domain/signal.ts';
import type { ServiceStatus } from '../../domain/situation.ts';
import { asideOf } from './aside.ts';
import { baselineMeans } from './means.ts';
import { isActive, standingOf } from './standing.ts';
import { Version } from './version.ts';

/** A version is proved once it has been healthy for so long, ms, where nothing else was said of its service. */
const watchWindowMs = 600_000;
/** While it stays healthy it is proved again so often, ms. */
export const repeatMs = 6 * 3_600_000;
/** Nothing is proved that was not looked at for so long, ms, whatever it did before: its figures are the baseline. */
const leastWatchedMs = 60_000;
/** What does not run is given so long to come back, ms: a container that is made anew is gone for a moment. */
const absentMs = 15_000;
/** So many events of a service an hour, proofs left out: one that starts and ends all night must not fill the journal. */
const mostEvents = 20;
const hourMs = 3_600_000;
/** Versions kept of a service beside those that run. */
const mostVersions = 20;

/** What the book looks at of one service. */
export interface ServiceLook {
	readonly status: ServiceStatus;
	readonly history: (containerId: string) => ContainerHistory | undefined;
	readonly signals: SignalReader;
}

interface Page {
	readonly versions: Map<string, Version>;
	/** When its events of the last hour were told. */
	readonly told: number[];
	/** Changes that were not told, for there were too many. */
	readonly untold: Set<string>;
}

/** What runs, per service: tells when a version first runs, when it has proved itself, and when it stops or fails. Pure over what it is shown. */
export class VersionBook {
	readonly #engine: string;
	readonly #windowOf: (service: Service) => number;
	readonly #repeatMs: number;
	readonly #pages = new Map<string, Page>();

	/** @param engine address of the engine @param options `windowOf`: a service's own window, ms; the usual one where it has none */
	constructor(engine: string, { windowOf, everyMs = repeatMs }: { readonly windowOf?: (service: Service) => number | undefined; readonly everyMs?: number } = {}) {
		this.#engine = engine;
		this.#windowOf = (service) => windowOf?.(service) ?? watchWindowMs;
		this.#repeatMs = everyMs;
	}

	/** Whether what the journal says of a service was handed over. */
	knows(serviceId: string): boolean {
		return this.#pages.has(serviceId);
	}

	/** Services that the book has. */
	get services(): IterableIterator<string> {
		return this.#pages.keys();
	}

	/** Takes over what the journal says, so that nothing of it is told again. @param records newest first */
	adopt(serviceId: string, records: readonly VersionRecord[]): void {
		const versions = new Map(records.slice(0, mostVersions).map((record) => [record.imageId, Version.of(record)]));
		this.#pages.set(serviceId, { versions, told: [], untold: new Set() });
	}

	/**
	 * Looks at a service that was adopted.
	 * @param moving whose places containers will take, or had, that stand beside them: see `asideOf`
	 * @param mayProve false holds proofs back until another look
	 */
	look({ status, history, signals }: ServiceLook, moving: ReadonlySet<string>, now: number, mayProve = true): readonly VersionEvent[] {
		const page = this.#pages.get(status.service.id);
		if (page === undefined) return [];
		const own = status.service.containers.filter(({ name, imageId }) => imageId !== '' && asideOf(name) === undefined);
		for (const { imageId, image } of own.filter(isActive)) if (!page.versions.has(imageId)) page.versions.set(imageId, new Version(imageId, image));
		const events: VersionEvent[] = [];
		const left: VersionEvent[] = [];
		const running = runningVersion(page, own);
		const windowMs = this.#windowOf(status.service);
		for (const version of page.versions.values()) {
			const containers = own.filter(({ imageId }) => imageId === version.imageId);
			const failure = version.look(containers.filter(isActive), standingOf(containers, status, history), history, now);
			// Between the old one put aside and the new one in its place nothing stands under the name.
			if (own.length === 0 && isMoving(status.service, version, moving)) continue;
			const words = goneWords(version, failure, running, now);
			if (words !== undefined) left.push(...this.#tell(page, status, version, 'version_left', words, now));
			if (version.downSince !== undefined) continue;
			if (words === undefined && isNews(version)) events.push(...this.#tell(page, status, version, 'version_seen', seenWords(version), now));
			if (mayProve && this.#isDue(version, windowMs, now)) {
				events.push(this.#proof(status, version, windowMs, signals, now));
				mayProve = false;
			}
		}
		forgetOld(page);
		return [...left, ...events];
	}

	/** A service that is not there any more. Once its end was told, the book lets go of it. */
	gone(serviceId: string, moving: ReadonlySet<string>, now: number): readonly VersionEvent[] {
		const page = this.#pages.get(serviceId);
		if (page === undefined) return [];
		const service = { id: serviceId, name: serviceId.slice(serviceId.lastIndexOf('/') + 1), manager: 'none', containers: [], configured: false } as const;
		const status: ServiceStatus = { service, mark: '-', reason: 'gone', alerts: [], inconclusive: [], restarts: 0, probes: [] };
		const events = this.look({ status, history: () => undefined, signals: noSignals }, moving, now, false);
		if ([...page.versions.values()].every(({ announced }) => announced === 'left' || announced === 'nothing')) this.#pages.delete(serviceId);
		return events;
	}

	#isDue(version: Version, windowMs: number, now: number): boolean {
		if (version.standing.kind !== 'healthy' || version.healthyMs < windowMs || version.watchedMs < Math.min(leastWatchedMs, windowMs)) return false;
		if (version.announced !== 'proved' || version.provedAt === undefined) return true;
		if (version.provedInPart && version.watchedMs >= windowMs) return true;
		return now - version.provedAt >= this.#repeatMs;
	}

	#proof(status: ServiceStatus, version: Version, windowMs: number, signals: SignalReader, now: number): VersionEvent {
		const { figures, leftOut } = baselineMeans(signals, now - Math.min(windowMs, version.watchedMs), now);
		version.announced = 'proved';
		version.provedAt = now;
		version.provedInPart = version.watchedMs < windowMs;
		const words = leftOut === 0 ? version.proofWords : `${version.proofWords}; ${leftOut} more signals have no baseline`;
		return { ...this.#event(status, version, 'version_proved', words), ...(Object.keys(figures).length === 0 ? {} : { figures }) };
	}

	#tell(page: Page, status: ServiceStatus, version: Version, kind: 'version_seen' | 'version_left', words: string, now: number): readonly VersionEvent[] {
		while (page.told[0] !== undefined && now - page.told[0] >= hourMs) page.told.shift();
		const change = `${kind} ${version.imageId} ${version.since}`;
		if (page.told.length >= mostEvents) {
			page.untold.add(change);
			return [];
		}
		page.told.push(now);
		page.untold.delete(change);
		const untold = page.untold.size;
		page.untold.clear();
		version.announced = kind === 'version_seen' ? 'seen' : 'left';
		return [this.#event(status, version, kind, untold === 0 ? words : `${words}; ${untold === 1 ? 'a change' : `${untold} changes`} before it came too fast to be recorded`)];
	}

	#event({ service }: ServiceStatus, version: Version, kind: VersionEvent['kind'], words: string): VersionEvent {
		return { kind, service: service.id, engine: this.#engine, image: version.image, imageId: version.imageId, since: Math.round(version.since), healthyMs: Math.round(version.healthyMs), words };
	}
}

const noSignals: SignalReader = { latest: () => undefined, range: () => [], names: () => [] };

/** The version that began last among those that run. */
const runningVersion = (page: Page, own: readonly ContainerSummary[]): { readonly imageId: string; readonly image: string } | undefined =>
	own.filter((container) => isActive(container) && page.versions.has(container.imageId)).toSorted((a, b) => b.createdAt - a.createdAt)[0];

const isMoving = (service: ServiceStatus['service'], version: Version, moving: ReadonlySet<string>): boolean =>
	moving.size > 0 && (moving.has(service.name) || moving.has(service.id) || version.names.some((name) => moving.has(name)));

/** It was never told of, or it is back in another container after it had left; one that still fails is not. */
const isNews = ({ announced, anew, standing }: Version): boolean => announced === 'nothing' || (announced === 'left' && anew && standing.kind !== 'failing');

const seenWords = ({ announced, standing }: Version): string => {
	const words = announced === 'nothing' ? 'runs here for the first time that was seen' : 'runs again';
	return standing.kind === 'failing' ? `${words}, ${standing.words}` : words;
};

/** Why a version that was told to run is to be told to have left; undefined where it is not. */
const goneWords = (version: Version, failure: string | undefined, running: { readonly imageId: string; readonly image: string } | undefined, now: number): string | undefined => {
	if (version.announced !== 'seen' && version.announced !== 'proved') return undefined;
	const { standing, downSince } = version;
	if (failure !== undefined) return failure;
	if (standing.kind === 'failing') return standing.words;
	if (standing.kind !== 'stopped' || downSince === undefined) return undefined;
	if (running !== undefined && running.imageId !== version.imageId) return running.image === version.image ? `replaced by another ${running.image}` : `replaced by ${running.image}`;
	return !standing.asked || now - downSince >= absentMs ? standing.words : undefined;
};

/** Of the versions that do not run only those told of last are kept. */
const forgetOld = (page: Page): void => {
	const idle = [...page.versions.values()].filter(({ downSince }) => downSince !== undefined);
	for (const { imageId } of idle.toSorted((a, b) => b.since - a.since).slice(mostVersions)) page.versions.delete(imageId);
};
