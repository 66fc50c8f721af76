import type { Clock } from '../../domain/clock.ts';
import type { Engine } from '../../domain/engine.ts';
import type { FollowState } from './followState.ts';
import { LogFollower } from './follower.ts';
import { GentleStarts, type Pace } from './gentleStarts.ts';
import { defaultRingBytes, LogRing } from './ring.ts';
import { memoryOf, type RingLimits, shareBytes } from './ringShares.ts';

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
	/** How fast streams are opened that nobody looks at; all at once where it is absent. */
	readonly pace?: Pace;
	/** A state changed or lines came; at most once a chunk. */
	readonly onChange?: (containerId: string) => void;
}

interface Followed {
	readonly follower: LogFollower;
	readonly ring: LogRing;
}

/**
 * Follows the logs of many containers within a number of streams and of bytes. The focused ones get large
 * rings, the others small ones; a ring whose container is no longer wanted is kept while there is room,
 * since the last words of what crashed are what people come for.
 */
export class LogFollowers {
	readonly #options: LogFollowersOptions;
	readonly #limits: RingLimits;
	readonly #followed = new Map<string, Followed>();
	/** Rings of containers that are not followed any more, the longest unwanted first. */
	readonly #kept = new Map<string, LogRing>();
	#notFollowed: readonly WantedLog[] = [];
	/** Set while streams are opened a few at a time. */
	#gentle: GentleStarts | undefined;
	/** Followers whose turn has not come. */
	readonly #waiting = new Set<string>();

	constructor(options: LogFollowersOptions) {
		this.#options = options;
		this.#limits = {
			maxFollowed: options.maxFollowed ?? 100,
			budgetBytes: options.budgetBytes ?? 30 * 1024 * 1024,
			focusedBytes: options.focusedBytes ?? defaultRingBytes,
			backgroundBytes: options.backgroundBytes ?? 128 * 1024,
		};
		this.#gentle = options.pace === undefined ? undefined : new GentleStarts(options.clock, options.pace, (id) => this.#begin(id));
	}

	/** Says which logs are wanted from now on. Cheap where nothing changed. */
	want(wanted: readonly WantedLog[]): void {
		const sorted = wanted.toSorted((a, b) => Number(b.focused) - Number(a.focused) || b.priority - a.priority);
		const sizes = shareBytes(sorted, this.#limits, (id) => this.#followed.get(id)?.ring.capacityBytes ?? 0);
		for (const [id, held] of this.#followed) {
			if (sizes.has(id)) continue;
			held.follower.stop();
			this.#followed.delete(id);
			this.#waiting.delete(id);
			this.#kept.set(id, held.ring);
		}
		this.#makeRoom(sizes);
		for (const each of sorted) {
			const bytes = sizes.get(each.containerId);
			if (bytes !== undefined) this.#follow(each, bytes);
		}
		this.#gentle?.set(sorted.flatMap(({ containerId }) => (this.#waiting.has(containerId) ? [containerId] : [])));
		this.#notFollowed = sorted.filter((each) => !sizes.has(each.containerId));
	}

	/** Opens every stream at once, now and from now on: for a report, which waits for all of them. */
	hurry(): void {
		this.#gentle?.close();
		this.#gentle = undefined;
		for (const id of this.#waiting) this.#begin(id);
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
		this.#make(containerId, new LogRing({ source, capacityBytes, onFlush: () => this.#options.onChange?.(containerId) }), lines);
		this.#begin(containerId);
	}

	/** The lines of a container, also of one that is no longer followed, while they are kept. */
	ringOf(containerId: string): LogRing | undefined {
		return this.#followed.get(containerId)?.ring ?? this.#kept.get(containerId);
	}

	stateOf(containerId: string): FollowState {
		if (this.isWaiting(containerId)) return { kind: 'connecting' };
		return this.#followed.get(containerId)?.follower.state ?? { kind: 'off' };
	}

	/** Whether its stream is still to be opened, since others go first. */
	isWaiting(containerId: string): boolean {
		return this.#waiting.has(containerId);
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
		this.#gentle?.close();
		this.#waiting.clear();
		for (const { follower } of this.#followed.values()) follower.stop();
		this.#followed.clear();
		this.#kept.clear();
		this.#notFollowed = [];
	}

	/** Gives up kept rings, the longest unwanted first, until those wanted fit. */
	#makeRoom(sizes: ReadonlyMap<string, number>): void {
		let planned = 0;
		for (const bytes of sizes.values()) planned += memoryOf(bytes);
		let kept = 0;
		for (const ring of this.#kept.values()) kept += ring.memoryBytes;
		for (const [id, ring] of this.#kept) {
			if (planned + kept <= this.#limits.budgetBytes) return;
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
			if (wanted.focused && this.#waiting.has(id)) this.#begin(id);
			return;
		}
		const { tail, onChange } = this.#options;
		const ring = this.#kept.get(id) ?? new LogRing({ source: wanted.source, capacityBytes: bytes, onFlush: () => onChange?.(id) });
		this.#kept.delete(id);
		ring.resize(bytes);
		this.#make(id, ring, tail);
		if (wanted.focused || this.#gentle === undefined) this.#begin(id);
	}

	#make(containerId: string, ring: LogRing, tail: number | undefined): void {
		const { engine, clock, random, onChange } = this.#options;
		const onState = (): void => onChange?.(containerId);
		const follower = new LogFollower({ engine, containerId, ring, clock, random, onState, ...(tail === undefined ? {} : { tail }) });
		this.#followed.set(containerId, { follower, ring });
		this.#waiting.add(containerId);
	}

	#begin(containerId: string): void {
		this.#waiting.delete(containerId);
		this.#followed.get(containerId)?.follower.start();
	}
}
