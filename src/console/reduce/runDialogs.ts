import fuzzysort from 'fuzzysort';
import type { RunCommand } from '../../domain/run/control.ts';
import type { Action } from '../actions.ts';
import { notTicked } from '../run/asks.ts';
import type { Param } from '../../domain/playbook/param.ts';
import { formOf, refusedForm } from '../run/form.ts';
import type { Answer, OptionItem, RunDialog, TextAnswer } from '../run/view.ts';
import type { UiState } from '../ui.ts';
import { atRun } from './atRun.ts';
import { step, type Effect, type Step } from './effect.ts';
import type { Scene } from './scene.ts';
import { edited, moved } from './text.ts';

type DialogOf<Kind extends RunDialog['kind']> = Extract<RunDialog, { kind: Kind }>;

/** Rows that a page moves in a dialog: about what fits at 80x24. */
const pageRows = 12;

const closed = (ui: UiState): UiState => {
	const { dialog: _dialog, ...rest } = ui;
	return rest;
};

/** With the current step selected again: once something was said, the pane shows what comes next. */
const following = (ui: UiState): UiState => {
	const { runStep: _step, ...rest } = ui;
	return rest;
};

const matching = (dialog: DialogOf<'picker'>, query: string): DialogOf<'picker'> => ({
	...dialog,
	query,
	items: query.trim() === '' ? dialog.all : fuzzysort.go(query.trim(), dialog.all, { keys: ['title', 'id'], threshold: 0.3, limit: 100 }).map((result) => result.obj),
	selected: 0,
});

/** A picker that stands open with what is offered now, on the same item as before. */
export const withOffers = (ui: UiState, scene: Scene): UiState => {
	const { dialog } = ui;
	if (dialog?.kind !== 'picker' || dialog.service !== scene.selectedId) return ui;
	const fresh = matching({ ...dialog, all: scene.offers }, dialog.query);
	const at = dialog.items[dialog.selected];
	return { ...ui, dialog: { ...fresh, selected: Math.max(0, fresh.items.findIndex((each) => each.kind === at?.kind && each.id === at.id)) } };
};

const reducePicker = (ui: UiState, scene: Scene, dialog: DialogOf<'picker'>, action: Action): Step => {
	switch (action.kind) {
		case 'move':
			return step({ ...ui, dialog: { ...dialog, selected: moved(dialog.selected, dialog.items.length, pageRows, action.by, action.direction) } });
		case 'type':
		case 'erase':
			return step({ ...ui, dialog: matching(dialog, edited(dialog.query, action)) });
		case 'accept': {
			const item = dialog.items[dialog.selected];
			if (item === undefined) return step(ui);
			if (item.disabled !== undefined) return step(ui, { kind: 'notice', text: `${item.title}: ${item.disabled}`, tone: 'plain' });
			if (item.kind === 'run') return step(atRun(ui), { kind: 'open-run', runId: item.id, act: true });
			const offer = scene.offer(item.id);
			if (offer === undefined) return step(closed(ui), { kind: 'notice', text: 'that playbook is gone', tone: 'p1' });
			return step({ ...ui, dialog: formOf(offer.loaded.playbook, offer.values, offer.service) });
		}
		default:
			return step(ui);
	}
};

/** What may be given in a form, by field. */
const definitionsOf = (scene: Scene, { subject }: DialogOf<'form'>): Readonly<Record<string, Param>> | undefined => {
	if (subject.kind === 'start') return scene.offer(subject.playbook)?.loaded.playbook.params;
	const asking = scene.run?.state.playbook.steps.find((each) => each.id === subject.step);
	return asking?.kind === 'input' ? asking.fields : undefined;
};

const submit = (ui: UiState, scene: Scene, dialog: DialogOf<'form'>, button: string): Step => {
	const definitions = definitionsOf(scene, dialog);
	const refused = definitions === undefined ? undefined : refusedForm(dialog, definitions);
	// Nothing that was typed is lost over one value.
	if (refused !== undefined) return step({ ...ui, dialog: refused });
	const values = Object.fromEntries(dialog.fields.map((field) => [field.name, field.value]));
	if (dialog.subject.kind === 'input') {
		return step(closed(ui), { kind: 'run', command: { kind: 'input', step: dialog.subject.step, values } });
	}
	const { playbook, service } = dialog.subject;
	return step(atRun(ui, service), { kind: 'start-run', playbook, ...(service === undefined ? {} : { service }), values, dryRun: button === 'Dry run' });
};

const reduceForm = (ui: UiState, scene: Scene, dialog: DialogOf<'form'>, action: Action): Step => {
	const rows = dialog.fields.length + dialog.buttons.length;
	const at = (selected: number): Step => step({ ...ui, dialog: { ...dialog, selected } });
	switch (action.kind) {
		case 'move':
			return at(moved(dialog.selected, rows, pageRows, action.by, action.direction));
		case 'button':
			return at((dialog.selected + action.direction + rows) % rows);
		case 'type':
		case 'erase': {
			const fields = dialog.fields.map((field, index) => {
				if (index !== dialog.selected) return field;
				const { problem: _problem, ...rest } = field;
				return { ...rest, value: edited(field.value, action) };
			});
			return step({ ...ui, dialog: { ...dialog, fields } });
		}
		case 'accept': {
			const button = dialog.buttons[dialog.selected - dialog.fields.length];
			return button === undefined ? at(dialog.selected + 1) : submit(ui, scene, dialog, button);
		}
		default:
			return step(ui);
	}
};

