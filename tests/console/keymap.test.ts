import { describe, expect, test } from 'vitest';
import { bindings, type KeyContext } from '../../src/console/bindings.ts';
import { actionFor, bindingFor, bindingsIn, contextOf, keyLabel } from '../../src/console/keymap.ts';
import { panes } from '../../src/console/panes.ts';
import type { ConfirmDialog, Dialog } from '../../src/console/view.ts';

const press = (key: string) => ({ key, text: key.length === 1 ? key : key === 'space' ? ' ' : '' });

/** What may change an engine; none of it may hang on a key alone. */
const opensOnly: ReadonlySet<string> = new Set(['menu', 'playbooks', 'skip-step', 'note', 'rollback', 'incident']);

describe('the keymap', () => {
	test('no key stands twice in one context', () => {
		const seen = new Set<string>();
		const twice = bindings.flatMap((binding) =>
			binding.keys.filter((key) => {
				const id = `${binding.context} ${key}`;
				return seen.has(id) || !seen.add(id);
			}),
		);
		expect(twice).toEqual([]);
	});

	test('a pane takes a key from everywhere only where it says so', () => {
		const global = new Set(bindings.filter((binding) => binding.context === 'global').flatMap((binding) => binding.keys));
		const unsaid = bindings
			.filter((binding) => (panes as readonly string[]).includes(binding.context))
			.filter((binding) => binding.keys.some((key) => global.has(key)) !== (binding.shadows === true))
			.map((binding) => `${binding.context} ${binding.keys.join(' ')}`);
		expect(unsaid).toEqual([]);
	});

	test('commands of the palette have ids of their own', () => {
		const ids = bindings.flatMap((binding) => (binding.command === undefined ? [] : [binding.command]));
		expect(new Set(ids).size).toBe(ids.length);
		expect(ids.length).toBeGreaterThan(25);
	});

	test('titles fit the narrowest column of the help', () => {
		expect(bindings.filter((binding) => binding.title.length > 24).map((binding) => binding.title)).toEqual([]);
	});

	test('no bare letter in a pane does more than look, move or open a question', () => {
		const looks = new Set([
			'move', 'focus', 'focus-step', 'zoom', 'open', 'back', 'leave', 'quit', 'redraw', 'theme', 'help', 'palette', 'search', 'match',
			'invert', 'keep-only', 'level-step', 'min-level', 'follow', 'timestamps', 'wrap', 'columns', 'fold', 'since', 'window', 'reorder',
			'mark', 'copy', 'save',
		]);
		for (const pane of panes) {
			for (const binding of bindingsIn(pane)) {
				expect(looks.has(binding.action.kind) || opensOnly.has(binding.action.kind), `${pane} ${binding.keys.join(' ')}`).toBe(true);
			}
		}
	});

	test.each([
		['services', '/', { kind: 'search' }],
		['services', 'j', { kind: 'move', by: 'row', direction: 1 }],
		['services', '2', { kind: 'focus', pane: 'logs' }],
		['metrics', '1', { kind: 'focus', pane: 'services' }],
		['logs', '1', { kind: 'since', since: 'head' }],
		['logs', '6', { kind: 'since', since: '1h' }],
		['logs', 'N', { kind: 'match', direction: -1 }],
		['logs', 'o', { kind: 'columns' }],
		['services', 'o', { kind: 'reorder' }],
		['health', 'a', { kind: 'menu' }],
		['metrics', ']', { kind: 'window', direction: 1 }],
		['prompt', 'q', { kind: 'type', text: 'q' }],
		['prompt', 'space', { kind: 'type', text: ' ' }],
		['prompt', 'escape', { kind: 'back' }],
		['palette', 'j', { kind: 'type', text: 'j' }],
		['palette', 'down', { kind: 'move', by: 'row', direction: 1 }],
		['confirm-typed', 'y', { kind: 'type', text: 'y' }],
		['confirm', 'y', undefined],
		['confirm', 'j', undefined],
		['confirm', 'tab', { kind: 'button', direction: 1 }],
		['confirm-typed', 'tab', undefined],
		['menu', '1', undefined],
		['help', '?', { kind: 'back' }],
	] as const)('in %s the key %s means %o', (context, key, action) => {
		expect(actionFor(context, press(key))).toEqual(action);
	});

	test('a paste is text where one types, and nothing elsewhere', () => {
		const paste = { key: 'paste', text: 'a rm -rf' };
		expect(actionFor('prompt', paste)).toEqual({ kind: 'type', text: 'a rm -rf' });
		for (const context of ['services', 'logs', 'menu', 'confirm', 'help'] satisfies readonly KeyContext[]) {
			expect(actionFor(context, paste)).toBeUndefined();
		}
	});

	test('a pane falls back to the keys that hold everywhere, a dialog does not', () => {
		expect(bindingFor('logs', 'tab')?.context).toBe('global');
		expect(bindingFor('menu', 'tab')).toBeUndefined();
	});
});

describe('contextOf', () => {
	const view = (over: { readonly dialog?: Dialog; readonly filtering?: boolean; readonly searching?: boolean }) => ({
		focus: 'logs' as const,
		services: { filtering: over.filtering ?? false },
		logs: { searching: over.searching ?? false },
		...(over.dialog === undefined ? {} : { dialog: over.dialog }),
	});
	const confirm: ConfirmDialog = { kind: 'confirm', title: 't', risk: 'change', host: 'h', target: 'x', act: 'a', loss: 'l', focus: 'cancel', typed: '', subject: { kind: 'act', actId: 'i', containerId: 'c' } };

	test('a dialog comes before a prompt, a prompt before the pane', () => {
		expect(contextOf(view({}))).toBe('logs');
		expect(contextOf(view({ searching: true }))).toBe('prompt');
		expect(contextOf(view({ filtering: true }))).toBe('prompt');
		expect(contextOf(view({ filtering: true, dialog: { kind: 'help', scroll: 0 } }))).toBe('help');
		expect(contextOf(view({ dialog: confirm }))).toBe('confirm');
		expect(contextOf(view({ dialog: { ...confirm, risk: 'destructive' } }))).toBe('confirm-typed');
	});
});

test('keys are named as people read them', () => {
	expect(keyLabel('ctrl-d')).toBe('^d');
	expect(keyLabel('up')).toBe('↑');
	expect(keyLabel('up', 'ascii')).toBe('Up');
	expect(keyLabel('shift-tab')).toBe('S-Tab');
});
