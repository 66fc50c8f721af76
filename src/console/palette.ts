import fuzzysort from 'fuzzysort';
import type { Action } from './actions.ts';
import { type Binding, bindings } from './bindings.ts';
import { keysLabel } from './keymap.ts';
import type { PaletteItem } from './view.ts';

const commandBindings: readonly (Binding & { readonly command: string })[] = bindings.filter(
	(binding): binding is Binding & { readonly command: string } => binding.command !== undefined,
);

const paneOf = (binding: Binding): string => (binding.context === 'global' ? '' : `${binding.context}: `);

/** Every command that the keys know, in the order of the keymap. */
export const commandItems: readonly PaletteItem[] = commandBindings.map((binding) => ({
	id: binding.command,
	title: `${paneOf(binding)}${binding.title}`,
	keys: keysLabel(binding),
}));

/** The action of a palette item; `undefined` for items that others added. The pane it belongs to should get the focus first. */
export const commandFor = (id: string): { readonly action: Action; readonly context: Binding['context'] } | undefined => {
	const binding = commandBindings.find((candidate) => candidate.command === id);
	return binding === undefined ? undefined : { action: binding.action, context: binding.context };
};

/**
 * Commands that match what was typed, the best first; all of them where nothing was typed.
 * @param extra items beside the keymap's, such as `go to web`
 */
export const paletteItems = (query: string, extra: readonly PaletteItem[] = []): readonly PaletteItem[] => {
	const all = [...extra, ...commandItems];
	const wanted = query.trim();
	if (wanted === '') return all;
	return fuzzysort.go(wanted, all, { key: 'title', threshold: 0.3, limit: 100 }).map((result) => result.obj);
};
