import { backoffMs } from '../domain/backoff.ts';
import type { Clock } from '../domain/clock.ts';
import type { ContainerDetail, ContainerSummary } from '../domain/container.ts';
import { EngineError, type Engine, type EngineEvent, type EngineInfo } from '../domain/engine.ts';
import type { Liveness } from '../domain/liveness.ts';
import type { ContainerHistory } from '../domain/service.ts';
import { applyEvent } from './applyEvent.ts';
import { HistoryBook } from './history.ts';
import { Inspections } from './inspections.ts';

/** Time between two signs of life asked of the engine, ms. */
const pingEveryMs = 2000;
/** A ping that takes longer means that the engine does not respond, ms. */
const pingDeadlineMs = 3000;
/** The list is made again so often, to mend what an event stream may have missed, ms. */
const relistEveryMs = 30_000;

/** So far back the engine is asked for what happened before we came, ms. */
const pastMs = 600_000;

/** Removed ids remembered at most. */
const maxGone = 1000;

/** What changed: containers by id, or the connection. */
export type InventoryChange =
	| { readonly kind: 'containers'; readonly ids: readonly string[] }
	| { readonly kind: 'event'; readonly event: EngineEvent }
	| { readonly kind: 'liveness' }
	| { readonly kind: 'info' };

/**
 * All containers of an engine, kept current: list once, then follow events, inspect only what an event names.
 * Reconnects with a backoff of 1 to 30 s and lists again afterwards.
 */
export class Inventory {
	readonly #engine: Engine;
	readonly #clock: Clock;
	readonly #random: () => number;
	readonly #containers = new Map<string, ContainerSummary>();
	readonly #history = new HistoryBook();
	readonly #inspections: Inspections;
	readonly #listeners = new Set<(change: InventoryChange) => void>();
	#liveness: Liveness = { kind: 'connecting' };
	#info: EngineInfo | undefined;
	#freshAt = 0;
	#listed = false;
	/** Ids that were removed, the latest last: an answer that was under way must not bring one back. Ids are never used again. */
	readonly #gone = new Set<string>();
	/** While a list is under way: ids that events named meanwhile. What the list says of them may be older than the event. */
	#named: Set<string> | undefined;
	/** Ends before which no stop was asked for, by container: the next inspect settles them. */
	readonly #unasked = new Map<string, EngineEvent>();
	/** Engine's time of the last event, and of the last one before the present connection. */
	#lastEventAt: number | undefined;
	#seenUntil: number | undefined;

	constructor(engine: Engine, clock: Clock, random: () => number = Math.random) {
		this.#engine = engine;
		this.#clock = clock;
		this.#random = random;
		this.#inspections = new Inspections(engine, (id, found) => this.#inspected(id, found));
	}

	get containers(): ReadonlyMap<string, ContainerSummary> {
		return this.#containers;
	}

	get liveness(): Liveness {
		return this.#liveness;
	}

	get info(): EngineInfo | undefined {
		return this.#info;
	}

	/** Epoch ms of the last sign of life. */
	get freshAt(): number {
		return this.#freshAt;
	}

	/** True once a list has come in. */
	get listed(): boolean {
		return this.#listed;
	}

	history(containerId: string): ContainerHistory | undefined {
		const container = this.#containers.get(containerId);
		return container === undefined ? undefined : this.#history.history(containerId, container.name);
	}

	/** Asks for the detail of one container, once; the change comes through the listeners. */
	want(containerId: string): void {
		this.#inspections.ask(containerId);
	}

	/** Resolves once no inspect is under way or waiting. */
	settled(): Promise<void> {
		return this.#inspections.idle();
	}

	onChange(listener: (change: InventoryChange) => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	/** Keeps the inventory current until the signal aborts. Never rejects: trouble is a liveness. */
	async run(signal: AbortSignal): Promise<void> {
		for (let attempt = 0; !signal.aborted; attempt++) {
			const startedAt = this.#clock.monotonic();
			const error = await this.#connectOnce(signal);
			if (signal.aborted) return;
			if (this.#clock.monotonic() - startedAt > 30_000) attempt = 0;
			const waitMs = backoffMs(attempt, this.#random());
			const why = error instanceof Error ? error.message : 'the event stream ended';
			const advice = error instanceof EngineError ? error.advice : undefined;
			this.#setLiveness({
				kind: 'reconnecting',
				at: this.#clock.now() + waitMs,
				why,
				...(advice === undefined ? {} : { advice }),
			});
			await this.#wait(waitMs, signal);
		}
	}

	async #connectOnce(signal: AbortSignal): Promise<unknown> {
		const session = new AbortController();
		const end = (): void => session.abort();
		signal.addEventListener('abort', end, { once: true });
		this.#seenUntil = this.#lastEventAt;
		this.#unasked.clear();
		try {
			const events = this.#engine.events((event) => this.#event(event), session.signal);
			// `ready` carries the error first; this keeps the other promise from being unhandled.
			events.ended.catch(() => undefined);
			await events.ready;
			await this.#list(session.signal);
			this.#setLiveness({ kind: 'live' });
			void this.#learn(session.signal);
			const watching = this.#watch(session.signal);
			await Promise.race([events.ended, watching]);
			return undefined;
		} catch (error) {
			return error;
		} finally {
			signal.removeEventListener('abort', end);
			session.abort();
		}
	}

