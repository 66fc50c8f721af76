import type { Playbook } from '../../../domain/playbook/playbook.ts';
import type { ChildHandle } from '../children.ts';
import { undoable } from '../undo.ts';
import type { Job, JobContext, JobEnd } from './job.ts';

/** What a run of another playbook came to, for the step that started it. */
const endOfRun = ({ state }: ChildHandle, undo: boolean, durationMs: number): JobEnd => {
	const { outcome, words, playbook, id } = state;
	const done = undo ? outcome === 'rolled-back' : outcome === 'succeeded' || (outcome === 'rolled-back' && playbook.kind === 'rollback');
	return {
		outcome: done ? 'done' : outcome === 'cancelled' ? 'cancelled' : 'failed',
		words: `${playbook.id} ${outcome ?? 'without an end'}${words === undefined ? '' : `: ${words}`}`,
		durationMs,
		value: { runId: id, outcome: outcome ?? '', playbook: playbook.id, kind: playbook.kind satisfies Playbook['kind'], undoable: undoable(state).length },
	};
};

/** Follows a run of another playbook until it is over. @param undo where it is taken back */
export const followRun = (context: JobContext, handle: ChildHandle, undo = false): Job => {
	const begun = context.ports.clock.monotonic();
	let detached = false;
	const { promise, resolve } = Promise.withResolvers<JobEnd | undefined>();
	const look = (): void => {
		if (detached || handle.state.endedAt === undefined) return;
		stop();
		resolve(endOfRun(handle, undo, Math.round(context.ports.clock.monotonic() - begun)));
	};
	const stop = handle.onChange(look);
	look();
	return {
		ended: promise,
		async cancel() {
			await handle.command({ kind: 'cancel' });
			await promise;
		},
		detach() {
			detached = true;
			stop();
			resolve(undefined);
			void handle.leave();
		},
	};
};
