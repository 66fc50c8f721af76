import { flowOf, reachableFrom } from './flow.ts';
import type { LintRule } from './subject.ts';
import { complain } from './subject.ts';

const say = complain('unreachable-step', 'warning');

/** A step that no way leads to. */
export const unreachableStep: LintRule = ({ source }) => {
	const first = source.steps[0];
	if (first === undefined) return [];
	const reached = reachableFrom(flowOf(source), first.id);
	return source.steps.flatMap((step, index) =>
		reached.has(step.id) ? [] : [say(['steps', index, 'id'], `no way leads to step ${step.id}`, 'Name it in a nextStep, a choice or an onFailure, or remove it.')],
	);
};
