import type { RunOutcome } from '../../domain/run/event.ts';
import { childOf } from './childOf.ts';
import { findStep } from './flow.ts';
import { stepState } from './moves.ts';
import type { FoldedRun } from './track.ts';
import { openMove, restored } from './undo.ts';

/** How a run ends, in words. */
export interface Ending {
	readonly do: 'end';
	readonly outcome: RunOutcome;
	readonly words: string;
}

const list = (ids: readonly string[]): string => ids.join(', ');

const countWords = (state: FoldedRun): string => {
	const count = (status: string): number => state.steps.filter((step) => step.status === status).length;
	const parts = [`${count('done')} of ${state.steps.length} ${state.steps.length === 1 ? 'step' : 'steps'} done`];
	for (const status of ['failed', 'skipped', 'cancelled', 'unknown']) if (count(status) > 0) parts.push(`${count(status)} ${status}`);
	return parts.join(', ');
};

/** What else is to be known of a run, or of one step of it, that left a move between versions in the middle; empty where none is. */
export const openMoveWords = (state: FoldedRun, id?: string): string =>
	state.steps
		.flatMap((own) => {
			const move = id === undefined || own.id === id ? openMove(own) : undefined;
			if (move === undefined) return [];
			const act = move.acts.at(-1);
			return [`; the move of ${move.plan.subject.name} was left in the middle${act === undefined ? '' : `, ${act.tookMs === undefined ? 'during' : 'after'}: ${act.act.words}`}`];
		})
		.join('');

/** Of a run that was cancelled. */
export const cancelled = (state: FoldedRun): Ending => ({ do: 'end', outcome: 'cancelled', words: `cancelled; ${countWords(state)}${openMoveWords(state)}` });

/** Of a run that ends with a failed step. */
export const aborted = (state: FoldedRun, step: string, words: string): Ending => ({ do: 'end', outcome: 'failed', words: `${step}: ${words}${openMoveWords(state)}` });

/** Of a run whose last step is over. */
export const finished = (state: FoldedRun): Ending => {
	const { handedOver } = state.track;
	if (state.dryRun) return { do: 'end', outcome: 'succeeded', words: `dry run: ${state.steps.length} ${state.steps.length === 1 ? 'step' : 'steps'} shown, nothing was touched` };
	if (handedOver !== undefined) {
		return { do: 'end', outcome: handedOver.rollback ? 'rolled-back' : 'succeeded', words: `went on with playbook ${handedOver.playbook}, which succeeded` };
	}
	const last = state.path.at(-1);
	const failed = last !== undefined && ['failed', 'cancelled', 'unknown'].includes(stepState(state, last)?.status ?? '');
	return { do: 'end', outcome: failed ? 'failed' : 'succeeded', words: `${countWords(state)}${openMoveWords(state)}` };
};

/** Runs of other playbooks of which it was not recorded what can be taken back. */
const keptWithin = (state: FoldedRun): readonly string[] =>
	state.steps.flatMap((own) => {
		const step = findStep(state.playbook, own.id);
		const child = step?.kind === 'playbook' && step.undo === undefined ? childOf(own) : undefined;
		return child === undefined || child.undoable !== undefined ? [] : [`run ${child.runId} of ${child.playbook}`];
	});

/** Of a run that was rolled back as far as that goes. */
export const rolledBack = (state: FoldedRun): Ending => {
	const { undone, kept } = state.track;
	const byItself = restored(state);
	const self = byItself.length === 0 ? '' : `; by itself: ${list(byItself)}`;
	const left = keptWithin(state);
	const within = left.length === 0 ? '' : `; not looked into: ${list(left)}`;
	if (kept.length > 0) return { do: 'end', outcome: 'failed', words: `${undone.length} of ${undone.length + kept.length} steps taken back; not ${list(kept)}${self}${within}` };
	if (undone.length > 0) return { do: 'end', outcome: 'rolled-back', words: `taken back: ${list(undone)}${self}${within}` };
	if (byItself.length > 0) return { do: 'end', outcome: 'rolled-back', words: `taken back by itself: ${list(byItself)}${within}` };
	return { do: 'end', outcome: 'failed', words: `there was nothing to take back${within}` };
};
