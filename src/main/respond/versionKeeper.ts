import type { Live } from '../../console/live.ts';
import type { Clock } from '../../domain/clock.ts';
import type { Actor, Journal } from '../../domain/journal.ts';
import type { Service } from '../../domain/service.ts';
import { asideOf } from '../../observe/versions/aside.ts';
import { VersionBook } from '../../observe/versions/book.ts';
import { Backlog } from './backlog.ts';
import type { Baselines } from './baselines.ts';

/** The first figures and the first screens belong to the services: versions are looked at from then on, ms. */
const startAfterMs = 10_000;
/** Each service is looked at once in so many looks, and a look is taken each second: so the work is spread. */
const turns = 5;
const lookEveryMs = 1000;
/** Older than this, ms, and nothing that is known of containers is said of now. */
const freshMs = 10_000;

export interface VersionKeeperParts {
	readonly live: Pick<Live, 'services' | 'status' | 'signalsOf'> & { readonly inventory: Pick<Live['inventory'], 'listed' | 'freshAt' | 'containers' | 'history'> };
	readonly clock: Clock;
	readonly journal: Pick<Journal, 'append' | 'versions'>;
	readonly actor: Actor;
	/** Address of the engine. */
	readonly engine: string;
	readonly baselines: Baselines;
	/** How long a version has to be healthy until it counts as good, ms; the book's own where it does not say. */
	readonly watchWindowOf?: (service: Service) => number | undefined;
	/** False where nothing may be written: then only what others wrote is read, for the baselines. */
	readonly writes: boolean;
}

/**
 * Writes into the journal which versions run, how long they were healthy, and what they were like then.
 * @returns ends it, after what is left was written or could not be
 */
export const keepVersions = (parts: VersionKeeperParts): (() => Promise<void>) => {
	const keeper = new VersionKeeper(parts);
	let cancelLooks: (() => void) | undefined;
	const cancelStart = parts.clock.after(startAfterMs, () => {
		cancelLooks = parts.clock.every(lookEveryMs, () => keeper.look());
	});
	return async () => {
		cancelStart();
		cancelLooks?.();
		await keeper.end();
	};
};

class VersionKeeper {
	readonly #parts: VersionKeeperParts;
	readonly #book: VersionBook;
	readonly #backlog: Backlog;
	#turn = 0;
	#ended = false;
	/** Names in whose place a move is at work. */
	#moving: ReadonlySet<string> = new Set();
	/** Services of which the journal was not asked yet. */
	#reading: Promise<void> | undefined;
	/** Not before then is a journal that could not be read tried again, epoch ms. */
	#readAgainAt = 0;

	constructor(parts: VersionKeeperParts) {
		this.#parts = parts;
		const { watchWindowOf } = parts;
		this.#book = new VersionBook(parts.engine, watchWindowOf === undefined ? {} : { windowOf: watchWindowOf });
		this.#backlog = new Backlog(parts);
	}

	look(): void {
		const { live, clock, writes } = this.#parts;
		const now = clock.now();
		if (!live.inventory.listed || now - live.inventory.freshAt > freshMs) return;
		const { services } = live;
		if (this.#turn === 0) this.#begin(now);
		if (writes) {
			let mayProve = true;
			for (let index = this.#turn; index < services.length; index += turns) {
				const service = services[index];
				const status = service === undefined ? undefined : live.status(service.id);
				if (service === undefined || status === undefined || !this.#book.knows(service.id)) continue;
				const events = this.#book.look({ status, history: (id) => live.inventory.history(id), signals: live.signalsOf(service.id) }, this.#moving, now, mayProve);
				// The means of one proof take some tenths of a millisecond: one in a look is enough.
				if (events.some(({ kind }) => kind === 'version_proved')) mayProve = false;
				this.#backlog.add(events, now);
			}
			// Together, for each transaction waits for the disk.
			if (this.#turn === turns - 1) this.#backlog.write(now);
		}
		this.#turn = (this.#turn + 1) % turns;
	}

	async end(): Promise<void> {
		this.#ended = true;
		await this.#reading;
		await this.#backlog.end(this.#parts.clock.now());
	}

	/** Once in each round: what is there, and what went. */
	#begin(now: number): void {
		const { live, baselines, writes } = this.#parts;
		const moving = new Set<string>();
		for (const { name } of live.inventory.containers.values()) {
			const place = asideOf(name);
			if (place !== undefined) moving.add(place);
		}
		this.#moving = moving;
		const present = new Set(live.services.map(({ id }) => id));
		if (writes) for (const id of this.#book.services) if (!present.has(id)) this.#backlog.add(this.#book.gone(id, moving, now), now);
		// One that is gone for a moment, because it is being moved, is still in the book.
		baselines.keepOnly(writes ? new Set([...present, ...this.#book.services]) : present);
		const isKnown = (id: string): boolean => (writes ? this.#book.knows(id) : baselines.has(id));
		const unknown = live.services.filter(({ id, name }) => !isKnown(id) && asideOf(name) === undefined).map(({ id }) => id);
		if (unknown.length === 0 || this.#reading !== undefined || now < this.#readAgainAt) return;
		this.#reading = this.#adopt(unknown).finally(() => (this.#reading = undefined));
	}

	/** Asks the journal of each service, one at a time, so that nothing else waits. */
	async #adopt(ids: readonly string[]): Promise<void> {
		const { journal, engine, baselines, clock, writes } = this.#parts;
		for (const id of ids) {
			if (this.#ended) return;
			try {
				const records = await journal.versions(id, engine);
				baselines.set(id, records);
				if (writes) this.#book.adopt(id, records);
			} catch {
				// The journal says itself what is wrong with it. What it knows must not be told again: it is waited for.
				this.#readAgainAt = clock.now() + 30_000;
				return;
			}
			await new Promise((resolve) => setImmediate(resolve));
		}
	}
}
