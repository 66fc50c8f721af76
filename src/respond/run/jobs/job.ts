import type { Step } from '../../../domain/playbook/step.ts';
import type { ActionPlace } from '../../../domain/run/action.ts';
import type { OutputSummary, StepOutcome } from '../../../domain/run/event.ts';
import { type Remains, remainsMade } from '../../../domain/run/remains.ts';
import type { Redactor } from '../../action/redact.ts';
import type { RunPorts } from '../ports.ts';
import type { Secrets } from '../secrets.ts';
import type { RunView } from '../view.ts';

/** What a step came to; already redacted, and small enough for the journal. */
export interface JobEnd extends Remains {
	readonly outcome: StepOutcome;
	readonly words: string;
	readonly durationMs: number;
	readonly exitCode?: number;
	readonly output?: OutputSummary;
	readonly value?: unknown;
}

/** A step under way. */
export interface Job {
	/** Absent where this console stopped waiting for it. */
	readonly ended: Promise<JobEnd | undefined>;
	/** Ends it, and resolves once it is verified to be gone. */
	cancel(): Promise<void>;
	/** Stops waiting; what runs under a supervisor goes on. */
	detach(): void;
	/** Folder of the newest execution in it. */
	readonly folder?: string | undefined;
}

/** What jobs need of their run. */
export interface JobContext {
	readonly ports: RunPorts;
	readonly secrets: Secrets;
	/** A view of this moment. */
	view(): RunView;
	/** Where an execution stands in the record. */
	about(step: string, execution: string): ActionPlace;
	/** Folder of an execution. */
	folder(execution: string): string;
	/** Records a look of `waitFor` or `watch`. */
	looked(step: Step, execution: string, ok: boolean | undefined, words: string): void;
	/** Records the end of a part of a parallel step. */
	partEnded(step: Step, execution: string, end: JobEnd): Promise<void>;
}

/** An end with every secret taken out. */
export const redactEnd = (end: JobEnd, redactor: Redactor): JobEnd => ({
	...end,
	words: redactor.text(end.words),
	...(end.value === undefined ? {} : { value: redactor.value(end.value) }),
	...remainsMade(end, (text) => redactor.text(text)),
});
