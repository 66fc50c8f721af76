import type { Step } from '../../domain/playbook/step.ts';
import type { ResolvedAction } from '../../domain/run/action.ts';
import { partExecution } from './executions.ts';
import type { ParallelChild } from './flow.ts';
import { endedJob, startAction } from './jobs/action.ts';
import type { Job, JobContext } from './jobs/job.ts';
import { startLooking } from './jobs/look.ts';
import { followParts } from './jobs/parallel.ts';
import type { Prepared } from './view.ts';

/** A step without what only holds for the step itself, not for its undo. */
export const asUndo = (step: Step): Step => {
	const { expect: _, register: __, ...rest } = step;
	return rest;
};

const resolvedOf = (prepared: Prepared, step: Step): ResolvedAction | undefined => prepared.parts.find((part) => part.step.id === step.id)?.resolved;

const launchPart = (context: JobContext, part: ParallelChild, resolved: ResolvedAction | undefined, execution: string): Promise<Job> => {
	if (part.kind === 'waitFor') return Promise.resolve(startLooking(context, part, resolved, execution));
	if (resolved === undefined) return Promise.resolve(endedJob({ outcome: 'failed', words: 'there is nothing to run', durationMs: 0 }));
	return startAction(context, part, resolved, execution);
};

/** Starts what a step does by itself. Its start stands in the journal already. @param parts of a parallel step that are to run */
export const launch = async (context: JobContext, step: Step, undo: boolean, prepared: Prepared, execution: string, parts: readonly ParallelChild[]): Promise<Job> => {
	const resolved = resolvedOf(prepared, step);
	if (undo) return resolved === undefined ? endedJob({ outcome: 'failed', words: 'there is no undo', durationMs: 0 }) : startAction(context, asUndo(step), resolved, execution);
	if (step.kind === 'waitFor' || step.kind === 'watch') return startLooking(context, step, resolved, execution);
	if (step.kind === 'parallel') {
		const jobs = await Promise.all(
			parts.map(async (part) => {
				const own = partExecution(execution, part);
				return { step: part, execution: own, job: await launchPart(context, part, resolvedOf(prepared, part), own) };
			}),
		);
		return followParts(context, jobs);
	}
	if (resolved === undefined) return endedJob({ outcome: 'failed', words: 'there is nothing to run', durationMs: 0 });
	return startAction(context, step, resolved, execution);
};
