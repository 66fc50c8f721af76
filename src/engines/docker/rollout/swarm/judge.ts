import { sameMark, markOf, type Mark, type SwarmService } from './service.ts';
import { tally, tallyWords, versionWords, wantedOf, type SwarmTask, type Tally } from './tasks.ts';

/** How far the cluster is with a version. */
export interface Judgement {
	readonly stage: 'going' | 'done' | 'failed';
	readonly words: string;
	readonly tally: Tally;
}

/**
 * Judges a look at a service on its way to a version. Pure.
 * @param isIt whether a mark is the version that is gone to
 * @param before whether a mark is the version that is left
 * @param enough how many of its tasks are enough, where fewer than all of them are
 */
export function judge(service: SwarmService, tasks: readonly SwarmTask[], isIt: (mark: Mark) => boolean, before: (mark: Mark) => boolean, enough = Number.POSITIVE_INFINITY): Judgement {
	const mark = markOf(service.spec);
	const counted = tally(tasks, wantedOf(service, tasks), isIt);
	const state = service.update?.state;
	const words = tallyWords(counted, isIt(mark) ? mark.image : (tasks.find((task) => isIt(task.mark))?.mark.image ?? 'it'));
	const why = counted.error ?? service.update?.message ?? '';
	if (!isIt(mark)) {
		return before(mark) && state !== undefined && state.startsWith('rollback')
			? { stage: 'failed', words: `Swarm takes it back by itself: ${why}`, tally: counted }
			: { stage: 'failed', words: before(mark) ? 'the service was set back meanwhile' : `somebody else has set the service to ${mark.image}`, tally: counted };
	}
	if (state === 'paused' || state === 'rollback_paused') {
		return { stage: 'failed', words: `Swarm paused the ${state === 'paused' ? 'update' : 'rollback'}, ${words}${counted.error === undefined ? `: ${why}` : ''}`, tally: counted };
	}
	const over = state === undefined || state === 'completed' || state === 'rollback_completed';
	return { stage: over && counted.running >= Math.min(counted.wanted, enough) && (state !== undefined || counted.others === 0) ? 'done' : 'going', words, tally: counted };
}

export const either = (...marks: readonly Mark[]): ((mark: Mark) => boolean) => (mark) => marks.some((one) => sameMark(one, mark));

/** Versions of tasks that answer, such as `2 run 1.0.0`; for people. */
export function runningWords(tasks: readonly SwarmTask[]): readonly string[] {
	const counts = new Map<string, number>();
	for (const { mark } of tasks.filter((task) => task.desired === 'running' && task.state === 'running')) {
		counts.set(mark.image, (counts.get(mark.image) ?? 0) + 1);
	}
	return [...counts].map(([image, count]) => `${count} ${count === 1 ? 'task runs' : 'tasks run'} ${versionWords(image)}`);
}
