import type { Pane } from './panes.ts';

/** From where the log is read: the keys 0 to 6 in the logs pane. */
export type Since = 'tail' | 'head' | '1m' | '5m' | '15m' | '30m' | '1h';

/** Everything a key or a command of the palette can ask of the console. Closed: the store handles each one. */
export type Action =
	/** `row` moves the selection (or scrolls) by one, `half` and `page` by half a pane and a pane, `all` to the end. */
	| { readonly kind: 'move'; readonly by: 'row' | 'half' | 'page' | 'all'; readonly direction: -1 | 1 }
	| { readonly kind: 'focus'; readonly pane: Pane }
	| { readonly kind: 'focus-step'; readonly direction: -1 | 1 }
	| { readonly kind: 'zoom' }
	| { readonly kind: 'open' }
	| { readonly kind: 'back' }
	/** Back where there is something to go back from, else quit. */
	| { readonly kind: 'leave' }
	| { readonly kind: 'quit' }
	| { readonly kind: 'redraw' }
	| { readonly kind: 'theme' }
	| { readonly kind: 'help' }
	| { readonly kind: 'palette' }
	/** Opens the prompt: a filter in the services pane, a search in the others. */
	| { readonly kind: 'search' }
	| { readonly kind: 'match'; readonly direction: -1 | 1 }
	| { readonly kind: 'invert' }
	| { readonly kind: 'keep-only' }
	| { readonly kind: 'level-step'; readonly level: 'error' | 'warn'; readonly direction: -1 | 1 }
	| { readonly kind: 'min-level' }
	| { readonly kind: 'follow' }
	| { readonly kind: 'timestamps' }
	| { readonly kind: 'wrap' }
	| { readonly kind: 'columns' }
	| { readonly kind: 'fold' }
	| { readonly kind: 'since'; readonly since: Since }
	| { readonly kind: 'window'; readonly direction: -1 | 1 }
	| { readonly kind: 'reorder' }
	| { readonly kind: 'copy' }
	| { readonly kind: 'save' }
	| { readonly kind: 'menu' }
	/** Lists the playbooks that fit the selected service, and unfinished runs. */
	| { readonly kind: 'playbooks' }
	/** Goes to the rollback of the selected service, or asks how to begin one. */
	| { readonly kind: 'rollback' }
	/** Asks whether the current step of the run is left out. */
	| { readonly kind: 'skip-step' }
	/** Asks for a note in the record of the run. */
	| { readonly kind: 'note' }
	/** Text for the prompt, the palette or the typed confirmation. */
	| { readonly kind: 'type'; readonly text: string }
	| { readonly kind: 'erase'; readonly what: 'character' | 'word' | 'all' }
	/** The prompt's text holds; in a dialog: the chosen item, or the button that has the focus. */
	| { readonly kind: 'accept' }
	/** Moves between Cancel and the act in a confirmation. */
	| { readonly kind: 'button'; readonly direction: -1 | 1 };
