import { selectServices } from '../cli/selectServices.ts';
import type { ContainerSummary } from '../domain/container.ts';
import type { Engine } from '../domain/engine.ts';
import type { Service } from '../domain/service.ts';
import type { Setting } from './setting.ts';

type Grouping = (containers: Iterable<ContainerSummary>) => Service[];

/**
 * A setting that watches the services which the words name, and nothing else: their containers are inspected and their
 * figures, logs and probes are read. Whatever the others do, no rule of a service looks at another one. Where a word names
 * nothing all are watched, so that the error can say which there are.
 */
export const scoped = (setting: Setting, words: readonly string[]): Setting => {
	if (words.length === 0) return setting;
	const group: Grouping = (containers) => {
		const all = setting.group(containers);
		try {
			return [...selectServices(all, (service) => service, words, '')];
		} catch {
			return all;
		}
	};
	return { ...setting, group, engine: listing(setting.engine, group) };
};

/** The engine, as if it held the containers of these services only. */
const listing = (engine: Engine, group: Grouping): Engine =>
	new Proxy(engine, {
		get(target, key): unknown {
			if (key === 'list') {
				return async (...options: Parameters<Engine['list']>) => group(await target.list(...options)).flatMap((service) => service.containers);
			}
			const value: unknown = Reflect.get(target, key, target);
			return typeof value === 'function' ? (...args: readonly unknown[]): unknown => Reflect.apply(value, target, args) : value;
		},
	});
