import type { Actor, Lease } from '../journal.ts';
import type { LoadedPlaybook } from '../playbook/playbook.ts';
import type { RunSummary } from '../journal.ts';
import type { Risk } from '../playbook/risk.ts';
import type { RunState, Waiting } from './state.ts';

/** Everything a person can say to a run. Each is recorded. */
export type RunCommand =
	/** Answers `confirm`. `typed` is what was typed; refused where it is not what was wanted. */
	| { readonly kind: 'confirm'; readonly step: string; readonly typed?: string; readonly how: 'key' | 'typed' | 'yes' }
	| { readonly kind: 'skip'; readonly step: string; readonly why?: string }
	| { readonly kind: 'retry'; readonly step: string }
	/** Goes on after a failed step as if it had been done. */
	| { readonly kind: 'go-on'; readonly step: string }
	| { readonly kind: 'settle'; readonly step: string; readonly execution: string; readonly as: 'done' | 'failed' | 'retry' | 'skip'; readonly why: string }
	| { readonly kind: 'choose'; readonly step: string; readonly choice: number }
	| { readonly kind: 'tick'; readonly step: string; readonly item: number; readonly ticked: boolean }
	| { readonly kind: 'manual'; readonly step: string; readonly as: 'done' | 'failed'; readonly note?: string }
	| { readonly kind: 'input'; readonly step: string; readonly values: Readonly<Record<string, string>> }
	| { readonly kind: 'secret'; readonly name: string; readonly value: string }
	/** `person` names a second person where the account is shared. */
	| { readonly kind: 'approve'; readonly step: string; readonly granted: boolean; readonly person?: string; readonly note?: string }
	| { readonly kind: 'note'; readonly text: string; readonly step?: string }
	| { readonly kind: 'jump'; readonly to: string; readonly why?: string }
	| { readonly kind: 'rollback' }
	| { readonly kind: 'open-playbook'; readonly step: string; readonly accept: boolean }
	/** Ends the step under way, and the run. `because`: it ends as failed, where it waits at a failed step and nobody is there to ask. */
	| { readonly kind: 'cancel'; readonly because?: 'failed' }
	/** Ends a run whose console is gone without acting any more. */
	| { readonly kind: 'abandon'; readonly why: string };

/** A command that could not be carried out, in words a person can act on. Nothing was changed. */
export type Refusal = { readonly refused: string; readonly advice?: string };

/** New output of a step under way or done. */
export interface OutputChunk {
	readonly stream: 'stdout' | 'stderr';
	/** Raw, redacted; not yet harmless for a terminal. */
	readonly bytes: Uint8Array;
	/** Epoch ms. */
	readonly at: number;
}

/** Reads what a step has written, from its files. */
export interface StepOutput {
	/** Newest lines, oldest first, harmless, at most `limit`; `above` is how many stand before them, dropped ones included. */
	tail(limit: number): { readonly lines: readonly { readonly stream: 'stdout' | 'stderr'; readonly text: string }[]; readonly above: number; readonly droppedBytes: number };
	close(): void;
}

/** One run, seen from one console. */
export interface RunHandle {
	readonly id: string;
	/** Immutable; a new object after each change. */
	readonly state: RunState;
	/** What it waits for; absent where it works by itself, or is over. */
	readonly waiting: Waiting | undefined;
	/** `acting`: this console carries it out. `watching`: another does, `holder` says who. `adrift`: nobody does. */
	readonly role: 'acting' | 'watching' | 'adrift';
	readonly holder: Lease | undefined;
	/** The run of another playbook that is under way as a part of this one; it is answered by itself. */
	readonly child?: RunHandle | undefined;
	/** What is left where the run stops here, in words; absent where its playbook does not say. */
	readonly leaves?: string | undefined;
	/** Set while the journal cannot be written, or a write of it takes long: `unrecorded` events of this run are kept in memory until it can. */
	readonly trouble?: { readonly why: string; readonly advice: string; readonly unrecorded: number } | undefined;
	onChange(listener: () => void): () => void;
	command(command: RunCommand): Promise<Refusal | undefined>;
	/** Becomes the acting console: at once where nobody acts, else `force` takes it from the holder, which is recorded. */
	takeOver(force: boolean): Promise<Refusal | undefined>;
	output(execution: string): StepOutput;
	/** Stops looking at it from here. The run goes on: a step under way is not touched. */
	leave(): Promise<void>;
}

export interface StartRequest {
	readonly playbook: LoadedPlaybook;
	/** As typed or given with --param; checked and turned into values by the runner. */
	readonly params: Readonly<Record<string, string>>;
	readonly secrets: Readonly<Record<string, string>>;
	readonly service?: string;
	readonly dryRun: boolean;
	readonly faultAt?: number;
	readonly parent?: { readonly runId: string; readonly execution: string };
}

/** A step as it would be carried out: for the dry run and the overview. */
export interface ResolvedStep {
	readonly id: string;
	readonly title: string;
	readonly kind: string;
	readonly risk: Risk;
	readonly phase?: string;
	/** As one would type it; `${{ … }}` that depends on results not yet there is left as it stands. */
	readonly command: string;
	readonly target?: string;
	readonly loses?: string;
	/** What is left where the run stops before it, in words. */
	readonly leaves?: string;
	/** `none`, `Enter`, `type <target>`, `a second person`. */
	readonly confirmation: string;
	readonly note?: string;
}

/** Starts, finds and reopens runs. */
export interface Responder {
	readonly actor: Actor;
	/** @throws ParamError, LeaseHeld (both with words and advice) */
	start(request: StartRequest): Promise<RunHandle>;
	/** Opens an existing run, to watch it, or to act where nobody does and `act` is true. */
	open(runId: string, options: { readonly act: boolean }): Promise<RunHandle>;
	/** Runs without an end, newest first. */
	unfinished(): Promise<readonly RunSummary[]>;
	resolve(request: StartRequest): readonly ResolvedStep[];
	close(): Promise<void>;
}
