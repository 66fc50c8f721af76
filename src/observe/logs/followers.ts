import type { Clock } from '../../domain/clock.ts';
import type { Engine } from '../../domain/engine.ts';
import type { FollowState } from './follow-state.ts';
import { LogFollower } from './follower.ts';
import { LineIndex } from './line-index.ts';
import { bytesPerIndexedLine, defaultRingBytes, LogRing } from './ring.ts';

/** A container whose log is wanted. */
export interface WantedLog {
	readonly containerId: string;
	/** Shown where several logs are merged. */
	readonly source: string;
	/** Its service is the one being looked at: it gets the large ring. */
	readonly focused: boolean;
	/** Higher goes first where not all can be followed, such as services in trouble. */
	readonly priority: number;
}

export interface LogFollowersOptions {
	readonly engine: Pick<Engine, 'logs' | 'inspect'>;
	readonly clock: Clock;
	/** 0 to 1. */
	readonly random: () => number;
	/** Lines of history asked for at first. */
	readonly tail?: number;
	/** Beyond 128 followers an engine runs out of inotify instances and its latency goes from 1 to 100 ms. */
	readonly maxFollowed?: number;
	/** Memory of all rings with their indexes, bytes. */
	readonly budgetBytes?: number;
	readonly focusedBytes?: number;
	readonly backgroundBytes?: number;
	/** A state changed or lines came; at most once a chunk. */
	readonly onChange?: (containerId: string) => void;
}

interface Followed {
	readonly follower: LogFollower;
	readonly ring: LogRing;
}

/** Memory a ring of so much text may come to. */
const memoryOf = (textBytes: number): number => Math.ceil(textBytes * (1 + LineIndex.bytesPerLine / bytesPerIndexedLine));

/**
 * Follows the logs of many containers within a number of streams and of bytes. The focused ones get large
 * rings, the others small ones; a ring whose container is no longer wanted is kept while there is room,
 * since the last words of what crashed are what people come for.
 */
export class LogFollowers {
	readonly #options: LogFollowersOptions;
	readonly #maxFollowed: number;
	readonly #budgetBytes: number;
	readonly #focusedBytes: number;
	readonly #backgroundBytes: number;
	readonly #followed = new Map<string, Followed>();
	/** Rings of containers that are not followed any more, the longest unwanted first. */
	readonly #kept = new Map<string, LogRing>();
	#notFollowed: readonly WantedLog[] = [];

	constructor(options: LogFollowersOptions) {
		this.#options = options;
		this.#maxFollowed = options.maxFollowed ?? 100;
		this.#budgetBytes = options.budgetBytes ?? 30 * 1024 * 1024;
		this.#focusedBytes = options.focusedBytes ?? defaultRingBytes;
		this.#backgroundBytes = options.backgroundBytes ?? 128 * 1024;
	}

	/** Says which logs are wanted from now on. Cheap where nothing changed. */
	want(wanted: readonly WantedLog[]): void {
		const sorted = wanted.toSorted((a, b) => Number(b.focused) - Number(a.focused) || b.priority - a.priority);
		const sizes = this.#share(sorted);
		for (const [id, held] of this.#followed) {
			if (sizes.has(id)) continue;
			held.follower.stop();
			this.#followed.delete(id);
			this.#kept.set(id, held.ring);
		}
		this.#makeRoom(sizes);
		for (const each of sorted) {
			const bytes = sizes.get(each.containerId);
			if (bytes !== undefined) this.#follow(each, bytes);
		}
		this.#notFollowed = sorted.filter((each) => !sizes.has(each.containerId));
	}

	/**
	 * Reads a container's log again, from further back, into a new ring of the same size.
	 * @param lines of history
	 */
	readAgain(containerId: string, lines: number): void {
		const held = this.#followed.get(containerId);
		if (held === undefined) return;
		held.follower.stop();
		const { source, capacityBytes } = held.ring;
		this.#start(containerId, new LogRing({ source, capacityBytes, onFlush: () => this.#options.onChange?.(containerId) }), lines);
	}

