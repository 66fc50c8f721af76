import { EngineError } from '../../../domain/engine.ts';
import { fields, list, strings, text, type Fields } from '../narrow.ts';
import type { RolloutCalls } from './calls.ts';
import { idOf, isOn, isRunning } from './look.ts';
import { endpointWith, perNetworkMac, type Attachment } from './networks.ts';

/**
 * The names of a container on a network are fixed when it joins: for others it has to leave and join again. What is open to it
 * goes on after that where it gets the address it had, for TCP sends again what was lost meanwhile.
 */
export async function joinWith(calls: RolloutCalls, container: Fields, attachment: Attachment, names: readonly string[]): Promise<void> {
	if (isOn(container, attachment)) {
		const own = strings(endpointOf(container, attachment)['Aliases']);
		if (names.every((name) => own.includes(name))) {
			return;
		}
		await calls.disconnect(attachment.id, idOf(container));
	}
	await calls.connect(attachment.id, idOf(container), endpointWith(attachment, names));
}

/**
 * Takes every name but its own off a container, so that nobody new finds it by them, and leaves what is open to it open:
 * it leaves the network and comes back without names, with the address it had.
 * @returns false where the engine gave it another address, or did not take it back: what was open is cut
 */
export async function giveNamesUp(calls: RolloutCalls, container: Fields, attachment: Attachment, apiVersion: string): Promise<boolean> {
	const on = isOn(container, attachment);
	const endpoint = endpointOf(container, attachment);
	if (on && strings(endpoint['Aliases']).every((name) => name === idOf(container).slice(0, 12))) {
		return true;
	}
	if (on) {
		await calls.disconnect(attachment.id, idOf(container));
	}
	// Cut off in between, it is off the network, and its address is not known any more.
	const address = on ? addressOf(endpoint, apiVersion) : {};
	for (const wanted of Object.keys(address).length === 0 ? [{}] : [address, {}]) {
		try {
			await calls.connect(attachment.id, idOf(container), { ...attachment.endpoint, ...wanted });
			break;
		} catch (error) {
			if (!(error instanceof EngineError) || error.kind === 'unreachable' || error.kind === 'unresponsive') {
				throw error;
			}
			// An address may be asked for only where the network's own range was chosen by hand. Elsewhere the lowest free one is given, which most often is the one it had.
		}
	}
	const now = await calls.container(idOf(container));
	const got = now === undefined ? {} : endpointOf(now, attachment);
	return on && got['IPAddress'] === endpoint['IPAddress'] && got['GlobalIPv6Address'] === endpoint['GlobalIPv6Address'];
}

/** One that stands still lets go of an address it was given to come back with: another may have it by the time it starts. */
export async function letAddressGo(calls: RolloutCalls, container: Fields, attachment: Attachment): Promise<void> {
	const asked = fields(endpointOf(container, attachment)['IPAMConfig']);
	if (isRunning(container) || attachment.address !== undefined || !isOn(container, attachment) || (asked['IPv4Address'] === undefined && asked['IPv6Address'] === undefined)) {
		return;
	}
	await calls.disconnect(attachment.id, idOf(container));
	await calls.connect(attachment.id, idOf(container), attachment.endpoint);
}

function endpointOf(container: Fields, { name }: Attachment): Fields {
	return fields(fields(fields(container['NetworkSettings'])['Networks'])[name]);
}

/** As a request asks for it. */
function addressOf(endpoint: Fields, apiVersion: string): Fields {
	const [v4, v6, mac] = [text(endpoint['IPAddress']), text(endpoint['GlobalIPv6Address']), text(endpoint['MacAddress'])];
	if (v4 === undefined && v6 === undefined) {
		return {};
	}
	return {
		IPAMConfig: { ...fields(endpoint['IPAMConfig']), ...(v4 === undefined ? {} : { IPv4Address: v4 }), ...(v6 === undefined ? {} : { IPv6Address: v6 }) },
		// Before, it is made from the address.
		...(mac === undefined || !perNetworkMac(apiVersion) ? {} : { MacAddress: mac }),
	};
}

/**
 * Whether a container that leaves this network and comes back gets its address again without asking for it: the engine gives the
 * lowest that is free, and one lower is taken by the new one meanwhile.
 * @param network the reply of `/networks/{id}` @param container the reply of `/containers/{id}/json`
 */
export function getsAddressAgain(network: Fields, container: Fields, name: string): boolean {
	const own = numberOf(text(fields(fields(fields(container['NetworkSettings'])['Networks'])[name])['IPAddress']));
	const config = fields(list(fields(network['IPAM'])['Config'])[0]);
	const [base, length] = (text(config['Subnet']) ?? '').split('/');
	const first = numberOf(base);
	if (own === undefined || first === undefined || length === undefined) {
		return false;
	}
	// A gateway that is not told is the first address.
	const gateway = numberOf(text(config['Gateway'])) ?? first + 1;
	const taken = new Set([gateway, ...Object.values(fields(network['Containers'])).map((one) => numberOf(text(fields(one)['IPv4Address'])?.split('/')[0]))]);
	const lower = [...taken].filter((address) => address !== undefined && address > first && address < own).length;
	return own - first - 1 - lower <= 1;
}

/** An IPv4 address as a number. */
function numberOf(address: string | undefined): number | undefined {
	const bytes = (address ?? '').split('.').map(Number);
	return bytes.length === 4 && bytes.every((byte) => Number.isInteger(byte)) ? bytes.reduce((sum, byte) => sum * 256 + byte, 0) : undefined;
}
