import { type Binding, bindings, type KeyContext, type KeyGroup, keyGroups } from './bindings.ts';
import { keysLabel } from './keymap.ts';

const titles: Readonly<Record<KeyGroup, string>> = {
	panes: 'Panes',
	move: 'Moving',
	respond: 'Responding',
	search: 'Searching',
	services: 'Services',
	logs: 'Logs',
	metrics: 'Metrics',
	playbook: 'Playbook',
	general: 'General',
	dialogs: 'Prompts and dialogs',
};

const where: Readonly<Record<KeyContext, string>> = {
	global: 'everywhere',
	services: 'services',
	logs: 'logs',
	metrics: 'metrics',
	playbook: 'playbook',
	health: 'health',
	prompt: 'while typing',
	help: 'help',
	palette: 'command palette',
	menu: 'action menu',
	picker: 'picker',
	form: 'form',
	options: 'choice',
	text: 'question',
	confirm: 'confirmation',
	'confirm-typed': 'typed confirmation',
};

const cell = (text: string): string => text.replaceAll('|', '\\|');

const keyCell = (binding: Binding): string => binding.keys.map((key) => `\`${keysLabel({ ...binding, keys: [key] })}\``).join(' ');

const section = (group: KeyGroup): string => {
	const rows = bindings
		.filter((binding) => binding.group === group)
		.map((binding) => `| ${keyCell(binding)} | ${cell(binding.title)} | ${where[binding.context]} |`);
	return [`## ${titles[group]}`, '', '| keys | what they do | where |', '|---|---|---|', ...rows, ''].join('\n');
};

/** The page docs/keys.md, made from the keymap; a test holds the two together. */
export const keysReference = (): string =>
	[
		'# Keys',
		'',
		'This page is made from the keymap (`src/console/bindings.ts`) by `src/console/keysReference.ts`; a test fails where the two differ.',
		'',
		'No single letter changes anything on an engine: every change goes through the action menu, and asks first, with',
		'Cancel focused. `^d` is Ctrl and d, `S-Tab` is Shift and Tab. A key of a pane comes before the same key everywhere.',
		'',
		...keyGroups.map(section),
	].join('\n');
