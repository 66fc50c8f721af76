import type { CallOptions } from './engine.ts';

/**
 * What is moved to another version as one: a container, a service of a cluster, a deployment. Its id may change with
 * the move, its name does not.
 */
export interface RolloutSubject {
	readonly id: string;
	readonly name: string;
}

/** What is moved as one, as an engine found it by a name. */
export interface FoundSubject extends RolloutSubject {
	/** What it is, as its engine says: `container`, `compose service`, `Swarm service`. */
	readonly kind: string;
	/** Names of the containers it has now. */
	readonly containers: readonly string[];
}

/** A version that a service runs, ran, or could run. */
export interface ServiceVersion {
	/** How a plan is asked for it: a tag where it has one, else its id. */
	readonly image: string;
	readonly imageId: string;
	/** Every name it goes by, ours left out. */
	readonly tags: readonly string[];
	/** As its registry knows it, `sha256:…`. */
	readonly digest?: string;
	/** Epoch ms at which it was built. */
	readonly createdAt?: number;
	readonly sizeBytes?: number;
	/** Subjects that run it now, by name. */
	readonly runs: readonly string[];
	/** True where at least one of the subjects asked about runs it. */
	readonly current: boolean;
	/** Kept from being cleaned away by a name of ours. */
	readonly pinned: boolean;
	/** What its builder wrote on it, such as `org.opencontainers.image.version`. */
	readonly labels: Readonly<Record<string, string>>;
}

/** What a preflight found. A plan with a `refuse` is not carried out. */
export interface RolloutFinding {
	readonly level: 'refuse' | 'warn' | 'fine';
	/** What it is about, in a few words: `port 8080`, `image`. */
	readonly what: string;
	/** Why it is so, and what to do where there is something to do. */
	readonly why: string;
}

/** One difference that the move makes to what runs. */
export interface RolloutChange {
	readonly field: 'image' | 'environment' | 'labels' | 'command' | 'entrypoint' | 'working folder' | 'user' | 'health check' | 'ports' | 'volumes' | 'stop signal' | 'shell';
	/** Which one, where there are several: a variable, a label, a port. */
	readonly key?: string;
	/** Absent: it was not there. */
	readonly before?: string;
	/** Absent: it is not there any more. */
	readonly after?: string;
}

/** One act of a swap or of its undoing. */
export interface RolloutAct {
	readonly id: string;
	/** What it does, to what: `stop api`. */
	readonly words: string;
	/** What is left behind where nothing more is done from here on, this act not begun. */
	readonly leaves: string;
	/** Who answers before this act: nobody means that requests fail. */
	readonly serving: 'old' | 'new' | 'both' | 'nobody';
}

/** `start-first`: the new one proves itself beside the old one. `stop-first`: requests fail between the two. */
export type RolloutWay = 'start-first' | 'stop-first';

/** A move, worked out and shown before anything is done. Plain data: it stands in a journal as it is. */
export interface RolloutPlan {
	/** Names the move: what it makes on the engine carries it. */
	readonly id: string;
	readonly subject: RolloutSubject;
	readonly from: { readonly image: string; readonly imageId: string };
	/** `imageId` is empty where the version is not there; the findings then refuse. */
	readonly to: { readonly image: string; readonly imageId: string };
	readonly way: RolloutWay;
	/** Why not the other way, one line. */
	readonly wayWhy: string;
	readonly changes: readonly RolloutChange[];
	/** One line each. */
	readonly kept: readonly string[];
	/** What is gone for good once the old one is retired, one line each. */
	readonly lost: readonly string[];
	readonly downtime: {
		/** Expected time in which nobody answers, ms, beyond what the service itself takes to stop and to start. */
		readonly expectedMs: number;
		/** Where the figure comes from. */
		readonly basis: string;
	};
	readonly findings: readonly RolloutFinding[];
	readonly acts: readonly RolloutAct[];
	/** Acts that take it back, in their order. */
	readonly undoActs: readonly RolloutAct[];
	/** How it is proved: `healthy within 40 s`, `running for 5 s`. */
	readonly proof: string;
	/** The engine's own part. JSON values only, none of them secret. */
	readonly data: Readonly<Record<string, unknown>>;
}

/** What an engine needs to take up a swap again. Plain data. */
export interface RolloutState {
	readonly plan: RolloutPlan;
	/** Id of what was made, as soon as it is known. */
	readonly freshId?: string;
}

/** How the caller takes part in a swap. An error of `before` or `after` ends the swap there, and nothing is undone by itself. */
export interface RolloutHooks {
	/** Awaited before an act is begun, so that it can be made durable first. `state` is what to record with it. */
	readonly before?: (act: RolloutAct, state: RolloutState) => Promise<void>;
	/** Awaited after an act was carried out, or found to be done already. */
	readonly after?: (act: RolloutAct, state: RolloutState, tookMs: number) => Promise<void>;
	/** The service's own probes of the new one, asked again until they are content or `signal` aborts at the end of the time for the proof. */
	readonly prove?: (fresh: RolloutSubject, signal: AbortSignal) => Promise<{ readonly ok: boolean; readonly words: string }>;
	/** How the proof stands, whenever its words change. */
	readonly onProof?: (words: string) => void;
	/** A swap that has begun is taken back when this aborts. */
	readonly signal?: AbortSignal;
}

