import { EngineError } from '../../../../domain/engine.ts';
import { fields, list, text } from '../../narrow.ts';
import type { SwarmCalls } from './calls.ts';
import type { Mark } from './service.ts';
import { serves, type SwarmTask } from './tasks.ts';

const mostWords = 200;

/**
 * What the health check of the newest task of a version said, where the task ran on this node: a task that Swarm ends for
 * being unhealthy may end well, so that Swarm itself tells no reason.
 */
export async function healthWordsOf(calls: SwarmCalls, tasks: readonly SwarmTask[], isIt: (mark: Mark) => boolean): Promise<string | undefined> {
	const newest = tasks.filter((task) => isIt(task.mark) && task.containerId !== undefined && !serves(task)).toSorted((a, b) => b.at - a.at)[0];
	if (newest?.containerId === undefined) {
		return undefined;
	}
	try {
		const health = fields(fields((await calls.engine.container(newest.containerId))?.['State'])['Health']);
		// Checks that were under way as it was ended fail for that alone.
		const first = list(health['Log']).map(fields).find((result) => result['ExitCode'] !== 0);
		const output = (text(first?.['Output']) ?? '').replace(/\s+/g, ' ').trim();
		return health['Status'] !== 'unhealthy' ? undefined : `unhealthy${output === '' ? '' : `: ${output.slice(0, mostWords)}`}`;
	} catch (error) {
		// The reason is only for people: not to know it must not keep the old version from coming back.
		if (error instanceof EngineError) {
			return undefined;
		}
		throw error;
	}
}