const effectOf = (answer: Exclude<Answer, { kind: 'dialog' | 'none' | 'show-run' }>): Effect => {
	switch (answer.kind) {
		case 'command':
			return { kind: 'run', command: answer.command };
		case 'take-over':
		case 'open-run':
		case 'close-run':
		case 'start-run':
			return answer;
	}
};

const reduceOptions = (ui: UiState, dialog: DialogOf<'options'>, action: Action): Step => {
	if (action.kind === 'move') return step({ ...ui, dialog: { ...dialog, selected: moved(dialog.selected, dialog.items.length, pageRows, action.by, action.direction) } });
	if (action.kind !== 'accept') return step(ui);
	const item = dialog.items[dialog.selected];
	if (item === undefined) return step(closed(ui));
	if (item.disabled !== undefined) return step(ui, { kind: 'notice', text: `${item.title}: ${item.disabled}`, tone: 'plain' });
	const { answer } = item;
	if (answer.kind === 'none') return step(closed(ui));
	if (answer.kind === 'dialog') return step({ ...ui, dialog: answer.dialog });
	if (answer.kind === 'show-run') return step(atRun(ui));
	if (answer.kind === 'start-run') return step(atRun(ui, answer.service), effectOf(answer));
	if (answer.kind === 'open-run') return step(atRun(ui), effectOf(answer));
	return step(item.stays === true ? { ...ui, dialog: ticked(dialog, item.id) } : following(closed(ui)), effectOf(answer));
};

const isTick = (item: OptionItem): boolean => item.answer.kind === 'command' && item.answer.command.kind === 'tick';

/** The dialog with an item of its checklist turned over: the run itself answers a little later. */
const ticked = (dialog: DialogOf<'options'>, id: string): DialogOf<'options'> => {
	const items = dialog.items.map((item): OptionItem => {
		if (item.id !== id || item.answer.kind !== 'command' || item.answer.command.kind !== 'tick') return item;
		const done = item.answer.command.ticked;
		return { ...item, title: `${done ? '[x]' : '[ ]'}${item.title.slice(3)}`, answer: { kind: 'command', command: { ...item.answer.command, ticked: !done } } };
	});
	const open = items.filter((item) => isTick(item) && item.title.startsWith('[ ]')).length;
	return {
		...dialog,
		items: items.map(({ disabled, ...item }) => (item.id === 'done' ? { ...item, ...notTicked(open) } : { ...item, ...(disabled === undefined ? {} : { disabled }) })),
		selected: Math.min(dialog.selected + 1, dialog.items.length - 1),
	};
};

const textCommand = (about: TextAnswer, text: string): RunCommand => {
	const why = text.trim();
	switch (about.kind) {
		case 'note':
			return { kind: 'note', text: why, ...(about.step === undefined ? {} : { step: about.step }) };
		case 'skip':
			return { kind: 'skip', step: about.step, ...(why === '' ? {} : { why }) };
		case 'jump':
			return { kind: 'jump', to: about.to, ...(why === '' ? {} : { why }) };
		case 'secret':
			return { kind: 'secret', name: about.name, value: text };
		case 'approve':
			return { kind: 'approve', step: about.step, granted: about.granted, person: why };
		case 'settle':
			return { kind: 'settle', step: about.step, execution: about.execution, as: about.as, why };
		case 'manual':
			return { kind: 'manual', step: about.step, as: about.as, ...(why === '' ? {} : { note: why }) };
		case 'abandon':
			return { kind: 'abandon', why };
	}
};

const reduceText = (ui: UiState, dialog: DialogOf<'text'>, action: Action): Step => {
	switch (action.kind) {
		case 'type':
		case 'erase':
			return step({ ...ui, dialog: { ...dialog, text: edited(dialog.text, action) } });
		case 'accept':
			if (dialog.required && dialog.text.trim() === '') return step(ui, { kind: 'notice', text: 'it cannot stay empty; Esc cancels', tone: 'plain' });
			return step(dialog.about.kind === 'note' ? closed(ui) : following(closed(ui)), { kind: 'run', command: textCommand(dialog.about, dialog.text) });
		default:
			return step(ui);
	}
};

/** What a key does while a dialog of a run has the keys. Esc and Ctrl-C are handled before. */
export const reduceRunDialog = (ui: UiState, scene: Scene, dialog: Exclude<RunDialog, { kind: 'confirm' }>, action: Action): Step => {
	switch (dialog.kind) {
		case 'picker':
			return reducePicker(ui, scene, dialog, action);
		case 'form':
			return reduceForm(ui, scene, dialog, action);
		case 'options':
			return reduceOptions(ui, dialog, action);
		case 'text':
			return reduceText(ui, dialog, action);
	}
};
