import type { Clock } from '../domain/clock.ts';
import type { ContainerSummary } from '../domain/container.ts';
import type { Engine } from '../domain/engine.ts';
import type { FiguresFollower } from '../domain/figures.ts';
import type { ProbeResult } from '../domain/probe.ts';
import type { Service, ServiceFacts } from '../domain/service.ts';
import type { Sample, SignalName } from '../domain/signal.ts';
import type { ServiceStatus } from '../domain/situation.ts';
import type { Judge } from '../judge/judge.ts';
import { Inventory, type InventoryChange } from '../observe/inventory.ts';
import { groupServices } from '../observe/services.ts';
import { type ServiceSignals, SignalStore } from '../observe/signals.ts';
import { recordUsage, type Usage, UsageBook } from '../observe/usage.ts';
import type { LogTap } from './logTap.ts';
import type { Urgency } from './publisher.ts';
import { recordStanding } from './standingSignals.ts';
import { statusOf, withUsage } from './status.ts';

/** What the person looks at: decides what is read often. */
export interface Attention {
	/** Services whose rows are on screen. */
	readonly visible: readonly string[];
	readonly selected?: string;
}

export interface LivePorts {
	readonly engine: Engine;
	readonly clock: Clock;
	readonly judge: Judge;
	readonly logs: LogTap;
	readonly random?: () => number;
	/** Maps containers to services as sitrep.yaml says; without it, by compose project and name. */
	readonly group?: (containers: Iterable<ContainerSummary>) => Service[];
}

/** Readings of each container that count as its first: CPU shows with the second. */
const firstReadings = 2;
/** Between two recordings of a healthy service that is not in view, ms; well within what rules take for current. */
const recordSlowMs = 5000;
/** Time between two judgements of everything, ms. */
const judgeEveryMs = 1000;
/** Health check results of the selected service are read again so often, ms. */
const healthRefreshMs = 3000;
/** After an event that made a rule pending, ms: a little over the shortest `for` of the built-in rules. */
const judgeAgainMs = 510;

/**
 * Everything known of the engine, live: observes it, judges it, and tells what changed. It knows nothing of screens.
 */
export class Live {
	readonly inventory: Inventory;
	readonly signals = new SignalStore();
	readonly #ports: LivePorts;
	readonly #usage = new UsageBook();
	readonly #statuses = new Map<string, ServiceStatus>();
	readonly #probes = new Map<string, Map<string, ProbeResult>>();
	readonly #listeners = new Set<(urgency: Urgency) => void>();
	#services: readonly Service[] = [];
	#serviceById: ReadonlyMap<string, Service> = new Map();
	#serviceOfContainer = new Map<string, string>();
	#figures: FiguresFollower | undefined;
	#attention: Attention = { visible: [] };
	readonly #recordedAt = new Map<string, number>();
	#readings = 0;
	#again = false;

	constructor(ports: LivePorts) {
		this.#ports = ports;
		this.inventory = new Inventory(ports.engine, ports.clock, ports.random);
	}

	/** One status for each service, by group and name. */
	get statuses(): readonly ServiceStatus[] {
		return this.#services.flatMap((service) => this.#statuses.get(service.id) ?? []);
	}

	status(serviceId: string): ServiceStatus | undefined {
		return this.#statuses.get(serviceId);
	}

	signalsOf(serviceId: string): ServiceSignals {
		return this.signals.of(serviceId);
	}

	/** How figures are read, in words. */
	get figuresSource(): string {
		return this.#figures?.describe() ?? '';
	}

	/** Readings taken so far. */
	get readings(): number {
		return this.#readings;
	}