	/** Pings and lists again, until the session ends. Rejects where a list fails for good. */
	async #watch(signal: AbortSignal): Promise<void> {
		let listedAt = this.#clock.monotonic();
		while (!signal.aborted) {
			await this.#wait(pingEveryMs, signal);
			if (signal.aborted) return;
			try {
				await this.#engine.ping({ signal, timeoutMs: pingDeadlineMs });
				if (signal.aborted) return;
				this.#freshAt = this.#clock.now();
				if (this.#liveness.kind === 'stale') {
					await this.#list(signal);
					this.#setLiveness({ kind: 'live' });
				}
				if (this.#clock.monotonic() - listedAt >= relistEveryMs) {
					await this.#list(signal);
					listedAt = this.#clock.monotonic();
				}
			} catch (error) {
				if (signal.aborted) return;
				if (!(error instanceof EngineError) || error.kind !== 'unresponsive') throw error;
				this.#setLiveness({ kind: 'stale', since: this.#freshAt, why: error.message });
			}
		}
	}

	async #learn(signal: AbortSignal): Promise<void> {
		try {
			const info = await this.#engine.info({ signal });
			this.#info = info;
			this.#tell({ kind: 'info' });
			const engineNow = this.#clock.now() + info.clockSkewMs;
			// What happened before we came counts too: a container that restarts all night is a loop from the first second.
			const told = this.#history.seed(await this.#engine.pastEvents(this.#seenUntil ?? engineNow - pastMs, engineNow, { signal }));
			const ids = [...this.#containers.values()].flatMap((container) => (told.has(container.name) ? [container.id] : []));
			if (ids.length > 0) this.#tell({ kind: 'containers', ids });
		} catch {
			// The version line stays empty; the connection's own trouble is shown by its liveness.
		}
	}

	async #list(signal: AbortSignal): Promise<void> {
		const named = new Set<string>();
		this.#named = named;
		const listed = await this.#engine.list({ signal });
		const seen = new Set(named);
		const changed: string[] = [];
		for (const container of listed) {
			if (this.#gone.has(container.id)) continue;
			seen.add(container.id);
			// An event has said something newer meanwhile, and its inspect has come or will.
			if (named.has(container.id) && this.#containers.has(container.id)) continue;
			const before = this.#containers.get(container.id);
			if (before !== undefined && sameStanding(before, container)) continue;
			this.#containers.set(container.id, container);
			changed.push(container.id);
			if (needsDetail(container)) this.#inspections.ask(container.id);
		}
		for (const id of this.#containers.keys()) {
			if (seen.has(id)) continue;
			this.#containers.delete(id);
			changed.push(id);
		}
		this.#named = undefined;
		this.#freshAt = this.#clock.now();
		this.#listed = true;
		this.#history.sweep(this.#freshAt, new Set(listed.map((container) => container.name)));
		this.#tell({ kind: 'containers', ids: changed });
	}

	#event(event: EngineEvent): void {
		this.#freshAt = this.#clock.now();
		this.#lastEventAt = event.at;
		this.#named?.add(event.containerId);
		const before = this.#containers.get(event.containerId);
		if (event.kind === 'renamed' && before !== undefined) this.#history.rename(before.name, event.name);
		this.#history.record(event);
		if (event.kind === 'died' && event.unasked === true) this.#unasked.set(event.containerId, event);
		else if (event.kind === 'started' || event.kind === 'stopped' || event.kind === 'removed') this.#unasked.delete(event.containerId);
		if (event.kind === 'removed') {
			this.#containers.delete(event.containerId);
			this.#bury(event.containerId);
		} else {
			if (before !== undefined) this.#containers.set(event.containerId, applyEvent(before, event));
			if (event.kind !== 'other') this.#inspections.ask(event.containerId);
		}
		this.#tell({ kind: 'event', event });
	}

	#bury(id: string): void {
		this.#gone.add(id);
		const oldest = this.#gone.values().next();
		if (this.#gone.size > maxGone && oldest.done !== true) this.#gone.delete(oldest.value);
	}

	#inspected(id: string, found: (ContainerSummary & { readonly detail: ContainerDetail }) | undefined): void {
		if (this.#gone.has(id)) return;
		if (found === undefined) {
			if (!this.#containers.delete(id)) return;
		} else {
			this.#containers.set(id, found);
			const end = this.#unasked.get(id);
			if (end !== undefined && settles(found, end)) this.#history.settle(found.name, end.at);
		}
		this.#unasked.delete(id);
		this.#tell({ kind: 'containers', ids: [id] });
	}

	#setLiveness(liveness: Liveness): void {
		this.#liveness = liveness;
		this.#tell({ kind: 'liveness' });
	}

	#tell(change: InventoryChange): void {
		for (const listener of this.#listeners) listener(change);
	}

	#wait(ms: number, signal: AbortSignal): Promise<void> {
		return new Promise((resolve) => {
			const done = (): void => {
				cancel();
				signal.removeEventListener('abort', done);
				resolve();
			};
			const cancel = this.#clock.after(ms, done);
			signal.addEventListener('abort', done, { once: true });
			if (signal.aborted) done();
		});
	}
}

/**
 * Whether an inspect after an end that nobody asked for leaves nothing open: a container that is being removed ended
 * for that, and one that the engine is bringing back may be up again in a moment.
 */
const settles = (found: ContainerSummary & { readonly detail: ContainerDetail }, end: EngineEvent): boolean =>
	found.state === 'exited' && !found.detail.autoRemove && !(end.signal === 'SIGKILL' && found.detail.stopSignal === 'SIGKILL');

/** Only trouble needs its detail at once; the rest is inspected when somebody looks at it. */
const needsDetail = (container: ContainerSummary): boolean =>
	container.state !== 'running' || container.health === 'unhealthy';

/** True where a new list tells nothing new, so that the richer object we hold stays. */
const sameStanding = (before: ContainerSummary, listed: ContainerSummary): boolean =>
	before.state === listed.state &&
	before.health === listed.health &&
	before.name === listed.name &&
	before.exitCode === listed.exitCode &&
	before.imageId === listed.imageId;
