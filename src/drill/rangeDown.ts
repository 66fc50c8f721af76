import type Docker from 'dockerode';
import { settled, tolerant } from './engineCalls.ts';
import { imageLabel, rangeLabel } from './rangeNames.ts';

/** What was there and is gone, by name. */
export interface Removed {
	readonly containers: readonly string[];
	readonly networks: readonly string[];
	readonly volumes: readonly string[];
	readonly images: readonly string[];
}

/**
 * Removes everything that carries the range's label, half-made or whole, and the images once no range is left
 * that uses them. Only labels count, so that it needs nothing remembered.
 * @param keepImages leaves the images for the next range
 * @param signal ends it between two steps; once more removes the rest
 */
export async function down(docker: Docker, name: string, keepImages = false, signal?: AbortSignal): Promise<Removed> {
	const filters = JSON.stringify({ label: [`${rangeLabel}=${name}`] });
	const containers = await docker.listContainers({ all: true, filters });
	await Promise.all(containers.map(async ({ Id }) => tolerant(async () => docker.getContainer(Id).remove({ force: true, v: true }), [404, 409])));
	signal?.throwIfAborted();
	const networks = await docker.listNetworks({ filters });
	for (const { Id } of networks) {
		await tolerant(async () => settled(async () => docker.getNetwork(Id).remove()));
	}
	const { Volumes: volumes } = await docker.listVolumes({ filters });
	for (const { Name } of volumes) {
		await tolerant(async () => docker.getVolume(Name).remove());
	}
	signal?.throwIfAborted();
	return {
		containers: containers.map(({ Names, Id }) => Names[0]?.slice(1) ?? Id.slice(0, 12)).sort(),
		networks: networks.map(({ Name }) => Name),
		volumes: volumes.map(({ Name }) => Name),
		images: keepImages ? [] : await removeImages(docker),
	};
}

async function removeImages(docker: Docker): Promise<readonly string[]> {
	const others = await docker.listContainers({ all: true, filters: JSON.stringify({ label: [rangeLabel] }) });
	if (others.length > 0) {
		return [];
	}
	const images = await docker.listImages({ all: true, filters: JSON.stringify({ label: [imageLabel] }) });
	// The newest first: a base can go only after what was made from it.
	const newestFirst = [...images].sort((a, b) => b.Created - a.Created);
	const names: string[] = [];
	for (const { Id, RepoTags } of newestFirst) {
		await tolerant(async () => docker.getImage(Id).remove({ force: true }), [404, 409]);
		names.push(...(RepoTags ?? [Id.slice(7, 19)]));
	}
	return names.sort();
}
