import type { LogRing } from '../../observe/logs/ring.ts';

/** Where the pane gets its lines from. */
export interface LogRings {
	/** The ring of a container; `undefined` where its log is not followed. */
	ring(containerId: string): LogRing | undefined;
	/** State of a container's log in words: `live`, `no logs: driver none`. */
	state(containerId: string): string;
	/** Reads a log again from so many lines back; its ring is another one then. */
	readAgain(containerId: string, lines: number): void;
	/** Said where not all logs can be followed: `12 of 112 logs not followed`. */
	words(): string | undefined;
	/** Calls whenever lines came or a state changed. */
	onChange(listener: () => void): () => void;
	/** Epoch ms by the engine's clock. */
	engineNow(): number;
}
