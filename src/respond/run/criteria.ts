import type { Criterion } from '../../domain/playbook/step.ts';
import type { CriterionState } from '../../domain/run/state.ts';
import type { Scope } from '../action/scope.ts';
import { figureOf } from './figure.ts';
import { judge } from './judge.ts';

const judgeOne = (criterion: Criterion, scope: Scope): CriterionState => {
	const { holds, why } = judge(criterion.met, scope);
	const figure = criterion.figure === undefined ? undefined : figureOf(criterion.figure, scope);
	const words = figure?.text ?? '';
	// What cannot be judged says why, beside the figure where there is one.
	const unjudged = figure === undefined ? why : figure.known ? `${words} (${why})` : words;
	return {
		title: criterion.title,
		level: criterion.level,
		met: holds,
		figure: holds === undefined ? unjudged : words,
		baseline: criterion.baseline === undefined ? '' : figureOf(criterion.baseline, scope).text,
		...(criterion.within === undefined ? {} : { within: criterion.within }),
		...(criterion.source === undefined ? {} : { source: criterion.source }),
	};
};

/** A table of decision, judged at this moment. Missing data is neither met nor not. */
export const judgeCriteria = (criteria: readonly Criterion[], scope: Scope): readonly CriterionState[] => criteria.map((each) => judgeOne(each, scope));

/** What the choices of a branch see: how many criteria hold, and how many cannot be told. */
export const withCriteria = (scope: Scope, judged: readonly CriterionState[]): Scope => {
	const count = (holds: (each: CriterionState) => boolean): bigint => BigInt(judged.filter(holds).length);
	const criteria = {
		critical: count((each) => each.met === true && each.level === 'critical'),
		warning: count((each) => each.met === true && each.level === 'warning'),
		inconclusive: count((each) => each.met === undefined),
	};
	return { ...scope, values: { ...scope.values, criteria } };
};

const lineOf = ({ title, level, met, figure, baseline }: CriterionState): string =>
	`${level} criterion ${title}: ${met === undefined ? 'cannot be told' : 'met'}${figure === '' ? '' : `, ${figure}`}${baseline === '' ? '' : ` (before: ${baseline})`}`;

/** For the record: which criteria held when somebody decided, and which could not be told. */
export const criteriaWords = (judged: readonly CriterionState[]): readonly string[] => {
	if (judged.length === 0) return [];
	const met = judged.filter((each) => each.met === true);
	const open = judged.filter((each) => each.met === undefined);
	return [`${met.length} of ${judged.length} criteria met${open.length === 0 ? '' : `, ${open.length} cannot be told`}`, ...[...met, ...open].map(lineOf)];
};
