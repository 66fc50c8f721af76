import type { Rule } from '../domain/rule.ts';
import type { Threshold } from './select/metrics.ts';

/** A plain comparison of one signal with a number, as the built-in rules write it. */
const comparison = /signal\("([^"]+)"\)\s*>\s*(\d+(?:\.\d+)?)/g;

/** Lines that charts draw: every number a rule compares a signal with. Conditions that compare otherwise draw none. */
export const thresholdsOf = (rules: readonly Rule[], serviceNames: readonly string[]): readonly Threshold[] => {
	const thresholds: Threshold[] = [];
	for (const rule of rules) {
		if (rule.services !== undefined && !rule.services.some((name) => serviceNames.includes(name))) continue;
		for (const [, signal, number] of rule.when.matchAll(comparison)) {
			const value = Number(number);
			if (signal === undefined || value === 0) continue;
			thresholds.push({ signal, value, severity: rule.severity, title: rule.title });
		}
	}
	return thresholds;
};
