import { formatDuration, inTens } from '../domain/duration.ts';
import type { Alert, Inconclusive } from '../domain/rule.ts';
import type { Severity } from '../domain/severity.ts';
import type { ServiceStatus } from '../domain/situation.ts';
import { toldBy } from './builtInRules.ts';
import { exitWords } from './exitCode.ts';
import type { Verdict } from './judge.ts';
import type { Reading } from './reading.ts';
import type { Standing } from './standing.ts';

/** News of the engine older than this prove nothing, ms: nothing can be called healthy then. */
export const staleAfterMs = 15_000;
/** At most so many reasons are told in one row. */
const maxReasons = 3;

export interface Description {
	readonly mark: ServiceStatus['mark'];
	readonly severity?: Severity;
	readonly reason: string;
}

/**
 * How a service stands, in a mark and in words.
 * The worst firing alert gives the mark. With none firing, stale news or a rule that cannot be judged give `?`,
 * a service that is stopped or completed on purpose gives `-`, and only what is running and judged is `ok`.
 */
export const describeService = (verdict: Verdict): Description => {
	const { reading } = verdict;
	const silence = reading.now - reading.facts.freshAt;
	const firing = verdict.alerts.filter((alert) => alert.state === 'firing');
	const worst = firing[0];
	if (silence > staleAfterMs) {
		const words = `no news for ${formatDuration(silence)}`;
		return { mark: '?', reason: worst === undefined ? words : `${words}; last: ${tell(firing, reading)}`, ...(worst === undefined ? {} : { severity: worst.severity }) };
	}
	const rest = asideWords(reading) ?? restingWords(reading);
	// What is asked of a service of which nothing runs fails for that, and that it was stopped says why.
	if (worst !== undefined) return { mark: worst.severity, severity: worst.severity, reason: [rest ?? [], tell(firing, reading)].flat().join('; ') };
	if (rest !== undefined) return { mark: '-', reason: rest };
	const words = runningWords(reading);
	const first = reading.standings[0];
	if (first === undefined || first.kind === 'down') return { mark: '?', reason: pendingWords(verdict.alerts) ?? words };
	if (first.kind === 'starting') return { mark: '?', reason: words };
	const gap = gapWords(verdict.inconclusive);
	return gap === undefined ? { mark: 'ok', reason: words } : { mark: '?', reason: `${words}; ${gap}` };
};

/** Reasons of firing alerts, the most important first and a pause before all, without those another one tells already. */
const tell = (firing: readonly Alert[], reading: Reading): string => {
	const told = new Set(firing.flatMap((alert) => toldBy[alert.ruleId] ?? []));
	// A probe that failed because of what a rule of its own tells.
	const ids = new Set(firing.map((alert) => alert.ruleId));
	for (const { probe, figures } of reading.facts.probes) {
		if ((ids.has('database-locked') && (figures['locked'] ?? 0) > 0) || (ids.has('database-corrupt') && (figures['corrupt'] ?? 0) > 0)) told.add(`probe:${probe}`);
	}
	const reasons: string[] = [];
	// A paused container answers nobody: whatever else fires may come of that, and would push it out of a narrow row.
	for (const alert of firing.toSorted((a, b) => Number(b.ruleId === 'paused') - Number(a.ruleId === 'paused'))) {
		if (told.has(alert.ruleId)) continue;
		const reason = alert.stale === undefined ? alert.reason : `${alert.reason} (not confirmed: ${alert.stale})`;
		if (!reasons.includes(reason)) reasons.push(reason);
	}
	const left = reasons.length - maxReasons;
	return reasons.slice(0, maxReasons).join('; ') + (left > 0 ? `; ${left} more` : '');
};

const pendingWords = (alerts: readonly Alert[]): string | undefined => alerts.find((alert) => alert.state === 'pending')?.reason;

const gapWords = (inconclusive: readonly Inconclusive[]): string | undefined => {
	const whys = [...new Set(inconclusive.map((each) => each.why))];
	const first = whys[0];
	if (first === undefined) return undefined;
	return whys.length === 1 ? first : `${first}, and ${whys.length - 1} more`;
};

const ago = (since: number, now: number): string => `${formatDuration(now - since)} ago`;

/** Words of what a move between versions works with in the place of another service. */
const asideWords = ({ facts: { service } }: Reading): string | undefined => {
	const { aside } = service;
	if (aside === undefined) return undefined;
	return aside.as === 'old' ? `kept for undo: the version before of ${aside.of}` : `not in use yet: the next version of ${aside.of}`;
};

/** Words of a service of which nothing runs, on purpose; `undefined` where something runs, or should. */
const restingWords = (reading: Reading): string | undefined => {
	const { standings, now } = reading;
	const first = standings[0];
	if (first === undefined) return reading.expected === undefined || reading.expected === 'running' ? undefined : 'no container, none expected';
	if (!standings.every((each) => ['stopped', 'completed', 'idle', 'old'].includes(each.kind))) return undefined;
	return restingContainer(first, now);
};

const restingContainer = (standing: Standing, now: number): string => {
	const { container, kind, since, exitCode } = standing;
	if (kind === 'completed') return `completed 0${since === undefined ? '' : `, ${ago(since, now)}`}`;
	if (kind === 'stopped') {
		const unusual = exitCode !== undefined && ![0, 130, 137, 143].includes(exitCode);
		return `stopped on request${since === undefined ? '' : ` ${ago(since, now)}`}${unusual ? `, ${exitWords(exitCode, false)}` : ''}`;
	}
	if (kind === 'old') return `${exitWords(exitCode, standing.oomKilled)}${since === undefined ? '' : `, ${ago(since, now)}`}`;
	return container.state === 'removing' ? 'being removed' : 'created, never started';
};

/** `healthy 3 d`; `up 2 h, no health check`; with replicas `3 of 3 healthy 2 h`. */
const runningWords = (reading: Reading): string => {
	const { standings, now } = reading;
	const running = standings.filter((each) => each.kind === 'up' || each.kind === 'starting');
	const first = running[0];
	if (first === undefined) return 'nothing runs';
	// The youngest replica decides how long all of them have been up.
	const since = Math.max(...running.map((each) => each.container.startedAt ?? now));
	const lasting = formatDuration(now - since);
	const wellFor = formatDuration(inTens(now - since));
	const many = running.length > 1 ? `${running.length} replicas ` : '';
	if (running.some((each) => each.kind === 'starting')) return `${many}starting ${lasting}, health not known yet`;
	if (running.every((each) => each.container.health === 'healthy')) return `${many}healthy ${wellFor}`;
	return `${many}up ${wellFor}, no health check`;
};