export interface RolloutOutcome {
	/** `swapped`: the new one serves. `restored`: it failed, and the old one is back. `stuck`: the old one could not be brought back. */
	readonly end: 'swapped' | 'restored' | 'stuck';
	/** Why, in words. */
	readonly words: string;
	readonly state: RolloutState;
	/** Time in which nobody answered, ms, from the request to stop until the engine said that the other one runs; absent where somebody always did. */
	readonly gapMs?: number;
	/** From its start to its proof, ms. */
	readonly provedMs?: number;
	readonly tookMs: number;
}

/** How a swap stands on the engine, whoever began it. */
export interface RolloutStanding {
	/** `not-begun`: all is as before. `undone`: it was begun, and all is as before. `half`: neither. `done`: the new one serves. `gone`: what it was about is not there. */
	readonly stage: 'not-begun' | 'half' | 'done' | 'undone' | 'gone';
	readonly serving: RolloutAct['serving'];
	/** What was found, one line each. */
	readonly evidence: readonly string[];
	/** Whether the rest can be done, and why not. */
	readonly finish: { readonly possible: boolean; readonly why: string };
	readonly undo: { readonly possible: boolean; readonly why: string };
	/** Which of the two is the safer, and why; absent where nothing is to be done. */
	readonly advice?: { readonly choose: 'finish' | 'undo'; readonly why: string };
	/** With what the engine tells of it. */
	readonly state: RolloutState;
}

export interface RolloutPlanOptions extends CallOptions {
	/** Asks for one way; refused where it is not possible. */
	readonly way?: RolloutWay;
	/** How long the new one has to prove itself, ms; worked out from its health check where absent. */
	readonly proveWithinMs?: number;
	/** How long it has to run where it has no health check, ms; 5 s where absent. */
	readonly steadyMs?: number;
}

/** Moves services between versions. Every act is safe to repeat: one that is done already does nothing. */
export interface RolloutEngine {
	/**
	 * What is moved as one where this is named.
	 * @param name id of a service (`group/service`), name of a service where only one has it, or name of a container
	 * @throws EngineError of kind `not-found`, `conflict` where it names several
	 */
	subject(name: string, options?: CallOptions): Promise<FoundSubject>;
	/** What there is to go to, newest built first: versions of the same repositories, and pinned ones. @throws EngineError */
	versions(subjects: readonly RolloutSubject[], options?: CallOptions): Promise<readonly ServiceVersion[]>;
	/** Changes nothing. @throws EngineError of kind `not-found` where there is no such subject */
	plan(subject: RolloutSubject, toImage: string, options?: RolloutPlanOptions): Promise<RolloutPlan>;
	/**
	 * Carries a plan out, act by act. Where the new one fails to prove itself the old one is brought back at once.
	 * @throws EngineError of kind `conflict` where the plan's findings refuse, or the subject is not what was planned for; whatever a hook throws
	 */
	swap(plan: RolloutPlan, hooks?: RolloutHooks): Promise<RolloutOutcome>;
	/** Takes up a swap where it stands and does the rest of it; where it has come to its end since, nothing is done. @throws as `swap` */
	finish(state: RolloutState, hooks?: RolloutHooks): Promise<RolloutOutcome>;
	/** Brings the old one back, from wherever the swap stands, also after it was done. @throws EngineError; whatever a hook throws */
	undo(state: RolloutState, hooks?: RolloutHooks): Promise<RolloutOutcome>;
	/** Tells from the engine how a swap stands. Changes nothing. @throws EngineError */
	examine(state: RolloutState, options?: CallOptions): Promise<RolloutStanding>;
	/** Ends the soak: the old one is removed, its data is not. @throws EngineError of kind `conflict` where the new one does not serve */
	retire(state: RolloutState, options?: CallOptions): Promise<void>;
	/** Gets a version from where it is published. @param onProgress words of how far it is @throws EngineError */
	fetch(image: string, onProgress: (words: string) => void, signal: AbortSignal): Promise<void>;
	/** Keeps a version from being cleaned away. Returns the name it got. @throws EngineError */
	pin(service: string, imageId: string, options?: CallOptions): Promise<string>;
	/** Names of ours that keep versions of a service, with their image ids. @throws EngineError */
	pins(service: string, options?: CallOptions): Promise<readonly { readonly name: string; readonly imageId: string }[]>;
	/** Lets go of one; does nothing where it is not pinned. The version itself stays where it has another name or is in use. @throws EngineError */
	unpin(service: string, imageId: string, options?: CallOptions): Promise<void>;
}
