import type { Clock } from '../../../domain/clock.ts';
import type { Figures, FiguresFollower, FiguresSink } from '../../../domain/figures.ts';
import type { Reading } from '../reading.ts';
import { toFigures } from '../statsFormula.ts';
import { Schedule, type Entry } from './schedule.ts';

/** Reads at once, where the figures are on this machine. */
export interface LocalSource {
	readonly version: 'v1' | 'v2' | undefined;
	/** `undefined` where the container cannot be read here, or does not run. */
	read(id: string, pid?: number): Reading | undefined;
	keepOnly(ids: ReadonlySet<string>): void;
}

/** Asks the engine for figures. */
export interface EngineSource {
	/**
	 * Which containers to read through the engine from now on.
	 * @param fast about once a second, the first of them the most wanted
	 */
	follow(fast: readonly string[], slow: readonly string[]): void;
	/** One line, such as `engine, 12 streams`. */
	describe(): string;
	close(): void;
}

export interface FollowerParts {
	readonly clock: Clock;
	/** Absent where the engine is not on this machine. */
	readonly local?: LocalSource;
	readonly engine: (publish: (id: string, reading: Reading, before: Reading | undefined) => void) => EngineSource;
	/** First process of a running container; `undefined` where it does not run. */
	readonly pidOf: (id: string) => Promise<number | undefined>;
}

/** Work is handed back to the event loop after this, so that keys and timers never wait for figures. */
const sliceMs = 8;
/** A container that was not found here is looked for again after this. */
const searchAgainMs = 10_000;
/** Searches under way at once: each is one inspect. */
const maxSearches = 2;

/**
 * Reads figures from the kernel where that can be done, and through the engine where not. Which way is
 * settled for each container by itself: its control group being there is the proof.
 */
export function createFollower(parts: FollowerParts, sink: FiguresSink): FiguresFollower {
	return new Follower(parts, sink);
}

class Follower implements FiguresFollower {
	readonly #parts: FollowerParts;
	readonly #sink: FiguresSink;
	readonly #schedule: Schedule;
	readonly #engine: EngineSource;
	/** Readings by container, for the next comparison. */
	readonly #last = new Map<string, Reading>();
	/** Containers that cannot be read here though they run. */
	readonly #remote = new Set<string>();
	readonly #searchedAt = new Map<string, number>();
	readonly #searches: string[] = [];
	#searching = 0;
	#fast: readonly string[] = [];
	#slow: readonly string[] = [];
	#localCount = 0;
	#cancel: (() => void) | undefined;
	#closed = false;

	constructor(parts: FollowerParts, sink: FiguresSink) {
		this.#parts = parts;
		this.#sink = sink;
		this.#schedule = new Schedule();
		this.#engine = parts.engine((id, reading, before) => this.#publishOne(id, reading, before));
	}

	follow(fast: readonly string[], slow: readonly string[]): void {
		if (this.#closed) {
			return;
		}
		this.#fast = fast;
		this.#slow = slow;
		const all = new Set([...fast, ...slow]);
		for (const map of [this.#last, this.#searchedAt]) {
			forget(map, all);
		}
		for (const id of this.#remote) {
			if (!all.has(id)) {
				this.#remote.delete(id);
			}
		}
		if (this.#parts.local?.version === undefined) {
			this.#engine.follow(fast, slow);
			return;
		}
		this.#parts.local.keepOnly(all);
		this.#schedule.set(fast, slow, this.#parts.clock.monotonic());
		this.#followRemote();
		this.#arm();
	}

	describe(): string {
		const version = this.#parts.local?.version;
		if (version === undefined) {
			return this.#engine.describe();
		}
		const local = `cgroup files (${version})`;
		if (this.#remote.size === 0) {
			return local;
		}
		return this.#localCount === 0 ? this.#engine.describe() : `${local}; ${this.#remote.size} by ${this.#engine.describe()}`;
	}

	close(): void {
		this.#closed = true;
		this.#cancel?.();
		this.#engine.close();
		this.#last.clear();
		this.#searches.length = 0;
	}

	#arm(): void {
		this.#cancel?.();
		const due = this.#schedule.nextAt();
		if (due === undefined || this.#closed) {
			this.#cancel = undefined;
			return;
		}
		this.#cancel = this.#parts.clock.after(Math.max(0, due - this.#parts.clock.monotonic()), () => this.#tick());
	}

	/** Reads what is due, a slice at a time. */
	#tick(): void {
		const { clock, local } = this.#parts;
		if (this.#closed || local === undefined) {
			return;
		}
		const began = clock.monotonic();
		const batch: Figures[] = [];
		for (const entry of this.#schedule.due(began)) {
			const reading = this.#remote.has(entry.id) ? undefined : local.read(entry.id);
			this.#schedule.read(entry, clock.monotonic(), reading !== undefined);
			if (reading === undefined) {
				this.#missing(entry);
			} else {
				batch.push(toFigures(entry.id, clock.now(), reading, this.#last.get(entry.id)));
				this.#last.set(entry.id, reading);
			}
			if (clock.monotonic() - began >= sliceMs) {
				break;
			}
		}
		if (batch.length > 0) {
			this.#localCount += batch.length;
			this.#sink(batch);
		}
		this.#arm();
	}

	/** Not in a usual place, or not running: its first process tells. */
	#missing(entry: Entry): void {
		// The engine's own readings of it must stay, for the next to be compared with.
		if (this.#remote.has(entry.id)) {
			return;
		}
		this.#last.delete(entry.id);
		const now = this.#parts.clock.monotonic();
		const before = this.#searchedAt.get(entry.id);
		if (before !== undefined && now - before < searchAgainMs) {
			return;
		}
		this.#searchedAt.set(entry.id, now);
		this.#searches.push(entry.id);
		this.#search();
	}

	#search(): void {
		while (this.#searching < maxSearches) {
			const id = this.#searches.shift();
			if (id === undefined) {
				return;
			}
			this.#searching++;
			this.#parts
				.pidOf(id)
				.then((pid) => this.#found(id, pid))
				// An engine that does not answer is told of elsewhere; the search comes again by itself.
				.catch(() => {})
				.finally(() => {
					this.#searching--;
					this.#search();
				});
		}
	}

	#found(id: string, pid: number | undefined): void {
		if (this.#closed || pid === undefined || !this.#searchedAt.has(id)) {
			return;
		}
		if (this.#parts.local?.read(id, pid) === undefined) {
			this.#remote.add(id);
			this.#followRemote();
		} else {
			this.#schedule.soon(id, this.#parts.clock.monotonic());
			this.#arm();
		}
	}

	#followRemote(): void {
		const isRemote = (id: string) => this.#remote.has(id);
		this.#engine.follow(this.#fast.filter(isRemote), this.#slow.filter(isRemote));
	}

	#publishOne(id: string, reading: Reading, before: Reading | undefined): void {
		if (this.#closed) {
			return;
		}
		const figures = toFigures(id, this.#parts.clock.now(), reading, this.#last.get(id) ?? before);
		this.#last.set(id, reading);
		this.#sink([figures]);
	}
}

function forget(map: Map<string, unknown>, keep: ReadonlySet<string>): void {
	for (const id of map.keys()) {
		if (!keep.has(id)) {
			map.delete(id);
		}
	}
}
