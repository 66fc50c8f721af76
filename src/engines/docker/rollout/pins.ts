import { createHash } from 'node:crypto';
import type { CallOptions } from '../../../domain/engine.ts';
import { strings, text } from '../narrow.ts';
import type { RolloutCalls } from './calls.ts';
import { shortImage } from './reference.ts';

export const pinPrefix = 'sitrep-pin/';

/** Repository of a service's pins. A name that no repository may have is spelt otherwise, and told apart by a hash. */
export function pinRepository(service: string): string {
	const plain = service.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 100);
	const fits = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/.test(service) && service.length <= 100;
	return `${pinPrefix}${fits ? service : `${plain}${plain === '' ? '' : '-'}${createHash('sha256').update(service).digest('hex').slice(0, 8)}`}`;
}

/** @returns the name it got, `sitrep-pin/<service>:<first 12 digits of its id>` */
export async function pinImage(calls: RolloutCalls, service: string, imageId: string, options?: CallOptions): Promise<string> {
	const [repository, tag] = [pinRepository(service), shortImage(imageId)];
	await calls.tag(imageId, repository, tag, options);
	return `${repository}:${tag}`;
}

export async function unpinImage(calls: RolloutCalls, service: string, imageId: string, options?: CallOptions): Promise<void> {
	await calls.untag(`${pinRepository(service)}:${shortImage(imageId)}`, options);
}

export async function listPins(calls: RolloutCalls, service: string, options?: CallOptions): Promise<readonly { readonly name: string; readonly imageId: string }[]> {
	const start = `${pinRepository(service)}:`;
	return (await calls.images(options)).flatMap((image) =>
		strings(image['RepoTags'])
			.filter((name) => name.startsWith(start))
			.map((name) => ({ name, imageId: text(image['Id']) ?? '' })),
	);
}
