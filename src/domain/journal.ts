import type { RolloutAct, RolloutOutcome, RolloutState } from './rollout.ts';
import type { RunEvent } from './run/event.ts';

/** Who did something: always a person at a console. */
export interface Actor {
	/** Account on this machine. */
	readonly user: string;
	/** Where an account is shared: who they said they are. */
	readonly person?: string;
	/** Machine the console runs on. */
	readonly host: string;
	/** One console: unique per process, `<boot id>:<pid>:<start time>`. */
	readonly session: string;
}

/** What is handed to the journal. */
export type NewJournalEvent = {
	readonly actor: Actor;
	readonly runId?: string;
	readonly incidentId?: string;
	readonly event: RunEvent | ActEvent | VersionEvent;
};

/** One event as it stands in the journal. Nothing in it is ever changed. */
export type JournalEvent = NewJournalEvent & {
	/** From 1, without gaps. */
	readonly seq: number;
	/** Epoch ms. */
	readonly at: number;
	/** SHA-256 over the previous hash and this event's bytes, hex. */
	readonly hash: string;
};

/** Something done from the action menu, outside any run. `act_started` is durable before the engine is asked. */
export type ActEvent =
	| { readonly kind: 'act_started'; readonly act: string; readonly command: string; readonly service?: string; readonly container: string; readonly risk: 'change' | 'destructive' }
	| { readonly kind: 'act_ended'; readonly startedSeq: number; readonly outcome: 'done' | 'failed'; readonly words: string };

/**
 * What is known of a version of a service that was seen to run. `seen`: it runs. `proved`: it has been healthy for the service's watch window
 * without a break. `left`: it runs no more, or is not healthy any more.
 */
export interface VersionEvent {
	readonly kind: 'version_seen' | 'version_proved' | 'version_left';
	/** Id of the service. */
	readonly service: string;
	/** Address of the engine. */
	readonly engine: string;
	readonly image: string;
	readonly imageId: string;
	/** Epoch ms since when it runs. */
	readonly since: number;
	/** How long it was healthy without a break, ms, as far as was seen. */
	readonly healthyMs: number;
	/** Why, in words: `healthy for 10 min`, `exited 1`. */
	readonly words: string;
	/** Of `version_proved`: means over the window, by signal, such as `http.p95`: the baseline for what comes later. */
	readonly figures?: Readonly<Record<string, number>>;
}

/** All that is known of one version of a service, from the projection. */
export interface VersionRecord {
	readonly service: string;
	readonly engine: string;
	readonly image: string;
	readonly imageId: string;
	/** Epoch ms. */
	readonly firstSeenAt: number;
	readonly lastSeenAt: number;
	/** Epoch ms since when it ran, as it was told last. */
	readonly since?: number;
	/** The longest time without a break, ms. */
	readonly healthyMs: number;
	/** Epoch ms of the newest proof; absent where it was never proved. */
	readonly provedAt?: number;
	readonly figures?: Readonly<Record<string, number>>;
	/** Newest words on it. */
	readonly words: string;
	/** True where the newest event says that it runs no more, or is not healthy any more. */
	readonly left?: boolean;
}

/** A move of a service, from the projection. */
export interface RolloutRecord {
	readonly planId: string;
	readonly service: string;
	/** Address of the engine it is on; absent where the journal does not hold the start of its run. */
	readonly engine?: string;
	readonly runId: string;
	/** Plan, and what was made: enough to take it up again. */
	readonly state: RolloutState;
	/** Epoch ms. */
	readonly begunAt: number;
	/** The newest act that was begun. */
	readonly act?: RolloutAct;
	/** True where the newest thing that was begun takes it back. */
	readonly undoing: boolean;
	/** Absent while it is under way, or was left in the middle. */
	readonly end?: RolloutOutcome['end'];
	readonly words?: string;
	readonly retired: boolean;
}

