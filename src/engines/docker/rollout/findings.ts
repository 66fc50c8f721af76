import type { RolloutFinding, RolloutWay } from '../../../domain/rollout.ts';
import { ownership } from '../labels.ts';
import { fields, list, stringMap, strings, text, type Fields } from '../narrow.ts';
import { nameOf } from './calls.ts';
import { dependence, type PlanFacts } from './facts.ts';
import { idOf, isRunning } from './look.ts';
import type { Attachment } from './networks.ts';
import { shortImage } from './reference.ts';
import { withProtocol } from './userSet.ts';

/** Below this the engine may not be able to write down a new container, bytes. */
const leastFree = 16 * 1024 * 1024;
const littleFree = 512 * 1024 * 1024;

export interface FindingParts extends PlanFacts {
	readonly toReference: string;
	readonly attachments: readonly Attachment[];
	readonly rebound: readonly { readonly volume: string; readonly path: string }[];
	readonly way: { readonly way: RolloutWay; readonly why: string; readonly refused?: string | undefined };
}

/** The preflight: everything that could go wrong and can be known before. Pure. */
export function preflight(parts: FindingParts): readonly RolloutFinding[] {
	return [imageFinding(parts), ...ownerFindings(parts), ...wayFindings(parts), ...volumeFindings(parts), ...networkFindings(parts), ...portFindings(parts), ...dependentFindings(parts), ...nameFindings(parts), ...diskFindings(parts)];
}

const finding = (level: RolloutFinding['level'], what: string, why: string): RolloutFinding => ({ level, what, why });

function imageFinding({ container, fromImage, toImage, toReference }: FindingParts): RolloutFinding {
	if (toImage === undefined) {
		return finding('refuse', 'image', `${toReference} is not on this engine: fetch it first`);
	}
	const id = text(toImage['Id']) ?? '';
	if (id === text(container['Image'])) {
		return finding('refuse', 'image', `${toReference} is what runs already (${shortImage(id)}): nothing would change`);
	}
	if (fromImage === undefined) {
		return finding('refuse', 'image', `the image that ${nameOf(container)} was made from is gone, so its defaults cannot be told from what was set`);
	}
	const [from, to] = [platform(fromImage), platform(toImage)];
	return from === to ? finding('fine', 'image', `${toReference} is there (${shortImage(id)})`) : finding('warn', 'image', `it is made for ${to}, and what runs is for ${from}`);
}

const platform = (image: Fields): string => [image['Os'], image['Architecture']].map((part) => text(part) ?? '?').join('/');

function ownerFindings({ container, product, whyNotCompose }: FindingParts): RolloutFinding[] {
	const host = fields(container['HostConfig']);
	const owner = ownership(stringMap(fields(container['Config'])['Labels']));
	return [
		...(owner.manager === 'swarm' ? [finding('refuse', 'owner', `it is a task of the service ${owner.service}: roll the service back instead`)] : []),
		...(owner.manager === 'compose' ? [finding('warn', 'owner', `compose owns it (${owner.group}), and it is moved as a single container${whyNotCompose === undefined ? '' : `, since ${whyNotCompose}`}: compose's next \`up\` brings back the image of its file${whyNotCompose === undefined ? `. Name ${owner.group}/${owner.service} to move it through compose` : ''}`)] : []),
		...(host['AutoRemove'] === true ? [finding('refuse', 'removal', 'the engine removes it as soon as it stops (--rm), so there would be no way back')] : []),
		...(product === 'podman' ? [finding('warn', 'engine', 'this was not tried on Podman')] : []),
	];
}

function wayFindings({ way, attachments, otherAddress }: FindingParts): RolloutFinding[] {
	if (way.refused !== undefined) {
		return [finding('refuse', 'way', way.refused)];
	}
	return [finding('fine', 'way', way.why), ...(way.way === 'start-first' ? nameLossFindings(attachments, otherAddress) : [])];
}

/** The engine takes a name of its own from a container only together with the network. */
function nameLossFindings(attachments: readonly Attachment[], otherAddress: ReadonlySet<string>): RolloutFinding[] {
	const named = attachments.filter(({ aliases }) => aliases.length > 0);
	if (named.length === 0) {
		return [];
	}
	const also = `it is also called ${[...new Set(named.flatMap(({ aliases }) => aliases))].join(', ')} on its networks, and leaves them for about 0.1 s to give the names up`;
	const risky = named.filter(({ name }) => otherAddress.has(name)).map(({ name }) => name);
	return [
		risky.length === 0
			? finding('fine', 'names', `${also}: what is open to it waits meanwhile, and goes on when it is back with the same address`)
			: finding('warn', 'names', `${also}. What is open to it goes on only where it comes back with the same address, and on ${risky.join(', ')} lower ones are free, of which the engine gives one unless the network's subnet was chosen by hand: connections that are kept open to it may be cut, and requests on them fail`),
	];
}

