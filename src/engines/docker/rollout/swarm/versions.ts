import type { CallOptions } from '../../../../domain/engine.ts';
import type { RolloutSubject, ServiceVersion } from '../../../../domain/rollout.ts';
import { text } from '../../narrow.ts';
import { parseReference } from '../reference.ts';
import { selectVersions, type Running } from '../versions.ts';
import type { SwarmCalls } from './calls.ts';
import { readTasks } from './facts.ts';
import { serviceIdOf } from './find.ts';
import { markOf, readService } from './service.ts';
import { findSource } from './target.ts';

/** What this node has, and what the services are and were by their specs even where only other nodes have it. */
export async function listSwarmVersions(calls: SwarmCalls, subjects: readonly RolloutSubject[], options?: CallOptions): Promise<readonly ServiceVersion[]> {
	const running: Running[] = [];
	const remembered: { readonly image: string; readonly name: string; readonly current: boolean }[] = [];
	for (const subject of subjects) {
		const service = readService((await calls.service(serviceIdOf(subject.id), options)) ?? {});
		if (service !== undefined) {
			const source = await findSource(calls, service, await readTasks(calls, service.id, options), options);
			running.push({ name: service.name, image: source.image.replace(/@.*/, ''), imageId: source.imageId });
			remembered.push({ image: source.image, name: service.name, current: true }, ...(service.previous === undefined ? [] : [{ image: markOf(service.previous).image, name: service.name, current: false }]));
		}
	}
	const here = selectVersions(await calls.engine.images(options), running);
	const known = new Set(here.map(({ imageId }) => imageId));
	const away: ServiceVersion[] = [];
	for (const { image, name, current } of remembered) {
		const imageId = text((await calls.engine.image(image, options))?.['Id']) ?? parseReference(image)?.digest ?? '';
		const listed = current ? here.some((version) => version.current) : known.has(imageId);
		if (!listed && away.every((version) => version.image !== image)) {
			away.push({ image, imageId, tags: parseReference(image) === undefined ? [] : [image.replace(/@.*/, '')], runs: current ? [name] : [], current, pinned: false, labels: {} });
		}
	}
	return [...here, ...away];
}
