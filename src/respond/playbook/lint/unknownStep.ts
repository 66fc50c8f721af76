import { suggest } from '../../../config/suggest.ts';
import type { LintRule, Path } from './subject.ts';
import { complain } from './subject.ts';

const say = complain('unknown-step', 'error');

/** A way that leads to no step. */
export const unknownStep: LintRule = ({ source, steps }) => {
	const ids = source.steps.map((each) => each.id);
	const check = (id: string | undefined, path: Path) => {
		if (id === undefined || id === 'end' || ids.includes(id)) return [];
		const meant = suggest(id, ids);
		const within = steps.some(({ index, step }) => index === undefined && step.id === id);
		const hint = within ? `; ${id} stands within parallel, where nothing can go` : meant === undefined ? '' : `; did you mean ${meant}`;
		return [say(path, `there is no step ${id}${hint}`, `Name one of the steps: ${ids.slice(0, 12).join(', ')}${ids.length > 12 ? ', …' : ''}.`)];
	};
	return source.steps.flatMap((step, index) => {
		const path = ['steps', index];
		return [
			...check(step.nextStep, [...path, 'nextStep']),
			...check(step.onFailure?.startsWith('step:') === true ? step.onFailure.slice(5) : undefined, [...path, 'onFailure']),
			...(step.kind === 'branch' ? step.choices.flatMap((choice, at) => check(choice.nextStep, [...path, 'choices', at, 'nextStep'])) : []),
		];
	});
};
