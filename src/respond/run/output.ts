import type { StepOutput } from '../../domain/run/control.ts';
import type { FoldedRun } from './track.ts';

/** Output of something that has written nothing. */
export const emptyOutput: StepOutput = { tail: () => ({ lines: [], above: 0, droppedBytes: 0 }), close: () => undefined };

/** Where the output of an execution stands: where its end says, else in its own folder. */
export const folderOfExecution = (state: FoldedRun, execution: string, own: (execution: string) => string): string => {
	for (const step of state.steps) {
		const attempt = step.attempts.find((each) => each.execution === execution);
		if (attempt?.output?.folder !== undefined) return attempt.output.folder;
	}
	return own(execution);
};
