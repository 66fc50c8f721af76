/** A command to be carried out under a supervisor, in a session of its own. Secrets are in `env` and `redact` only. */
export interface CommandSpec {
	/** Folder that gets the output, the exit code and the identity of the process: made by the supervisor, mode 0700. */
	readonly folder: string;
	readonly argv: readonly [string, ...string[]];
	readonly env: Readonly<Record<string, string>>;
	readonly workingDir: string;
	readonly timeoutMs: number;
	/** Between TERM and KILL, ms. */
	readonly graceMs: number;
	/** Texts that must not reach a file: replaced by `(secret)` across chunk borders. */
	readonly redact: readonly string[];
	/** True: all output is stored as `(secret)`, and only its size is kept. */
	readonly hideOutput: boolean;
	/** Bound of what is kept of the output, bytes: the first and the last half of it. */
	readonly maxOutputBytes: number;
}

/** How a supervised command ended, as its supervisor wrote it down. */
export interface CommandEnd {
	readonly exitCode?: number;
	readonly signal?: string;
	/** Set where it could not be started: in words. */
	readonly failedToStart?: string;
	readonly timedOut: boolean;
	readonly cancelled: boolean;
	/** Epoch ms. */
	readonly startedAt: number;
	readonly endedAt: number;
	readonly durationMs: number;
	readonly bytes: number;
	readonly lines: number;
	readonly droppedBytes: number;
	/** Processes of it that are still there after KILL, `pid name` each. */
	readonly survivors: readonly string[];
	/** Processes that it left running in the background when it ended by itself, `pid name` each. They are not ended: a daemon may be what was wanted. */
	readonly left?: readonly string[];
	/** What else a person should know, in words: output that could not be written, processes that may not be signalled. */
	readonly note?: string;
}

/** What is known of an execution whose end nobody saw. */
export type ExecutionEvidence =
	| { readonly kind: 'ended'; readonly end: CommandEnd }
	/** Its supervisor lives: it goes on, and can be awaited. */
	| { readonly kind: 'running'; readonly startedAt: number }
	/** The supervisor is gone without a word. `alive`: processes of the command that still run. */
	| { readonly kind: 'lost'; readonly words: string; readonly alive: readonly string[] }
	/** The folder does not exist: it was never spawned. */
	| { readonly kind: 'never' };

/** A command under way. */
export interface RunningCommand {
	/** Resolves with its end, also where another console started it. */
	readonly ended: Promise<CommandEnd>;
	/** TERM to the whole tree, grace, KILL, verified empty. Resolves when that is over. */
	cancel(): Promise<CommandEnd>;
	/** Stops watching; the command goes on. */
	detach(): void;
}

/** Carries out commands so that they survive the console. */
export interface CommandSupervisor {
	/** Gets a supervisor ready, so that the next start costs nothing. */
	warm(): void;
	/** Resolves once the command runs (or failed to start, which is an end). */
	start(spec: CommandSpec): Promise<RunningCommand>;
	/** Takes up a command that was started earlier, by whomever. */
	attach(folder: string): Promise<RunningCommand | undefined>;
	/** What became of it. */
	evidence(folder: string): Promise<ExecutionEvidence>;
	close(): void;
}
