import { formatDuration } from '../domain/duration.ts';
import type { Service, ServiceFacts } from '../domain/service.ts';
import { throwMissing } from './missing.ts';
import type { Expected, Standing, StandingKind } from './standing.ts';
import { currentContainers, standingOf } from './standing.ts';

/** A figure that comes once a second or once in ten may be so old and no older, ms. */
export const defaultMaxAgeMs = 15_000;

/** What the judge must be told beyond the facts. */
export interface JudgeOptions {
	/** How old a sample of this signal may be, ms; 15 s where it says nothing. A probe allows three of its intervals. */
	maxAgeMs?(service: Service, signal: string): number | undefined;
	/** What sitrep.yaml says the service should be doing. */
	expected?(service: Service): Expected | undefined;
	/** Names under which rules may call the service, beside its id and its own name; asked once for each service. */
	namesOf?(service: Service): readonly string[];
}

/** The order in which containers of one service are looked at: the worst first. */
const order: readonly StandingKind[] = ['down', 'unhealthy', 'paused', 'starting', 'stopped', 'old', 'completed', 'idle', 'up'];

/** All that the rules of one service look at, at one moment. Made once, read by every rule. */
export class Reading {
	readonly facts: ServiceFacts;
	readonly now: number;
	readonly expected: Expected | undefined;
	/** The worst first. */
	readonly standings: readonly Standing[];
	/** Names and values a condition asked for, in order; cleared before each rule. */
	readonly asked = new Map<string, number>();
	readonly #options: JudgeOptions;

	constructor(facts: ServiceFacts, now: number, options: JudgeOptions = {}) {
		this.facts = facts;
		this.now = now;
		this.#options = options;
		const service = facts.service;
		this.expected = options.expected?.(service);
		const standings = currentContainers(service).map((container) =>
			standingOf(container, service, facts.history(container.id), this.expected, now),
		);
		this.standings = standings.length < 2 ? standings : standings.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
	}

	/** The container that stands worst; what `container` means in a condition. */
	get worst(): Standing | undefined {
		return this.standings[0];
	}

	count(kind: StandingKind): number {
		let count = 0;
		for (const standing of this.standings) if (standing.kind === kind) count++;
		return count;
	}

	sum(of: (standing: Standing) => number): number {
		let sum = 0;
		for (const standing of this.standings) sum += of(standing);
		return sum;
	}

	/** @throws MissingData where there is no sample, or it is too old */
	signal(name: string): number {
		const sample = this.facts.signals.latest(name);
		if (sample === undefined) return throwMissing(`no sample of ${name}`);
		const age = this.now - sample.at;
		if (age > this.maxAge(name)) return throwMissing(`last sample of ${name} ${formatDuration(age)} old`);
		this.asked.set(name, sample.value);
		return sample.value;
	}

	maxAge(name: string): number {
		return this.#options.maxAgeMs?.(this.facts.service, name) ?? defaultMaxAgeMs;
	}
}
