import type { Action } from './actions.ts';
import { type Binding, bindings, type KeyContext } from './bindings.ts';
import type { KeyPress } from './keys.ts';
import { panes } from './panes.ts';
import type { ConsoleView } from './view.ts';

const paneNames: ReadonlySet<string> = new Set(panes);

/** Contexts whose unbound characters are text. */
const typing: ReadonlySet<KeyContext> = new Set(['prompt', 'palette', 'confirm-typed', 'picker', 'form', 'text']);

const table: ReadonlyMap<string, Binding> = new Map(
	bindings.flatMap((binding) => binding.keys.map((key): [string, Binding] => [`${binding.context} ${key}`, binding])),
);

/** The binding that a key has in a context, its fallback to `global` included. */
export const bindingFor = (context: KeyContext, key: string): Binding | undefined =>
	table.get(`${context} ${key}`) ?? (paneNames.has(context) ? table.get(`global ${key}`) : undefined);

/** What a key asks for in a context; `undefined` where it means nothing there. */
export const actionFor = (context: KeyContext, press: KeyPress): Action | undefined => {
	const binding = bindingFor(context, press.key);
	if (binding !== undefined) return binding.action;
	return typing.has(context) && press.text !== '' ? { kind: 'type', text: press.text } : undefined;
};

/** Who gets the keys now: the dialog, else the prompt, else the pane with the focus. */
export const contextOf = (view: Pick<ConsoleView, 'dialog' | 'focus'> & {
	readonly services: { readonly filtering: boolean };
	readonly logs: { readonly searching: boolean };
}): KeyContext => {
	const { dialog } = view;
	if (dialog !== undefined) {
		return dialog.kind === 'confirm' && dialog.risk === 'destructive' ? 'confirm-typed' : dialog.kind;
	}
	return view.services.filtering || view.logs.searching ? 'prompt' : view.focus;
};

/** Bindings that hold in a context, those of the pane before the global ones they do not shadow. */
export const bindingsIn = (context: KeyContext): readonly Binding[] => {
	const own = bindings.filter((binding) => binding.context === context);
	if (!paneNames.has(context)) return own;
	const taken = new Set(own.flatMap((binding) => binding.keys));
	return [...own, ...bindings.filter((binding) => binding.context === 'global' && binding.keys.some((key) => !taken.has(key)))];
};

const shortNames: Readonly<Record<string, string>> = {
	up: '↑',
	down: '↓',
	left: '←',
	right: '→',
	enter: 'Enter',
	escape: 'Esc',
	tab: 'Tab',
	'shift-tab': 'S-Tab',
	space: 'Space',
	pageup: 'PgUp',
	pagedown: 'PgDn',
	home: 'Home',
	end: 'End',
	backspace: 'Backspace',
	delete: 'Del',
};

/** A key as people read it: `ctrl-d` is `^d`, `up` is `↑` or `Up`. */
export const keyLabel = (key: string, glyphs: 'unicode' | 'ascii' = 'unicode'): string => {
	if (key.startsWith('ctrl-')) return `^${key.slice(5)}`;
	if (glyphs === 'ascii' && ['up', 'down', 'left', 'right'].includes(key)) return key.charAt(0).toUpperCase() + key.slice(1);
	return shortNames[key] ?? key;
};

/** All keys of a binding in one text, such as `j ↓`. */
export const keysLabel = (binding: Binding, glyphs: 'unicode' | 'ascii' = 'unicode'): string =>
	binding.keys.map((key) => keyLabel(key, glyphs)).join(' ');
