import type { PlaybookKind } from '../../domain/playbook/playbook.ts';
import type { RunCommand } from '../../domain/run/control.ts';
import type { OfferedValue } from '../../domain/run/state.ts';
import type { Risk } from '../../domain/playbook/risk.ts';
import type { Severity } from '../../domain/severity.ts';
import type { PaneWords } from '../view.ts';
import type { ClosingView, CriteriaView, MoveView, PlanView } from './moveView.ts';

/** How a step of a run is marked in its row. `next` is the one that waits for a word, or comes next. */
export type StepMark = 'done' | 'failed' | 'skip' | 'run' | 'next' | '?' | '';

/** One step of a run as a row. */
export interface StepRow {
	readonly id: string;
	readonly mark: StepMark;
	readonly title: string;
	/** What came of it, or the command it will run. Harmless. */
	readonly words: string;
	readonly risk: Risk;
	readonly durationMs?: number;
	/** Title of the phase that begins with this row. */
	readonly phase?: string;
}

/** The step that is under way, or comes next, or was selected. */
export interface StepDetail {
	readonly id: string;
	readonly number: number;
	readonly title: string;
	readonly mark: StepMark;
	readonly risk: Risk;
	/** Exactly what is or will be done, as one would type it. */
	readonly command: string;
	/** What is to be told, line by line: of a step that waits for a person to tell it. */
	readonly message?: readonly string[];
	readonly host: string;
	readonly target?: string;
	/** What is lost, in words. */
	readonly loses?: string;
	readonly note?: string;
	/** Where it stands in the written procedure. */
	readonly source?: string;
	readonly words?: string;
	/** What its newest try left behind, and what else is to be known of how it ended: a line each. */
	readonly remains: readonly string[];
	readonly attempts: number;
	/** Newest lines, oldest first. */
	readonly output: readonly { readonly stream: 'stdout' | 'stderr'; readonly text: string }[];
	/** Lines that stand above those. */
	readonly above: number;
	readonly droppedBytes: number;
	/** Ticked items of a checklist stand with true. */
	readonly checklist: readonly { readonly text: string; readonly ticked: boolean }[];
	/** Causes of a branch with their evidence. */
	readonly causes: readonly { readonly title: string; readonly holds: boolean | undefined; readonly evidence: string; readonly suggested: boolean }[];
	/** The table of decision above the causes. */
	readonly criteria?: CriteriaView;
	/** Values that may be chosen, where it asks for one. */
	readonly offers: readonly (OfferedValue & { readonly suggested: boolean })[];
	/** What a move would do: of the step that planned it, and of the one that asks whether to carry it out. */
	readonly plan?: PlanView;
	/** How far a move is. */
	readonly move?: MoveView;
}

/** A run on the screen. */
export interface RunView {
	readonly id: string;
	readonly kind: PlaybookKind;
	readonly title: string;
	readonly severity?: Severity;
	readonly service?: string;
	/** Steps, and which of them is current, from 1; 0 where the run is over. */
	readonly total: number;
	readonly position: number;
	readonly phase?: { readonly title: string; readonly elapsedMs: number; readonly budgetMs?: number };
	/** Time since the fault where it is known, else since the start of the run. */
	readonly clock: { readonly ms: number; readonly since: 'fault' | 'start' };
	readonly role: 'acting' | 'watching' | 'adrift';
	/** Who acts, where it is somebody else. */
	readonly holder?: string;
	readonly dryRun: boolean;
	readonly rows: readonly StepRow[];
	/** Index in `rows`. */
	readonly selected: number;
	readonly detail: StepDetail | undefined;
	/** What it waits for, in a few words with the key that answers: `Enter: run`. Absent where it works by itself. */
	readonly asks?: { readonly words: string; readonly tone: 'plain' | 'p0' | 'p1' | 'p2'; readonly keys: string };
	/** What comes after the current step. */
	readonly next?: { readonly title: string; readonly risk: Risk };
	readonly outcome?: { readonly words: string; readonly good: boolean };
	readonly notes: readonly { readonly at: number; readonly text: string; readonly by: string }[];
	/** Of a rollback that is not over: what is left where the person stops here. */
	readonly leaves?: string;
	/** Of a rollback that is over. */
	readonly closing?: ClosingView;
}

export interface PlaybookView {
	/** Where there is no run: why, and what to do. */
	readonly words?: PaneWords;
	readonly run?: RunView;
	/** Runs without an end that nobody looks at from here. */
	readonly unfinished: readonly { readonly runId: string; readonly words: string }[];
}

