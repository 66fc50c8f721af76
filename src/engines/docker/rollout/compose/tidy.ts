import type { RolloutCalls } from '../calls.ts';
import type { ComposeLook } from './look.ts';
import { properName } from './replicas.ts';

/**
 * Puts right what a compose that was cut off left behind: two containers for one, one of them under another name. Left
 * alone, its next `up` would remove one of the two, and not the one that is meant. Volumes stay.
 * @returns whether there was anything to put right
 */
export async function tidy(calls: RolloutCalls, { halves, misnamed }: ComposeLook, wanted: 'old' | 'fresh'): Promise<boolean> {
	for (const { old, fresh } of halves) {
		// A new one that never ran may not be on its networks yet: compose has to make it again.
		const goes = wanted === 'fresh' && fresh.running && !old.running ? old : fresh;
		const stays = goes === old ? fresh : old;
		await calls.remove(goes.id, false);
		if (properName(stays.name) !== stays.name) {
			await calls.rename(stays.id, properName(stays.name));
		}
	}
	for (const { id, name } of misnamed) {
		await calls.rename(id, properName(name));
	}
	return halves.length + misnamed.length > 0;
}
