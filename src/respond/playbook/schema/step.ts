import { z } from 'zod';
import { suggest } from '../../../config/suggest.ts';
import { actionSchema, anyAction, commandFields, containerBody, databaseBody, httpBody, rolloutBody } from './action.ts';
import { expression, id, line, prose, risk, seconds, template, word } from './names.ts';
import { paramSchema } from './param.ts';

const onFailureExpected = (issue: { readonly input?: unknown }): string => {
	const meant = typeof issue.input === 'string' ? suggest(issue.input, ['ask', 'abort', 'continue', 'rollback']) : undefined;
	return `expected ask, abort, continue, rollback, step:ID or playbook:ID${meant === undefined ? '' : ` (did you mean ${meant})`}`;
};

/** What every step has. */
export const commonFields = {
	id: id().meta({ description: 'Its name in this playbook. Later expressions find its result under it.' }),
	title: line().exactOptional().meta({ description: 'What it does, in a few words. Default: its id in words.' }),
	note: prose().exactOptional().meta({ description: 'Why it differs from the written procedure, or what to mind.' }),
	source: line().exactOptional().meta({ description: 'Number or heading in the written procedure.' }),
	phase: id().exactOptional().meta({ description: 'Phase it belongs to. Default: that of the step before it.' }),
	budgetMinutes: z.number().min(0.1).max(10_080).exactOptional().meta({ description: 'With `phase`: minutes since the start of the run by which the phase should be over.' }),
	risk: risk().exactOptional().meta({ description: 'What it can do: `read` runs at once, `change` asks, `destructive` wants the name of its target typed. May be left out where the kind tells it.' }),
	confirm: z.enum(['ask', 'typed']).exactOptional().meta({ description: 'Asks for more than `risk` alone would.' }),
	loses: line(1000).exactOptional().meta({ description: 'What will be lost, in words. Shown before a destructive step.' }),
	leaves: line(1000).exactOptional().meta({ description: 'What is left where the run stops before this step, in words. Always on the screen in a rollback.' }),
	target: line(1000).exactOptional().meta({ description: 'What it acts on; typed by hand where the step is destructive. Default: the container, path, database or address it names.' }),
	when: expression().exactOptional().meta({ description: 'CEL. The step is skipped where this is false.' }),
	unless: expression().exactOptional().meta({ description: 'CEL. The step is skipped where this is true: what it would bring about is there already. Judged again after a crash.' }),
	register: word().exactOptional().meta({ description: 'Name under which later expressions find its result.' }),
	expect: expression().exactOptional().meta({ description: 'CEL over `status`, `json`, `body`, `exitCode`, `stdout`, `stderr`, `result`. The step has failed where it is false. Default: exit code 0, or a status of 200 to 299.' }),
	timeoutSeconds: seconds().exactOptional().meta({ description: 'The step is ended after so long. Default: see the kinds.' }),
	maxAttempts: z.number().int().min(1).max(100).exactOptional().meta({ description: 'How often it is tried. Default 1.' }),
	intervalSeconds: seconds().exactOptional().meta({ description: 'Between tries, or between looks. Default 5; 2 for `waitFor`, 10 for `watch`.' }),
	onFailure: z
		.string()
		.regex(/^(?:ask|abort|continue|rollback|(?:step|playbook):[A-Za-z0-9][A-Za-z0-9_-]{0,63})$/, { error: onFailureExpected })
		.exactOptional()
		.meta({ description: '`ask`, `abort`, `continue`, `rollback`, `step:ID` or `playbook:ID`. Default ask.' }),
	nextStep: id().exactOptional().meta({ description: 'Step to go on with; `end` ends the run. Default: the next one in the file.' }),
	isEnd: z.boolean().exactOptional().meta({ description: 'The run has succeeded after this step. Default false.' }),
	undo: actionSchema.exactOptional().meta({ description: 'Action that takes this step back: `run`, `sh`, `container`, `http`, `database` or `rollout`.' }),
	artifact: z
		.string()
		.regex(/^[\w.-]{1,100}$/, { error: 'expected a file name of letters, digits, ., - and _' })
		.exactOptional()
		.meta({ description: 'The result is kept as a file of the run, under this name.' }),
	secret: z.boolean().exactOptional().meta({ description: 'The output holds secrets: it is shown and stored as `(secret)`. Default false.' }),
};

const kind = <K extends string>(name: K, description: string) => z.literal(name).meta({ description });

const command = z.strictObject({
	kind: kind('command', 'A program with arguments (`run`), or a shell script (`sh`). `kind` may be left out. Times out after 60 seconds.'),
	...commonFields,
	...commandFields,
});

const container = z.strictObject({
	kind: kind('container', 'Asks the engine to do something to a container. `kind` may be left out. Times out after 60 seconds, and the grace besides.'),
	...commonFields,
	container: containerBody.meta({ description: 'What is asked, as below.' }),
});

const http = z.strictObject({
	kind: kind('http', 'One request. `kind` may be left out. Times out after 10 seconds.'),
	...commonFields,
	http: httpBody.meta({ description: 'The request, as below.' }),
});

const database = z.strictObject({
	kind: kind('database', 'Works on an SQLite or PostgreSQL database. `kind` may be left out. Times out after 600 seconds.'),
	...commonFields,
	database: databaseBody.meta({ description: 'The act, as below.' }),
});

const rollout = z.strictObject({
	kind: kind('rollout', 'Moves a service to another version, and back. It goes on where the console is closed; each act is recorded before it is begun. `kind` may be left out. Times out after 600 seconds.'),
	...commonFields,
	rollout: rolloutBody.meta({ description: 'The move, as below.' }),
});

