import type { Action } from './actions.ts';
import type { Pane } from './panes.ts';

/**
 * Who gets the keys: a pane (which falls back to `global`), a prompt where one types, or a dialog.
 * Prompts and dialogs fall back to nothing.
 */
export type KeyContext = 'global' | Pane | 'prompt' | 'help' | 'palette' | 'menu' | 'confirm' | 'confirm-typed' | 'picker' | 'form' | 'options' | 'text';

/** Headings of the help screen, in its order. */
export const keyGroups = ['panes', 'move', 'respond', 'search', 'services', 'logs', 'metrics', 'playbook', 'general', 'dialogs'] as const;
export type KeyGroup = (typeof keyGroups)[number];

export interface Binding {
	readonly keys: readonly string[];
	readonly action: Action;
	readonly context: KeyContext;
	/** What it does, as help and the palette say it. */
	readonly title: string;
	readonly group: KeyGroup;
	/** One or two words for the bottom line; absent where it is not worth the space there. */
	readonly hint?: string;
	/** Id in the command palette; absent where it makes no sense as a command. */
	readonly command?: string;
	/** Set where a pane's binding takes a key away from `global` on purpose. */
	readonly shadows?: true;
}

/** Keys that hold in every pane. */
const everywhere: readonly Binding[] = [
	{ keys: ['j', 'down'], action: { kind: 'move', by: 'row', direction: 1 }, context: 'global', title: 'next row', group: 'move', hint: 'move' },
	{ keys: ['k', 'up'], action: { kind: 'move', by: 'row', direction: -1 }, context: 'global', title: 'previous row', group: 'move' },
	{ keys: ['ctrl-d'], action: { kind: 'move', by: 'half', direction: 1 }, context: 'global', title: 'half a pane down', group: 'move' },
	{ keys: ['ctrl-u'], action: { kind: 'move', by: 'half', direction: -1 }, context: 'global', title: 'half a pane up', group: 'move' },
	{ keys: ['space', 'pagedown'], action: { kind: 'move', by: 'page', direction: 1 }, context: 'global', title: 'a pane down', group: 'move' },
	{ keys: ['b', 'pageup'], action: { kind: 'move', by: 'page', direction: -1 }, context: 'global', title: 'a pane up', group: 'move' },
	{ keys: ['g', 'home'], action: { kind: 'move', by: 'all', direction: -1 }, context: 'global', title: 'first row', group: 'move' },
	{ keys: ['G', 'end'], action: { kind: 'move', by: 'all', direction: 1 }, context: 'global', title: 'last row', group: 'move' },
	{ keys: ['tab'], action: { kind: 'focus-step', direction: 1 }, context: 'global', title: 'next pane', group: 'panes', hint: 'pane' },
	{ keys: ['shift-tab'], action: { kind: 'focus-step', direction: -1 }, context: 'global', title: 'previous pane', group: 'panes' },
	{ keys: ['1'], action: { kind: 'focus', pane: 'services' }, context: 'global', title: 'services pane', group: 'panes', command: 'pane-services' },
	{ keys: ['2'], action: { kind: 'focus', pane: 'logs' }, context: 'global', title: 'logs pane', group: 'panes', command: 'pane-logs' },
	{ keys: ['3'], action: { kind: 'focus', pane: 'metrics' }, context: 'global', title: 'metrics pane', group: 'panes', command: 'pane-metrics' },
	{ keys: ['4'], action: { kind: 'focus', pane: 'playbook' }, context: 'global', title: 'playbook pane', group: 'panes', command: 'pane-playbook' },
	{ keys: ['5'], action: { kind: 'focus', pane: 'health' }, context: 'global', title: 'health pane', group: 'panes', command: 'pane-health' },
	{ keys: ['+'], action: { kind: 'zoom' }, context: 'global', title: 'zoom, and back', group: 'panes', hint: 'zoom', command: 'zoom' },
	{ keys: ['enter'], action: { kind: 'open' }, context: 'global', title: 'open', group: 'panes', hint: 'open' },
	{ keys: ['escape'], action: { kind: 'back' }, context: 'global', title: 'back', group: 'panes' },
	{ keys: ['q'], action: { kind: 'leave' }, context: 'global', title: 'back, then quit', group: 'general', hint: 'quit', command: 'quit' },
	{ keys: ['ctrl-c'], action: { kind: 'quit' }, context: 'global', title: 'quit at once', group: 'general' },
	{ keys: ['?'], action: { kind: 'help' }, context: 'global', title: 'help', group: 'general', hint: 'help', command: 'help' },
	{ keys: [':'], action: { kind: 'palette' }, context: 'global', title: 'command palette', group: 'general', hint: 'commands' },
	{ keys: ['T'], action: { kind: 'theme' }, context: 'global', title: 'next theme', group: 'general', command: 'theme' },
	{ keys: ['ctrl-l'], action: { kind: 'redraw' }, context: 'global', title: 'draw the screen again', group: 'general', command: 'redraw' },
	{ keys: ['/'], action: { kind: 'search' }, context: 'global', title: 'search', group: 'search', hint: 'search', command: 'search' },
	{ keys: ['n'], action: { kind: 'match', direction: 1 }, context: 'global', title: 'next match', group: 'search' },
	{ keys: ['N'], action: { kind: 'match', direction: -1 }, context: 'global', title: 'previous match', group: 'search' },
	{ keys: ['!'], action: { kind: 'invert' }, context: 'global', title: 'invert the search', group: 'search', command: 'search-invert' },
	{ keys: ['&'], action: { kind: 'keep-only' }, context: 'global', title: 'keep only matches', group: 'search', command: 'search-keep' },
	{ keys: ['a'], action: { kind: 'menu' }, context: 'global', title: 'act on the service', group: 'respond', hint: 'act', command: 'act' },
	{ keys: ['p'], action: { kind: 'playbooks' }, context: 'global', title: 'playbooks', group: 'respond', hint: 'playbooks', command: 'playbooks' },
	{ keys: ['r'], action: { kind: 'rollback' }, context: 'global', title: 'roll back', group: 'respond', hint: 'rollback', command: 'roll-back' },
	{ keys: ['m'], action: { kind: 'note' }, context: 'global', title: 'note into the record', group: 'respond', command: 'note' },
	{ keys: ['c'], action: { kind: 'copy' }, context: 'global', title: 'copy the selected row', group: 'general', command: 'copy' },
	{ keys: ['ctrl-s'], action: { kind: 'save' }, context: 'global', title: 'save the pane to a file', group: 'general', command: 'save' },
];

