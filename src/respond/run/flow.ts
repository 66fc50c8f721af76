import type { OnFailure, ParallelStep, Step } from '../../domain/playbook/step.ts';
import type { Playbook } from '../../domain/playbook/playbook.ts';

/** Where a run goes after a step: to another one, or to its end. */
export type Lead = { readonly to: string } | 'end';

/** What runs inside a parallel step. */
export type ParallelChild = ParallelStep['steps'][number];

/** A step by its id, those within parallel steps included. */
export const findStep = (playbook: Playbook, id: string): Step | undefined => {
	for (const step of playbook.steps) {
		if (step.id === id) return step;
		if (step.kind !== 'parallel') continue;
		const child = step.steps.find((each) => each.id === id);
		if (child !== undefined) return child;
	}
	return undefined;
};

/** The parallel step that a step is a part of. */
export const parentOf = (playbook: Playbook, id: string): ParallelStep | undefined => {
	for (const step of playbook.steps) {
		if (step.kind === 'parallel' && step.steps.some((each) => each.id === id)) return step;
	}
	return undefined;
};

/** Ids of all steps in the order of the file; those within a parallel step stand after it. */
export const stepIds = (playbook: Playbook): readonly string[] =>
	playbook.steps.flatMap((step) => (step.kind === 'parallel' ? [step.id, ...step.steps.map((child) => child.id)] : [step.id]));

const toNamed = (name: string): Lead => (name === 'end' ? 'end' : { to: name });

/** The next step in the file. */
export const following = (playbook: Playbook, id: string): Lead => {
	const next = playbook.steps[playbook.steps.findIndex((step) => step.id === id) + 1];
	return next === undefined ? 'end' : { to: next.id };
};

/**
 * Where a step leads once it is done. A skipped one leads to the same place, whoever or whatever skipped it: falling
 * through to the next in the file could enter the steps of another cause.
 */
export const leadOf = (playbook: Playbook, step: Step): Lead => {
	if (step.isEnd) return 'end';
	return step.nextStep === undefined ? following(playbook, step.id) : toNamed(step.nextStep);
};

/** Where a failed step leads by itself; absent where somebody has to say, or something else has to happen first. */
export const leadOfFailure = (playbook: Playbook, step: Step, onFailure: OnFailure): Lead | undefined => {
	if (onFailure.do === 'continue') return leadOf(playbook, step);
	if (onFailure.do === 'step') return toNamed(onFailure.step);
	return undefined;
};
