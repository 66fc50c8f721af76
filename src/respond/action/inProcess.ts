import type { Clock } from '../../domain/clock.ts';
import type { ActionEnd, RunningAction } from '../../domain/run/action.ts';
import { timedOutWords } from './endWords.ts';

/** What the work came to, without what is the same for all. */
export type WorkEnd = Omit<ActionEnd, 'durationMs' | 'survivors' | 'left' | 'note'>;

export interface Work {
	readonly timeoutMs: number;
	/** Words after `cancelled` or `timed out`: what may have happened all the same. */
	readonly afterwards: string;
	run(signal: AbortSignal): Promise<WorkEnd>;
	/** In words, what an error means; errors of the abort itself never come here. */
	failure(error: unknown): WorkEnd;
}

/** Does work of this process within its time: it ends with its own end, cancelled or timed out, and never rejects. */
export const startWork = (work: Work, clock: Clock): RunningAction => {
	const began = clock.monotonic();
	const controller = new AbortController();
	let stopped: 'cancelled' | 'timed-out' | undefined;
	const stop = (why: 'cancelled' | 'timed-out'): void => {
		stopped ??= why;
		controller.abort();
	};
	const untimed = clock.after(work.timeoutMs, () => stop('timed-out'));
	const stoppedEnd = (why: 'cancelled' | 'timed-out'): WorkEnd => ({
		outcome: why,
		words: (why === 'cancelled' ? 'cancelled' : timedOutWords(work.timeoutMs)) + work.afterwards,
		result: {},
	});
	const run = async (): Promise<ActionEnd> => {
		let end: WorkEnd;
		try {
			end = await work.run(controller.signal);
		} catch (error) {
			end = stopped === undefined ? work.failure(error) : stoppedEnd(stopped);
		}
		untimed();
		return { ...end, durationMs: Math.max(0, clock.monotonic() - began), survivors: [] };
	};
	const ended = run();
	return {
		ended,
		cancel() {
			stop('cancelled');
			return ended;
		},
		// It belongs to this process: there is nothing to let go of, and it ends by itself.
		detach() {},
	};
};
