import { findStep } from './flow.ts';
import type { FoldedRun } from './track.ts';

/**
 * Steps that can be taken back, newest first: those that did something, whether they are done or failed half-way, and
 * were not taken back since.
 */
export const undoable = (state: FoldedRun): readonly string[] =>
	state.track.ran.toReversed().filter((id) => {
		if (findStep(state.playbook, id)?.undo === undefined) return false;
		const last = state.steps.find((step) => step.id === id)?.attempts.at(-1);
		return last === undefined || !(last.undo && last.outcome === 'done');
	});
