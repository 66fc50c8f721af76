import { isDeepStrictEqual } from 'node:util';
import { fields, isFields, number, strings, stringMap, text, type Fields } from '../narrow.ts';
import { healthFigures } from './mergeDefaults.ts';

/** What an engine writes into a configuration by itself, or what only the image can have. */
const notSettable = new Set(['Hostname', 'Domainname', 'ExposedPorts', 'Env', 'Cmd', 'Healthcheck', 'ArgsEscaped', 'Image', 'Volumes', 'WorkingDir', 'Entrypoint', 'OnBuild', 'Labels', 'StopSignal', 'Shell', 'User', 'MacAddress']);

/**
 * What was set on a container beyond the defaults of its image: the part of `Config` that a new container on another
 * image has to be made with. A value that is the same as the image's default counts as the default.
 * @param container the reply of `/containers/{id}/json`
 * @param image `Config` of `/images/{id}/json`
 */
export function userSet(container: Fields, image: Fields): Fields {
	const config = fields(container['Config']);
	const host = fields(container['HostConfig']);
	const set: Record<string, unknown> = {};
	for (const [key, value] of Object.entries(config)) {
		if (!notSettable.has(key) && value !== null) {
			set[key] = value;
		}
	}
	Object.assign(set, setNames(container, config, host), setCommand(config, image));
	const defaults = new Set(strings(image['Env']));
	set['Env'] = strings(config['Env']).filter((entry) => !defaults.has(entry));
	const labels = stringMap(image['Labels']);
	set['Labels'] = Object.fromEntries(Object.entries(stringMap(config['Labels'])).filter(([key, value]) => labels[key] !== value));
	set['ExposedPorts'] = setPorts(config, host, image);
	set['Volumes'] = without(fields(config['Volumes']), fields(image['Volumes']));
	for (const field of ['User', 'WorkingDir', 'StopSignal']) {
		const value = text(config[field]);
		if (value !== undefined && value !== text(image[field])) {
			set[field] = value;
		}
	}
	if (strings(config['Shell']).length > 0 && !isDeepStrictEqual(config['Shell'], image['Shell'])) {
		set['Shell'] = config['Shell'];
	}
	const health = setHealth(config['Healthcheck'], image['Healthcheck']);
	if (health !== undefined) {
		set['Healthcheck'] = health;
	}
	return set;
}

/**
 * A host name that is the short id was given by the engine. Who shares another's network or the host's names has none
 * of their own, and the engine refuses one.
 */
function setNames(container: Fields, config: Fields, host: Fields): Fields {
	const network = text(host['NetworkMode']) ?? '';
	if (network.startsWith('container:')) {
		return {};
	}
	const hostname = text(config['Hostname']);
	const given = hostname === undefined || hostname === text(container['Id'])?.slice(0, 12) || host['UTSMode'] === 'host';
	const domain = text(config['Domainname']);
	return { ...(given ? {} : { Hostname: hostname }), ...(domain === undefined ? {} : { Domainname: domain }) };
}

/** Only ports that are exposed are published, so those that were asked for stay, whoever exposed them. */
function setPorts(config: Fields, host: Fields, image: Fields): Fields {
	if ((text(host['NetworkMode']) ?? '').startsWith('container:')) {
		return {};
	}
	const own = without(fields(config['ExposedPorts']), fields(image['ExposedPorts']));
	const published = Object.keys(fields(host['PortBindings'])).map((port) => [withProtocol(port), {}] as const);
	return { ...own, ...Object.fromEntries(published) };
}

export const withProtocol = (port: string): string => (port.includes('/') ? port : `${port}/tcp`);

function without(all: Fields, taken: Fields): Fields {
	return Object.fromEntries(Object.entries(all).filter(([key]) => !(key in taken)));
}

/** The reverse of how the engine completes them: an entry point of one's own leaves no room for the image's command. */
function setCommand(config: Fields, image: Fields): Fields {
	const entrypoint = strings(config['Entrypoint']);
	const command = strings(config['Cmd']);
	const ownCommand = !isDeepStrictEqual(command, strings(image['Cmd']));
	if (isDeepStrictEqual(entrypoint, strings(image['Entrypoint'])) && !(ownCommand && command.length === 0 && entrypoint.length > 0)) {
		return ownCommand ? { Cmd: command } : {};
	}
	if (entrypoint.length === 0) {
		return { Entrypoint: [], ...(ownCommand ? { Cmd: command } : {}) };
	}
	return { Entrypoint: entrypoint, Cmd: command };
}

function setHealth(own: unknown, image: unknown): Fields | undefined {
	if (!isFields(own) || isDeepStrictEqual(own, image)) {
		return undefined;
	}
	const base = fields(image);
	const set: Record<string, unknown> = {};
	if (!isDeepStrictEqual(strings(own['Test']), strings(base['Test']))) {
		set['Test'] = strings(own['Test']);
	}
	for (const part of healthFigures) {
		const value = number(own[part]) ?? 0;
		if (value !== 0 && value !== (number(base[part]) ?? 0)) {
			set[part] = value;
		}
	}
	return Object.keys(set).length === 0 ? undefined : set;
}