/** One line of the picker. */
export interface PickerItem {
	/** A playbook's id, or a run's. */
	readonly id: string;
	readonly kind: 'playbook' | 'run';
	readonly title: string;
	readonly severity?: Severity;
	/** Why it stands here: `container-down fires`, `fits any container`. */
	readonly why: string;
	/** It is proposed by a trigger. */
	readonly fires: boolean;
	/** Why it cannot be chosen: a draft nobody reviewed. */
	readonly disabled?: string;
}

export interface FormField {
	readonly name: string;
	readonly title: string;
	readonly value: string;
	/** Shown as dots. */
	readonly secret: boolean;
	/** What is expected: `container`, `one of a, b`, `1 to 10`. */
	readonly hint: string;
	/** What is wrong with the value. */
	readonly problem?: string;
}

/** What an answer in a dialog leads to. Plain data, so that reducers stay pure. */
export type Answer =
	| { readonly kind: 'none' }
	| { readonly kind: 'command'; readonly command: RunCommand }
	| { readonly kind: 'take-over'; readonly force: boolean }
	| { readonly kind: 'open-run'; readonly runId: string; readonly act: boolean }
	| { readonly kind: 'close-run' }
	/** Starts a run, and shows it. */
	| { readonly kind: 'start-run'; readonly playbook: string; readonly service: string; readonly values: Readonly<Record<string, string>>; readonly dryRun: boolean }
	/** Shows the run that is open. */
	| { readonly kind: 'show-run' }
	| { readonly kind: 'dialog'; readonly dialog: RunDialog };

/** What the text of a prompt becomes. */
export type TextAnswer =
	| { readonly kind: 'note'; readonly step?: string }
	| { readonly kind: 'skip'; readonly step: string }
	| { readonly kind: 'jump'; readonly to: string }
	| { readonly kind: 'secret'; readonly name: string }
	| { readonly kind: 'approve'; readonly step: string; readonly granted: boolean }
	| { readonly kind: 'settle'; readonly step: string; readonly execution: string; readonly as: 'done' | 'failed' | 'retry' | 'skip' }
	| { readonly kind: 'manual'; readonly step: string; readonly as: 'done' | 'failed' }
	| { readonly kind: 'abandon' };

export interface OptionItem {
	readonly id: string;
	readonly title: string;
	/** A second part, muted: evidence, or what it does. */
	readonly detail?: string;
	readonly risk: Risk;
	readonly disabled?: string;
	readonly answer: Answer;
	/** Stays open after it was chosen, such as ticking an item. */
	readonly stays?: boolean;
}

/** Dialogs of a run. Cancel or the harmless answer has the focus when one opens. */
export type RunDialog =
	| { readonly kind: 'picker'; readonly title: string; readonly service?: string; readonly query: string; readonly all: readonly PickerItem[]; readonly items: readonly PickerItem[]; readonly selected: number }
	| {
			readonly kind: 'form';
			readonly title: string;
			readonly lines: readonly string[];
			readonly fields: readonly FormField[];
			/** Index of a field, or after them of a button. */
			readonly selected: number;
			readonly buttons: readonly string[];
			readonly subject: { readonly kind: 'start'; readonly playbook: string; readonly service?: string } | { readonly kind: 'input'; readonly step: string };
	  }
	| {
			readonly kind: 'options';
			readonly title: string;
			readonly lines: readonly string[];
			/** Shown between the lines and the items. */
			readonly criteria?: CriteriaView;
			readonly items: readonly OptionItem[];
			readonly selected: number;
			readonly tone: 'plain' | 'p0';
	  }
	| { readonly kind: 'text'; readonly title: string; readonly lines: readonly string[]; readonly text: string; readonly secret: boolean; readonly required: boolean; readonly about: TextAnswer }
	| ConfirmStep;

/** The confirmation of a step. */
export interface ConfirmStep {
	readonly kind: 'confirm';
	readonly title: string;
	readonly risk: 'change' | 'destructive';
	readonly host: string;
	/** What has to be typed, where something has. */
	readonly target: string;
	readonly act: string;
	readonly loss: string;
	/** What else is to be known, such as from which version to which; a label has at most 7 cells. */
	readonly facts?: readonly ConfirmFact[];
	readonly focus: 'cancel' | 'confirm';
	readonly typed: string;
	readonly subject: { readonly kind: 'step'; readonly step: string };
}

export interface ConfirmFact {
	readonly label: string;
	readonly text: string;
	readonly tone: 'plain' | 'p0' | 'p2';
}
