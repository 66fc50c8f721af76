import type { Actor } from '../../domain/journal.ts';
import type { ParamValue } from '../../domain/playbook/param.ts';
import type { RunCommand } from '../../domain/run/control.ts';
import type { Waiting } from '../../domain/run/state.ts';
import type { RunScene } from '../reduce/scene.ts';
import type { Answer, FormField, OptionItem, RunDialog } from './view.ts';

const command = (of: RunCommand): Answer => ({ kind: 'command', command: of });
const dialog = (of: RunDialog): Answer => ({ kind: 'dialog', dialog: of });
const never: OptionItem = { id: 'cancel', title: 'Not now', risk: 'read', answer: { kind: 'none' } };

type TextDialog = Extract<RunDialog, { kind: 'text' }>;

const ask = (title: string, about: TextDialog['about'], over: Partial<Omit<TextDialog, 'kind' | 'title' | 'about'>> = {}): RunDialog => ({
	kind: 'text',
	title,
	lines: [],
	text: '',
	secret: false,
	required: false,
	about,
	...over,
});

const options = (title: string, lines: readonly string[], items: readonly OptionItem[], over: { readonly selected?: number; readonly tone?: 'plain' | 'p0' } = {}): RunDialog => ({
	kind: 'options',
	title,
	lines,
	items,
	selected: over.selected ?? 0,
	tone: over.tone ?? 'plain',
});

/** Asks for a note in the record of the run. */
export const noteDialog = (step: string | undefined): RunDialog =>
	ask('Note', step === undefined ? { kind: 'note' } : { kind: 'note', step }, { required: true, lines: ['It goes into the record with the time and your name.'] });

/** Asks whether a step is left out, and why. */
export const skipDialog = (step: string, title: string): RunDialog => ask(`Skip: ${title}`, { kind: 'skip', step }, { lines: ['Enter skips it, Esc does not. Why (goes into the record):'] });

/** Why a checklist cannot be called done yet. */
export const notTicked = (open: number): { readonly disabled?: string } => (open === 0 ? {} : { disabled: `${open} not ticked yet` });

const titleOf = (run: RunScene, step: string): string => run.state.playbook.steps.find((each) => each.id === step)?.title ?? step;

const holdsWords = (holds: boolean | undefined): string => (holds === undefined ? 'cannot tell' : holds ? 'true' : 'not true');

const secondPerson = (run: RunScene, waiting: Extract<Waiting, { kind: 'approval' }>): RunDialog => {
	const { step, askedBy } = waiting;
	const own = sameSession(run.actor, askedBy);
	const lines = [waiting.of, ...(waiting.by === undefined ? [] : [`To be approved by: ${waiting.by}`]), `Asked by ${askedBy.user} on ${askedBy.host}`];
	if (own) {
		return options('Waits for a second person', [...lines, 'A second person opens this run in a session of their own (sitrep, p) and answers there.'], [never]);
	}
	const shared = run.actor.user === askedBy.user;
	const word = (granted: boolean): Answer =>
		shared
			? dialog(ask(granted ? 'Approve: your name' : 'Refuse: your name', { kind: 'approve', step, granted }, { required: true, lines: ['The account is shared: say who you are. It goes into the record.'] }))
			: command({ kind: 'approve', step, granted });
	return options('Approve?', lines, [
		never,
		{ id: 'approve', title: 'Approve', risk: 'change', answer: word(true) },
		{ id: 'refuse', title: 'Refuse', risk: 'read', answer: word(false) },
	]);
};

export const sameSession = (one: Actor, other: Actor): boolean => one.host === other.host && one.session === other.session;

const fieldHint = (field: { readonly type: string; readonly choices?: readonly string[]; readonly min?: number; readonly max?: number; readonly optional: boolean }): string => {
	const range = field.min === undefined && field.max === undefined ? '' : ` ${field.min ?? ''} to ${field.max ?? ''}`;
	const kind = field.choices === undefined ? `${field.type}${range}` : `one of ${field.choices.join(', ')}`;
	return field.optional ? `${kind}, may stay empty` : kind;
};

/** Parameters or input fields as rows of a form. */
export const formFields = (
	fields: Readonly<Record<string, { readonly type: string; readonly title?: string; readonly default?: ParamValue; readonly choices?: readonly string[]; readonly min?: number; readonly max?: number; readonly optional: boolean }>>,
	values: Readonly<Record<string, string>>,
): readonly FormField[] =>
	Object.entries(fields).map(([name, field]) => ({
		name,
		title: field.title ?? name,
		value: values[name] ?? (field.default === undefined ? '' : String(field.default)),
		secret: field.type === 'secret',
		hint: fieldHint(field),
	}));

