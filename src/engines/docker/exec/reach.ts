import type { Process } from './processes.ts';

/** A way to see and signal the processes of a container. */
export interface Reach {
	/** Whose pids these are: the command's own pid counts only where they are the host's. */
	readonly side: 'host' | 'inside';
	/** All processes of the container; `undefined` where this way does not work, which ends it. */
	scan(): Promise<readonly Process[] | undefined>;
	/** Signals what it can. A process that is gone already is no failure. */
	kill(processes: readonly Process[], signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}
