import type { ContainerSummary } from '../../domain/container.ts';
import type { Service } from '../../domain/service.ts';
import { selectServices } from '../selectServices.ts';
import type { LogSource } from './line.ts';

/** A word that names exactly one container means that one, not all replicas of its service. */
const named = (service: Service, words: readonly string[]): readonly ContainerSummary[] => {
	const byName = service.containers.filter((container) => words.includes(container.name));
	const whole = words.some((word) => word === service.id || word === service.name || word === service.group);
	return byName.length > 0 && !whole ? byName : service.containers;
};

/**
 * The containers whose logs are meant.
 * @throws CliFailure where a word names nothing
 */
export const logSources = (services: readonly Service[], words: readonly string[], where: string): readonly LogSource[] =>
	selectServices(services, (service) => service, words, where).flatMap((service) => {
		const members = named(service, words);
		return members.map((container) => ({
			containerId: container.id,
			container: container.name,
			service: service.id,
			label: members.length > 1 ? container.name : service.id,
		}));
	});
