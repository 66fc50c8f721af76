import type { ContainerSummary } from '../../domain/container.ts';

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
	/** How far the health pane and the help screen can scroll, lines. */
	readonly healthMost: number;
	readonly helpMost: number;
	readonly seriesCount: number;
	/** The container that acts would work on: the worst one of the selected service. */
	readonly container: ContainerSummary | undefined;
	/** Containers of the selected service. */
	readonly containers: readonly ContainerSummary[];
	readonly readOnly: boolean;
	/** The engine's name and host, for confirmations. */
	readonly host: string;
}
