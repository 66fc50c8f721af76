import type { StepState } from '../../domain/run/state.ts';
import { handOverSuffix } from './track.ts';

/** A run of another playbook that a step ran, as the step's end tells it. */
export interface KnownChild {
	readonly runId: string;
	readonly playbook: string;
	/** The execution that ran it. */
	readonly execution: string;
	/** How many of its steps can be taken back; absent where that was not recorded. */
	readonly undoable: number | undefined;
}

const field = (value: unknown, name: string): unknown => (typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, name)?.value : undefined);

/** The newest run that a `playbook` step ran to an end. */
export const childOf = (own: StepState | undefined): KnownChild | undefined => {
	// What took over after a failure is a run of its own, and not what the step did.
	const attempt = own?.attempts.findLast((each) => typeof field(each.value, 'runId') === 'string' && !each.execution.endsWith(handOverSuffix));
	if (attempt === undefined) return undefined;
	const undoable = field(attempt.value, 'undoable');
	return {
		runId: String(field(attempt.value, 'runId')),
		playbook: String(field(attempt.value, 'playbook')),
		execution: attempt.execution,
		undoable: typeof undoable === 'number' ? undoable : undefined,
	};
};
