import type { RunCommand } from '../../domain/run/control.ts';
import type { RunScene } from '../reduce/scene.ts';
import type { CriteriaView } from './moveView.ts';
import type { Answer, OptionItem, RunDialog } from './view.ts';

type TextDialog = Extract<RunDialog, { kind: 'text' }>;

/** The answer that is a word to the run. */
export const command = (of: RunCommand): Answer => ({ kind: 'command', command: of });

/** The answer that asks further. */
export const dialog = (of: RunDialog): Answer => ({ kind: 'dialog', dialog: of });

/** The harmless answer. */
export const never: OptionItem = { id: 'cancel', title: 'Not now', risk: 'read', answer: { kind: 'none' } };

/** Asks for a text. */
export const ask = (title: string, about: TextDialog['about'], over: Partial<Omit<TextDialog, 'kind' | 'title' | 'about'>> = {}): RunDialog => ({
	kind: 'text',
	title,
	lines: [],
	text: '',
	secret: false,
	required: false,
	about,
	...over,
});

/** Lets the person choose. */
export const options = (
	title: string,
	lines: readonly string[],
	items: readonly OptionItem[],
	over: { readonly selected?: number; readonly tone?: 'plain' | 'p0'; readonly criteria?: CriteriaView } = {},
): RunDialog => ({
	kind: 'options',
	title,
	lines,
	...(over.criteria === undefined ? {} : { criteria: over.criteria }),
	items,
	selected: over.selected ?? 0,
	tone: over.tone ?? 'plain',
});

export const titleOf = (run: RunScene, step: string): string => run.state.playbook.steps.find((each) => each.id === step)?.title ?? step;