/** Keys of one pane; they come before those that hold everywhere. */
const inPanes: readonly Binding[] = [
	{ keys: ['/'], action: { kind: 'search' }, context: 'services', title: 'filter services', group: 'services', hint: 'filter', shadows: true },
	{ keys: ['o'], action: { kind: 'reorder' }, context: 'services', title: 'put the rows in order', group: 'services', command: 'reorder' },
	{ keys: ['e'], action: { kind: 'level-step', level: 'error', direction: 1 }, context: 'logs', title: 'next error', group: 'logs', hint: 'error', command: 'next-error' },
	{ keys: ['E'], action: { kind: 'level-step', level: 'error', direction: -1 }, context: 'logs', title: 'previous error', group: 'logs', command: 'previous-error' },
	{ keys: ['w'], action: { kind: 'level-step', level: 'warn', direction: 1 }, context: 'logs', title: 'next warning', group: 'logs', command: 'next-warning' },
	{ keys: ['W'], action: { kind: 'level-step', level: 'warn', direction: -1 }, context: 'logs', title: 'previous warning', group: 'logs', command: 'previous-warning' },
	{ keys: ['F'], action: { kind: 'follow' }, context: 'logs', title: 'follow, and pause', group: 'logs', hint: 'follow', command: 'follow' },
	{ keys: ['t'], action: { kind: 'timestamps' }, context: 'logs', title: 'timestamps on and off', group: 'logs', command: 'timestamps' },
	{ keys: ['z'], action: { kind: 'wrap' }, context: 'logs', title: 'wrap long lines', group: 'logs', hint: 'wrap', command: 'wrap' },
	{ keys: ['o'], action: { kind: 'columns' }, context: 'logs', title: 'fields as columns', group: 'logs', command: 'columns' },
	{ keys: ['x'], action: { kind: 'fold' }, context: 'logs', title: 'fold repeated lines', group: 'logs', command: 'fold' },
	{ keys: ['l'], action: { kind: 'min-level' }, context: 'logs', title: 'least level shown', group: 'logs', hint: 'level', command: 'min-level' },
	{ keys: ['0'], action: { kind: 'since', since: 'tail' }, context: 'logs', title: 'from the tail', group: 'logs', command: 'since-tail' },
	{ keys: ['1'], action: { kind: 'since', since: 'head' }, context: 'logs', title: 'from the head', group: 'logs', command: 'since-head', shadows: true },
	{ keys: ['2'], action: { kind: 'since', since: '1m' }, context: 'logs', title: 'the last minute', group: 'logs', command: 'since-1m', shadows: true },
	{ keys: ['3'], action: { kind: 'since', since: '5m' }, context: 'logs', title: 'the last 5 minutes', group: 'logs', command: 'since-5m', shadows: true },
	{ keys: ['4'], action: { kind: 'since', since: '15m' }, context: 'logs', title: 'the last 15 minutes', group: 'logs', command: 'since-15m', shadows: true },
	{ keys: ['5'], action: { kind: 'since', since: '30m' }, context: 'logs', title: 'the last 30 minutes', group: 'logs', command: 'since-30m', shadows: true },
	{ keys: ['6'], action: { kind: 'since', since: '1h' }, context: 'logs', title: 'the last hour', group: 'logs', command: 'since-1h' },
	{ keys: ['enter'], action: { kind: 'open' }, context: 'playbook', title: 'answer what it asks', group: 'playbook', hint: 'answer', shadows: true },
	{ keys: ['s'], action: { kind: 'skip-step' }, context: 'playbook', title: 'skip the current step', group: 'playbook', hint: 'skip', command: 'skip-step' },
	{ keys: ['a'], action: { kind: 'menu' }, context: 'playbook', title: 'act on the run', group: 'playbook', hint: 'act on the run', shadows: true },
	{ keys: ['m'], action: { kind: 'note' }, context: 'playbook', title: 'note into the record', group: 'playbook', hint: 'note', shadows: true },
	{ keys: ['['], action: { kind: 'window', direction: -1 }, context: 'metrics', title: 'shorter window', group: 'metrics', hint: 'window', command: 'window-shorter' },
	{ keys: [']'], action: { kind: 'window', direction: 1 }, context: 'metrics', title: 'longer window', group: 'metrics', command: 'window-longer' },
];

