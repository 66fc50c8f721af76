import type { ParamValue } from '../playbook/param.ts';
import type { RolloutAct, RolloutOutcome, RolloutPlan } from '../rollout.ts';
import type { Risk } from '../playbook/risk.ts';

/** How a step was confirmed: `none` for `read`, `key` by Enter on the act, `typed` by the target's name, `yes` by `--yes`. */
export type Confirmation = 'none' | 'key' | 'typed' | 'yes';

/** How a step ended. */
export type StepOutcome = 'done' | 'failed' | 'timed-out' | 'cancelled';

/** How a run ended. */
export type RunOutcome = 'succeeded' | 'failed' | 'cancelled' | 'rolled-back' | 'abandoned';

/** What the evidence of a move that was left in the middle speaks for. */
export interface TraceAdvice {
	readonly choose: 'finish' | 'undo';
	readonly why: string;
}

/** What a step's output came to. The bytes themselves are files of the run. */
export interface OutputSummary {
	readonly bytes: number;
	readonly lines: number;
	/** Bytes that were not kept, because the bound of the file was reached. */
	readonly droppedBytes: number;
	/** Folder of the execution, within the state folder; absent where it has no files. */
	readonly folder?: string;
}

/**
 * Everything that can happen in a run. The state of a run is the fold of these, nothing else.
 * No secret's value is in any of them: they are redacted before they are made.
 */
export type RunEvent =
	| {
			readonly kind: 'run_started';
			readonly playbookId: string;
			readonly version: string;
			readonly title: string;
			/** SHA-256 of `text`, hex: the run is pinned to it. */
			readonly hash: string;
			readonly text: string;
			readonly file: string;
			readonly params: Readonly<Record<string, ParamValue>>;
			/** Names of secret parameters: asked again on resume. */
			readonly secrets: readonly string[];
			readonly service?: string;
			readonly engine: { readonly name: string; readonly address: string; readonly hostName: string };
			readonly dryRun: boolean;
			readonly parent?: { readonly runId: string; readonly execution: string };
			/** Epoch ms since when the fault is known; the clock on screen. */
			readonly faultAt?: number;
	  }
	/** Durable before anything is spawned. */
	| {
			readonly kind: 'step_started';
			readonly step: string;
			/** Unique in the run: `<step>.<n>`; `<step>.<n>.undo` for an undo; `<parallel>.<n>/<child>` within a parallel step; `<step>.<n>.<any>` where it ran before the journal could be written. */
			readonly execution: string;
			readonly attempt: number;
			readonly risk: Risk;
			readonly confirmation: Confirmation;
			/** What is about to be done, as one would type it, resolved and redacted. */
			readonly command: string;
			/** What it acts on. */
			readonly target?: string;
			readonly undo: boolean;
	  }
	| {
			readonly kind: 'step_ended';
			readonly step: string;
			readonly execution: string;
			readonly outcome: StepOutcome;
			/** In words: `exit 0`, `200 in 12 ms`, `exited 137`, `expected status == 200, got 503`. */
			readonly words: string;
			readonly durationMs: number;
			readonly exitCode?: number;
			readonly output?: OutputSummary;
			/** JSON value kept for later expressions, at most 64 KiB as JSON. */
			readonly value?: unknown;
			/** Processes that survived a cancel, named; at most 50, as `left`. */
			readonly survivors?: readonly string[];
			/** Processes that it left running in the background, named. */
			readonly left?: readonly string[];
			/** What else is to be known of its end, in words. */
			readonly note?: string;
	  }
	| { readonly kind: 'step_skipped'; readonly step: string; readonly why: 'asked' | 'when' | 'unless' | 'dry-run'; readonly words: string }
	/** A look of `waitFor` or `watch`; at most one a second is recorded, and each change of its answer. */
	| { readonly kind: 'step_looked'; readonly step: string; readonly execution: string; readonly ok: boolean | undefined; readonly words: string }
	/** A move of a service to another version begins: before its first act, with all that is needed to take it up again. */
	| { readonly kind: 'rollout_begun'; readonly step: string; readonly execution: string; readonly service: string; readonly plan: RolloutPlan; readonly undoing: boolean }
	/** Durable before each act of a move (`begins`), and after it. */
	| {
			readonly kind: 'rollout_act';
			readonly step: string;
			readonly execution: string;
			readonly planId: string;
			readonly stage: 'begins' | 'done';
			readonly act: RolloutAct;
			readonly undoing: boolean;
			/** Id of what was made, as soon as it is known. */
			readonly freshId?: string;
			readonly tookMs?: number;
	  }
	| {
			readonly kind: 'rollout_ended';
			readonly step: string;
			readonly execution: string;
			readonly planId: string;
			readonly undoing: boolean;
			readonly end: RolloutOutcome['end'];
			readonly words: string;
			readonly freshId?: string;
			readonly gapMs?: number;
			readonly provedMs?: number;
			readonly tookMs: number;
			/** Own requests to the watched address while it lasted. */
			readonly requests?: { readonly sent: number; readonly failed: number; readonly longestGapMs: number };
	  }
	/** The old version of a move was removed: it cannot be taken back any more. */
	| { readonly kind: 'rollout_retired'; readonly step: string; readonly execution: string; readonly planId: string }
	/** Found on resume: started, no end, and nothing runs any more. */
	| { readonly kind: 'step_unknown'; readonly step: string; readonly execution: string; readonly evidence: readonly string[]; readonly advice?: TraceAdvice }
	/** The person's word on an unknown or failed step. */
	| { readonly kind: 'step_settled'; readonly step: string; readonly execution: string; readonly as: 'done' | 'failed' | 'retry' | 'skip'; readonly why: string }
	| { readonly kind: 'branch_chosen'; readonly step: string; readonly choice: number; readonly title: string; readonly nextStep: string; readonly evidence: readonly string[]; readonly suggested: boolean }
	| { readonly kind: 'item_ticked'; readonly step: string; readonly item: number; readonly ticked: boolean }
	| { readonly kind: 'manual_done'; readonly step: string; readonly as: 'done' | 'failed'; readonly note?: string }
	| { readonly kind: 'input_given'; readonly step: string; readonly values: Readonly<Record<string, ParamValue>>; readonly secrets: readonly string[] }
	| { readonly kind: 'approval_asked'; readonly step: string; readonly of: string }
	/** By the event's actor, who is not the one that asked. */
	| { readonly kind: 'approval_given'; readonly step: string; readonly granted: boolean; readonly note?: string }
	| { readonly kind: 'note_added'; readonly text: string; readonly step?: string }
	| { readonly kind: 'jumped'; readonly from?: string; readonly to: string; readonly why?: string }
	| { readonly kind: 'cancel_asked' }
	| { readonly kind: 'rollback_started'; readonly step: string; readonly why: string }
	| { readonly kind: 'run_taken_over'; readonly from: string; readonly to: string }
	| { readonly kind: 'run_resumed' }
	| { readonly kind: 'run_ended'; readonly outcome: RunOutcome; readonly words: string };