export type JournalErrorKind = 'full' | 'locked' | 'read-only' | 'corrupt' | 'permission' | 'broken';

/** The journal cannot be written or read. `advice` says what a person can do. */
export class JournalError extends Error {
	override readonly name = 'JournalError';
	readonly kind: JournalErrorKind;
	readonly advice: string;
	constructor(kind: JournalErrorKind, message: string, options: { advice: string; cause?: unknown }) {
		super(message, { cause: options.cause });
		this.kind = kind;
		this.advice = options.advice;
	}
}

/** Which run holds a service, and who holds the run. */
export interface Lease {
	readonly service: string;
	readonly runId: string;
	readonly holder: Actor;
	/** Epoch ms of the last sign of life of the holder. */
	readonly heartbeatAt: number;
	/** False where the holder's process is known to be gone (same boot id, no such process) or its heartbeat is older than 15 s. */
	readonly alive: boolean;
}

/** A run in one line, from the projection. */
export interface RunSummary {
	readonly runId: string;
	readonly playbookId: string;
	readonly title: string;
	readonly service?: string;
	readonly engine: string;
	/** Epoch ms. */
	readonly startedAt: number;
	readonly endedAt?: number;
	readonly outcome?: string;
	readonly startedBy: Actor;
	readonly parentRunId?: string;
	readonly dryRun: boolean;
	/** Newest event of it. */
	readonly lastSeq: number;
}

/**
 * The append-only, hash-chained event log: the one source of truth for what happened.
 * Several processes use one journal at once.
 */
export interface Journal {
	/** Where it is, for messages. */
	readonly path: string;
	/** Why nothing can be written now; absent while all is well. Known from the last try, and tried again by `probe`. */
	readonly trouble: JournalError | undefined;
	/**
	 * Appends all or nothing; durable (synchronous=FULL) when it resolves. In the order of the calls.
	 * @throws JournalError
	 */
	append(events: readonly NewJournalEvent[]): Promise<readonly JournalEvent[]>;
	/** Tries whether it can be written again, without an event. @throws JournalError */
	probe(): Promise<void>;
	/** Events of one run after `afterSeq`, oldest first. @throws JournalError */
	readRun(runId: string, afterSeq?: number): Promise<readonly JournalEvent[]>;
	/** Newest first. @throws JournalError */
	runs(filter?: { readonly unfinished?: boolean; readonly service?: string; readonly limit?: number }): Promise<readonly RunSummary[]>;
	/** All events after `afterSeq`, oldest first, in pages. @throws JournalError */
	read(afterSeq: number, limit: number): Promise<readonly JournalEvent[]>;
	/** Calls whenever another process or this one has written. */
	onChange(listener: () => void): () => void;
	/**
	 * Takes the lease of a service for a run, or says who has it. One transaction.
	 * @throws JournalError
	 */
	claim(service: string, runId: string, holder: Actor): Promise<{ readonly granted: boolean; readonly lease: Lease }>;
	/** Takes it from somebody; `from` must still be the holder. Records a `run_taken_over` event in the same transaction. @returns whether it was granted */
	takeOver(service: string, runId: string, from: Actor, to: Actor): Promise<{ readonly granted: boolean; readonly lease: Lease }>;
	/** @returns false where somebody else has the lease by now */
	heartbeat(service: string, runId: string, holder: Actor): Promise<boolean>;
	release(service: string, runId: string, holder: Actor): Promise<void>;
	leases(): Promise<readonly Lease[]>;
	/** What is known of the versions of a service on an engine, newest seen first. @throws JournalError */
	versions(service: string, engine: string): Promise<readonly VersionRecord[]>;
	/** Moves of services, newest first. One whose engine is not known is on every engine. @throws JournalError */
	rollouts(filter?: { readonly service?: string; readonly engine?: string; readonly planId?: string; readonly unended?: boolean; readonly limit?: number }): Promise<readonly RolloutRecord[]>;
	close(): Promise<void>;
}
