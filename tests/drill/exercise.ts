import type { Ground, Standing } from './ground.ts';

/** The same recovery by the commands of the written procedure. */
export interface Written {
	/** As they stand in the procedure, with the names of the range. `URL` and the other variables are set for them. */
	readonly commands: readonly string[];
	/** What differs from the playbook, in words; what is measured (rows lost, not healed) is added by itself. */
	readonly differs: string;
	/** How long is waited for the service after the last command, ms. */
	readonly patienceMs?: number;
}

/** One trouble, brought about for real, and the playbook that is to end it; or a task on a healthy service. */
export interface Exercise {
	/** Name on the command line. */
	readonly id: string;
	/** The trouble, or the task, in a few words. */
	readonly title: string;
	/** Id of the playbook. */
	readonly playbook: string;
	/** Before the clock runs: what has to be there. */
	readonly prepare?: (ground: Ground) => Promise<void>;
	/** Brings the trouble about. Absent for a task. */
	readonly trouble?: (ground: Ground) => Promise<void>;
	/** No alert can show it: a person tells of it. */
	readonly silent?: true;
	/** How the service stands, as far as this trouble shows. Default: it runs, answers and serves items. */
	readonly standing?: (ground: Ground) => Promise<Standing>;
	/** What must be true at the end, beside the standing. @throws Error that says what is not */
	readonly effect?: (ground: Ground) => Promise<void>;
	/** Rows written since a backup may be gone: the trouble took them. */
	readonly mayLoseRows?: true;
	/** Values to give in the form, where those it has do not fit. */
	readonly values?: (ground: Ground) => Readonly<Record<string, string>>;
	/** Causes to choose against the suggestion, by the title of the branch, one for each time it is asked; empty text: the suggested one. */
	readonly choose?: Readonly<Record<string, readonly string[]>>;
	/** What a person does by hand, by the title of the step that asks for it. */
	readonly byHand?: Readonly<Record<string, (ground: Ground) => Promise<void>>>;
	/** What a person does about a step that has failed, by its title: by hand first, having read the screen, then which way on. */
	readonly failed?: Readonly<Record<string, { readonly work?: (ground: Ground, screen: string) => Promise<void>; readonly choose: 'Try it again' | 'Skip it' | 'Go on as if it were done' }>>;
	/** Values to give where a step asks for them, by the title of the step. */
	readonly give?: Readonly<Record<string, (ground: Ground) => string>>;
	/** Values to choose against the suggestion where some are offered, by the title of the step: how its row begins. */
	readonly offered?: Readonly<Record<string, string>>;
	/** Titles of steps that are skipped, for the range has not what they need. */
	readonly skip?: readonly string[];
	/** How the run is to end. Default `succeeded`. */
	readonly ends?: 'succeeded' | 'failed';
	readonly written?: Written;
}
