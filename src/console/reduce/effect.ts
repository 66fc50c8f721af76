import type { RunCommand } from '../../domain/run/control.ts';
import type { Action } from '../actions.ts';
import type { UiState } from '../ui.ts';

/** What must happen outside the state after a key. */
export type Effect =
	| { readonly kind: 'quit' }
	| { readonly kind: 'redraw' }
	| { readonly kind: 'theme' }
	| { readonly kind: 'copy' }
	| { readonly kind: 'save' }
	/** For the logs pane, which keeps its own position and settings. */
	| { readonly kind: 'logs'; readonly action: Action }
	/** Runs an act of the action menu on a container; it has been confirmed. */
	| { readonly kind: 'act'; readonly actId: string; readonly containerId: string }
	/** A word to the run that is open. */
	| { readonly kind: 'run'; readonly command: RunCommand }
	| { readonly kind: 'start-run'; readonly playbook: string; readonly service?: string; readonly values: Readonly<Record<string, string>>; readonly dryRun: boolean }
	| { readonly kind: 'open-run'; readonly runId: string; readonly act: boolean }
	| { readonly kind: 'take-over'; readonly force: boolean }
	| { readonly kind: 'close-run' }
	/** A command of the palette: its action is handled as if its key had been pressed in its pane. */
	| { readonly kind: 'command'; readonly id: string }
	| { readonly kind: 'notice'; readonly text: string; readonly tone: 'plain' | 'p0' | 'p1' | 'p2' };

/** The state after a key, and what must happen besides. */
export interface Step {
	readonly ui: UiState;
	readonly effects: readonly Effect[];
}

export const step = (ui: UiState, ...effects: readonly Effect[]): Step => ({ ui, effects });
