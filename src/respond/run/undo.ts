import type { Step } from '../../domain/playbook/step.ts';
import type { RolloutProgress, StepState } from '../../domain/run/state.ts';
import { childOf } from './childOf.ts';
import { findStep } from './flow.ts';
import type { FoldedRun } from './track.ts';

/** The newest move between versions that a step began. */
export const moveOf = (own: StepState | undefined): RolloutProgress | undefined => own?.attempts.findLast((attempt) => attempt.rollout !== undefined)?.rollout;

/** The newest move of a step, where it was left in the middle. */
export const openMove = (own: StepState | undefined): RolloutProgress | undefined => {
	const move = moveOf(own);
	return move === undefined || move.end !== undefined || move.retired === true ? undefined : move;
};

const isMove = (step: Step): boolean => step.kind === 'rollout' && step.undo?.kind === 'rollout' && step.undo.action === 'undo';

/** Whether there is something that the undo of a step can act on. */
const canTakeBack = (step: Step, own: StepState | undefined): boolean => {
	if (step.undo === undefined) return step.kind === 'playbook' && (childOf(own)?.undoable ?? 0) > 0;
	if (!isMove(step)) return true;
	const move = moveOf(own);
	// What never began, what was taken back by itself, and what has no old version any more: the undo would only fail.
	return move !== undefined && move.end !== 'restored' && move.retired !== true;
};

/**
 * Steps that can be taken back, newest first: those that did something, whether they are done or failed half-way, and
 * were not taken back since.
 */
export const undoable = (state: FoldedRun): readonly string[] =>
	state.track.ran.toReversed().filter((id) => {
		const step = findStep(state.playbook, id);
		const own = state.steps.find((each) => each.id === id);
		if (step === undefined || !canTakeBack(step, own)) return false;
		const last = own?.attempts.at(-1);
		return last === undefined || !(last.undo && last.outcome === 'done');
	});

/** Steps whose move failed and was taken back by itself. */
export const restored = (state: FoldedRun): readonly string[] =>
	state.track.ran.filter((id) => {
		const attempt = state.steps.find((each) => each.id === id)?.attempts.at(-1);
		return attempt?.undo === false && attempt.rollout?.end === 'restored';
	});
