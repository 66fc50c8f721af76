import type { ContainerSummary } from '../domain/container.ts';
import type { Service } from '../domain/service.ts';
import { asideAs, asideOf } from './versions/aside.ts';

/**
 * The service a container belongs to: `group/service`, or its own name where it stands alone. What a move between versions keeps aside, or
 * has not proved yet, stands alone: it carries its service's labels and is no replica of it.
 */
export const serviceIdOf = (container: ContainerSummary): string => (asideOf(container.name) === undefined ? placeOf(container, container.name) : container.name);

const placeOf = ({ service, group }: ContainerSummary, name: string): string => (service === undefined ? name : group === undefined ? service : `${group}/${service}`);

/** In whose place a move works with this container; absent where no container has that place: then this one is all there is of it. */
const asideIn = (container: ContainerSummary | undefined, members: ReadonlyMap<string, unknown[]>): Service['aside'] => {
	const [name, as] = container === undefined ? [] : [asideOf(container.name), asideAs(container.name)];
	if (container === undefined || name === undefined || as === undefined) return undefined;
	const of = placeOf(container, name);
	return (members.get(of)?.length ?? 0) > 0 ? { of, as } : undefined;
};

/**
 * Groups containers into services. Containers of one service stand newest first; the order of services is
 * by group and name, so that it does not depend on the engine's.
 * @param configured ids of services that stand in sitrep.yaml; one without a container is listed all the same
 */
export const groupServices = (
	containers: Iterable<ContainerSummary>,
	configured: ReadonlySet<string> = new Set(),
): Service[] => {
	const members = new Map<string, ContainerSummary[]>();
	for (const container of containers) {
		const id = serviceIdOf(container);
		const list = members.get(id);
		if (list === undefined) members.set(id, [container]);
		else list.push(container);
	}
	for (const id of configured) if (!members.has(id)) members.set(id, []);
	const services: Service[] = [];
	for (const [id, list] of members) {
		list.sort((a, b) => b.createdAt - a.createdAt || a.name.localeCompare(b.name));
		const first = list[0];
		const alone = first !== undefined && asideOf(first.name) !== undefined;
		const aside = asideIn(first, members);
		services.push({
			id,
			name: alone ? first.name : (first?.service ?? first?.name ?? id),
			...(first?.group === undefined ? {} : { group: first.group }),
			manager: alone ? 'none' : (first?.manager ?? 'none'),
			containers: list,
			configured: configured.has(id),
			...(aside === undefined ? {} : { aside }),
		});
	}
	return services.sort((a, b) => (a.group ?? '').localeCompare(b.group ?? '') || a.name.localeCompare(b.name));
};
