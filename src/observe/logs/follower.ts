import { backoffMs } from '../../domain/backoff.ts';
import type { Cancel, Clock } from '../../domain/clock.ts';
import { type Engine, EngineError } from '../../domain/engine.ts';
import type { LogEnd } from '../../domain/log.ts';
import { FollowSink } from './followSink.ts';
import type { FollowState } from './followState.ts';
import { isBehind } from './lastLine.ts';
import { Repeats } from './repeats.ts';
import type { LogRing } from './ring.ts';

/** Lines asked for at least when a stream is taken up again. */
const reconnectTail = 1000;
/** A stream that has not failed within this is taken to be connected, though nothing came, ms. */
const connectedAfterMs = 1000;
/** A connection that held so long was a good one: the next wait starts small again, ms. */
const goodAfterMs = 10_000;
/** A stream that is idle so long is looked after: it may be dead without a word (moby#45728), ms. */
const idleMs = 30_000;
const inspectTimeoutMs = 5000;

export interface LogFollowerOptions {
	readonly engine: Pick<Engine, 'logs' | 'inspect'>;
	readonly containerId: string;
	/** Where lines go. One that has lines already is continued. */
	readonly ring: LogRing;
	readonly clock: Clock;
	/** 0 to 1. */
	readonly random: () => number;
	/** Lines of history asked for at first. */
	readonly tail?: number;
	readonly onState?: (state: FollowState) => void;
}

/**
 * Follows the log of one container into a ring: connects, connects again after a break without repeating or
 * silently losing a line, ends when the container stops, and goes on when it starts again.
 */
export class LogFollower {
	readonly containerId: string;
	readonly ring: LogRing;
	readonly #options: LogFollowerOptions;
	readonly #clock: Clock;
	#state: FollowState = { kind: 'off' };
	#stop: AbortController | undefined;
	/** Breaks the present connection off without ending the follower. */
	#drop: AbortController | undefined;
	/** Wakes the follower from a wait. */
	#wake: (() => void) | undefined;
	#startedAgain = false;
	#lastLife = 0;
	#attempt = 0;

	constructor(options: LogFollowerOptions) {
		this.#options = options;
		this.containerId = options.containerId;
		this.ring = options.ring;
		this.#clock = options.clock;
	}

	get state(): FollowState {
		return this.#state;
	}

