import { fields, strings, text, type Fields } from '../narrow.ts';
import { endpointWith, isShared, perNetworkMac, type Attachment } from './networks.ts';
import { userSet } from './userSet.ts';
import type { CarriedVolumes } from './volumes.ts';

export interface CreateParts {
	/** The reply of `/containers/{id}/json`. */
	readonly container: Fields;
	/** `Config` of the image it runs. */
	readonly image: Fields;
	readonly volumes: CarriedVolumes;
	readonly attachments: readonly Attachment[];
	readonly apiVersion: string;
	/** Without its names: nobody finds it until they are given to it. */
	readonly nameless: boolean;
}

/** Body of `/containers/create` that makes the same container again, its image left out. */
export function createBody(parts: CreateParts): Fields {
	const host = fields(parts.container['HostConfig']);
	const config = fields(parts.container['Config']);
	const mode = text(host['NetworkMode']) ?? 'default';
	const primary = parts.attachments.find((attachment) => attachment.primary);
	const mac = perNetworkMac(parts.apiVersion) ? undefined : text(config['MacAddress']);
	return {
		...userSet(parts.container, parts.image),
		...(mac === undefined || mode.startsWith('container:') ? {} : { MacAddress: mac }),
		HostConfig: hostConfig(host, parts.volumes),
		...(primary === undefined || isShared(mode)
			? {}
			: { NetworkingConfig: { EndpointsConfig: { [endpointKey(mode, primary)]: endpointWith(primary, parts.nameless ? [] : primary.aliases) } } }),
	};
}

/** The engine looks the endpoint up under the very word of the mode. */
const endpointKey = (mode: string, primary: Attachment): string => (mode === 'default' ? primary.name : mode);

function hostConfig(host: Fields, volumes: CarriedVolumes): Fields {
	const made: Record<string, unknown> = { ...host };
	made['Binds'] = volumes.binds.length === 0 ? null : volumes.binds;
	if (volumes.mounts.length > 0) {
		made['Mounts'] = volumes.mounts;
	}
	const links = strings(host['Links']);
	if (links.length > 0) {
		made['Links'] = links.map(plainLink);
	}
	return made;
}

/** The engine tells a link as `/other:/own/alias` and takes it as `other:alias`. */
export function plainLink(link: string): string {
	const [other = '', own = ''] = link.split(':');
	return own.startsWith('/') ? `${other.replace(/^\//, '')}:${own.split('/').at(-1) ?? ''}` : link;
}
