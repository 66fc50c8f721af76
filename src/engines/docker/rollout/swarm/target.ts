import type { CallOptions } from '../../../../domain/engine.ts';
import { strings, text, type Fields } from '../../narrow.ts';
import { parseReference } from '../reference.ts';
import type { SwarmCalls } from './calls.ts';
import { containerOf, markOf, type SwarmService } from './service.ts';
import { serves, type SwarmTask } from './tasks.ts';

/** The version that runs, as far as this engine can tell. */
export interface Source {
	readonly image: string;
	/** Id of the image where this engine has it, else what its registry calls it, else empty. */
	readonly imageId: string;
	/** How it can be asked for again: by what cannot be moved to another image, where the name alone was. */
	readonly reference: string;
	readonly found: Fields | undefined;
	/** The name stands for another image by now. */
	readonly moved: boolean;
}

/** The version to go to. */
export interface Target {
	/** How the cluster is asked for it: with its digest where one is known, as every node has to find the same. */
	readonly reference: string;
	readonly imageId: string;
	readonly found: Fields | undefined;
	/** It is what the service's spec was before its newest change. */
	readonly isPrevious: boolean;
	readonly known: 'here' | 'registry' | 'nowhere';
}

export async function findSource(calls: SwarmCalls, service: SwarmService, tasks: readonly SwarmTask[], options?: CallOptions): Promise<Source> {
	const image = text(containerOf(service.spec)['Image']) ?? '';
	const mark = markOf(service.spec);
	// What runs tells better than a name, which may have been moved since.
	const running = tasks.find((task) => serves(task) && task.containerId !== undefined && task.mark.image === mark.image && task.mark.force === mark.force);
	const container = running?.containerId === undefined ? undefined : await calls.engine.container(running.containerId, options);
	const named = await calls.engine.image(image, options);
	const ran = text(container?.['Image']);
	const imageId = ran ?? text(named?.['Id']) ?? parseReference(image)?.digest ?? '';
	const found = imageId === text(named?.['Id']) ? named : await calls.engine.image(imageId, options);
	const moved = ran !== undefined && parseReference(image)?.digest === undefined && text(named?.['Id']) !== ran && parseReference(image) !== undefined;
	return { image, imageId, reference: moved ? (digestReference(found, image) ?? imageId) : image, found, moved };
}

/** @param askRegistry where other nodes have to find it too, or it is not here */
export async function findTarget(calls: SwarmCalls, service: SwarmService, image: string, askRegistry: boolean, options?: CallOptions): Promise<Target> {
	const previous = service.previous === undefined ? undefined : text(containerOf(service.previous)['Image']);
	const found = await calls.engine.image(image, options);
	const previousFound = previous === undefined ? undefined : await calls.engine.image(previous, options);
	const imageId = text(found?.['Id']);
	const isPrevious = previous !== undefined && (previous === image || (imageId !== undefined && imageId === text(previousFound?.['Id'])) || (found === undefined && previous.startsWith(`${image}@`)));
	if (isPrevious) {
		const digest = previousFound === undefined && parseReference(previous) !== undefined ? await calls.registryDigest(previous, options) : undefined;
		const id = text(previousFound?.['Id']) ?? parseReference(previous)?.digest ?? digest ?? '';
		return { reference: previous, imageId: id, found: previousFound, isPrevious, known: previousFound !== undefined ? 'here' : digest === undefined ? 'nowhere' : 'registry' };
	}
	const reference = parseReference(image);
	const own = reference?.digest === undefined ? digestReference(found, image) : image;
	if (found !== undefined && (own !== undefined || !askRegistry || reference === undefined)) {
		return { reference: own ?? image, imageId: imageId ?? '', found, isPrevious, known: 'here' };
	}
	const digest = reference === undefined ? undefined : await calls.registryDigest(image, options);
	const pinned = digest === undefined ? image : withDigest(image, digest);
	return found === undefined
		? { reference: pinned, imageId: digest ?? '', found, isPrevious, known: digest === undefined ? 'nowhere' : 'registry' }
		: { reference: pinned, imageId: imageId ?? '', found, isPrevious, known: digest === undefined ? 'here' : 'registry' };
}

/** An image by what its registry calls it, its tag kept for people; absent where no registry ever saw it. */
function digestReference(image: Fields | undefined, name: string): string | undefined {
	const repository = parseReference(name)?.repository;
	const digests = strings(image?.['RepoDigests']);
	const own = digests.find((each) => repository === undefined || parseReference(each)?.repository === repository);
	const digest = own === undefined ? undefined : parseReference(own)?.digest;
	return own === undefined || digest === undefined ? undefined : repository === undefined ? own : withDigest(name, digest);
}

const withDigest = (image: string, digest: string): string => (image.includes('@') ? image : `${parseReference(image)?.tag === undefined ? `${image}:latest` : image}@${digest}`);
