import type { Refusal } from '../../domain/run/control.ts';
import type { Waiting } from '../../domain/run/state.ts';
import { stepState } from './moves.ts';
import type { FoldedRun } from './track.ts';

/** Why a run cannot jump to a step now; absent where it can. */
export const refuseJump = (state: FoldedRun, waiting: Waiting | undefined, to: string): Refusal | undefined => {
	const { steps } = state.playbook;
	const target = steps.findIndex((step) => step.id === to);
	if (target === -1) return { refused: `there is no step ${to}`, advice: `it has ${steps.map((step) => step.id).join(', ')}` };
	if (waiting === undefined) return { refused: 'a step is under way', advice: 'wait until it is over, or cancel the run' };
	if (state.rollingBack) return { refused: 'the run is being rolled back', advice: 'finish the rollback, or cancel the run' };
	if (waiting.kind === 'unknown') return { refused: `what became of ${waiting.step} is not settled yet`, advice: 'settle it first' };
	const from = steps.findIndex((step) => step.id === state.current);
	// A jump is no way around a second person.
	const passed = steps.slice(Math.max(0, from), Math.max(0, target)).find((step) => step.kind === 'approval' && stepState(state, step.id)?.status !== 'done');
	if (passed !== undefined) return { refused: `${passed.id} has not been approved`, advice: 'an approval cannot be jumped over' };
	return undefined;
};
