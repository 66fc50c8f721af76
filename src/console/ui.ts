import type { Pane } from './panes.ts';
import type { Dialog } from './view.ts';

/** What the person did to the screen: everything of a frame that does not come from the engine. Immutable. */
export interface UiState {
	readonly columns: number;
	readonly rows: number;
	readonly focus: Pane;
	readonly zoom?: Pane;
	/** The service the person chose; absent while the selection follows the worst one. */
	readonly chosen?: string;
	readonly filter: string;
	/** What is being typed into the filter prompt, and the filter to go back to. */
	readonly filterPrompt?: { readonly before: string };
	readonly servicesOffset: number;
	readonly healthScroll: number;
	readonly windowMs: number;
	readonly metric: number;
	/** The step of the run that the person chose; absent while the selection follows the current one. */
	readonly runStep?: string;
	readonly dialog?: Dialog;
	/** Monotonic ms of the last move in the services pane. */
	readonly movedAt: number;
	readonly themeIndex: number;
}

/** The windows of the charts, ms: 1 m to 1 h. */
export const windows: readonly number[] = [60_000, 300_000, 900_000, 1_800_000, 3_600_000];

/** Rows keep their place so long after the last move, ms. */
export const readingMs = 10_000;

export const initialUi = (columns: number, rows: number): UiState => ({
	columns,
	rows,
	focus: 'services',
	filter: '',
	servicesOffset: 0,
	healthScroll: 0,
	windowMs: 300_000,
	metric: 0,
	movedAt: Number.NEGATIVE_INFINITY,
	themeIndex: 0,
});
