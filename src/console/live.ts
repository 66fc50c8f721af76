import type { Clock } from '../domain/clock.ts';
import type { ContainerSummary } from '../domain/container.ts';
import type { Engine } from '../domain/engine.ts';
import type { FiguresFollower } from '../domain/figures.ts';
import type { ProbeResult } from '../domain/probe.ts';
import type { Service } from '../domain/service.ts';
import type { Sample, SignalName } from '../domain/signal.ts';
import type { ServiceStatus } from '../domain/situation.ts';
import type { Judge } from '../judge/judge.ts';
import { Inventory, type InventoryChange } from '../observe/inventory.ts';
import { groupServices } from '../observe/services.ts';
import { type ServiceSignals, SignalStore } from '../observe/signals.ts';
import { type Attention, isLookedAt, isSameAttention, readingsWanted } from './attention.ts';
import type { LogTap } from './logTap.ts';
import type { Urgency } from './publisher.ts';
import { Rest } from './rest.ts';
import { ServiceIndex } from './serviceIndex.ts';
import { Standings } from './standings.ts';

export interface LivePorts {
	readonly engine: Engine;
	readonly clock: Clock;
	readonly judge: Judge;
	readonly logs: LogTap;
	readonly random?: () => number;
	/** Maps containers to services as sitrep.yaml says; without it, by compose project and name. */
	readonly group?: (containers: Iterable<ContainerSummary>) => Service[];
}

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
	readonly #listeners = new Set<(urgency: Urgency) => void>();
	readonly #index: ServiceIndex;
	readonly #standings: Standings;
	readonly #rest: Rest;
	#figures: FiguresFollower | undefined;
	#attention: Attention = { visible: [] };
	#readings = 0;
	#again = false;

	constructor(ports: LivePorts) {
		this.#ports = ports;
		this.inventory = new Inventory(ports.engine, ports.clock, ports.random);
		this.#index = new ServiceIndex(ports.group ?? groupServices);
		this.#rest = new Rest(ports.clock, () => this.#rested());
		this.#standings = new Standings({ clock: ports.clock, judge: ports.judge, logs: ports.logs, inventory: this.inventory, signals: this.signals });
	}

	/** One status for each service, by group and name. */
	get statuses(): readonly ServiceStatus[] {
		return this.services.flatMap((service) => this.status(service.id) ?? []);
	}

	status(serviceId: string): ServiceStatus | undefined {
		return this.#standings.status(serviceId);
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
			const touched = new Set<Service>();
			for (const each of figures) {
				this.#standings.take(each);
				const service = this.#service(this.#index.idOfContainer(each.containerId));
				if (service !== undefined) touched.add(service);
			}
			let first = false;
			for (const service of touched) {
				const looked = isLookedAt(this.#attention, service.id);
				const wanting = looked && !this.#hasFigures(service);
				this.#standings.usageCame(service, looked);
				first ||= wanting && this.#hasFigures(service);
			}
			// A page whose figures are all there is what people wait for: it does not wait for the regular frame. Frames before it
			// would only take the time in which the rest is read.
			const complete = first && this.#attention.visible.every((id) => this.#hasFigures(this.#service(id)));
			this.#tell(complete ? 'event' : 'figure');
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
		if (isSameAttention(before, attention)) return;
		this.#attention = attention;
		if (attention.selected !== before.selected) this.#rest.moved(attention.selected);
		this.#follow();
	}

	/** A probe came back. @param samples what it measured, as signals of the service */
	probed(serviceId: string, result: ProbeResult, samples: readonly (Sample & { readonly name: SignalName })[] = []): void {
		const signals = this.signals.of(serviceId);
		for (const { name, at, value } of samples) signals.push(name, at, value);
		this.#standings.probed(serviceId, result);
		const service = this.#service(serviceId);
		this.#tell(service !== undefined && this.#judge(service) ? 'event' : 'figure');
	}

	/** Judges everything now, for a report that does not wait for the next time. */
	judgeNow(): void {
		this.#tick();
	}

	/** The services as they are grouped now. */
	get services(): readonly Service[] {
		return this.#index.services;
	}

	#service(id: string | undefined): Service | undefined {
		return id === undefined ? undefined : this.#index.service(id);
	}

	/** Whether its CPU is known; what does not run has none to wait for. */
	#hasFigures(service: Service | undefined): boolean {
		return (
			service === undefined ||
			this.status(service.id)?.figures?.cpuPercent !== undefined ||
			!service.containers.some((container) => container.state === 'running')
		);
	}

	#inventoryChanged(change: InventoryChange): void {
		if (change.kind === 'containers' || change.kind === 'event') {
			if (change.kind === 'event') this.#eventCame(change.event.kind, change.event.containerId);
			this.#standings.keepOnly(this.#index.regroup(this.inventory.containers.values()));
			const ids = new Set(change.kind === 'event' ? [change.event.containerId] : change.ids);
			let pending = false;
			for (const service of this.services) {
				if (this.status(service.id) !== undefined && !service.containers.some((container) => ids.has(container.id))) continue;
				this.#judge(service);
				pending ||= this.status(service.id)?.alerts.some((alert) => alert.state === 'pending') === true;
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
		if (kind === 'died' || kind === 'removed' || kind === 'paused') this.#standings.forgetContainer(containerId);
	}

	/** Once a second: signals that nobody pushes, and every rule whose time may have come. */
	#tick(): void {
		this.#refreshSelected();
		let changed = false;
		for (const service of this.services) changed = this.#judge(service) || changed;
		this.#tell(changed ? 'event' : 'figure');
	}

	/** A health check that passes makes no event: who is looked at is inspected again, so that its last results are the last. */
	#refreshSelected(): void {
		const { selected } = this.#attention;
		const now = this.#ports.clock.now();
		for (const container of this.#service(selected)?.containers ?? []) {
			if (container.state === 'running' && container.health !== 'none' && now - (container.detail?.at ?? 0) >= healthRefreshMs) this.inventory.want(container.id);
		}
	}

	/** @returns true where mark or severity changed */
	#judge(service: Service): boolean {
		return this.#standings.judge(service, isLookedAt(this.#attention, service.id));
	}

	/** Only who is looked at is inspected without an event that names it. */
	#rested(): void {
		for (const { id, detail } of this.#service(this.#rest.on)?.containers ?? []) if (detail === undefined) this.inventory.want(id);
		this.#follow();
	}

	/** Tells the readers of figures and logs what matters now. */
	#follow(): void {
		const { fast, slow, logs, focused } = readingsWanted(this.services, { ...this.#attention, rested: this.#rest.on }, (id) => this.status(id)?.severity !== undefined);
		this.#figures?.follow(fast, slow);
		this.#ports.logs.follow(logs, focused);
	}

	#tell(urgency: Urgency): void {
		for (const listener of this.#listeners) listener(urgency);
	}
}

