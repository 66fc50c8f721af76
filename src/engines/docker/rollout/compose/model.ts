import { parse } from 'yaml';
import { fields, list, number, strings, text, type Fields } from '../../narrow.ts';

/** What compose reads out of the project's files about one service. */
export interface ServiceModel {
	readonly image: string | undefined;
	/** The files tell how to make its image. */
	readonly builds: boolean;
	/** How many the files ask for. */
	readonly scale: number;
	/** Values are absent where the environment of whoever calls compose gives them. */
	readonly environment: ReadonlyMap<string, string | undefined>;
	readonly labels: ReadonlyMap<string, string | undefined>;
	readonly command: string | undefined;
	readonly entrypoint: string | undefined;
	readonly user: string | undefined;
	readonly workingDir: string | undefined;
	readonly restart: string | undefined;
	/** Paths inside. */
	readonly mounts: readonly string[];
	/** Images are fetched whenever it is started. */
	readonly pulls: boolean;
	/** Other services that are named to need this one. */
	readonly dependents: readonly string[];
}

/** @param written what `config` wrote; `undefined` where the service is not in it */
export function readModel(written: string, service: string): ServiceModel | undefined {
	const services = fields(fields(document(written))['services']);
	if (!(service in services)) {
		return undefined;
	}
	const own = fields(services[service]);
	const deploy = fields(own['deploy']);
	return {
		image: text(own['image']),
		builds: own['build'] !== undefined && own['build'] !== null,
		scale: number(own['scale']) ?? number(deploy['replicas']) ?? 1,
		environment: entries(own['environment']),
		labels: entries(own['labels']),
		command: words(own['command']),
		entrypoint: words(own['entrypoint']),
		user: text(own['user']),
		workingDir: text(own['working_dir']),
		restart: text(own['restart']),
		mounts: list(own['volumes']).flatMap(mountPath),
		pulls: ['always', 'build', 'daily', 'weekly'].some((policy) => text(own['pull_policy'])?.startsWith(policy) === true),
		dependents: Object.entries(services).filter(([name, other]) => name !== service && needs(fields(other), service)).map(([name]) => name),
	};
}

function document(written: string): unknown {
	try {
		return parse(written, { logLevel: 'silent' }) as unknown;
	} catch {
		return undefined;
	}
}

/** A dollar sign is doubled where it is meant. */
const plain = (value: string): string => value.replaceAll('$$', '$');

function entries(value: unknown): ReadonlyMap<string, string | undefined> {
	const of = (item: unknown) => (item === null || item === undefined ? undefined : plain(typeof item === 'string' ? item : JSON.stringify(item)));
	if (Array.isArray(value)) {
		return new Map(strings(value).map((entry) => (entry.includes('=') ? [entry.slice(0, entry.indexOf('=')), plain(entry.slice(entry.indexOf('=') + 1))] : [entry, undefined])));
	}
	return new Map(Object.entries(fields(value)).map(([key, item]) => [key, of(item)]));
}

/** The same command may be written as one line or as a list. */
function words(value: unknown): string | undefined {
	const line = typeof value === 'string' ? value : strings(value).join(' ');
	return line === '' ? undefined : plain(line);
}

function mountPath(value: unknown): readonly string[] {
	if (typeof value === 'string') {
		const parts = value.split(':');
		return parts[1] === undefined ? [value] : [parts[1]];
	}
	const target = text(fields(value)['target']);
	return target === undefined ? [] : [target];
}

function needs(other: Fields, service: string): boolean {
	const named = (value: unknown): readonly string[] => (Array.isArray(value) ? strings(value).map((entry) => entry.split(':')[0] ?? entry) : Object.keys(fields(value)));
	const shares = [other['network_mode'], other['ipc'], other['pid']].some((mode) => mode === `service:${service}`);
	return shares || [other['depends_on'], other['links'], other['volumes_from']].some((value) => named(value).includes(service));
}