const waitFor = z.strictObject({
	kind: kind('waitFor', 'Looks again and again, with one of `run`, `sh`, `container`, `http`, `database` or at signals alone, until `expect` holds. Times out after 60 seconds in all.'),
	...commonFields,
	...anyAction,
	consecutiveSuccessLimit: z.number().int().min(1).max(1000).exactOptional().meta({ description: 'So many looks in a row must hold. Default 1.' }),
});

const watch = z.strictObject({
	kind: kind('watch', 'Holds criteria for a window, beside the values before the change. No data is inconclusive, never a success. Times out 60 seconds after the window: `timeoutSeconds` is what it gets beyond it.'),
	...commonFields,
	...anyAction,
	windowSeconds: seconds().meta({ description: 'How long it looks.' }),
	criteria: z
		.array(z.union([expression(), z.strictObject({ title: line().meta({ description: 'In words.' }), holds: expression().meta({ description: 'CEL, true while all is well.' }) })]))
		.min(1)
		.meta({ description: 'What must hold: CEL, or `{title, holds}`.' }),
	failureLimit: z.number().int().min(0).max(10_000).exactOptional().meta({ description: 'So many bad looks in all are borne. Default 0.' }),
});

const criterion = z.strictObject({
	title: line().meta({ description: 'In words.' }),
	level: z.enum(['critical', 'warning']).meta({ description: '`critical`: act now. `warning`: investigate, a person decides.' }),
	met: expression().meta({ description: 'CEL, true where it is met. Missing data is neither.' }),
	figure: expression().exactOptional().meta({ description: 'CEL: the live figure.' }),
	baseline: expression().exactOptional().meta({ description: 'CEL: what it was before, or its limit.' }),
	within: line().exactOptional().meta({ description: 'By when to act, such as `< 1 min`.' }),
	source: line().exactOptional().meta({ description: 'Where it stands in the written procedure.' }),
});

const branch = z.strictObject({
	kind: kind('branch', 'Causes with their evidence: the one that is true is selected, the person decides. `kind` may be left out.'),
	...commonFields,
	criteria: z.array(criterion).min(1).exactOptional().meta({ description: 'A table of decision, shown above the choices: `{title, level, met, figure, baseline, within, source}`. Choices see how many hold: `criteria.critical`, `criteria.warning`, `criteria.inconclusive`.' }),
	choices: z
		.array(
			z.strictObject({
				title: line().meta({ description: 'The cause, in a few words.' }),
				when: expression().exactOptional().meta({ description: 'CEL, true where this is the cause.' }),
				evidence: expression().exactOptional().meta({ description: 'CEL; its value is shown as evidence.' }),
				nextStep: id().meta({ description: 'Step to go on with; `end` ends the run.' }),
			}),
		)
		.min(1)
		.meta({ description: 'The causes.' }),
});

const manual = z.strictObject({
	kind: kind('manual', 'Something a person does, with a checklist to tick. `kind` may be left out.'),
	...commonFields,
	instructions: prose().exactOptional().meta({ description: 'What to do. Needed where there is no checklist.' }),
	checklist: z.array(line(1000)).exactOptional().meta({ description: 'What to tick.' }),
});

const input = z.strictObject({
	kind: kind('input', 'Asks for values; later expressions find them under `register`, or the id. `kind` may be left out.'),
	...commonFields,
	fields: z.record(word(), paramSchema).meta({ description: 'The values, written as parameters are.' }),
	offers: z
		.record(
			word(),
			z.strictObject({
				choices: expression().meta({ description: 'CEL: a list of texts, or of `{value, title, detail, disabled}`.' }),
				suggested: expression().exactOptional().meta({ description: 'CEL: the value that is selected.' }),
			}),
		)
		.exactOptional()
		.meta({ description: 'By field: values to choose from, `{choices, suggested}`.' }),
});

const approval = z.strictObject({
	kind: kind('approval', 'A second person has to agree. `kind` may be left out.'),
	...commonFields,
	of: line(1000).meta({ description: 'What is approved, in words.' }),
	by: line().exactOptional().meta({ description: 'Who may, in words, such as `engineering lead`.' }),
});

const notify = z.strictObject({
	kind: kind('notify', 'Tells people, through a command or a request; without either the text is shown to be copied. `kind` may be left out. Times out after 30 seconds.'),
	...commonFields,
	message: prose().meta({ description: 'What is told.' }),
	...commandFields,
	http: httpBody.exactOptional().meta({ description: 'A request that carries it.' }),
});

const parallel = z.strictObject({
	kind: kind('parallel', 'Several actions at once. It is done when all are. `kind` may be left out.'),
	...commonFields,
	steps: z
		.array(z.discriminatedUnion('kind', [command, container, http, database, waitFor]))
		.min(1)
		.max(20)
		.meta({ description: 'Steps of the kinds command, container, http, database and waitFor.' }),
});

const playbook = z.strictObject({
	kind: kind('playbook', 'Runs another playbook as a part of this one. `kind` may be left out.'),
	...commonFields,
	playbook: id().meta({ description: 'Its id.' }),
	params: z.record(word(), template()).exactOptional().meta({ description: 'Its parameters.' }),
});

export const stepSchema = z.discriminatedUnion('kind', [command, container, http, database, rollout, waitFor, watch, branch, manual, input, approval, notify, parallel, playbook]);

/** A step as it stands in YAML, with its kind found. */
export type StepSource = z.output<typeof stepSchema>;
export type StepSourceOf<K extends StepSource['kind']> = Extract<StepSource, { kind: K }>;
/** A step that acts by itself: of the kinds that may stand in `parallel`. */
export type ActingSource = StepSourceOf<'command' | 'container' | 'http' | 'database' | 'rollout' | 'waitFor'>;
