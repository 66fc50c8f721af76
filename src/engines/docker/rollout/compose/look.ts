import type { CallOptions } from '../../../../domain/engine.ts';
import type { RolloutState } from '../../../../domain/rollout.ts';
import type { RolloutCalls } from '../calls.ts';
import type { ComposeData } from './data.ts';
import { properName, replicasOf, type Replica } from './replicas.ts';

/** The containers of a service as they are now. */
export interface ComposeLook {
	readonly all: readonly Replica[];
	/** On the image that is moved away from, or any other than the target. */
	readonly old: readonly Replica[];
	/** On the target, and not on it before the move. */
	readonly fresh: readonly Replica[];
	/** Where compose was cut off while it replaced one: the two, of which one is too many. */
	readonly halves: readonly { readonly old: Replica; readonly fresh: Replica }[];
	/** Under another name than their own, and alone. */
	readonly misnamed: readonly Replica[];
}

export async function lookAtService(calls: RolloutCalls, { plan }: RolloutState, data: ComposeData, options?: CallOptions): Promise<ComposeLook> {
	return sortOut(await replicasOf(calls, data.files.project, data.service, options), plan.to.imageId, new Set(data.already));
}

/** Containers are told by the image they were made from: all else about them compose may have made anew. */
export function sortOut(all: readonly Replica[], toImageId: string, already: ReadonlySet<string>): ComposeLook {
	const fresh = all.filter(({ id, imageId }) => imageId === toImageId && !already.has(id));
	const old = all.filter(({ imageId }) => imageId !== toImageId);
	const halves: { readonly old: Replica; readonly fresh: Replica }[] = [];
	for (const one of old) {
		const other = fresh.find(({ number, name }) => number === one.number && properName(name) === properName(one.name));
		if (other !== undefined) {
			halves.push({ old: one, fresh: other });
		}
	}
	const paired = new Set(halves.flatMap(({ old, fresh }) => [old.id, fresh.id]));
	return { all, old, fresh, halves, misnamed: all.filter(({ id, name }) => !paired.has(id) && properName(name) !== name) };
}