	/** `event`: a container or the connection changed; `figure`: only numbers did. */
	onChange(listener: (urgency: Urgency) => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	/** Observes until the signal aborts. */
	async run(signal: AbortSignal): Promise<void> {
		const { engine, clock } = this.#ports;
		const off = this.inventory.onChange((change) => this.#inventoryChanged(change));
		this.#figures = engine.figures((figures) => {
			this.#readings += figures.length;
			const touched = new Set<string>();
			for (const each of figures) {
				this.#usage.take(each);
				const id = this.#serviceOfContainer.get(each.containerId);
				if (id !== undefined) touched.add(id);
			}
			for (const id of touched) this.#takeUsage(id);
			// The first figures are what people wait for: they do not wait for the regular frame.
			this.#tell(this.#readings <= firstReadings * this.inventory.containers.size ? 'event' : 'figure');
		});
		const cancelJudge = clock.every(judgeEveryMs, () => this.#tick());
		this.#follow();
		try {
			await this.inventory.run(signal);
		} finally {
			off();
			cancelJudge();
			this.#figures.close();
		}
	}

	attend(attention: Attention): void {
		const before = this.#attention;
		if (
			before.selected === attention.selected &&
			before.visible.length === attention.visible.length &&
			before.visible.every((id, index) => id === attention.visible[index])
		) {
			return;
		}
		this.#attention = attention;
		this.#follow();
		const selected = attention.selected;
		// Only who is looked at is inspected without an event that names it.
		if (selected !== undefined && selected !== before.selected) {
			for (const container of this.#service(selected)?.containers ?? []) {
				if (container.detail === undefined) this.inventory.want(container.id);
			}
		}
	}

	/** A probe came back. @param samples what it measured, as signals of the service */
	probed(serviceId: string, result: ProbeResult, samples: readonly (Sample & { readonly name: SignalName })[] = []): void {
		const signals = this.signals.of(serviceId);
		for (const { name, at, value } of samples) signals.push(name, at, value);
		let results = this.#probes.get(serviceId);
		if (results === undefined) {
			results = new Map();
			this.#probes.set(serviceId, results);
		}
		results.set(result.probe, result);
		const service = this.#service(serviceId);
		this.#tell(service !== undefined && this.#judge(service) ? 'event' : 'figure');
	}

	/** Judges everything now, for a report that does not wait for the next time. */
	judgeNow(): void {
		this.#tick();
	}

	/** The services as they are grouped now. */
	get services(): readonly Service[] {
		return this.#services;
	}

	#service(id: string): Service | undefined {
		return this.#serviceById.get(id);
	}

	#inventoryChanged(change: InventoryChange): void {
		if (change.kind === 'containers' || change.kind === 'event') {
			if (change.kind === 'event') this.#eventCame(change.event.kind, change.event.containerId);
			this.#regroup();
			const ids = new Set(change.kind === 'event' ? [change.event.containerId] : change.ids);
			let pending = false;
			for (const service of this.#services) {
				if (this.#statuses.has(service.id) && !service.containers.some((container) => ids.has(container.id))) continue;
				this.#judge(service);
				pending ||= this.#statuses.get(service.id)?.alerts.some((alert) => alert.state === 'pending') === true;
			}
			this.#follow();
			if (pending) this.#judgeAgainSoon();
		}
		this.#tell(change.kind === 'info' ? 'figure' : 'event');
	}

