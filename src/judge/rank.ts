import type { Alert } from '../domain/rule.ts';
import { severityRank } from '../domain/severity.ts';
import { builtInRules } from './builtInRules.ts';

const places = new Map(builtInRules().map((rule, index) => [rule.id, index]));

/** Firing before pending, then by severity, then in the order in which the built-in rules are told, then the older one. */
export const byImportance = (a: Alert, b: Alert): number =>
	Number(a.state === 'pending') - Number(b.state === 'pending') ||
	severityRank(a.severity) - severityRank(b.severity) ||
	(places.get(a.ruleId) ?? places.size) - (places.get(b.ruleId) ?? places.size) ||
	a.since - b.since;