	/** Begins to follow; does nothing where it does already. */
	start(): void {
		if (this.#stop !== undefined) return;
		const stop = new AbortController();
		this.#stop = stop;
		this.#attempt = 0;
		const cancelWatch = this.#clock.every(idleMs, () => void this.#watch(stop.signal));
		stop.signal.addEventListener('abort', cancelWatch);
		void this.#run(stop.signal);
	}

	/** Ends following. The ring stays as it is. */
	stop(): void {
		this.#stop?.abort();
		this.#stop = undefined;
		this.#wake?.();
		this.#set({ kind: 'off' });
	}

	/** The container was started (again). @param atMs epoch ms by the engine's clock */
	containerStarted(atMs: number): void {
		if (this.#stop === undefined) return;
		if (this.ring.next > 0) this.ring.mark('container started', atMs);
		this.#startedAgain = true;
		this.#attempt = 0;
		this.#wake?.();
	}

	async #run(stop: AbortSignal): Promise<void> {
		while (!stop.aborted) {
			this.#startedAgain = false;
			const outcome = await this.#connect(stop);
			if (stop.aborted) return;
			if (outcome.kind === 'rest') {
				this.#set(outcome.state);
				await this.#rest(stop);
			} else if (outcome.waitMs > 0) {
				const { why, advice } = outcome;
				this.#set({ kind: 'reconnecting', at: this.#clock.now() + outcome.waitMs, why, ...(advice === undefined ? {} : { advice }) });
				await this.#rest(stop, outcome.waitMs);
			}
		}
	}

	/** One connection, from its call to its end. */
	async #connect(stop: AbortSignal): Promise<Outcome> {
		if (this.#state.kind !== 'reconnecting') this.#set({ kind: 'connecting' });
		const drop = new AbortController();
		this.#drop = drop;
		const repeats = new Repeats(this.ring);
		const began = this.#clock.monotonic();
		const sink = new FollowSink(this.ring, repeats, () => this.#alive());
		const cancelConnected = this.#clock.after(connectedAfterMs, () => {
			if (this.#state.kind !== 'live') this.#alive();
		});
		const tail = this.#options.tail ?? reconnectTail;
		const request =
			repeats.since === undefined
				? { follow: true, tail, signal: AbortSignal.any([stop, drop.signal]) }
				: { follow: true, tail: Math.max(tail, reconnectTail), since: repeats.since, signal: AbortSignal.any([stop, drop.signal]) };
		try {
			const end = await this.#options.engine.logs(this.containerId, request, sink);
			return drop.signal.aborted ? this.#again(began, 'the stream had gone silent') : await this.#ended(end, began);
		} catch (error) {
			if (drop.signal.aborted) return this.#again(began, 'the stream had gone silent');
			if (error instanceof EngineError && error.kind === 'not-found') return { kind: 'rest', state: { kind: 'gone' } };
			return this.#again(began, wordsOf(error), error instanceof EngineError ? error.advice : undefined);
		} finally {
			cancelConnected();
			sink.close();
		}
	}

	/** What the end of a stream means: the engine ends it alike when the container stops and when it goes away itself. */
	async #ended(end: LogEnd, began: number): Promise<Outcome> {
		if (end.kind === 'gone') return { kind: 'rest', state: { kind: 'gone' } };
		if (end.kind === 'unsupported') return { kind: 'rest', state: { kind: 'none', driver: end.driver, why: end.words } };
		if (this.#startedAgain) return this.#again(began, 'the container was started again');
		try {
			const found = await this.#options.engine.inspect(this.containerId, { timeoutMs: inspectTimeoutMs });
			if (found === undefined) return { kind: 'rest', state: { kind: 'gone' } };
			if (found.state === 'running' || found.state === 'paused') return this.#again(began, 'the stream ended while the container runs');
			return { kind: 'rest', state: { kind: 'stopped' } };
		} catch (error) {
			return this.#again(began, wordsOf(error), error instanceof EngineError ? error.advice : undefined);
		}
	}

	/** At once after a good connection, else after a wait that grows. */
	#again(began: number, why: string, advice?: string): Outcome {
		const good = this.#clock.monotonic() - began >= goodAfterMs;
		if (good || this.#startedAgain) this.#attempt = 0;
		const waitMs = backoffMs(this.#attempt, this.#options.random());
		this.#attempt++;
		return { kind: 'again', waitMs, why, ...(advice === undefined ? {} : { advice }) };
	}

	/** Waits for the time, or for a reason to go on. */
	#rest(stop: AbortSignal, ms?: number): Promise<void> {
		if (this.#startedAgain || stop.aborted) return Promise.resolve();
		return new Promise((resolve) => {
			let cancel: Cancel | undefined;
			const wake = (): void => {
				cancel?.();
				if (this.#wake === wake) this.#wake = undefined;
				resolve();
			};
			if (ms !== undefined) cancel = this.#clock.after(ms, wake);
			this.#wake = wake;
		});
	}

	#alive(): void {
		if (this.#stop === undefined) return;
		this.#lastLife = this.#clock.now();
		if (this.#state.kind !== 'live') this.#set({ kind: 'live' });
	}

	/** Looks whether an idle stream has missed something. */
	async #watch(stop: AbortSignal): Promise<void> {
		const drop = this.#drop;
		if (drop === undefined || (this.#state.kind !== 'live' && this.#state.kind !== 'stale')) return;
		if (this.#clock.now() - this.#lastLife < idleMs - connectedAfterMs) return;
		const taken = this.ring.next;
		const checked = await isBehind(this.#options.engine, this.containerId, this.ring, this.#clock, stop);
		if (stop.aborted || this.#drop !== drop || (this.#state.kind !== 'live' && this.#state.kind !== 'stale')) return;
		if (checked.kind === 'failed') {
			if (this.#state.kind === 'live') this.#set({ kind: 'stale', since: this.#lastLife, why: checked.why });
		} else if (checked.kind === 'behind' && this.ring.next === taken) {
			drop.abort();
		} else {
			this.#alive();
		}
	}

	#set(state: FollowState): void {
		this.#state = state;
		this.#options.onState?.(state);
	}
}

type Outcome =
	| { readonly kind: 'rest'; readonly state: FollowState }
	| { readonly kind: 'again'; readonly waitMs: number; readonly why: string; readonly advice?: string };

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
