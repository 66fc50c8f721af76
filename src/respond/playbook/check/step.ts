import { suggest } from '../../../config/suggest.ts';
import type { PlaybookComplaint } from '../complaint.ts';
import { formatError } from '../complaint.ts';
import { riskOf } from '../normalise/risk.ts';
import type { StepSource, StepSourceOf } from '../schema/step.ts';
import { checkAction } from './action.ts';
import { checkParam } from './param.ts';

type Path = readonly PropertyKey[];

const missingRisk = (source: StepSource): string => {
	switch (source.kind) {
		case 'command':
			return 'missing; expected read, change or destructive: a command does not tell by itself what it can do';
		case 'container':
			return `missing; expected change or destructive: ${source.container.action} acts on the container`;
		case 'http':
			return `missing; expected read, change or destructive: a ${source.http.method ?? 'GET'} can change what it is sent to`;
		default:
			return 'missing; expected read, change or destructive';
	}
};

/** Values offered for a field that is not there, or for a secret. */
const strayOffers = (source: StepSourceOf<'input'>, path: Path): readonly PlaybookComplaint[] =>
	Object.keys(source.offers ?? {}).flatMap((name) => {
		const field = source.fields[name];
		if (field !== undefined && field.type !== 'secret') return [];
		const meant = suggest(name, Object.keys(source.fields));
		return [{ ...formatError([...path, 'offers', name], field === undefined ? `there is no field ${name}${meant === undefined ? '' : `; did you mean ${meant}`}` : `${name} is a secret: nothing can be offered for it`), atKey: true }];
	});

const own = (source: StepSource, path: Path): readonly PlaybookComplaint[] => {
	switch (source.kind) {
		case 'command':
		case 'container':
		case 'http':
		case 'database':
		case 'rollout':
			return checkAction(source, path, 'one');
		case 'notify':
			return checkAction(source, path, 'at most one');
		case 'waitFor':
		case 'watch': {
			const found = [...checkAction(source, path, 'at most one')];
			const signalsOnly = source.run === undefined && source.sh === undefined && source.container === undefined && source.http === undefined && source.database === undefined && source.rollout === undefined;
			if (source.rollout !== undefined) found.push({ ...formatError([...path, 'rollout'], `a move is nothing that a ${source.kind} can look at again and again`, 'Make it a step of its own.'), atKey: true });
			if (source.kind === 'waitFor' && signalsOnly && source.expect === undefined) {
				found.push(formatError([...path, 'expect'], 'missing; a waitFor with nothing to run needs the condition it waits for, such as signal("container.running") == 1'));
			}
			return found;
		}
		case 'manual':
			return source.instructions === undefined && (source.checklist ?? []).length === 0 ? [formatError(path, 'expected instructions or a checklist, found neither')] : [];
		case 'input':
			return Object.keys(source.fields).length === 0
				? [formatError([...path, 'fields'], 'expected at least one field, found none')]
				: [...Object.entries(source.fields).flatMap(([name, field]) => checkParam(field, [...path, 'fields', name])), ...strayOffers(source, path)];
		case 'parallel':
			return source.steps.flatMap((each, index) => checkChild(each, [...path, 'steps', index]));
		case 'branch':
		case 'approval':
		case 'playbook':
			return [];
	}
};

/** A step within `parallel` has no way of its own: where it goes on is the parallel step's business. */
const checkChild = (source: StepSource, path: Path): readonly PlaybookComplaint[] => [
	...checkStep(source, path),
	...(['phase', 'budgetMinutes', 'nextStep', 'isEnd', 'onFailure'] as const)
		.filter((key) => source[key] !== undefined)
		.map((key) => ({ ...formatError([...path, key], 'is not for a step within parallel', 'Set it on the parallel step.'), atKey: true })),
];

/** What the schema cannot see of one step. */
export const checkStep = (source: StepSource, path: Path): readonly PlaybookComplaint[] => {
	const found: PlaybookComplaint[] = [...own(source, path)];
	// A step without any action is told of that already.
	if (riskOf(source) === undefined && found.length === 0) found.push(formatError([...path, 'risk'], missingRisk(source)));
	if (source.undo !== undefined) found.push(...checkAction(source.undo, [...path, 'undo'], 'one'));
	if (source.budgetMinutes !== undefined && source.phase === undefined) {
		found.push({ ...formatError([...path, 'budgetMinutes'], 'expected a phase beside it', 'Name the phase: phase: immediate.'), atKey: true });
	}
	if (source.isEnd === true && source.nextStep !== undefined && source.nextStep !== 'end') {
		found.push(formatError([...path, 'nextStep'], `the step ends the run (isEnd) and goes on to ${source.nextStep}`, 'Leave one of them out.'));
	}
	if (source.isEnd === false && source.nextStep === 'end') found.push(formatError([...path, 'nextStep'], 'ends the run, and isEnd says that it does not', 'Leave one of them out.'));
	return found;
};
