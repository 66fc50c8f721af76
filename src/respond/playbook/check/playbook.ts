import { suggest } from '../../../config/suggest.ts';
import type { PlaybookComplaint } from '../complaint.ts';
import { formatError } from '../complaint.ts';
import type { ActionSource } from '../schema/action.ts';
import type { PlaybookSource } from '../schema/playbook.ts';
import type { StepSource } from '../schema/step.ts';
import { checkParam } from './param.ts';
import { checkStep } from './step.ts';

/** Two steps that give one phase two budgets. */
const budgets = (source: PlaybookSource): readonly PlaybookComplaint[] => {
	const known = new Map(Object.entries(source.phases ?? {}).flatMap(([id, each]) => (each.budgetMinutes === undefined ? [] : [[id, each.budgetMinutes] as const])));
	return source.steps.flatMap((step, index) => {
		if (step.phase === undefined || step.budgetMinutes === undefined) return [];
		const first = known.get(step.phase);
		known.set(step.phase, first ?? step.budgetMinutes);
		return first === undefined || first === step.budgetMinutes
			? []
			: [formatError(['steps', index, 'budgetMinutes'], `phase ${step.phase} has ${first} minutes already, found ${step.budgetMinutes}`, 'Give the budget once, with the first step of the phase.')];
	});
};

/** A password comes from a secret parameter, so that it is asked for and never stored. */
const passwords = (source: PlaybookSource): readonly PlaybookComplaint[] => {
	const params = source.params ?? {};
	const secrets = Object.keys(params).filter((name) => params[name]?.type === 'secret');
	const check = (action: ActionSource | undefined, path: readonly PropertyKey[]): readonly PlaybookComplaint[] => {
		const database = action?.database;
		const name = database?.system === 'postgres' ? database.passwordParam : undefined;
		if (name === undefined || secrets.includes(name)) return [];
		const meant = suggest(name, secrets);
		const found = params[name] === undefined ? `there is no parameter ${name}` : `${name} is a ${params[name].type}`;
		return [formatError([...path, 'database', 'passwordParam'], `expected a parameter of type secret; ${found}${meant === undefined ? '' : `; did you mean ${meant}`}`, `Declare it: params: {${name}: {type: secret}}.`)];
	};
	const ofStep = (step: StepSource, path: readonly PropertyKey[]): readonly PlaybookComplaint[] => [
		...('database' in step ? check({ database: step.database }, path) : []),
		...check(step.undo, [...path, 'undo']),
		...(step.kind === 'parallel' ? step.steps.flatMap((child, index) => ofStep(child, [...path, 'steps', index])) : []),
	];
	return source.steps.flatMap((step, index) => ofStep(step, ['steps', index]));
};

/** What the schema cannot see: what must stand together, and what must not. */
export const checkPlaybook = (source: PlaybookSource): readonly PlaybookComplaint[] => [
	...Object.entries(source.params ?? {}).flatMap(([name, param]) => checkParam(param, ['params', name])),
	...source.steps.flatMap((step, index) => checkStep(step, ['steps', index])),
	...budgets(source),
	...passwords(source),
	...(source.draft === true && source.reviewed !== undefined
		? [{ ...formatError(['draft'], 'it is a draft, and reviewed says that it is none', 'Remove draft: true once it is reviewed, or else remove reviewed.'), atKey: true }]
		: []),
];
