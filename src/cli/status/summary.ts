import { wantedOrder } from '../../console/order.ts';
import { type Severity, severities } from '../../domain/severity.ts';
import type { ServiceStatus } from '../../domain/situation.ts';

/** How many services stand how. */
export interface Summary {
	readonly total: number;
	readonly troubled: number;
	/** Of which nothing can be said. */
	readonly unknown: number;
	readonly counts: Readonly<Record<Severity, number>>;
}

export const summarise = (services: readonly ServiceStatus[]): Summary => {
	const counts: Record<Severity, number> = { P0: 0, P1: 0, P2: 0, P3: 0 };
	let troubled = 0;
	let unknown = 0;
	for (const { severity, mark } of services) {
		if (severity !== undefined) {
			counts[severity]++;
			troubled++;
		}
		if (mark === '?') unknown++;
	}
	return { total: services.length, troubled, unknown, counts };
};

/** `2 in trouble of 12: P0 1, P2 1`, with `; 3 unknown` where some cannot be judged. */
export const summaryWords = ({ total, troubled, unknown, counts }: Summary): string => {
	const list = severities.filter((severity) => counts[severity] > 0).map((severity) => `${severity} ${counts[severity]}`);
	const words = `${troubled} in trouble of ${total}${list.length === 0 ? '' : `: ${list.join(', ')}`}`;
	return unknown === 0 ? words : `${words}; ${unknown} unknown`;
};

/** The worst first, as the console orders them. */
export const worstFirst = (services: readonly ServiceStatus[]): readonly ServiceStatus[] => {
	const byId = new Map(services.map((status) => [status.service.id, status]));
	return wantedOrder(services).flatMap((id) => byId.get(id) ?? []);
};
