import type { Exercise } from '../exercise.ts';
import type { Ground } from '../ground.ts';

/** What a case may do to the engine itself. */
export interface EngineHands {
	/** Kills the engine and starts it again; what ran on it is down then. */
	killEngine(): Promise<void>;
	/** Ends the engine in good order and starts it again; what ran on it is down then, but for what has a restart policy. */
	restartEngine(): Promise<void>;
}

/** A bad deployment, and the way back from it. The playbook is one of a rollback. */
export interface RollbackCase extends Exercise {
	/** Versions that were seen healthy, in the order in which they ran, before the one that ran last: the record of the days before. */
	readonly ranWell: readonly string[];
	/** Version that is to run at the end. */
	readonly endsOn: string;
	/** What a person does to the engine about a step that has failed, by its title, where the screen says that this helps: then it is tried again. */
	readonly engineHelps?: Readonly<Record<string, { readonly said: RegExp; readonly work: (ground: Ground, engine: EngineHands) => Promise<void> }>>;
	/** What happens in the middle of the move. @param signal the trial is over: no middle is waited for any more */
	readonly meddle?: (ground: Ground, engine: EngineHands, signal: AbortSignal) => Promise<void>;
}
