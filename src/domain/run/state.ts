import type { Actor } from '../journal.ts';
import type { ParamValue } from '../playbook/param.ts';
import type { Playbook } from '../playbook/playbook.ts';
import type { RolloutAct, RolloutOutcome, RolloutPlan } from '../rollout.ts';
import type { Risk } from '../playbook/risk.ts';
import type { Confirmation, OutputSummary, RunOutcome, StepOutcome } from './event.ts';

/** One try of a step. */
export interface Attempt {
	readonly execution: string;
	readonly command: string;
	/** What it acts on. */
	readonly target?: string;
	readonly risk: Risk;
	readonly confirmation: Confirmation;
	readonly undo: boolean;
	/** Epoch ms. */
	readonly startedAt: number;
	readonly endedAt?: number;
	readonly outcome?: StepOutcome;
	/** How it ended, in words. */
	readonly words?: string;
	readonly exitCode?: number;
	readonly durationMs?: number;
	readonly output?: OutputSummary;
	readonly value?: unknown;
	/** Newest look of `waitFor` and `watch`, in words. */
	readonly look?: { readonly ok: boolean | undefined; readonly words: string; readonly at: number };
	readonly survivors: readonly string[];
	/** Processes that it left running in the background, named. */
	readonly left?: readonly string[];
	/** What else is to be known of its end, in words. */
	readonly note?: string;
	/** Of a move between versions: what is moved, and how far it is. */
	readonly rollout?: RolloutProgress;
}

/** A move between versions within a step, folded from its events. */
export interface RolloutProgress {
	readonly plan: RolloutPlan;
	readonly undoing: boolean;
	/** Acts that were begun, oldest first, those of taking it back included. */
	readonly acts: readonly { readonly act: RolloutAct; readonly undoing: boolean; readonly startedAt: number; readonly tookMs?: number }[];
	readonly freshId?: string;
	readonly end?: RolloutOutcome['end'];
	readonly words?: string;
	readonly gapMs?: number;
	readonly requests?: { readonly sent: number; readonly failed: number; readonly longestGapMs: number };
	/** From its start to its proof, and as a whole, ms. */
	readonly provedMs?: number;
	readonly tookMs?: number;
	/** Set once the old version was removed: it cannot be taken back any more. */
	readonly retired?: boolean;
}

/** How a step of a run stands. `unknown`: it started, and what became of it is not known. */
export type StepStatus = 'pending' | 'running' | 'done' | 'failed' | 'skipped' | 'unknown' | 'cancelled';

export interface StepState {
	readonly id: string;
	readonly status: StepStatus;
	readonly attempts: readonly Attempt[];
	/** Why it was skipped, what was chosen, what the person said: one line. */
	readonly words?: string;
	readonly ticked: readonly number[];
	/** The person who settled it, where one did. */
	readonly by?: Actor;
}

/** A cause of a branch, with its evidence. */
export interface ChoiceState {
	readonly title: string;
	/** True, false, or not to be judged. */
	readonly holds: boolean | undefined;
	readonly evidence: string;
	readonly nextStep: string;
}

/** A criterion of a decision, judged now. */
export interface CriterionState {
	readonly title: string;
	readonly level: 'critical' | 'warning';
	/** True, false, or not to be judged. */
	readonly met: boolean | undefined;
	/** The live figure, or why there is none. */
	readonly figure: string;
	readonly baseline: string;
	readonly within?: string;
	readonly source?: string;
}

/** A value that may be chosen for a field. */
export interface OfferedValue {
	readonly value: string;
	readonly title: string;
	readonly detail?: string;
	/** Why it cannot be chosen. */
	readonly disabled?: string;
}

/** One way on from a step of which nobody knows what became. `rollback` is the command of that name, all others settle the step. */
export interface UnknownChoice {
	readonly as: 'done' | 'failed' | 'retry' | 'skip' | 'rollback';
	readonly title: string;
	readonly why: string;
	/** Set on the one that what was found speaks for. */
	readonly advised?: boolean;
}

/** What the run waits for a person to say. At most one at a time. */
export type Waiting =
	/** A `change` or `destructive` step. `typed` holds what has to be typed, where something has. */
	| {
			readonly kind: 'confirm';
			readonly step: string;
			readonly risk: Risk;
			readonly command: string;
			readonly target?: string;
			readonly loses?: string;
			readonly typed?: string;
			/** Set where the step takes another one back. */
			readonly undo: boolean;
			/** Why it asks although its risk alone would not, or what else is to be minded: one line. */
			readonly why?: string;
	  }
	| { readonly kind: 'choose'; readonly step: string; readonly criteria?: readonly CriterionState[]; readonly choices: readonly ChoiceState[]; /** Index of the true one, -1 where none is. */ readonly suggested: number }
	| { readonly kind: 'manual'; readonly step: string; readonly instructions: string; readonly checklist: readonly string[] }
	| { readonly kind: 'input'; readonly step: string; /** By field. `why` says why there is nothing to choose. */ readonly offers?: Readonly<Record<string, { readonly choices: readonly OfferedValue[]; readonly suggested?: string; readonly why?: string }>> }
	| { readonly kind: 'approval'; readonly step: string; readonly of: string; readonly by?: string; readonly askedBy: Actor }
	/** A secret parameter, at the start or asked again on resume. */
	| { readonly kind: 'secret'; readonly name: string; readonly title: string }
	/** A step failed and its `onFailure` is `ask`. `exits` says what each answer does. */
	| { readonly kind: 'failed'; readonly step: string; readonly words: string; readonly canRetry: boolean; readonly canRollback: boolean }
	/** Found on resume. `unless`: whether what the step brings about is there already. `choices`: what each answer means here, where that is more than its name says; the advised one stands first. */
	| { readonly kind: 'unknown'; readonly step: string; readonly execution: string; readonly evidence: readonly string[]; readonly unless: boolean | undefined; readonly choices?: readonly UnknownChoice[] }
	/** Another playbook is proposed by `onFailure`. */
	| { readonly kind: 'playbook'; readonly step: string; readonly playbook: string }
	/** The journal cannot be written: no change runs. */
	| { readonly kind: 'journal'; readonly why: string; readonly advice: string };

/** A run, folded from its events. */
export interface RunState {
	readonly id: string;
	readonly playbook: Playbook;
	readonly hash: string;
	readonly params: Readonly<Record<string, ParamValue>>;
	readonly secretNames: readonly string[];
	readonly service?: string;
	readonly engine: { readonly name: string; readonly address: string; readonly hostName: string };
	readonly dryRun: boolean;
	readonly parent?: { readonly runId: string; readonly execution: string };
	/** Epoch ms. */
	readonly startedAt: number;
	readonly startedBy: Actor;
	readonly faultAt?: number;
	readonly endedAt?: number;
	readonly outcome?: RunOutcome;
	readonly words?: string;
	readonly steps: readonly StepState[];
	/** Id of the step that is running or comes next; absent where the run is over. */
	readonly current?: string;
	/** Order in which steps were reached, for the record: ids. */
	readonly path: readonly string[];
	readonly cancelling: boolean;
	readonly rollingBack: boolean;
	/** Values that expressions can name, by `register` name and step id. */
	readonly registered: Readonly<Record<string, unknown>>;
	readonly notes: readonly { readonly text: string; readonly at: number; readonly by: Actor; readonly step?: string }[];
	/** Phases in which a step was reached, with when, epoch ms. */
	readonly phases: Readonly<Record<string, { readonly enteredAt: number }>>;
	/** Newest event folded in. */
	readonly lastSeq: number;
}
