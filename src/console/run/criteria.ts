import { sanitiseText } from '../../domain/sanitise.ts';
import type { CriterionState } from '../../domain/run/state.ts';
import type { CriteriaView } from './moveView.ts';

const rankOf = ({ met, level }: CriterionState): number => (met === true ? 0 : met === undefined ? 2 : 4) + (level === 'critical' ? 0 : 1);

const harmless = (criterion: CriterionState): CriterionState => ({
	...criterion,
	title: sanitiseText(criterion.title),
	figure: sanitiseText(criterion.figure),
	baseline: sanitiseText(criterion.baseline),
});

/** A table of decision: what is met first, then what nobody can judge, critical before warning, else as written. */
export const criteriaView = (criteria: readonly CriterionState[]): CriteriaView => ({
	rows: criteria.map(harmless).toSorted((one, other) => rankOf(one) - rankOf(other)),
	critical: criteria.filter((each) => each.met === true && each.level === 'critical').length,
	warning: criteria.filter((each) => each.met === true && each.level === 'warning').length,
	unknown: criteria.filter((each) => each.met === undefined).length,
});

/** `3 critical met, 1 warning met, 2 cannot be told`. */
export const criteriaWords = ({ rows, critical, warning, unknown }: CriteriaView): string => {
	const parts = [
		...(critical === 0 ? [] : [`${critical} critical met`]),
		...(warning === 0 ? [] : [`${warning} warning met`]),
		...(unknown === 0 ? [] : [`${unknown} cannot be told`]),
	];
	if (critical + warning === 0) return `none of ${rows.length} met${unknown === 0 ? '' : `, ${unknown} cannot be told`}`;
	return parts.join(', ');
};
