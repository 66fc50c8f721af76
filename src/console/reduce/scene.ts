import type { ContainerSummary } from '../../domain/container.ts';
import type { Actor } from '../../domain/journal.ts';
import type { LoadedPlaybook } from '../../domain/playbook/playbook.ts';
import type { RunHandle } from '../../domain/run/control.ts';
import type { Rollbacks } from '../run/rollbackDialog.ts';
import type { PickerItem } from '../run/view.ts';

/** The run that is open, for reducers. */
export interface RunScene {
	readonly id: string;
	readonly state: RunHandle['state'];
	readonly waiting: RunHandle['waiting'];
	readonly role: RunHandle['role'];
	readonly actor: Actor;
	/** Who acts, where it is somebody else, in words. */
	readonly holder?: string;
	/** The journal cannot be written now: so many events are kept in memory until it can. */
	readonly trouble?: { readonly why: string; readonly advice: string; readonly unrecorded: number };
	/** Id of the selected step. */
	readonly selected: string | undefined;
	/** Ids of the steps, in the order shown. */
	readonly order: readonly string[];
	/** Rows of the pane. */
	readonly rows: number;
}

/** Id of the step that the pane shows: the one selected, else the one it is at; of a run that is over the one it came to last. */
export const shownStep = ({ selected, state, order }: RunScene): string | undefined => {
	const last = state.path.findLast((id) => order.includes(id));
	return selected ?? state.current ?? last ?? order.at(-1);
};

/** A playbook with the values it gets from the service it would be started on. */
export interface Offer {
	readonly loaded: LoadedPlaybook;
	readonly service?: string;
	readonly values: Readonly<Record<string, string>>;
}

/** What a reducer must know of the frame that the person saw when the key was pressed. */
export interface Scene {
	/** Monotonic ms. */
	readonly now: number;
	/** Ids of the rows that pass the filter, in the order shown. */
	readonly order: readonly string[];
	readonly selectedId: string | undefined;
	/** Rows of services in view. */
	readonly serviceRows: number;
	/** Rows of the health pane. */
	readonly healthRows: number;
	/** How far the health pane and the open dialog can scroll, lines. */
	readonly healthMost: number;
	readonly dialogMost: number;
	readonly seriesCount: number;
	/** The container that acts would work on: the worst one of the selected service. */
	readonly container: ContainerSummary | undefined;
	/** Containers of the selected service. */
	readonly containers: readonly ContainerSummary[];
	/** Playbooks that fit the selected service, and unfinished runs. */
	readonly offers: readonly PickerItem[];
	/** One of them, with its values filled in. */
	offer(id: string): Offer | undefined;
	/** What can be rolled back of a service; `undefined` where there is no such service. */
	rollbacks(service: string): Rollbacks | undefined;
	/** The run that is open. */
	readonly run: RunScene | undefined;
	readonly readOnly: boolean;
	/** The engine's name and host, for confirmations. */
	readonly host: string;
}
