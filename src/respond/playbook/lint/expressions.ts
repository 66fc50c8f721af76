import { checkExpression, type ExpressionProblem, type KnownNames } from '../../action/check.ts';
import { checkTemplate } from '../../action/template.ts';
import type { PlaybookComplaint } from '../complaint.ts';
import type { ActionSource } from '../schema/action.ts';
import type { LintRule, Path, StepAt, Subject } from './subject.ts';
import { complain } from './subject.ts';

const say = complain('expression', 'error');

const tell = (problems: readonly ExpressionProblem[], path: Path): readonly PlaybookComplaint[] =>
	problems.map((each) => say(path, `${each.message}, at character ${each.start + 1}`, each.wayOut ?? 'docs/playbooks.md lists what an expression can say.', { offset: each.start }));

/** Templates of an action, with their places. `sh` holds none. */
export const templatesOf = (action: ActionSource, path: Path): readonly (readonly [template: string, path: Path])[] => {
	const found: (readonly [string, Path])[] = [];
	const add = (value: unknown, at: Path): void => {
		if (typeof value === 'string') found.push([value, at]);
		else if (Array.isArray(value)) value.forEach((each, index) => add(each, [...at, index]));
		else if (typeof value === 'object' && value !== null) for (const [key, each] of Object.entries(value)) add(each, [...at, key]);
	};
	add(action.run, [...path, 'run']);
	add(action.in, [...path, 'in']);
	add(action.env, [...path, 'env']);
	add(action.workingDir, [...path, 'workingDir']);
	add(action.container?.name, [...path, 'container', 'name']);
	const { http, database, rollout } = action;
	if (http !== undefined) {
		const at = [...path, 'http'];
		add(http.url, [...at, 'url']);
		add(http.headers, [...at, 'headers']);
		add(http.body, [...at, 'body']);
		add(http.json, [...at, 'json']);
	}
	if (database !== undefined) {
		const { sql: _sql, system: _system, action: _action, ...rest } = database;
		add(rest, [...path, 'database']);
	}
	if (rollout !== undefined) {
		const { action: _action, way: _way, proveWithinSeconds: _within, ...rest } = rollout;
		add(rest, [...path, 'rollout']);
	}
	return found;
};

/** Conditions and texts of the step itself. */
const ofStep = ({ step, path }: StepAt, names: KnownNames): readonly PlaybookComplaint[] => {
	const condition = (text: string | undefined, key: Path, outcome: boolean): readonly PlaybookComplaint[] =>
		text === undefined ? [] : tell(checkExpression(text, { ...names, outcome }), [...path, ...key]);
	const value = (text: string | undefined, key: Path): readonly PlaybookComplaint[] => (text === undefined ? [] : tell(checkExpression(text, names, 'value'), [...path, ...key]));
	const template = (text: string | undefined, key: Path): readonly PlaybookComplaint[] => (text === undefined ? [] : tell(checkTemplate(text, names), [...path, ...key]));
	// The choices of a table of decision see how many of its criteria hold.
	const ofChoices = step.kind === 'branch' && step.criteria !== undefined ? { ...names, values: [...names.values, 'criteria'] } : names;
	const counted = (text: string | undefined, key: Path, as: 'condition' | 'value'): readonly PlaybookComplaint[] => (text === undefined ? [] : tell(checkExpression(text, ofChoices, as), [...path, ...key]));
	const found = [...condition(step.when, ['when'], false), ...condition(step.unless, ['unless'], false), ...condition(step.expect, ['expect'], true), ...template(step.loses, ['loses']), ...template(step.leaves, ['leaves']), ...template(step.target, ['target'])];
	switch (step.kind) {
		case 'branch':
			return [
				...found,
				...(step.criteria ?? []).flatMap((each, at) => [...condition(each.met, ['criteria', at, 'met'], false), ...value(each.figure, ['criteria', at, 'figure']), ...value(each.baseline, ['criteria', at, 'baseline'])]),
				...step.choices.flatMap((choice, at) => [...counted(choice.when, ['choices', at, 'when'], 'condition'), ...counted(choice.evidence, ['choices', at, 'evidence'], 'value')]),
			];
		case 'input':
			return [...found, ...Object.entries(step.offers ?? {}).flatMap(([name, each]) => [...value(each.choices, ['offers', name, 'choices']), ...value(each.suggested, ['offers', name, 'suggested'])])];
		case 'watch':
			return [...found, ...step.criteria.flatMap((each, at) => (typeof each === 'string' ? condition(each, ['criteria', at], true) : condition(each.holds, ['criteria', at, 'holds'], true)))];
		case 'manual':
			return [...found, ...template(step.instructions, ['instructions']), ...(step.checklist ?? []).flatMap((each, at) => template(each, ['checklist', at]))];
		case 'approval':
			return [...found, ...template(step.of, ['of'])];
		case 'notify':
			return [...found, ...template(step.message, ['message'])];
		case 'playbook':
			return [...found, ...Object.entries(step.params ?? {}).flatMap(([name, each]) => template(each, ['params', name]))];
		default:
			return found;
	}
};

/** What every expression of a playbook may name. */
const namesOf = ({ source, steps }: Subject): KnownNames => ({
	params: Object.keys(source.params ?? {}),
	values: [...new Set(steps.flatMap(({ step }) => (step.register === undefined ? [step.id] : [step.id, step.register])))],
	outcome: false,
});

/** Syntax, types and names of everything in CEL. */
export const expressions: LintRule = (subject) => {
	const names = namesOf(subject);
	return [
		...subject.steps.flatMap((each) => ofStep(each, names)),
		...subject.actions.flatMap(({ action, path }) => templatesOf(action, path).flatMap(([text, at]) => tell(checkTemplate(text, names), at))),
	];
};
