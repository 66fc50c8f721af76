import type { JournalEvent, RolloutRecord } from '../../domain/journal.ts';
import { RolloutFailure } from './failure.ts';
import { movesHere } from './known.ts';
import type { RolloutSpec, RolloutToolPorts } from './ports.ts';
import { findShown } from './shownPlan.ts';

/**
 * The move that a step means: the one of this id; the one that was begun after a plan of this id was shown, as that was planned
 * anew; or the newest of the service where no id is given.
 * @throws RolloutFailure where there is none; JournalError
 */
export const findMove = async (spec: RolloutSpec, { journal }: Pick<RolloutToolPorts, 'journal'>, events: readonly JournalEvent[]): Promise<RolloutRecord> => {
	const id = spec.action.plan ?? '';
	if (id !== '') {
		const [named] = await movesHere(spec, journal, { planId: id });
		if (named !== undefined) return named;
	}
	const moves = await movesHere(spec, journal);
	if (id === '') {
		// What was taken back or removed cannot be taken back once more: an undo means the newest one that can.
		const newest = (spec.action.action === 'undo' ? moves.find(({ end, retired }) => end !== 'restored' && !retired) : undefined) ?? moves[0];
		if (newest === undefined) throw new RolloutFailure(`no move of ${spec.service} is recorded here`, { advice: 'Look at what there is to go to, and plan a move.' });
		return newest;
	}
	const shown = await findShown(journal, events, id);
	const begun = shown && moves.find(({ runId, state }) => runId === spec.runId && state.plan.from.imageId === shown.from.imageId && (shown.to.imageId === '' ? state.plan.to.image === shown.to.image : state.plan.to.imageId === shown.to.imageId));
	if (begun === undefined) {
		throw new RolloutFailure(shown === undefined ? `there is no move ${id}` : `the plan ${id} was shown, and no move of ${spec.service} was begun by it`, { advice: 'Without an id the newest move of the service is meant.' });
	}
	return begun;
};
