/** What one run of a program came to. */
export interface ProgramEnd {
	/** Absent where a signal ended it, or it could not be started. */
	readonly exitCode: number | undefined;
	/** There is no such program. */
	readonly missing: boolean;
	readonly timedOut: boolean;
	readonly stdout: string;
	readonly stderr: string;
}

export interface ProgramOptions {
	/** The whole environment: nothing is added to it. */
	readonly env: Readonly<Record<string, string>>;
	readonly timeoutMs: number;
	/** The program and what it has started are killed when this aborts. */
	readonly signal?: AbortSignal;
}

/** Runs a program from its words, without a shell. Never rejects for how it ended. */
export type RunProgram = (argv: readonly string[], options: ProgramOptions) => Promise<ProgramEnd>;

/** What moving compose services needs of the world; this machine's own where absent. */
export interface ComposePorts {
	readonly run?: RunProgram;
	/** Where files of ours for compose are kept. */
	readonly overrideFolder?: string;
	/** Of this process; compose fills the variables of its files from it. */
	readonly environment?: Readonly<Record<string, string | undefined>>;
}