const accepts = {
	prompt: { title: 'keep the text', hint: 'keep' },
	palette: { title: 'run the command', hint: 'run' },
	'confirm-typed': { title: 'do it, once typed', hint: 'do it, once the name is typed' },
	picker: { title: 'open it', hint: 'open' },
	form: { title: 'next, or press', hint: 'next, or press the button' },
	text: { title: 'give the text', hint: 'give' },
} as const;

/** Keys where one types. Characters that stand in no binding are text. */
const inPrompts: readonly Binding[] = (['prompt', 'palette', 'confirm-typed', 'picker', 'form', 'text'] as const).flatMap((context): readonly Binding[] => [
	{ keys: ['enter'], action: { kind: 'accept' }, context, title: accepts[context].title, group: 'dialogs', hint: accepts[context].hint },
	{ keys: ['escape', 'ctrl-c'], action: { kind: 'back' }, context, title: 'cancel', group: 'dialogs', hint: 'cancel' },
	{ keys: ['backspace', 'delete'], action: { kind: 'erase', what: 'character' }, context, title: 'erase a character', group: 'dialogs' },
	{ keys: ['ctrl-w'], action: { kind: 'erase', what: 'word' }, context, title: 'erase a word', group: 'dialogs' },
	{ keys: ['ctrl-u'], action: { kind: 'erase', what: 'all' }, context, title: 'erase all', group: 'dialogs' },
]);