	/** The lines of a container, also of one that is no longer followed, while they are kept. */
	ringOf(containerId: string): LogRing | undefined {
		return this.#followed.get(containerId)?.ring ?? this.#kept.get(containerId);
	}

	stateOf(containerId: string): FollowState {
		return this.#followed.get(containerId)?.follower.state ?? { kind: 'off' };
	}

	/** Containers that are wanted but not followed, because there are too many. */
	get notFollowed(): readonly WantedLog[] {
		return this.#notFollowed;
	}

	/** `12 of 112 logs not followed`; `undefined` where all are. */
	get words(): string | undefined {
		const left = this.#notFollowed.length;
		return left === 0 ? undefined : `${left} of ${left + this.#followed.size} logs not followed`;
	}

	/** Memory held by all rings now, bytes. */
	get memoryBytes(): number {
		let sum = 0;
		for (const { ring } of this.#followed.values()) sum += ring.memoryBytes;
		for (const ring of this.#kept.values()) sum += ring.memoryBytes;
		return sum;
	}

	/** @param atMs epoch ms by the engine's clock */
	containerStarted(containerId: string, atMs: number): void {
		this.#followed.get(containerId)?.follower.containerStarted(atMs);
	}

	/** Ends all following. */
	close(): void {
		for (const { follower } of this.#followed.values()) follower.stop();
		this.#followed.clear();
		this.#kept.clear();
		this.#notFollowed = [];
	}

	/** Bytes of text for each container that is followed. */
	#share(sorted: readonly WantedLog[]): ReadonlyMap<string, number> {
		const sizes = new Map<string, number>();
		const small = memoryOf(this.#backgroundBytes);
		let left = this.#budgetBytes;
		const followable = sorted.slice(0, this.#maxFollowed);
		for (const [index, each] of followable.entries()) {
			// A large ring must not cost the others theirs.
			const reserved = (followable.length - index - 1) * small;
			const bytes = each.focused && left - reserved >= memoryOf(this.#focusedBytes) ? this.#focusedBytes : this.#backgroundBytes;
			if (left < memoryOf(bytes)) break;
			left -= memoryOf(bytes);
			sizes.set(each.containerId, bytes);
		}
		// What was looked at lately keeps its large ring while there is room: people go to and fro.
		for (const each of followable) {
			const held = this.#followed.get(each.containerId)?.ring.capacityBytes ?? 0;
			const given = sizes.get(each.containerId);
			const extra = memoryOf(held) - memoryOf(given ?? 0);
			if (given === undefined || held <= given || extra > left) continue;
			sizes.set(each.containerId, held);
			left -= extra;
		}
		return sizes;
	}

	/** Gives up kept rings, the longest unwanted first, until those wanted fit. */
	#makeRoom(sizes: ReadonlyMap<string, number>): void {
		let planned = 0;
		for (const bytes of sizes.values()) planned += memoryOf(bytes);
		let kept = 0;
		for (const ring of this.#kept.values()) kept += ring.memoryBytes;
		for (const [id, ring] of this.#kept) {
			if (planned + kept <= this.#budgetBytes) return;
			if (sizes.has(id)) continue;
			this.#kept.delete(id);
			kept -= ring.memoryBytes;
		}
	}

	#follow(wanted: WantedLog, bytes: number): void {
		const id = wanted.containerId;
		const held = this.#followed.get(id);
		if (held !== undefined) {
			held.ring.resize(bytes);
			return;
		}
		const { tail, onChange } = this.#options;
		const ring = this.#kept.get(id) ?? new LogRing({ source: wanted.source, capacityBytes: bytes, onFlush: () => onChange?.(id) });
		this.#kept.delete(id);
		ring.resize(bytes);
		this.#start(id, ring, tail);
	}

	#start(containerId: string, ring: LogRing, tail: number | undefined): void {
		const { engine, clock, random, onChange } = this.#options;
		const onState = (): void => onChange?.(containerId);
		const follower = new LogFollower({ engine, containerId, ring, clock, random, onState, ...(tail === undefined ? {} : { tail }) });
		this.#followed.set(containerId, { follower, ring });
		follower.start();
	}
}
