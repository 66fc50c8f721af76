import type { LoadedPlaybook } from '../../domain/playbook/playbook.ts';
import type { Service } from '../../domain/service.ts';
import { paramsFrom } from '../../respond/playbook/fit.ts';

/** The service that goes by a name: its id, its name, or that of one of its containers. */
export const serviceFor = (services: readonly Service[], name: string): Service | undefined =>
	services.find((each) => each.id === name) ?? services.find((each) => each.name === name || each.containers.some((container) => container.name === name));

/**
 * Values that the service of a run gives to parameters nobody has given: those of a playbook within a playbook, which would
 * otherwise go by defaults that may name something else.
 * @param services those that are there now
 * @param paramsOf what was set up for them
 */
export const prefillFrom =
	(services: () => readonly Service[], paramsOf: (service: Service) => Readonly<Record<string, string>> = () => ({})) =>
	({ playbook }: LoadedPlaybook, name: string | undefined): Readonly<Record<string, string>> => {
		const service = name === undefined ? undefined : serviceFor(services(), name);
		return service === undefined ? {} : paramsFrom(playbook, service, paramsOf(service));
	};
