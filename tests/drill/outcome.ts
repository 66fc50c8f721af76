import type { Offered } from './person.ts';

/** What came of one recovery. Times in ms. */
export interface Recovery {
	/** From the trouble, once it shows, to the service being well for good; absent where it never was, or for a task. */
	readonly recoveredMs?: number;
	/** From opening the console, or typing the first command, to the end of it. */
	readonly wholeMs: number;
	/** Keys that were pressed, or that the commands have. */
	readonly keys: number;
	/** Why it does not count as healed, or as done; absent where it does. */
	readonly failure?: string;
	/** What was measured beside: rows lost, the container gone. */
	readonly facts: readonly string[];
}

export interface PlaybookRecovery extends Recovery {
	/** Steps carried out, those of playbooks within it included, and how many there are in it. */
	readonly steps: { readonly carriedOut: number; readonly changes: number };
	/** How the run ended, in words of the record. */
	readonly end: string;
	/** What the row of the service said, with its severity; empty where it said of no trouble. */
	readonly alert: string;
	readonly offered?: Offered;
}