/** The dialog in which the person answers what the run waits for; `undefined` where it waits for nothing. */
export const answerDialog = (run: RunScene, host: string): RunDialog | undefined => {
	const { waiting } = run;
	if (run.role === 'adrift') {
		return options(
			'Nobody carries this run out',
			['The console that did is gone. A step that was under way may have gone on by itself: you are asked about it.'],
			[never, { id: 'take', title: 'Carry on from here', risk: 'change', answer: { kind: 'take-over', force: false } }],
		);
	}
	if (run.role === 'watching' && waiting?.kind !== 'approval') {
		return options(
			'You watch this run',
			[`${run.holder ?? 'Somebody else'} carries it out.`],
			[never, { id: 'take', title: 'Take it over', detail: 'recorded; the other console becomes a watcher', risk: 'change', answer: { kind: 'take-over', force: true } }],
		);
	}
	if (waiting === undefined) return undefined;
	switch (waiting.kind) {
		case 'confirm': {
			const title = `${waiting.undo ? 'Undo: ' : ''}${titleOf(run, waiting.step)}?`;
			const typed = waiting.typed !== undefined;
			return {
				kind: 'confirm',
				title,
				risk: typed ? 'destructive' : 'change',
				host,
				target: waiting.typed ?? waiting.target ?? '',
				act: waiting.command,
				loss: waiting.loses ?? (typed ? 'not said in the playbook: think first' : 'nothing named'),
				focus: 'cancel',
				typed: '',
				subject: { kind: 'step', step: waiting.step },
			};
		}
		case 'choose':
			return options(
				titleOf(run, waiting.step),
				['Which one is it? The one that the evidence speaks for is selected.'],
				waiting.choices.map((choice, index) => ({
					id: String(index),
					title: choice.title,
					detail: [holdsWords(choice.holds), choice.evidence].filter((part) => part !== '').join(': '),
					risk: 'read' as const,
					answer: command({ kind: 'choose', step: waiting.step, choice: index }),
				})),
				{ selected: Math.max(0, waiting.suggested) },
			);
		case 'manual': {
			const ticked = new Set(run.state.steps.find((each) => each.id === waiting.step)?.ticked ?? []);
			const open = waiting.checklist.length - ticked.size;
			return options(titleOf(run, waiting.step), waiting.instructions.split('\n'), [
				...waiting.checklist.map((text, item) => ({
					id: `item ${item}`,
					title: `${ticked.has(item) ? '[x]' : '[ ]'} ${text}`,
					risk: 'read' as const,
					stays: true,
					answer: command({ kind: 'tick', step: waiting.step, item, ticked: !ticked.has(item) }),
				})),
				{ id: 'done', title: 'Done', risk: 'read', ...notTicked(open), answer: command({ kind: 'manual', step: waiting.step, as: 'done' }) },
				{ id: 'failed', title: 'It did not work', risk: 'read', answer: dialog(ask('What went wrong', { kind: 'manual', step: waiting.step, as: 'failed' })) },
				{ id: 'skip', title: 'Skip it', risk: 'read', answer: dialog(skipDialog(waiting.step, titleOf(run, waiting.step))) },
				never,
			]);
		}
		case 'input': {
			const found = run.state.playbook.steps.find((each) => each.id === waiting.step);
			return {
				kind: 'form',
				title: titleOf(run, waiting.step),
				lines: [],
				fields: found?.kind === 'input' ? formFields(found.fields, {}) : [],
				selected: 0,
				buttons: ['Give'],
				subject: { kind: 'input', step: waiting.step },
			};
		}
		case 'approval':
			return secondPerson(run, waiting);
		case 'secret':
			return ask(waiting.title, { kind: 'secret', name: waiting.name }, { secret: true, required: true, lines: ['It is not shown, not stored, and asked again after a restart.'] });
		case 'failed':
			return options(
				`Failed: ${titleOf(run, waiting.step)}`,
				[waiting.words],
				[
					{ id: 'retry', title: 'Try it again', risk: 'change', ...(waiting.canRetry ? {} : { disabled: 'cannot be tried again' }), answer: command({ kind: 'retry', step: waiting.step }) },
					{ id: 'skip', title: 'Skip it', risk: 'read', answer: dialog(skipDialog(waiting.step, titleOf(run, waiting.step))) },
					{ id: 'go-on', title: 'Go on as if it were done', risk: 'change', answer: command({ kind: 'go-on', step: waiting.step }) },
					{ id: 'rollback', title: 'Roll back: undo what was done, newest first', risk: 'change', ...(waiting.canRollback ? {} : { disabled: 'no step that was done has an undo' }), answer: command({ kind: 'rollback' }) },
					{ id: 'cancel-run', title: 'End the run here', risk: 'read', answer: command({ kind: 'cancel' }) },
					never,
				],
				{ tone: 'p0' },
			);
		case 'unknown': {
			const { step, execution } = waiting;
			const settle = (as: 'done' | 'failed' | 'retry' | 'skip', why: string): Answer => dialog(ask(why, { kind: 'settle', step, execution, as }, { lines: ['How do you know (goes into the record):'] }));
			return options(
				`What became of it is not known: ${titleOf(run, step)}`,
				[...waiting.evidence, ...(waiting.unless === undefined ? [] : [waiting.unless ? 'What it brings about is there already.' : 'What it brings about is not there.'])],
				[
					never,
					{ id: 'done', title: 'It was done', risk: 'read', answer: settle('done', 'It was done') },
					{ id: 'failed', title: 'It failed', risk: 'read', answer: settle('failed', 'It failed') },
					{ id: 'retry', title: 'Do it again', risk: 'change', answer: settle('retry', 'Do it again') },
					{ id: 'skip', title: 'Leave it out', risk: 'read', answer: settle('skip', 'Leave it out') },
				],
				{ tone: 'p0' },
			);
		}
		case 'playbook':
			return options(
				`Go on with ${waiting.playbook}?`,
				[`${titleOf(run, waiting.step)} failed. The playbook says what to do then.`],
				[
					{ id: 'open', title: `Open ${waiting.playbook}`, risk: 'read', answer: command({ kind: 'open-playbook', step: waiting.step, accept: true }) },
					{ id: 'refuse', title: 'No: decide here', risk: 'read', answer: command({ kind: 'open-playbook', step: waiting.step, accept: false }) },
					never,
				],
			);
		case 'journal':
			return options('The journal cannot be written', [waiting.why, waiting.advice, 'No change runs without a record.'], [never, { id: 'retry', title: 'Try again now', risk: 'read', answer: command({ kind: 'retry', step: run.state.current ?? '' }) }], { tone: 'p0' });
	}
};