	/** A rule with a short `for` fires when its time is over, not with the next judgement of everything. */
	#judgeAgainSoon(): void {
		if (this.#again) return;
		this.#again = true;
		this.#ports.clock.after(judgeAgainMs, () => {
			this.#again = false;
			this.#tick();
		});
	}

	#eventCame(kind: string, containerId: string): void {
		if (kind === 'started') this.#ports.logs.started(containerId);
		if (kind === 'died' || kind === 'removed' || kind === 'paused') this.#usage.forget(containerId);
	}

	#regroup(): void {
		const containers = this.inventory.containers.values();
		this.#services = this.#ports.group?.(containers) ?? groupServices(containers);
		this.#serviceById = new Map(this.#services.map((service) => [service.id, service]));
		this.#serviceOfContainer = new Map();
		const alive = new Set<string>();
		for (const service of this.#services) {
			alive.add(service.id);
			for (const container of service.containers) this.#serviceOfContainer.set(container.id, service.id);
		}
		for (const id of this.#statuses.keys()) if (!alive.has(id)) this.#statuses.delete(id);
		for (const held of [this.#probes, this.#recordedAt]) for (const id of held.keys()) if (!alive.has(id)) held.delete(id);
		this.signals.keepOnly(alive);
		this.#ports.judge.keepOnly(alive);
	}

	/** New figures show with the next frame; what could not be judged for want of them is judged at once. */
	#takeUsage(serviceId: string): void {
		const service = this.#service(serviceId);
		if (service === undefined) return;
		const usage = this.#usageOf(service);
		if (usage === undefined) return;
		recordUsage(this.signals.of(serviceId), usage);
		const status = this.#statuses.get(serviceId);
		if (status?.mark === '?') this.#judge(service);
		else if (status !== undefined) this.#statuses.set(serviceId, withUsage(status, usage));
	}

	#usageOf(service: Service): Usage | undefined {
		return this.#usage.usage(service.containers.map((container) => container.id), this.#ports.clock.now());
	}

	/** Once a second: signals that nobody pushes, and every rule whose time may have come. */
	#tick(): void {
		this.#refreshSelected();
		let changed = false;
		for (const service of this.#services) changed = this.#judge(service) || changed;
		this.#tell(changed ? 'event' : 'figure');
	}

	/** A health check that passes makes no event: who is looked at is inspected again, so that its last results are the last. */
	#refreshSelected(): void {
		const { selected } = this.#attention;
		const now = this.#ports.clock.now();
		for (const container of (selected === undefined ? undefined : this.#service(selected))?.containers ?? []) {
			if (container.state === 'running' && container.health !== 'none' && now - (container.detail?.at ?? 0) >= healthRefreshMs) this.inventory.want(container.id);
		}
	}

	/** What nobody looks at is recorded every few seconds only: an hour of every figure of hundreds of services is memory. */
	#recordingDue(serviceId: string, now: number): boolean {
		const last = this.#recordedAt.get(serviceId) ?? 0;
		const near = this.#attention.selected === serviceId || this.#attention.visible.includes(serviceId) || this.#statuses.get(serviceId)?.mark !== 'ok';
		if (!near && now - last < recordSlowMs && now >= last) return false;
		this.#recordedAt.set(serviceId, now);
		return true;
	}

	/** @returns true where the severity changed */
	#judge(service: Service): boolean {
		const now = this.#ports.clock.now();
		// A reading that has gone stale must not be written on as if it were new.
		const freshAt = this.inventory.freshAt;
		if (now - freshAt < 5000 && this.#recordingDue(service.id, now)) recordStanding(this.signals.of(service.id), service, this.#ports.logs, now);
		const facts: ServiceFacts = {
			service,
			history: (containerId) => this.inventory.history(containerId),
			signals: this.signals.of(service.id),
			probes: [...(this.#probes.get(service.id)?.values() ?? [])],
			freshAt,
		};
		const verdict = this.#ports.judge.evaluate(facts, now);
		const usage = this.#usageOf(service);
		const before = this.#statuses.get(service.id);
		const status = statusOf(facts, verdict, usage);
		this.#statuses.set(service.id, status);
		return before?.mark !== status.mark || before.severity !== status.severity;
	}

	/** Tells the readers of figures and logs what matters now. */
	#follow(): void {
		const { selected, visible } = this.#attention;
		const looked = new Set(visible);
		if (selected !== undefined) looked.add(selected);
		const fast: string[] = [];
		const slow: string[] = [];
		const ranked: { readonly container: ContainerSummary; readonly rank: number }[] = [];
		for (const service of this.#services) {
			const troubled = this.#statuses.get(service.id)?.severity !== undefined;
			const near = looked.has(service.id);
			for (const container of service.containers) {
				if (container.state === 'running') (troubled || near ? fast : slow).push(container.id);
				ranked.push({ container, rank: service.id === selected ? 0 : troubled ? 1 : near ? 2 : 3 });
			}
		}
		this.#figures?.follow(fast, slow);
		ranked.sort((a, b) => a.rank - b.rank);
		this.#ports.logs.follow(
			ranked.map((each) => each.container),
			ranked.filter((each) => each.rank === 0).map((each) => each.container.id),
		);
	}

	#tell(urgency: Urgency): void {
		for (const listener of this.#listeners) listener(urgency);
	}
}

