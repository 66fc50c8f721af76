import type { Actor } from '../../domain/journal.ts';
import type { TraceAdvice } from '../../domain/run/event.ts';
import type { RunState, StepStatus } from '../../domain/run/state.ts';

/** What the machine has to remember beside what a screen shows. Folded from the events like everything else. */
export interface Track {
	/** Tries of a step since it was last reached, or since a person asked for another. */
	readonly tries: Readonly<Record<string, number>>;
	/** How often a step ran by itself since a person last had a word in it. */
	readonly unasked: Readonly<Record<string, number>>;
	/** Steps that did something, in order; a step stands where it ran last. */
	readonly ran: readonly string[];
	/** Steps still to be taken back, the next one first. */
	readonly undo: readonly string[];
	readonly undone: readonly string[];
	/** Steps whose undo was left out or failed for good. */
	readonly kept: readonly string[];
	/** How a step stood before its undo started. */
	readonly before: Readonly<Record<string, StepStatus>>;
	/** The step whose undo did not succeed: the person is asked. */
	readonly undoFailed?: string;
	/** The newest execution of which nobody knows what became, with what was found. */
	readonly unknown?: { readonly execution: string; readonly evidence: readonly string[]; readonly advice?: TraceAdvice };
	readonly approval?: { readonly step: string; readonly of: string; readonly askedBy: Actor };
	/** The last step is over; only the end has to be written down. */
	readonly finished: boolean;
	/** A failed step for which the person is asked, whatever its `onFailure` says. */
	readonly ask?: string;
	/** Another playbook took over after a failure, and succeeded. */
	readonly handedOver?: { readonly playbook: string; readonly rollback: boolean };
	/** Why the pinned text cannot be read by this version. */
	readonly unreadable?: string;
}

/** A run with what the machine needs to go on. */
export interface FoldedRun extends RunState {
	readonly track: Track;
}

export const emptyTrack: Track = {
	tries: {},
	unasked: {},
	ran: [],
	undo: [],
	undone: [],
	kept: [],
	before: {},
	finished: false,
};

/** Executions that run another playbook after a failure end with this. */
export const handOverSuffix = '.playbook';
