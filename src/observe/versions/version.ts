import type { ContainerSummary } from '../../domain/container.ts';
import { formatDuration } from '../../domain/duration.ts';
import type { ContainerHistory } from '../../domain/service.ts';
import type { VersionRecord } from '../../domain/journal.ts';
import { type Beginning, beginningOf, doubtOf, failureBetween, isAnotherRun } from './beginning.ts';
import type { VersionStanding } from './standing.ts';

/** While nothing can be said of it for longer than this, ms, its health has a break. */
const unsureMs = 60_000;
/** Between its start and the first look less than this, ms, and nobody wants to know. */
const plainMs = 30_000;
/** Between two looks more than this, ms, and what was between them was not seen. */
const unseenMs = 60_000;

export type Announced = 'nothing' | 'seen' | 'proved' | 'left';

/** What is known of one version of a service, look by look. */
export class Version {
	readonly imageId: string;
	image: string;
	/** The newest that was told of it. */
	announced: Announced = 'nothing';
	/** Epoch ms of the newest proof that was told, of whichever console. */
	provedAt: number | undefined;
	/** The newest proof of this console was over less than a whole window. */
	provedInPart = false;
	/** Epoch ms since when it does not run; absent while it does. */
	downSince: number | undefined;
	standing: VersionStanding = { kind: 'unsure' };
	/** Why its time before the first look does not count. */
	doubt: string | undefined;
	/** Names of its containers, as they were called last. */
	names: readonly string[] = [];
	/** Containers that were not there at the look before. */
	anew = false;
	#runs = new Map<string, Beginning>();
	#healthySince: number | undefined;
	#healthyUntil = 0;
	#watchedSince = 0;
	#unsureSince: number | undefined;
	/** Nothing was seen of its present run that would break its health. */
	#unbroken = true;
	#lookedAt = 0;
	#lastMs = 0;
	#since = 0;

	constructor(imageId: string, image: string) {
		this.imageId = imageId;
		this.image = image;
	}

	/** As a journal knows it. */
	static of(record: VersionRecord): Version {
		const version = new Version(record.imageId, record.image);
		version.announced = record.left === true ? 'left' : record.provedAt === undefined ? 'seen' : 'proved';
		version.provedAt = record.provedAt;
		version.#since = record.since ?? record.firstSeenAt;
		version.#lastMs = record.healthyMs;
		return version;
	}

	/** Epoch ms since when it runs. */
	get since(): number {
		return this.#since;
	}

	/** Of the present time without a break, or of the last one, ms. */
	get healthyMs(): number {
		return this.#healthySince === undefined ? this.#lastMs : Math.max(0, this.#healthyUntil - this.#healthySince);
	}

	/** How much of `healthyMs` was looked at, ms. */
	get watchedMs(): number {
		return this.#healthySince === undefined ? 0 : Math.max(0, this.#healthyUntil - this.#watchedSince);
	}

	/** In words, how long it was healthy and how that is known. */
	get proofWords(): string {
		const before = this.healthyMs - this.watchedMs;
		const words = `healthy for ${formatDuration(this.healthyMs)}`;
		if (this.doubt !== undefined) return `${words}; what was before does not count: ${this.doubt}`;
		return before < plainMs ? words : `${words}, ${formatDuration(before)} of it before it was watched: it ran without a stop, and nothing speaks against its health`;
	}

	/** @param active its containers that run @returns how it failed since the last look, where it did and runs again */
	look(active: readonly ContainerSummary[], standing: VersionStanding, history: (containerId: string) => ContainerHistory | undefined, now: number): string | undefined {
		const gap = now - this.#lookedAt > unseenMs;
		const runs = new Map<string, Beginning>();
		let failure: string | undefined;
		let kept = false;
		this.anew = false;
		for (const container of active) {
			const past = history(container.id);
			const known = this.#runs.get(container.id);
			const found = beginningOf(container, past, now);
			const other = known === undefined || isAnotherRun(known, found, this.#lookedAt);
			if (known === undefined) this.anew = true;
			else if (other) failure ??= failureBetween(past, known.at, found.at);
			kept ||= !other;
			// A list that rounds says something else of the same start each time.
			runs.set(container.id, known === undefined || other || found.exact ? found : known);
		}
		this.#lookedAt = now;
		this.standing = standing;
		if (active.length > 0) {
			this.#runs = runs;
			this.names = active.map(({ name }) => name);
			this.image = active[0]?.image ?? this.image;
			this.downSince = undefined;
			this.#since = Math.min(...[...runs.values()].map(({ at }) => at));
		} else this.downSince ??= now;
		if (!kept || gap) this.#break(true);
		if (failure !== undefined || standing.kind === 'failing' || active.length === 0) this.#break(false);
		else this.#follow(active, history, now);
		return failure;
	}

	#follow(active: readonly ContainerSummary[], history: (containerId: string) => ContainerHistory | undefined, now: number): void {
		if (this.standing.kind === 'healthy') {
			this.#unsureSince = undefined;
			if (this.#healthySince === undefined) this.#begin(active, history, now);
			this.#healthyUntil = now;
			return;
		}
		this.#unsureSince ??= now;
		const starting = active.some(({ health }) => health === 'starting');
		// A further replica that starts says nothing of the others.
		if (starting && active.some(({ health }) => health === 'healthy')) return;
		if (starting || now - this.#unsureSince > unsureMs) this.#break(false);
	}

	/** What ran before the first look counts from its start, where nothing speaks against it. */
	#begin(active: readonly ContainerSummary[], history: (containerId: string) => ContainerHistory | undefined, now: number): void {
		const began = Math.max(...[...this.#runs.values()].map(({ at }) => at));
		for (const container of active) this.doubt ??= doubtOf(container, history(container.id));
		this.#healthySince = this.#unbroken && this.doubt === undefined ? Math.min(began, now) : now;
		this.#watchedSince = now;
	}

	/** @param anew what comes is another run, or was not seen: it may count from its start */
	#break(anew: boolean): void {
		if (this.#healthySince !== undefined) this.#lastMs = this.healthyMs;
		this.#healthySince = undefined;
		this.#unsureSince = undefined;
		this.#unbroken = anew;
		this.doubt = undefined;
	}
}
