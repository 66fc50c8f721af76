import type { ContainerSummary } from '../domain/container.ts';
import type { Service } from '../domain/service.ts';
import type { JudgeOptions } from '../judge/reading.ts';
import type { ProbeConfig, ProbeKind } from './probeSchema.ts';
import type { Config, ServiceConfig } from './schema.ts';

/** Whole text against a pattern in which `*` stands for any characters. */
export const matches = (pattern: string, text: string): boolean => {
	const parts = pattern.split('*');
	if (parts.length === 1) return pattern === text;
	const [first = '', ...rest] = parts;
	const last = rest.pop() ?? '';
	if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last)) return false;
	let from = first.length;
	for (const part of rest) {
		const at = text.indexOf(part, from);
		if (at < 0 || at + part.length > text.length - last.length) return false;
		from = at + part.length;
	}
	return true;
};

const isContainer = (name: string, config: ServiceConfig, container: ContainerSummary): boolean => {
	const composeName = container.service === undefined ? undefined : `${container.group ?? ''}/${container.service}`;
	if (config.container !== undefined) return matches(config.container, container.name);
	if (config.compose !== undefined) return composeName !== undefined && matches(config.compose, composeName);
	if (config.image !== undefined) return matches(config.image, container.image);
	return name === container.name || name === composeName || name === container.service;
};

/** Names under which sitrep.yaml knows a service: by its id, or by any of its containers. */
export const configNamesOf = (config: Config, service: Service): readonly string[] =>
	Object.entries(config.services ?? {})
		.filter(([name, each]) => expectedId(name, each) === service.id || service.containers.some((container) => isContainer(name, each, container)))
		.map(([name]) => name);

/** The id a service of the file has, or would have, where it is named without a `*`; `undefined` where only a pattern is known. */
export const expectedId = (name: string, config: ServiceConfig): string | undefined => {
	const exact = config.container ?? config.compose ?? (config.image === undefined ? name : undefined);
	return exact === undefined || exact.includes('*') ? undefined : exact;
};

/** Ids of services that are listed even where they have no container. */
export const configuredIds = (config: Config): ReadonlySet<string> => {
	const ids = new Set<string>();
	for (const [name, each] of Object.entries(config.services ?? {})) {
		const id = expectedId(name, each);
		if (id !== undefined) ids.add(id);
	}
	return ids;
};

/** What the file says of a service; where several entries fit, the first one says it. */
export const configOf = (config: Config, service: Service): ServiceConfig | undefined => {
	const name = configNamesOf(config, service)[0];
	return name === undefined ? undefined : config.services?.[name];
};

/** How long a version of a service has to be healthy until it counts as good, ms; `undefined` where the file does not say. */
export const watchWindowOf = (config: Config, service: Service): number | undefined => configOf(config, service)?.watchWindow ?? config.watchWindow;

/** Values of parameters for playbooks on a service, by name. */
export const paramsOf = (config: Config, service: Service): Readonly<Record<string, string>> =>
	Object.fromEntries(Object.entries({ ...config.params, ...configOf(config, service)?.params }).map(([name, value]) => [name, String(value)]));

const defaultIntervalMs: Readonly<Record<ProbeKind, number>> = {
	http: 10_000,
	tcp: 10_000,
	command: 10_000,
	prometheus: 10_000,
	sqlite: 60_000,
	disk: 60_000,
};

export const intervalOf = (probe: ProbeConfig): number => probe.interval ?? defaultIntervalMs[probe.kind];
export const timeoutOf = (probe: ProbeConfig): number => probe.timeout ?? 5000;

/** Signals that a kind of probe gives besides its own `probe.<name>.<figure>`: signal to figure. */
export const aliasesOfKind: Readonly<Record<ProbeKind, Readonly<Record<string, string>>>> = {
	http: { 'http.p95': 'p95', 'http.availability': 'availability' },
	prometheus: { 'http.p95': 'p95', 'http.errorRate': 'errorRate', 'http.requestRate': 'requestRate', 'http.errors': 'errors' },
	tcp: {},
	command: {},
	sqlite: { 'db.locked': 'locked', 'db.corrupt': 'corrupt', 'db.queryMs': 'queryMs', 'db.sizeBytes': 'sizeBytes', 'db.walBytes': 'walBytes' },
	disk: { 'disk.percent': 'percent', 'disk.freeBytes': 'freeBytes' },
};

/**
 * Which probe gives which signal of a service: signal to probe name. What the service itself counted (prometheus)
 * goes before what one asker saw (http); else the first in the file gives it.
 */
export const aliasOwners = (probes: readonly ProbeConfig[]): ReadonlyMap<string, string> => {
	const owners = new Map<string, string>();
	const first = [...probes].sort((a, b) => Number(b.kind === 'prometheus') - Number(a.kind === 'prometheus'));
	for (const probe of first) {
		for (const signal of Object.keys(aliasesOfKind[probe.kind])) if (!owners.has(signal)) owners.set(signal, probe.name);
	}
	return owners;
};

/** What the judge needs of the file: names, expectations, and how old a probe's figure may be (three intervals and a timeout). */
export const judgeOptions = (config: Config): JudgeOptions => {
	const probesOf = new Map<string, readonly ProbeConfig[]>();
	const find = (service: Service): readonly ProbeConfig[] => {
		let probes = probesOf.get(service.id);
		if (probes === undefined) {
			probes = configNamesOf(config, service).flatMap((name) => config.services?.[name]?.probes ?? []);
			probesOf.set(service.id, probes);
		}
		return probes;
	};
	return {
		namesOf: (service) => configNamesOf(config, service),
		expected: (service) => configOf(config, service)?.expected,
		maxAgeMs(service, signal) {
			if (!signal.startsWith('probe.') && !/^(?:http|db|disk)\./.test(signal)) return undefined;
			const probes = find(service);
			const name = /^probe\.([^.]+)\./.exec(signal)?.[1] ?? aliasOwners(probes).get(signal);
			const probe = probes.find((each) => each.name === name);
			return probe === undefined ? undefined : 3 * intervalOf(probe) + timeoutOf(probe);
		},
	};
};