const inDialogs: readonly Binding[] = [
	{ keys: ['up', 'ctrl-p'], action: { kind: 'move', by: 'row', direction: -1 }, context: 'palette', title: 'previous command', group: 'dialogs' },
	{ keys: ['down', 'ctrl-n'], action: { kind: 'move', by: 'row', direction: 1 }, context: 'palette', title: 'next command', group: 'dialogs' },
	...(['picker', 'form'] as const).flatMap((context): readonly Binding[] => [
		{ keys: ['up', 'ctrl-p'], action: { kind: 'move', by: 'row', direction: -1 }, context, title: 'up', group: 'dialogs' },
		{ keys: ['down', 'ctrl-n'], action: { kind: 'move', by: 'row', direction: 1 }, context, title: 'down', group: 'dialogs', hint: 'move' },
	]),
	{ keys: ['tab'], action: { kind: 'button', direction: 1 }, context: 'form', title: 'next field', group: 'dialogs' },
	{ keys: ['shift-tab'], action: { kind: 'button', direction: -1 }, context: 'form', title: 'previous field', group: 'dialogs' },
	...(['help', 'menu', 'options'] as const).flatMap((context): readonly Binding[] => [
		{ keys: ['j', 'down'], action: { kind: 'move', by: 'row', direction: 1 }, context, title: 'down', group: 'dialogs', hint: 'move' },
		{ keys: ['k', 'up'], action: { kind: 'move', by: 'row', direction: -1 }, context, title: 'up', group: 'dialogs' },
		{ keys: ['ctrl-d', 'space', 'pagedown'], action: { kind: 'move', by: 'page', direction: 1 }, context, title: 'a page down', group: 'dialogs' },
		{ keys: ['ctrl-u', 'b', 'pageup'], action: { kind: 'move', by: 'page', direction: -1 }, context, title: 'a page up', group: 'dialogs' },
		{ keys: ['g', 'home'], action: { kind: 'move', by: 'all', direction: -1 }, context, title: 'to the top', group: 'dialogs' },
		{ keys: ['G', 'end'], action: { kind: 'move', by: 'all', direction: 1 }, context, title: 'to the end', group: 'dialogs' },
		{ keys: ['escape', 'q'], action: { kind: 'back' }, context, title: 'close', group: 'dialogs', hint: 'close' },
		{ keys: ['ctrl-c'], action: { kind: 'quit' }, context, title: 'quit at once', group: 'dialogs' },
	]),
	{ keys: ['?'], action: { kind: 'back' }, context: 'help', title: 'close', group: 'dialogs' },
	{ keys: ['enter'], action: { kind: 'accept' }, context: 'menu', title: 'choose', group: 'dialogs', hint: 'choose' },
	{ keys: ['enter'], action: { kind: 'accept' }, context: 'options', title: 'choose', group: 'dialogs', hint: 'choose' },
	...(['confirm', 'confirm-typed'] as const).flatMap((context): readonly Binding[] => [
		{ keys: ['up'], action: { kind: 'move', by: 'row', direction: -1 }, context, title: 'up in a long script', group: 'dialogs' },
		{ keys: ['down'], action: { kind: 'move', by: 'row', direction: 1 }, context, title: 'down in a long script', group: 'dialogs' },
		{ keys: ['pageup'], action: { kind: 'move', by: 'page', direction: -1 }, context, title: 'a page up', group: 'dialogs' },
		{ keys: ['pagedown'], action: { kind: 'move', by: 'page', direction: 1 }, context, title: 'a page down', group: 'dialogs' },
	]),
	{ keys: ['enter'], action: { kind: 'accept' }, context: 'confirm', title: 'choose the button', group: 'dialogs', hint: 'choose' },
	{ keys: ['escape', 'q', 'ctrl-c'], action: { kind: 'back' }, context: 'confirm', title: 'cancel', group: 'dialogs', hint: 'cancel' },
	{ keys: ['tab', 'right'], action: { kind: 'button', direction: 1 }, context: 'confirm', title: 'next button', group: 'dialogs', hint: 'other button' },
	{ keys: ['shift-tab', 'left'], action: { kind: 'button', direction: -1 }, context: 'confirm', title: 'previous button', group: 'dialogs' },
];

/** Every key of the console. Help, the palette, the bottom line and docs/keys.md are made from it. */
export const bindings: readonly Binding[] = [...everywhere, ...inPanes, ...inPrompts, ...inDialogs];
