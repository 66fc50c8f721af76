import type { ServiceStatus, Situation } from '../../domain/situation.ts';
import { clockTime } from '../clockTime.ts';
import { serviceLine } from './words.ts';

/** What makes a state news: its mark and the rules that fire. Durations in the reason change every second and are none. */
const newsOf = (status: ServiceStatus): string =>
	[status.mark, ...status.alerts.filter((alert) => alert.state === 'firing').map((alert) => alert.ruleId).toSorted()].join(' ');

/**
 * What changed between two situations, a line each, the worst first: `03:14:07 P0 cloud-native-poc: exited 137`.
 * @param settling the session has just begun: that the first readings have come, and say that all is well, is no news
 */
export const changeLines = (before: Situation, after: Situation, settling = false): readonly string[] => {
	const known = new Map(before.services.map((status) => [status.service.id, status]));
	const time = clockTime(after.at);
	const lines: string[] = [];
	for (const status of after.services) {
		const old = known.get(status.service.id);
		known.delete(status.service.id);
		if (old === undefined) lines.push(`${time} new ${serviceLine(status)}`);
		// Half a second later the rule fires, or it was nothing.
		else if (status.mark === '?' && status.alerts.some((alert) => alert.state === 'pending')) continue;
		else if (settling && old.mark === '?' && status.severity === undefined) continue;
		else if (newsOf(old) !== newsOf(status)) lines.push(`${time} ${serviceLine(status)}`);
	}
	for (const id of known.keys()) lines.push(`${time} gone ${id}: its containers were removed`);
	return lines;
};
