import type { ContainerSummary } from '../domain/container.ts';
import type { Service } from '../domain/service.ts';

/** The services as containers make them up now, found by their own id and by a container's. */
export class ServiceIndex {
	readonly #group: (containers: Iterable<ContainerSummary>) => Service[];
	#services: readonly Service[] = [];
	#byId: ReadonlyMap<string, Service> = new Map();
	#idByContainer: ReadonlyMap<string, string> = new Map();

	/** @param group maps containers to services */
	constructor(group: (containers: Iterable<ContainerSummary>) => Service[]) {
		this.#group = group;
	}

	get services(): readonly Service[] {
		return this.#services;
	}

	service(id: string): Service | undefined {
		return this.#byId.get(id);
	}

	idOfContainer(containerId: string): string | undefined {
		return this.#idByContainer.get(containerId);
	}

	/** Groups anew. @returns the ids of the services that there are now */
	regroup(containers: Iterable<ContainerSummary>): ReadonlySet<string> {
		this.#services = this.#group(containers);
		this.#byId = new Map(this.#services.map((service) => [service.id, service]));
		this.#idByContainer = new Map(this.#services.flatMap((service) => service.containers.map((container) => [container.id, service.id] as const)));
		return new Set(this.#byId.keys());
	}
}
