import type { ServiceStatus } from '../domain/situation.ts';
import { serviceIdOf } from '../observe/services.ts';
import { asideOf } from '../observe/versions/aside.ts';

/** A container that a move put aside, or has yet to name, is a row of its own, and never what a person means by itself. */
export const isAside = (service: string): boolean => asideOf(service) !== undefined;

/**
 * The service in whose place a move works, where a row stands for what it put aside; else the very one. A move that was left in the middle
 * may have left no container by the service's name: the service is meant all the same.
 */
export const ownerOf = (status: ServiceStatus | undefined, byId: ReadonlyMap<string, ServiceStatus>): ServiceStatus | undefined => {
	const [container] = status?.service.containers ?? [];
	const name = container === undefined ? undefined : asideOf(container.name);
	if (status === undefined || container === undefined || name === undefined) return status;
	const id = serviceIdOf({ ...container, name });
	return byId.get(id) ?? { ...status, service: { ...status.service, id, name: container.service ?? name } };
};
