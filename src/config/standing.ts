import type { Service } from '../domain/service.ts';
import { configNamesOf, configOf } from './services.ts';
import type { Config } from './schema.ts';

/** Services as the file wants them: hidden ones left off, others under its headings, those it names marked as configured. */
export const asConfigured = (services: readonly Service[], config: Config): Service[] =>
	services.flatMap((service) => {
		const own = configOf(config, service);
		if (own?.hidden === true) return [];
		const configured = service.configured || configNamesOf(config, service).length > 0;
		return [{ ...service, configured, ...(own?.group === undefined ? {} : { group: own.group }) }];
	});
