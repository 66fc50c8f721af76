import type { ContainerDetail, ContainerSummary } from './container.ts';
import type { FiguresFollower, FiguresSink } from './figures.ts';
import type { LogEnd, LogRequest, LogSink } from './log.ts';
import type { RolloutEngine } from './rollout.ts';

/** Which engine, and how we came to it. Always on screen. */
export interface EngineTarget {
	/** Short name for the header, such as `local`, a context's name, or `ops@prod-1`. */
	readonly name: string;
	readonly kind: 'docker' | 'podman';
	/** Address as a person would type it: `unix:///var/run/docker.sock`, `ssh://ops@prod-1`, `tcp://…`. */
	readonly address: string;
	/** Where the choice came from, such as `DOCKER_HOST` or `current docker context "prod"`. */
	readonly origin: string;
	/** Name of the context it came from, where it came from one: it may hold keys besides the address. */
	readonly context?: string;
}

export interface EngineInfo {
	readonly target: EngineTarget;
	readonly product: string;
	readonly version: string;
	/** Negotiated, never pinned. */
	readonly apiVersion: string;
	readonly hostName: string;
	readonly cpus: number;
	readonly memoryBytes: number;
	readonly cgroup: 'v1' | 'v2' | 'unknown';
	readonly os: string;
	readonly storageRoot?: string;
	readonly swarm: boolean;
	/** Engine's clock less ours, ms, measured half way through a call. */
	readonly clockSkewMs: number;
}

/** Something that happened to a container, in our words. */
export interface EngineEvent {
	readonly kind:
		| 'created'
		| 'started'
		| 'stopping'
		| 'died'
		| 'stopped'
		| 'killed'
		| 'oom'
		| 'paused'
		| 'unpaused'
		| 'restarted'
		| 'renamed'
		| 'health'
		| 'removed'
		| 'updated'
		/** It left a network: at its end, and where a start failed. */
		| 'detached'
		| 'other';
	readonly containerId: string;
	/** The engine's own word for it. */
	readonly action: string;
	/** Name at the time of the event. */
	readonly name: string;
	/** Epoch ms by the engine's clock. */
	readonly at: number;
	readonly exitCode?: number;
	/** The signal that was sent; of an end, the one that brought it about where that is known. */
	readonly signal?: string;
	/**
	 * Of an end: true where no request to stop came before it, so that none is told of afterwards. Absent where the
	 * engine may still say that it was asked for.
	 */
	readonly unasked?: boolean;
	readonly attributes: Readonly<Record<string, string>>;
}

/** Why a call to an engine failed, in kinds that a screen can act on. */
export type EngineErrorKind =
	| 'unreachable'
	| 'permission'
	| 'unresponsive'
	| 'not-found'
	| 'conflict'
	| 'unsupported'
	| 'invalid'
	| 'version'
	| 'engine';

/** An error of an engine; `advice` says what to do next. */
export class EngineError extends Error {
	override readonly name = 'EngineError';
	readonly kind: EngineErrorKind;
	/** What a person can do, such as a command to run. */
	readonly advice: string | undefined;
	constructor(kind: EngineErrorKind, message: string, options: { advice?: string; cause?: unknown } = {}) {
		super(message, { cause: options.cause });
		this.kind = kind;
		this.advice = options.advice;
	}
}

export interface CallOptions {
	readonly signal?: AbortSignal;
	/** Deadline of the whole call, ms. Every unary call has one. */
	readonly timeoutMs?: number;
}

export interface ExecRequest {
	readonly argv: readonly string[];
	readonly env?: Readonly<Record<string, string>>;
	readonly user?: string;
	readonly workingDir?: string;
	/** The command and everything it started inside the container is killed after this. */
	readonly timeoutMs: number;
	readonly signal?: AbortSignal;
	/** Raw output as it comes. */
	readonly onOutput?: (stream: 'stdout' | 'stderr', bytes: Uint8Array) => void;
	/** Keep at most so many bytes of each stream in the result; the rest is counted. */
	readonly maxOutputBytes?: number;
}

/** A file on its way into a container. */
export interface FileUpload {
	/** An existing folder inside the container. */
	readonly folder: string;
	readonly name: string;
	/** Who may read it inside; its root where this is absent. */
	readonly uid?: number;
	readonly bytes: number;
	/** Exactly `bytes` of them. */
	readonly content: AsyncIterable<Uint8Array>;
}

export interface ExecResult {
	readonly exitCode: number | undefined;
	readonly stdout: Uint8Array;
	readonly stderr: Uint8Array;
	/** Bytes that were not kept, both streams. */
	readonly droppedBytes: number;
	readonly timedOut: boolean;
	readonly cancelled: boolean;
	/** Pids (inside the container) that survived the kill. Empty when all are gone. */
	readonly survivors: readonly number[];
	/** Set where it could not be made sure that the command ended, in words. */
	readonly note?: string;
	/** Set where the engine went away before it could say how the command ended. */
	readonly lost: boolean;
	readonly durationMs: number;
}

/** A container engine. Everything above it speaks this, and nothing else. */
export interface Engine {
	readonly target: EngineTarget;
	/** Connects, negotiates the API version. @throws EngineError */
	info(options?: CallOptions): Promise<EngineInfo>;
	/** Cheap sign of life. @throws EngineError of kind `unresponsive` past its deadline */
	ping(options?: CallOptions): Promise<void>;
	/** All containers, running or not. @throws EngineError */
	list(options?: CallOptions): Promise<readonly ContainerSummary[]>;
	/** One container with its detail; `undefined` where it does not exist. @throws EngineError */
	inspect(id: string, options?: CallOptions): Promise<(ContainerSummary & { detail: ContainerDetail }) | undefined>;
	/**
	 * Events from now on. Resolves `ready` once the engine has accepted the subscription, so that a list
	 * made afterwards misses nothing. `ended` rejects with EngineError when the stream breaks, resolves on abort.
	 */
	events(sink: (event: EngineEvent) => void, signal: AbortSignal): { ready: Promise<void>; ended: Promise<void> };
	/**
	 * Events of the past that the engine still remembers (Docker: the last 256), oldest first.
	 * @param fromMs epoch ms by the engine's clock
	 * @param toMs epoch ms by the engine's clock, not in its future
	 */
	pastEvents(fromMs: number, toMs: number, options?: CallOptions): Promise<readonly EngineEvent[]>;
	/** Reads figures until closed. */
	figures(sink: FiguresSink): FiguresFollower;
	/** Hands over lines until the stream ends by itself or the signal aborts. @throws EngineError when it breaks */
	logs(id: string, request: LogRequest, sink: LogSink): Promise<LogEnd>;
	start(id: string, options?: CallOptions): Promise<void>;
	/** @param graceSeconds time between the stop signal and the kill */
	stop(id: string, graceSeconds: number, options?: CallOptions): Promise<void>;
	restart(id: string, graceSeconds: number, options?: CallOptions): Promise<void>;
	pause(id: string, options?: CallOptions): Promise<void>;
	unpause(id: string, options?: CallOptions): Promise<void>;
	/** @param signalName such as `SIGTERM` */
	kill(id: string, signalName: string, options?: CallOptions): Promise<void>;
	exec(id: string, request: ExecRequest): Promise<ExecResult>;
	/** Puts one file into a container, mode 0600; an existing one is replaced. @throws EngineError */
	putFile(id: string, file: FileUpload, options?: CallOptions): Promise<void>;
	/** Moves services between versions; absent where the engine cannot. */
	readonly rollout?: RolloutEngine;
	close(): Promise<void>;
}