/** Everything else that can be done with the run: the action menu of the playbook pane. */
export const runMenu = (run: RunScene): RunDialog => {
	const { state, selected } = run;
	const over = state.endedAt !== undefined;
	const acting = run.role === 'acting' && !over;
	const why = over ? 'the run is over' : 'only the console that carries it out can';
	const refused = acting ? {} : { disabled: why };
	const current = state.current;
	// The runner knows exactly what can be taken back; here only what never ran is told apart.
	const undoable = state.steps.some((each) => each.attempts.length > 0 && state.playbook.steps.some((step) => step.id === each.id && step.undo !== undefined));
	const items: readonly OptionItem[] = [
		{ id: 'note', title: 'Add a note', risk: 'read', ...(over ? { disabled: why } : {}), answer: dialog(noteDialog(current)) },
		{ id: 'skip', title: 'Skip the current step', risk: 'read', ...(current === undefined ? { disabled: why } : refused), answer: current === undefined ? { kind: 'none' } : dialog(skipDialog(current, titleOf(run, current))) },
		{
			id: 'jump',
			title: selected === undefined ? 'Go to the selected step' : `Go to: ${titleOf(run, selected)}`,
			risk: 'read',
			...(selected === undefined || selected === current ? { disabled: 'select another step first' } : refused),
			answer: selected === undefined ? { kind: 'none' } : dialog(ask(`Go to: ${titleOf(run, selected)}`, { kind: 'jump', to: selected }, { lines: ['Steps between are left out. Why (goes into the record):'] })),
		},
		{ id: 'rollback', title: 'Roll back: undo what was done, newest first', risk: 'change', ...(undoable ? refused : { disabled: 'nothing that ran has an undo' }), answer: command({ kind: 'rollback' }) },
		{ id: 'cancel-run', title: 'Cancel the run, and what is under way', risk: 'change', ...refused, answer: command({ kind: 'cancel' }) },
		{ id: 'close', title: 'Close the pane; the run goes on', risk: 'read', answer: { kind: 'close-run' } },
		{ id: 'abandon', title: 'Give the run up', risk: 'read', ...(run.role === 'adrift' ? {} : { disabled: 'somebody carries it out' }), answer: dialog(ask('Give the run up', { kind: 'abandon' }, { required: true, lines: ['Nothing is undone. Why (goes into the record):'] })) },
	];
	return options(`Run: ${state.playbook.title}`, [], items);
};

/** The form that opens before a run: parameters filled in from the service. */
export const startForm = (offer: { readonly id: string; readonly title: string; readonly summary?: string; readonly fields: readonly FormField[]; readonly service?: string }): RunDialog => {
	const missing = offer.fields.findIndex((field) => field.value === '' && !field.hint.endsWith('may stay empty'));
	return {
		kind: 'form',
		title: offer.title,
		lines: offer.summary === undefined ? [] : [offer.summary],
		fields: offer.fields,
		selected: missing === -1 ? offer.fields.length : missing,
		buttons: ['Start', 'Dry run'],
		subject: { kind: 'start', playbook: offer.id, ...(offer.service === undefined ? {} : { service: offer.service }) },
	};
};
