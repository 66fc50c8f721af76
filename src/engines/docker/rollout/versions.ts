import type { CallOptions } from '../../../domain/engine.ts';
import type { RolloutSubject, ServiceVersion } from '../../../domain/rollout.ts';
import { fields, number, stringMap, strings, text, time, type Fields } from '../narrow.ts';
import { nameOf, type RolloutCalls } from './calls.ts';
import { pinPrefix, pinRepository } from './pins.ts';
import { parseReference } from './reference.ts';

/** What subjects run: the names of their images, and the images themselves. */
export interface Running {
	readonly name: string;
	/** As it was asked for. */
	readonly image: string;
	readonly imageId: string;
}

/** Images of the same repositories and pinned ones, out of the engine's list of images; newest built first. */
export function selectVersions(images: readonly Fields[], running: readonly Running[]): readonly ServiceVersion[] {
	const pins = new Set(running.map(({ name }) => pinRepository(name)));
	const current = images.filter((image) => running.some(({ imageId }) => imageId === text(image['Id'])));
	// A container made from an id, or whose tag was moved on, tells its repository through the image's other names.
	const repositories = new Set([
		...running.flatMap(({ image }) => parseReference(image)?.repository ?? []),
		...current.flatMap((image) => namesOf(image).flatMap((name) => parseReference(name)?.repository ?? [])),
	]);
	return images
		.filter((image) => running.some(({ imageId }) => imageId === text(image['Id'])) || repositoriesOf(image).some((repository) => repositories.has(repository) || pins.has(repository)))
		.map((image) => version(image, running, pins))
		.sort((a, b) => (b.createdAt ?? 0) - (a.createdAt ?? 0) || a.image.localeCompare(b.image));
}

function version(image: Fields, running: readonly Running[], pins: ReadonlySet<string>): ServiceVersion {
	const imageId = text(image['Id']) ?? '';
	const tags = namesOf(image);
	const runs = running.filter((one) => one.imageId === imageId).map(({ name }) => name);
	const digest = strings(image['RepoDigests'])[0]?.split('@')[1];
	const created = number(image['Created']) ?? time(image['Created']);
	const size = number(image['Size']);
	return {
		image: tags[0] ?? imageId,
		imageId,
		tags,
		...(digest === undefined ? {} : { digest }),
		// The list tells seconds.
		...(created === undefined ? {} : { createdAt: typeof image['Created'] === 'number' ? created * 1000 : created }),
		...(size === undefined ? {} : { sizeBytes: size }),
		runs,
		current: runs.length > 0,
		pinned: repositoriesOf(image).some((repository) => pins.has(repository)),
		labels: stringMap(image['Labels']),
	};
}

/** Names people gave: neither the engine's `<none>:<none>` nor ours. */
function namesOf(image: Fields): readonly string[] {
	return strings(image['RepoTags']).filter((name) => !name.startsWith('<none>') && !name.startsWith(pinPrefix));
}

function repositoriesOf(image: Fields): readonly string[] {
	return [...strings(image['RepoTags']), ...strings(image['RepoDigests'])].flatMap((name) => parseReference(name)?.repository ?? []);
}

export async function listVersions(calls: RolloutCalls, subjects: readonly RolloutSubject[], options?: CallOptions): Promise<readonly ServiceVersion[]> {
	const running: Running[] = [];
	for (const subject of subjects) {
		const container = await calls.container(subject.id, options);
		if (container !== undefined) {
			running.push({ name: nameOf(container), image: text(fields(container['Config'])['Image']) ?? '', imageId: text(container['Image']) ?? '' });
		}
	}
	return selectVersions(await calls.images(options), running);
}
