import type { Step } from '../../domain/playbook/step.ts';
import type { FoldedRun } from './track.ts';

/** Keeps a value under the id of its step, and under the name the step gives it. */
export const register = (state: FoldedRun, step: Step, value: unknown): FoldedRun => {
	if (value === undefined) return state;
	const named = step.register === undefined ? {} : { [step.register]: value };
	return { ...state, registered: { ...state.registered, [step.id]: value, ...named } };
};
