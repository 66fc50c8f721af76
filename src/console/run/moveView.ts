import type { RolloutAct, RolloutFinding, RolloutOutcome } from '../../domain/rollout.ts';
import type { CriterionState } from '../../domain/run/state.ts';

/** A table of decision. Texts are harmless; what is met stands first, critical before warning. */
export interface CriteriaView {
	readonly rows: readonly CriterionState[];
	/** How many critical ones are met. */
	readonly critical: number;
	/** How many warning ones are met. */
	readonly warning: number;
	/** How many cannot be judged. */
	readonly unknown: number;
}

/** A move between versions as it was planned. Texts are harmless. */
export interface PlanView {
	readonly service: string;
	/** Images. */
	readonly from: string;
	readonly to: string;
	/** What refuses first, then what warns, then what is fine. */
	readonly findings: readonly RolloutFinding[];
	/** One line each: `environment LOG_LEVEL: debug, was info`. */
	readonly changes: readonly string[];
	readonly kept: readonly string[];
	readonly lost: readonly string[];
	readonly downtime: { readonly expectedMs: number; readonly basis: string };
	/** In words: `the new one proves itself first`. */
	readonly way: string;
	readonly wayWhy: string;
}

/** An act of a move. `failed`: it was begun, and did not bring what it should. `?`: it was begun, and nobody knows more. */
export interface ActRow {
	readonly id: string;
	readonly mark: 'done' | 'failed' | 'run' | '?' | '';
	readonly words: string;
	/** It takes the move back. */
	readonly undoing: boolean;
	/** How long it took, or takes by now, ms; absent where it was not begun. */
	readonly tookMs?: number;
}

/** A move between versions under way, or over. */
export interface MoveView {
	readonly from: string;
	readonly to: string;
	/** It is being taken back. */
	readonly undoing: boolean;
	readonly acts: readonly ActRow[];
	/** Index of the act that is under way or comes next; -1 where it is over. */
	readonly current: number;
	/** Who answers now. */
	readonly serving: RolloutAct['serving'];
	/** How the proof stands, in words, while it is awaited. */
	readonly proof?: string;
	/** `good` where it came to what it was for. */
	readonly end?: { readonly kind: RolloutOutcome['end']; readonly good: boolean; readonly words: string };
	/** Time in which nobody answered, ms. */
	readonly gapMs?: number;
	readonly requests?: { readonly sent: number; readonly failed: number; readonly longestGapMs: number };
}

/** What a rollback came to, once its run is over. */
export interface ClosingView {
	/** Steps that changed something and were done, each with what came of it. */
	readonly did: readonly { readonly title: string; readonly words: string }[];
	/** From its start to its end, ms. */
	readonly tookMs: number;
	/** From the fault to its end, ms; absent where nobody knows since when the fault is. */
	readonly sinceFaultMs?: number;
	/** Time in which nobody answered, all moves together, ms; absent where somebody always did, or nothing was moved. */
	readonly gapMs?: number;
	/** Own requests to the watched address, all moves together. */
	readonly requests?: { readonly sent: number; readonly failed: number };
	/** Epoch ms by which the post-mortem is due. */
	readonly postMortemDueAt?: number;
	/** Image that taking the move back brings back; absent where there is nothing to take back. */
	readonly undoTo?: string;
}
