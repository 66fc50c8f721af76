import { severityRank } from '../domain/severity.ts';
import type { ServiceStatus } from '../domain/situation.ts';

/**
 * How urgent a row is: severities first, then what runs, then what was stopped on purpose. What cannot be judged yet stands
 * among what runs: it would change its place with its first figures, and rows must not jump.
 */
const urgency = (status: ServiceStatus): number => {
	if (status.severity !== undefined) return severityRank(status.severity);
	return status.mark === '-' ? 5 : 4;
};

/** The urgency of a whole group is that of its worst row, so that a project stays together and the worst one is on top. */
const groupUrgency = (statuses: readonly ServiceStatus[]): ReadonlyMap<string, number> => {
	const worst = new Map<string, number>();
	for (const status of statuses) {
		const group = status.service.group ?? '';
		worst.set(group, Math.min(worst.get(group) ?? 9, urgency(status)));
	}
	return worst;
};

const collator = new Intl.Collator('en', { numeric: true });

/**
 * Ids in the order in which they should stand: rows in trouble first, the worst on top, whatever their group;
 * the others after them, group by group.
 */
export const wantedOrder = (statuses: readonly ServiceStatus[]): readonly string[] => {
	const groups = groupUrgency(statuses);
	const keyed = statuses.map((status) => {
		const own = urgency(status);
		const group = status.service.group ?? '';
		return { status, own, group, groupRank: groups.get(group) ?? 9, trouble: own < 4 };
	});
	keyed.sort((a, b) => {
		if (a.trouble !== b.trouble) return a.trouble ? -1 : 1;
		if (a.trouble && a.own !== b.own) return a.own - b.own;
		return (
			a.groupRank - b.groupRank ||
			collator.compare(a.group, b.group) ||
			a.own - b.own ||
			collator.compare(a.status.service.name, b.status.service.name)
		);
	});
	return keyed.map((each) => each.status.service.id);
};

/**
 * The order to show. While the person reads, rows keep their place: gone ones leave, new ones come at the end.
 * @returns `held` where a better order is kept back
 */
export const shownOrder = (
	before: readonly string[],
	wanted: readonly string[],
	reading: boolean,
): { readonly order: readonly string[]; readonly held: boolean } => {
	if (!reading) return { order: wanted, held: false };
	const alive = new Set(wanted);
	const known = new Set(before);
	const order = [...before.filter((id) => alive.has(id)), ...wanted.filter((id) => !known.has(id))];
	return { order, held: order.some((id, index) => id !== wanted[index]) };
};
