import type { ContainerSummary } from '../domain/container.ts';
import type { Service } from '../domain/service.ts';

/** What the person looks at: decides what is read often. */
export interface Attention {
	/** Services whose rows are on screen. */
	readonly visible: readonly string[];
	readonly selected?: string;
}

export const isSameAttention = (a: Attention, b: Attention): boolean =>
	a.selected === b.selected && a.visible.length === b.visible.length && a.visible.every((id, index) => id === b.visible[index]);

/** Whether a service is selected or its row on screen. */
export const isLookedAt = (attention: Attention, serviceId: string): boolean => attention.selected === serviceId || attention.visible.includes(serviceId);

/** What is to be read how. */
export interface ReadingsWanted {
	/** Running containers in view or in trouble, by id: their figures are read each second. */
	readonly fast: readonly string[];
	/** The other running ones. */
	readonly slow: readonly string[];
	/** All containers, the one whose log matters most first: rested on, in trouble, in view, the rest. */
	readonly logs: readonly ContainerSummary[];
	/** Containers of the service that is rested on, by id. */
	readonly focused: readonly string[];
}

/**
 * Tells from what is looked at and what is in trouble what is to be read.
 * @param attention `rested`: the selected service, unless the person is only passing it: its log is the one in view
 */
export const readingsWanted = (
	services: readonly Service[],
	attention: Attention & { readonly rested: string | undefined },
	isTroubled: (serviceId: string) => boolean,
): ReadingsWanted => {
	const looked = new Set(attention.visible);
	if (attention.selected !== undefined) looked.add(attention.selected);
	const fast: string[] = [];
	const slow: string[] = [];
	const ranked: { readonly container: ContainerSummary; readonly rank: number }[] = [];
	for (const service of services) {
		const troubled = isTroubled(service.id);
		const near = looked.has(service.id);
		for (const container of service.containers) {
			if (container.state === 'running') (troubled || near ? fast : slow).push(container.id);
			ranked.push({ container, rank: service.id === attention.rested ? 0 : troubled ? 1 : near ? 2 : 3 });
		}
	}
	ranked.sort((a, b) => a.rank - b.rank);
	return {
		fast,
		slow,
		logs: ranked.map((each) => each.container),
		focused: ranked.filter((each) => each.rank === 0).map((each) => each.container.id),
	};
};
