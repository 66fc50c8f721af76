import type { ContainerSummary } from './container.ts';
import type { ProbeResult } from './probe.ts';
import type { SignalReader } from './signal.ts';

/**
 * What people run and name. It owns containers (replicas), probes and rules.
 * Its id is stable over restarts and re-creation: `group/service`, or the container's name.
 */
export interface Service {
	readonly id: string;
	/** What the row shows. */
	readonly name: string;
	/** Compose project or stack. */
	readonly group?: string;
	readonly manager: ContainerSummary['manager'];
	/** Newest first. A service from sitrep.yaml whose container is missing has none. */
	readonly containers: readonly ContainerSummary[];
	/** True where it stands in sitrep.yaml. */
	readonly configured: boolean;
	/**
	 * Where a move between versions keeps it aside, or has not proved it yet, and the service whose place that is has a container of
	 * its own: no incident is in it, whatever it does.
	 */
	readonly aside?: { readonly of: string; readonly as: 'old' | 'new' };
}

/** What happened to a container lately, from events: the engine's own restart count misses manual restarts. */
export interface ContainerHistory {
	readonly containerId: string;
	/** Epoch ms of each start in the window kept (1 h). */
	readonly starts: readonly number[];
	/** Each end in the window kept (1 h), oldest first. */
	readonly ends: readonly ContainerEnd[];
}

export interface ContainerEnd {
	/** Epoch ms. */
	readonly at: number;
	readonly exitCode: number;
	readonly oom: boolean;
	/** A stop was asked for before it. Where it was, the engine may say so only after the end. */
	readonly asked: boolean;
	/** True where it is settled that nobody asked for it, and that the container is neither removed nor brought back by the engine. */
	readonly certain?: boolean;
}

/** An error that a container wrote into its log. */
export interface LoggedError {
	/** Epoch ms: by the engine's clock in a log itself, by ours in what a rule looks at. */
	readonly at: number;
	/** Its message, harmless. */
	readonly words: string;
}

/** Everything a rule may look at for one service. */
export interface ServiceFacts {
	readonly service: Service;
	/** What happened lately to one of its containers; absent where nothing did. */
	history(containerId: string): ContainerHistory | undefined;
	readonly signals: SignalReader;
	/** The newest result of each of its probes. */
	readonly probes: readonly ProbeResult[];
	/** The newest error in the logs of its containers; nothing where none was read. */
	lastError?(): LoggedError | undefined;
	/** Epoch ms of the last proof that the engine's data is current. Older than 15 s means nothing can be called healthy. */
	readonly freshAt: number;
}
