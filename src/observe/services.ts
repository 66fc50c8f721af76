import type { ContainerSummary } from '../domain/container.ts';
import type { Service } from '../domain/service.ts';
import { asideOf } from './versions/aside.ts';

/**
 * The service a container belongs to: `group/service`, or its own name where it stands alone. What a move between versions keeps aside, or
 * has not proved yet, stands alone: it carries its service's labels and is no replica of it.
 */
export const serviceIdOf = (container: ContainerSummary): string =>
	container.service === undefined || asideOf(container.name) !== undefined
		? container.name
		: container.group === undefined
			? container.service
			: `${container.group}/${container.service}`;

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
		services.push({
			id,
			name: alone ? first.name : (first?.service ?? first?.name ?? id),
			...(first?.group === undefined ? {} : { group: first.group }),
			manager: alone ? 'none' : (first?.manager ?? 'none'),
			containers: list,
			configured: configured.has(id),
		});
	}
	return services.sort((a, b) => (a.group ?? '').localeCompare(b.group ?? '') || a.name.localeCompare(b.name));
};
