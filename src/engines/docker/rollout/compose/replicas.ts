import type { CallOptions } from '../../../../domain/engine.ts';
import { fields, stringMap, text, type Fields } from '../../narrow.ts';
import { nameOf, type RolloutCalls } from '../calls.ts';
import { idOf, isRunning } from '../look.ts';
import { composeOwner, replicaNumber } from './project.ts';

/** One container of a service. */
export interface Replica {
	readonly id: string;
	/** As it is now: compose gives a container that it is about to replace another name. */
	readonly name: string;
	readonly number: number;
	readonly image: string;
	readonly imageId: string;
	readonly running: boolean;
	/** Reply of the engine. */
	readonly container: Fields;
}

export const labelsOf = (container: Fields): Readonly<Record<string, string>> => stringMap(fields(container['Config'])['Labels']);

/** All containers of a service, also stopped ones, by their number. */
export async function replicasOf(calls: RolloutCalls, project: string, service: string, options?: CallOptions): Promise<readonly Replica[]> {
	const found: Replica[] = [];
	for (const listed of await calls.containers(options)) {
		const owner = composeOwner(stringMap(listed['Labels']));
		if (owner?.project === project && owner.service === service) {
			const container = await calls.container(text(listed['Id']) ?? '', options);
			if (container !== undefined) {
				found.push(replica(container));
			}
		}
	}
	return found.sort((a, b) => a.number - b.number || a.name.localeCompare(b.name));
}

export function replica(container: Fields): Replica {
	return {
		id: idOf(container),
		name: nameOf(container),
		number: replicaNumber(labelsOf(container)),
		image: text(fields(container['Config'])['Image']) ?? '',
		imageId: text(container['Image']) ?? '',
		running: isRunning(container),
		container,
	};
}

/** While it replaces a container compose gives one of the two the name `<12 digits of an id>_<name>`. */
export function properName(name: string): string {
	return /^[0-9a-f]{12}_(.+)$/.exec(name)?.[1] ?? name;
}
