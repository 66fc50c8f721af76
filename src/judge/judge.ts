import type { Alert, Inconclusive, Rule } from '../domain/rule.ts';
import { endHoldSeconds } from './builtInRules.ts';
import type { Service, ServiceFacts } from '../domain/service.ts';
import { severityRank } from '../domain/severity.ts';
import type { CompiledRule } from './compile.ts';
import { compileRule, wordsOf } from './compile.ts';
import { whyMissing } from './missing.ts';
import { byImportance } from './rank.ts';
import type { JudgeOptions } from './reading.ts';
import { Reading } from './reading.ts';
import { reasonOf } from './reasons.ts';

/** A condition that holds but cannot be read for so long is forgotten unless it fires, ms. */
const pendingGapMs = 60_000;

/** What the rules say of one service at one moment. */
export interface Verdict {
	/** Firing and pending, the most important first. */
	readonly alerts: readonly Alert[];
	readonly inconclusive: readonly Inconclusive[];
	/** How its containers stand; what `describeService` words a service from. */
	readonly reading: Reading;
}

export interface Judge {
	/** @param now epoch ms, never going back */
	evaluate(facts: ServiceFacts, now: number): Verdict;
	/** Forgets what it held of services that are gone. */
	keepOnly(serviceIds: ReadonlySet<string>): void;
}

/** What is held between two judgements of one rule on one service. */
interface Held {
	/** Epoch ms since when the condition holds. */
	since: number;
	/** Epoch ms from which the rule's `for` counts. */
	readonly from: number;
	/** Epoch ms at which it was last seen to hold. */
	seen: number;
	firing: boolean;
	reason: string;
}

/**
 * Judges services by rules and keeps, between calls, since when each condition holds.
 *
 * - A condition that holds for the rule's `for` fires; one that is false once resolves.
 * - A gap in the data resolves nothing: a firing alert goes on, marked stale, and the rule is inconclusive.
 * - What a move between versions put aside is judged by none: whatever is wrong with it is why it was put aside.
 * - Where several rules have one id, the one that names the service stands in for the one that names none.
 * @throws RuleError where a condition cannot be compiled
 */
export const createJudge = (rules: readonly Rule[], options: JudgeOptions = {}): Judge => {
	const compiled = rules.map(compileRule);
	const held = new Map<string, Map<string, Held>>();
	const chosen = new Map<string, readonly CompiledRule[]>();

	const rulesFor = (service: Service): readonly CompiledRule[] => {
		let list = chosen.get(service.id);
		if (list === undefined) {
			list = rulesOf(compiled, new Set([service.id, service.name, ...(options.namesOf?.(service) ?? [])]));
			chosen.set(service.id, list);
		}
		return list;
	};

	return {
		evaluate(facts, now) {
			const { id } = facts.service;
			const reading = new Reading(facts, now, options);
			if (facts.service.aside !== undefined) {
				held.delete(id);
				return { alerts: [], inconclusive: [], reading };
			}
			const words = wordsOf(reading);
			const alerts: Alert[] = [];
			const inconclusive: Inconclusive[] = [];
			let states = held.get(id);
			const first = states === undefined;
			if (states === undefined) {
				states = new Map();
				held.set(id, states);
			}
			for (const each of rulesFor(facts.service)) {
				const { rule } = each;
				const before = states.get(rule.id);
				reading.asked.clear();
				let holds = false;
				let why: string | undefined;
				try {
					holds = each.holds(reading, words);
				} catch (error) {
					why = whyMissing(error) ?? `the condition failed: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}`;
				}
				if (why !== undefined) {
					inconclusive.push({ ruleId: rule.id, serviceId: id, why });
					if (before === undefined) continue;
					if (before.firing) alerts.push({ ...alertOf(rule, id, before), stale: why });
					else if (now - before.seen > pendingGapMs) states.delete(rule.id);
					else alerts.push({ ...alertOf(rule, id, before), stale: why });
					continue;
				}
				if (!holds) {
					if (before !== undefined) states.delete(rule.id);
					continue;
				}
				const since = before?.since ?? startOf(rule, reading);
				// What began before our eyes began when we saw it: an engine's clock that differs from ours must not shorten `for`.
				const from = before?.from ?? (first ? since : now);
				const state: Held = {
					since,
					from,
					seen: now,
					firing: before?.firing === true || now - from >= rule.forSeconds * 1000 || isCertain(rule, reading),
					reason: reasonOf(rule, reading, since),
				};
				states.set(rule.id, state);
				alerts.push(alertOf(rule, id, state));
			}
			return { alerts: alerts.sort(byImportance), inconclusive, reading };
		},
		keepOnly(serviceIds) {
			for (const id of held.keys()) if (!serviceIds.has(id)) held.delete(id);
			for (const id of chosen.keys()) if (!serviceIds.has(id)) chosen.delete(id);
		},
	};
};

const alertOf = (rule: Rule, serviceId: string, state: Held): Alert => ({
	ruleId: rule.id,
	serviceId,
	severity: rule.severity,
	state: state.firing ? 'firing' : 'pending',
	since: state.since,
	reason: state.reason,
});

/**
 * The half-second of these rules sets an end apart from a stop that was asked for and from a restart by the engine.
 * Where that is settled there is nothing to wait for. Of several that are down, one that went before has waited already.
 */
const isCertain = (rule: Rule, reading: Reading): boolean =>
	(rule.id === 'container-down' || rule.id === 'replica-down') &&
	rule.forSeconds <= endHoldSeconds &&
	reading.standings.some((each) => each.kind === 'down' && each.certain) &&
	(rule.id === 'replica-down' || reading.standings.every((each) => each.kind !== 'down' || each.certain || reading.now - (each.since ?? reading.now) >= endHoldSeconds * 1000));

/** The engine knows since when a container is down or unhealthy, which may be long before we looked. */
const startOf = (rule: Rule, reading: Reading): number => {
	const kind = rule.id === 'container-down' ? 'down' : rule.id === 'health-failing' ? 'unhealthy' : undefined;
	if (kind === undefined) return reading.now;
	const since = reading.standings.filter((each) => each.kind === kind).map((each) => each.since ?? reading.now);
	// All of them are down only since the last one went.
	return Math.min(reading.now, since.length === 0 ? reading.now : Math.max(...since));
};

/** Rules that apply to a service of these names, the specific one in place of the general one. */
const rulesOf = (compiled: readonly CompiledRule[], names: ReadonlySet<string>): readonly CompiledRule[] => {
	const byId = new Map<string, CompiledRule>();
	for (const each of compiled) {
		const { services } = each.rule;
		if (services !== undefined && !services.some((each) => names.has(each))) continue;
		if (services === undefined && byId.get(each.rule.id)?.rule.services !== undefined) continue;
		byId.set(each.rule.id, each);
	}
	return [...byId.values()].sort((a, b) => severityRank(a.rule.severity) - severityRank(b.rule.severity));
};
