import type { Clock } from '../domain/clock.ts';
import type { Figures } from '../domain/figures.ts';
import type { ProbeResult } from '../domain/probe.ts';
import type { LoggedError, Service } from '../domain/service.ts';
import type { ServiceStatus } from '../domain/situation.ts';
import type { Judge } from '../judge/judge.ts';
import type { Inventory } from '../observe/inventory.ts';
import type { SignalStore } from '../observe/signals.ts';
import { recordUsage, UsageBook } from '../observe/usage.ts';
import type { LogTap } from './logTap.ts';
import { StandingRecorder } from './standingSignals.ts';
import { statusOf, withUsage } from './status.ts';

/** After so long without a sign of life of the engine, ms, nothing is recorded: a stale reading must not be written on as if it were new. */
const freshMs = 5000;

/** What services are judged by. */
export interface StandingsParts {
	readonly clock: Clock;
	readonly judge: Judge;
	readonly logs: Pick<LogTap, 'counts' | 'lastError'>;
	readonly inventory: Pick<Inventory, 'history' | 'freshAt'>;
	readonly signals: SignalStore;
}

/** How each service stands: puts inventory, figures, logs and probes together, and keeps what the judge says of them. */
export class Standings {
	readonly #parts: StandingsParts;
	readonly #recorder: StandingRecorder;
	readonly #usage = new UsageBook();
	readonly #probes = new Map<string, Map<string, ProbeResult>>();
	readonly #statuses = new Map<string, ServiceStatus>();

	constructor(parts: StandingsParts) {
		this.#parts = parts;
		this.#recorder = new StandingRecorder(parts.logs);
	}

	status(serviceId: string): ServiceStatus | undefined {
		return this.#statuses.get(serviceId);
	}

	/** A reading of one container; its service shows it after {@link usageCame}. */
	take(figures: Figures): void {
		this.#usage.take(figures);
	}

	/** The container stopped or went: its last reading says nothing any more. */
	forgetContainer(containerId: string): void {
		this.#usage.forget(containerId);
	}

	/** Keeps these services alone. */
	keepOnly(serviceIds: ReadonlySet<string>): void {
		for (const held of [this.#statuses, this.#probes]) for (const id of held.keys()) if (!serviceIds.has(id)) held.delete(id);
		this.#recorder.keepOnly(serviceIds);
		this.#parts.signals.keepOnly(serviceIds);
		this.#parts.judge.keepOnly(serviceIds);
	}

	probed(serviceId: string, result: ProbeResult): void {
		let results = this.#probes.get(serviceId);
		if (results === undefined) {
			results = new Map();
			this.#probes.set(serviceId, results);
		}
		results.set(result.probe, result);
	}

	/** Puts new figures into a service's status; what could not be judged for want of them is judged at once. @param looked see {@link judge} */
	usageCame(service: Service, looked: boolean): void {
		const usage = this.#usageOf(service);
		if (usage === undefined) return;
		recordUsage(this.#parts.signals.of(service.id), usage);
		const status = this.#statuses.get(service.id);
		// The first reading has no CPU yet, and most rules would be left open again: the second follows it at once.
		if (status?.mark === '?' && usage.figures.cpuPercent !== undefined) this.judge(service, looked);
		else if (status !== undefined) this.#statuses.set(service.id, withUsage(status, usage));
	}

	/** @param looked its row is on screen @returns true where mark or severity changed */
	judge(service: Service, looked: boolean): boolean {
		const { clock, inventory, judge, signals } = this.#parts;
		const now = clock.now();
		const { freshAt } = inventory;
		const before = this.#statuses.get(service.id);
		const own = signals.of(service.id);
		if (now - freshAt < freshMs) this.#recorder.record(own, service, (id) => inventory.history(id), now, looked || before?.mark !== 'ok');
		const facts = {
			service,
			history: (containerId: string) => inventory.history(containerId),
			signals: own,
			probes: [...(this.#probes.get(service.id)?.values() ?? [])],
			lastError: () => this.#lastError(service),
			freshAt,
		};
		const verdict = judge.evaluate(facts, now);
		const status = statusOf(facts, verdict, this.#usageOf(service));
		this.#statuses.set(service.id, status);
		return before?.mark !== status.mark || before.severity !== status.severity;
	}

	#lastError(service: Service): LoggedError | undefined {
		const errors = service.containers.flatMap(({ id }) => this.#parts.logs.lastError(id) ?? []);
		return errors.reduce<LoggedError | undefined>((last, each) => (last !== undefined && last.at >= each.at ? last : each), undefined);
	}

	#usageOf(service: Service): ReturnType<UsageBook['usage']> {
		return this.#usage.usage(service.containers.map((container) => container.id), this.#parts.clock.now());
	}
}
