import type { Step } from '../../../domain/playbook/step.ts';
import type { ResolvedAction, RunningAction } from '../../../domain/run/action.ts';
import { endOf, notStarted } from './end.ts';
import type { Job, JobContext, JobEnd } from './job.ts';

/** A job around an action under way. */
export const followAction = (context: JobContext, step: Step, action: RunningAction, folder: string): Job => {
	let detached = false;
	const { promise: left, resolve: leave } = Promise.withResolvers<undefined>();
	const ended = action.ended.then(
		(end) => (detached ? undefined : endOf(context, step, end)),
		(error: unknown): JobEnd | undefined => (detached ? undefined : notStarted(context, error)),
	);
	return {
		ended: Promise.race([ended, left]),
		folder,
		async cancel() {
			await action.cancel().catch(() => undefined);
			await ended;
		},
		detach() {
			detached = true;
			action.detach();
			leave(undefined);
		},
	};
};

/** A job that is over before it began. */
export const endedJob = (end: JobEnd): Job => ({ ended: Promise.resolve(end), cancel: () => Promise.resolve(), detach: () => undefined });

/** Starts the action of a step. What it is has been recorded before. */
export const startAction = async (context: JobContext, step: Step, resolved: ResolvedAction, execution: string): Promise<Job> => {
	const folder = context.folder(execution);
	try {
		const action = await context.ports.actions.start(resolved, {
			folder,
			timeoutMs: step.timeoutSeconds * 1000,
			secrets: context.secrets.texts,
			hideOutput: step.secret,
			about: context.about(step.id, execution),
		});
		return followAction(context, step, action, folder);
	} catch (error) {
		return endedJob(notStarted(context, error));
	}
};
