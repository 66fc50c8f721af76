import type { ContainerSummary, HealthStatus, Mount, Port } from '../../domain/container.ts';
import { ownership } from './labels.ts';
import { fields, list, number, stringMap, strings, text } from './narrow.ts';
import { readState, readStatus } from './statusWords.ts';

/**
 * Reads the reply of `/containers/json`. An entry without an id is no container and is left out.
 * @param now epoch ms by the engine's clock, for the times its status words tell
 * @param health by container id, where the engine tells it elsewhere
 */
export function parseList(body: unknown, now: number, health?: ReadonlyMap<string, HealthStatus>): readonly ContainerSummary[] {
	const summaries: ContainerSummary[] = [];
	for (const entry of list(body)) {
		const summary = parseEntry(entry, now, health);
		if (summary !== undefined) {
			summaries.push(summary);
		}
	}
	return summaries;
}

function parseEntry(value: unknown, now: number, known: ReadonlyMap<string, HealthStatus> | undefined): ContainerSummary | undefined {
	const entry = fields(value);
	const id = text(entry['Id']);
	if (id === undefined) {
		return undefined;
	}
	const status = text(entry['Status']) ?? '';
	const state = readState(text(entry['State']), status);
	const words = readStatus(status);
	const over = state === 'exited' || state === 'dead' || state === 'restarting';
	const labels = stringMap(entry['Labels']);
	return {
		id,
		name: ownName(strings(entry['Names']), id),
		image: text(entry['Image']) ?? '',
		imageId: text(entry['ImageID']) ?? '',
		createdAt: (number(entry['Created']) ?? 0) * 1000,
		state,
		health: listedHealth(entry['Health']) ?? known?.get(id) ?? words.health,
		...(over && words.exitCode !== undefined ? { exitCode: words.exitCode } : {}),
		...(words.agoMs === undefined || state === 'created' ? {} : over ? { finishedAt: now - words.agoMs } : { startedAt: now - words.agoMs }),
		ports: parsePorts(entry['Ports']),
		mounts: parseMounts(entry['Mounts']),
		networks: Object.keys(fields(fields(entry['NetworkSettings'])['Networks'])),
		labels,
		...ownership(labels),
	};
}

/** From API 1.52 on the list tells the health by itself. */
function listedHealth(value: unknown): ContainerSummary['health'] | undefined {
	const said = text(fields(value)['Status']);
	return said === 'healthy' || said === 'unhealthy' || said === 'starting' || said === 'none' ? said : undefined;
}

/** A container's own name has one slash, in front; `/other/alias` is a link to it. */
function ownName(names: readonly string[], id: string): string {
	const own = names.find((name) => name.lastIndexOf('/') <= 0) ?? names[0];
	return own === undefined ? id.slice(0, 12) : own.replace(/^\//, '');
}

function parsePorts(value: unknown): readonly Port[] {
	const ports: Port[] = [];
	for (const item of list(value)) {
		const port = fields(item);
		const container = number(port['PrivatePort']);
		if (container !== undefined) {
			ports.push(makePort(container, text(port['Type']), number(port['PublicPort']), text(port['IP'])));
		}
	}
	return ports.sort(byPort);
}

export function makePort(container: number, protocol: string | undefined, host: number | undefined, hostIp: string | undefined): Port {
	return {
		container,
		protocol: protocol === 'udp' || protocol === 'sctp' ? protocol : 'tcp',
		...(host === undefined || host === 0 ? {} : { host, ...(hostIp === undefined ? {} : { hostIp }) }),
	};
}

export function byPort(a: Port, b: Port): number {
	return a.container - b.container || (a.host ?? 0) - (b.host ?? 0) || (a.hostIp ?? '').localeCompare(b.hostIp ?? '');
}

export function parseMounts(value: unknown): readonly Mount[] {
	return list(value).map((item) => {
		const mount = fields(item);
		const type = text(mount['Type']);
		const kind = type === 'bind' || type === 'volume' || type === 'tmpfs' ? type : 'other';
		return {
			kind,
			source: (kind === 'volume' ? text(mount['Name']) : undefined) ?? text(mount['Source']) ?? '',
			target: text(mount['Destination']) ?? '',
			readOnly: mount['RW'] === false,
		};
	});
}
