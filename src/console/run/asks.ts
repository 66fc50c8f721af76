import type { Actor } from '../../domain/journal.ts';
import type { Waiting } from '../../domain/run/state.ts';
import type { RunScene } from '../reduce/scene.ts';
import { confirmStep } from './confirmStep.ts';
import { decideDialog } from './decideDialog.ts';
import { ask, command, dialog, never, options, titleOf } from './dialogParts.ts';
import { inputDialog } from './inputDialog.ts';
import { unknownDialog } from './unknownDialog.ts';
import type { Answer, OptionItem, RunDialog } from './view.ts';

/** Asks for a note in the record of the run. */
export const noteDialog = (step: string | undefined): RunDialog =>
	ask('Note', step === undefined ? { kind: 'note' } : { kind: 'note', step }, { required: true, lines: ['It goes into the record with the time and your name.'] });

/** Asks whether a step is left out, and why. */
export const skipDialog = (step: string, title: string): RunDialog => ask(`Skip: ${title}`, { kind: 'skip', step }, { lines: ['Enter skips it, Esc does not. Why (goes into the record):'] });

/** Why a checklist cannot be called done yet. */
export const notTicked = (open: number): { readonly disabled?: string } => (open === 0 ? {} : { disabled: `${open} not ticked yet` });

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
		case 'confirm':
			return confirmStep(run, waiting, host);
		case 'choose':
			return decideDialog(run, waiting);
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
		case 'input':
			return inputDialog(run, waiting);
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
		case 'unknown':
			return unknownDialog(run, waiting);
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
