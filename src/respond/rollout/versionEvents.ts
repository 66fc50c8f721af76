import { JournalError, type VersionEvent } from '../../domain/journal.ts';
import type { RolloutPlan } from '../../domain/rollout.ts';
import type { RolloutSpec, RolloutToolPorts } from './ports.ts';

/**
 * What a move tells of the two versions: the one runs no more, the other one does. Nobody else may be there to see it. Whether the
 * one that runs now stays healthy is for those who watch it to say.
 * @param left the version that ran until now
 */
export const versionEvents = async (spec: RolloutSpec, { journal, clock }: RolloutToolPorts, left: RolloutPlan['from'], seen: RolloutPlan['from']): Promise<readonly VersionEvent[]> => {
	const { service, engineAddress: engine } = spec;
	const now = clock.now();
	try {
		const known = (await journal.versions(service, engine)).find((record) => record.imageId === left.imageId);
		return [
			{ kind: 'version_left', service, engine, ...left, since: known?.since ?? now, healthyMs: known?.healthyMs ?? 0, words: `moved to ${seen.image}` },
			{ kind: 'version_seen', service, engine, ...seen, since: now, healthyMs: 0, words: `moved to from ${left.image}` },
		];
	} catch (error) {
		if (error instanceof JournalError) return [];
		throw error;
	}
};