function volumeFindings({ container, rebound, written, others, way }: FindingParts): RolloutFinding[] {
	const host = fields(container['HostConfig']);
	const gone = strings(host['VolumesFrom']).filter((from) => !others.some((other) => [nameOf(other), idOf(other)].includes(from.split(':')[0] ?? '')));
	const shared = writableMounts(container);
	return [
		...rebound.map(({ volume, path }) => finding('fine', `volume ${path}`, `it has no name of its own: bound as ${volume.slice(0, 12)}, so that its data stays`)),
		...gone.map((from) => finding('refuse', 'volumes', `it takes volumes from ${from}, which is gone`)),
		...(way.way === 'start-first' && shared.length > 0 ? [finding('warn', 'volumes', `both write to ${shared.join(', ')} at the same time for a while`)] : []),
		written === undefined
			? finding('warn', 'written files', 'what it wrote beside its volumes could not be listed in time; it is lost once the old one is retired')
			: written.length > 0
				? finding('warn', 'written files', `it wrote ${written.length} ${written.length === 1 ? 'file' : 'files'} beside its volumes, such as ${written[0]}: lost once the old one is retired`)
				: finding('fine', 'written files', 'it wrote nothing beside its volumes'),
	];
}

/** Paths that outlive it and that it may write to. */
export function writableMounts(container: Fields): readonly string[] {
	return list(container['Mounts'])
		.map(fields)
		.filter((mount) => mount['RW'] !== false && mount['Type'] !== 'tmpfs')
		.flatMap((mount) => text(mount['Destination']) ?? []);
}

function networkFindings({ attachments, networks }: FindingParts): RolloutFinding[] {
	return attachments.filter(({ name }) => !networks.has(name)).map(({ name }) => finding('refuse', `network ${name}`, 'it is gone: make it again, or take the container off it'));
}

function portFindings({ container, others }: FindingParts): RolloutFinding[] {
	const host = fields(container['HostConfig']);
	const wanted = fixedPorts(host);
	const found: RolloutFinding[] = [];
	for (const { port, address } of wanted) {
		const holder = others.find((other) => isRunning(other) && fixedPorts(fields(other['HostConfig'])).some((taken) => taken.port === port && overlaps(taken.address, address)));
		if (holder !== undefined) {
			found.push(finding('refuse', `port ${port}`, `${nameOf(holder)} holds it`));
		} else {
			found.push(finding('fine', `port ${port}`, isRunning(container) ? 'held by the old one, and free once that has stopped' : 'no other container holds it'));
		}
	}
	const free = host['PublishAllPorts'] === true || bindings(host).some(({ port }) => port === undefined);
	return [...found, ...(free ? [finding('warn', 'ports', 'a port of the host is chosen by the engine: it will be another one')] : [])];
}

/** `8080/tcp` each, with the address it is bound to. */
function fixedPorts(host: Fields): readonly { readonly port: string; readonly address: string }[] {
	return bindings(host).flatMap(({ port, address }) => (port === undefined ? [] : [{ port, address }]));
}

function bindings(host: Fields): readonly { readonly port: string | undefined; readonly address: string }[] {
	return Object.entries(fields(host['PortBindings'])).flatMap(([key, value]) =>
		list(value).map((item) => {
			const binding = fields(item);
			const port = text(binding['HostPort']);
			const protocol = withProtocol(key).split('/')[1] ?? 'tcp';
			return { port: port === undefined || port === '0' ? undefined : `${port}/${protocol}`, address: text(binding['HostIp']) ?? '0.0.0.0' };
		}),
	);
}

export const hasFixedPort = (host: Fields): boolean => fixedPorts(host).length > 0;

const everywhere = new Set(['0.0.0.0', '::', '']);
const overlaps = (a: string, b: string): boolean => a === b || everywhere.has(a) || everywhere.has(b);

const dependents = {
	network: ['refuse', 'shares its network, and would be left without one'],
	pid: ['refuse', 'shares its processes, and would end with it'],
	ipc: ['refuse', 'shares its memory segments, and would be left with the old ones'],
	link: ['refuse', 'is linked to it, and the link would go on pointing at the old one'],
	volumes: ['fine', 'takes volumes from it, and keeps them'],
} as const;

function dependentFindings({ container, others, moreOthers, attachments }: FindingParts): RolloutFinding[] {
	const found = others.flatMap((other) => {
		const kind = dependence(other, container);
		if (kind === undefined) {
			return [];
		}
		const [level, words] = dependents[kind];
		// On networks of one's own a link is a name that is looked up each time.
		const byName = kind === 'link' && attachments.every(({ name }) => name !== 'bridge');
		return [finding(byName ? 'fine' : isRunning(other) ? level : level === 'refuse' ? 'warn' : level, nameOf(other), byName ? 'is linked to it by name' : words)];
	});
	return [...found, ...(moreOthers ? [finding('warn', 'dependents', 'there are more containers than were looked at')] : [])];
}

function nameFindings({ container, others }: FindingParts): RolloutFinding[] {
	const name = nameOf(container);
	return [
		...(/-sitrep-(old|new)-[0-9a-f]{8}$/.test(name) ? [finding('refuse', 'name', `${name} is a part of another rollout: settle that one first`)] : []),
		...others
			.filter((other) => nameOf(other).startsWith(`${name}-sitrep-new-`))
			.map((other) => finding('refuse', 'name', `an earlier rollout of ${name} was left half done (${nameOf(other)}): finish or undo it first`)),
		...others
			.filter((other) => nameOf(other).startsWith(`${name}-sitrep-old-`))
			.map((other) => finding('warn', 'name', `the version before is still kept as ${nameOf(other)}`)),
	];
}

function diskFindings({ freeBytes }: FindingParts): RolloutFinding[] {
	if (freeBytes === undefined) {
		return [];
	}
	const mebibytes = `${Math.floor(freeBytes / 1024 / 1024)} MiB are free where the engine keeps its data`;
	return [finding(freeBytes < leastFree ? 'refuse' : freeBytes < littleFree ? 'warn' : 'fine', 'disk', mebibytes)];
}
