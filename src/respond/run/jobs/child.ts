import type { RunHandle } from '../../../domain/run/control.ts';
import type { Playbook } from '../../../domain/playbook/playbook.ts';
import type { Job, JobContext, JobEnd } from './job.ts';

/** What a run of another playbook came to, for the step that started it. */
const endOfRun = (handle: RunHandle, durationMs: number): JobEnd => {
	const { outcome, words, playbook, id } = handle.state;
	const done = outcome === 'succeeded' || (outcome === 'rolled-back' && playbook.kind === 'rollback');
	return {
		outcome: done ? 'done' : outcome === 'cancelled' ? 'cancelled' : 'failed',
		words: `${playbook.id} ${outcome ?? 'without an end'}${words === undefined ? '' : `: ${words}`}`,
		durationMs,
		value: { runId: id, outcome: outcome ?? '', playbook: playbook.id, kind: playbook.kind satisfies Playbook['kind'] },
	};
};

/** Follows a run of another playbook until it is over. */
export const followRun = (context: JobContext, handle: RunHandle): Job => {
	const begun = context.ports.clock.monotonic();
	let detached = false;
	const { promise, resolve } = Promise.withResolvers<JobEnd | undefined>();
	const look = (): void => {
		if (detached || handle.state.endedAt === undefined) return;
		stop();
		resolve(endOfRun(handle, Math.round(context.ports.clock.monotonic() - begun)));
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
