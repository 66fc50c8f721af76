import { fields, strings, text, type Fields } from '../narrow.ts';
import { atLeast } from '../negotiate.ts';

/** One network of a container, as a new one has to be attached to it. */
export interface Attachment {
	readonly id: string;
	readonly name: string;
	/** `EndpointsConfig` of it, without the names. */
	readonly endpoint: Fields;
	/** Names others find it by on this network, those that the engine gives left out. */
	readonly aliases: readonly string[];
	/** True of the one that `HostConfig.NetworkMode` names: a new container comes with it. */
	readonly primary: boolean;
	/** Address that was asked for. */
	readonly address?: string;
	/** Hardware address that was asked for, or may have been. */
	readonly mac?: string;
}

/**
 * Networks of a container, the primary one first.
 * @param container the reply of `/containers/{id}/json`
 * @param apiVersion from 1.44 on a hardware address belongs to a network, not to the container
 */
export function attachments(container: Fields, apiVersion: string): readonly Attachment[] {
	const mode = text(fields(container['HostConfig'])['NetworkMode']) ?? 'default';
	const shortId = text(container['Id'])?.slice(0, 12);
	const found: Attachment[] = [];
	for (const [name, value] of Object.entries(fields(fields(container['NetworkSettings'])['Networks']))) {
		const network = fields(value);
		const id = text(network['NetworkID']) ?? '';
		const wanted = fields(network['IPAMConfig']);
		const address = text(wanted['IPv4Address']) ?? text(wanted['IPv6Address']);
		const links = strings(network['Links']);
		const options = fields(network['DriverOpts']);
		const mac = perNetworkMac(apiVersion) ? setMac(network) : undefined;
		found.push({
			id,
			name,
			endpoint: {
				...(Object.keys(wanted).length === 0 ? {} : { IPAMConfig: wanted }),
				...(links.length === 0 ? {} : { Links: links }),
				...(Object.keys(options).length === 0 ? {} : { DriverOpts: options }),
				...(mac === undefined ? {} : { MacAddress: mac }),
			},
			aliases: strings(network['Aliases']).filter((alias) => alias !== shortId),
			primary: isPrimary(mode, name, id),
			...(address === undefined ? {} : { address }),
			...(mac === undefined ? {} : { mac }),
		});
	}
	return found.sort((a, b) => Number(b.primary) - Number(a.primary));
}

/** The network that a container with this mode is made with. */
function isPrimary(mode: string, name: string, id: string): boolean {
	return mode === name || mode === id || (mode === 'default' && name === 'bridge') || (mode.length >= 12 && id.startsWith(mode));
}

export function perNetworkMac(apiVersion: string): boolean {
	return atLeast(apiVersion, '1.44');
}

/** A hardware address made from the IP address is the engine's own choice (`02:42` and its four bytes). */
function setMac(network: Fields): string | undefined {
	const mac = text(network['MacAddress']);
	const made = (text(network['IPAddress']) ?? '').split('.').map((byte) => Number(byte).toString(16).padStart(2, '0'));
	return mac === undefined || mac === ['02', '42', ...made].join(':') ? undefined : mac;
}

/** The endpoint with names, as a request wants it. */
export function endpointWith(attachment: Attachment, names: readonly string[]): Fields {
	return names.length === 0 ? attachment.endpoint : { ...attachment.endpoint, Aliases: names };
}

/** Modes that come without a network that could be attached or left. */
export const isShared = (mode: string): boolean => mode === 'host' || mode === 'none' || mode.startsWith('container:');
