import { formatDuration } from '../../domain/duration.ts';
import type { Actor, Journal, VersionEvent, VersionRecord } from '../../domain/journal.ts';
import { repeatMs } from '../../observe/versions/book.ts';
import type { Baselines } from './baselines.ts';

/** Events written at once: a transaction of so many takes a few ms. */
const mostAtOnce = 25;
/** Events that wait at most. */
const mostWaiting = 2000;
/** An event that could not be recorded for longer than this says so, ms. */
const lateMs = 60_000;
/** Between two tries, ms: doubled from the first to the longest. */
const firstWaitMs = 5000;
const longestWaitMs = 60_000;

interface Waiting {
	readonly event: VersionEvent;
	/** Epoch ms at which it happened. */
	readonly at: number;
	/** Earlier ones of the same kind and version that it stands for. */
	readonly earlier: number;
}

export interface BacklogParts {
	readonly journal: Pick<Journal, 'append' | 'versions'>;
	readonly actor: Actor;
	readonly engine: string;
	readonly baselines: Baselines;
}

const keyOf = ({ service, imageId, kind }: VersionEvent): string => JSON.stringify([service, imageId, kind]);

/** What the journal says of one version, and what is on its way into it. */
type Standing = Pick<VersionRecord, 'left' | 'provedAt'>;

/** Whether the journal says it already: another console looks at the same engine. */
const isKnown = ({ kind, since }: VersionEvent, said: Standing | undefined, now: number, ownProofAt: number | undefined): boolean => {
	if (said === undefined) return false;
	if (kind === 'version_seen') return said.left !== true;
	if (kind === 'version_left') return said.left === true;
	const { provedAt } = said;
	return provedAt !== undefined && provedAt !== ownProofAt && provedAt >= since && said.left !== true && now - provedAt < repeatMs;
};

/** Events on their way into the journal. Where it cannot be written they wait, bounded, and what could not be kept is counted and said. */
export class Backlog {
	readonly #parts: BacklogParts;
	readonly #waiting = new Map<string, Waiting>();
	/** Epoch ms of the newest proof of this console, by version. */
	readonly #ownProofs = new Map<string, number>();
	#lost = 0;
	#writing: Promise<boolean> | undefined;
	#waitMs = 0;
	#notBefore = 0;

	constructor(parts: BacklogParts) {
		this.#parts = parts;
	}

	/** How many wait. */
	get size(): number {
		return this.#waiting.size;
	}

	add(events: readonly VersionEvent[], at: number): void {
		for (const event of events) {
			const key = keyOf(event);
			const before = this.#waiting.get(key);
			// The newest stands at the end: a journal tells what is newest by its order.
			this.#waiting.delete(key);
			this.#waiting.set(key, { event, at, earlier: before === undefined ? 0 : before.earlier + 1 });
			for (const oldest of this.#waiting.keys()) {
				if (this.#waiting.size <= mostWaiting) break;
				this.#waiting.delete(oldest);
				this.#lost++;
			}
		}
	}

	/** Begins to write what waits, where it is time to. */
	write(now: number): void {
		if (this.#waiting.size === 0 || this.#writing !== undefined || now < this.#notBefore) return;
		this.#writing = this.#writeSome(now).finally(() => (this.#writing = undefined));
	}

	/** Tries once more. */
	async end(now: number): Promise<void> {
		await this.#writing;
		while (this.#waiting.size > 0) if (!(await this.#writeSome(now))) return;
	}

	/** @returns whether they were written */
	async #writeSome(now: number): Promise<boolean> {
		const { journal, actor } = this.#parts;
		const some = [...this.#waiting].slice(0, mostAtOnce);
		const lost = this.#lost;
		try {
			const known = await this.#recordsOf(some.map(([, { event }]) => event.service));
			const fresh = this.#fresh(some, known, now);
			const stored = await journal.append(fresh.map(([, waiting], index) => ({ actor, event: { ...waiting.event, words: wordsOf(waiting, now, index === 0 ? lost : 0) } })));
			for (const [key, waiting] of some) if (this.#waiting.get(key) === waiting) this.#waiting.delete(key);
			if (fresh.length > 0) this.#lost -= lost;
			this.#waitMs = 0;
			for (const [index, [key, { event }]] of fresh.entries()) if (event.kind === 'version_proved') this.#ownProofs.set(key, stored[index]?.at ?? now);
			await this.#recordsOf(fresh.map(([, { event }]) => event.service));
			return true;
		} catch {
			// The journal says itself what is wrong with it, and the screen shows that.
			this.#waitMs = Math.min(longestWaitMs, this.#waitMs === 0 ? firstWaitMs : this.#waitMs * 2);
			this.#notBefore = now + this.#waitMs;
			return false;
		}
	}

	/** Those of which the journal, and the ones before them, do not say the same. */
	#fresh(some: readonly (readonly [string, Waiting])[], known: ReadonlyMap<string, readonly VersionRecord[]>, now: number): readonly (readonly [string, Waiting])[] {
		const said = new Map<string, Standing>();
		return some.filter(([key, { event }]) => {
			const version = JSON.stringify([event.service, event.imageId]);
			const before = said.get(version) ?? known.get(event.service)?.find(({ imageId }) => imageId === event.imageId);
			if (isKnown(event, before, now, this.#ownProofs.get(key))) return false;
			said.set(version, { ...before, left: event.kind === 'version_left' });
			return true;
		});
	}

	async #recordsOf(services: readonly string[]): Promise<ReadonlyMap<string, readonly VersionRecord[]>> {
		const { journal, engine, baselines } = this.#parts;
		const records = new Map<string, readonly VersionRecord[]>();
		for (const service of new Set(services)) records.set(service, await journal.versions(service, engine));
		for (const [service, each] of records) baselines.set(service, each);
		return records;
	}
}

const wordsOf = ({ event, at, earlier }: Waiting, now: number, lost: number): string =>
	[
		event.words,
		...(now - at < lateMs ? [] : [`recorded ${formatDuration(now - at)} later`]),
		...(earlier === 0 ? [] : [`${earlier === 1 ? 'one' : earlier} before it could not be recorded`]),
		...(lost === 0 ? [] : [`${lost} of other versions could not be kept until they could be recorded`]),
	].join('; ');
