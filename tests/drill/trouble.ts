import { until } from '../../src/drill/until.ts';
import { patienceMs } from '../support/patience.ts';
import type { Exercise } from './exercise.ts';
import type { Ground, Standing } from './ground.ts';
import type { RecoveryWatch } from './recovery.ts';

/** A restart takes a moment: the service has to be well within so long after a run that says it is, ms. */
const settleMs = 10_000;

/** How the service stands, as far as an exercise is concerned. */
export const standingOf = (exercise: Exercise, ground: Ground): Promise<Standing> => (exercise.standing ?? ((each: Ground) => each.standing()))(ground);

/**
 * Brings the trouble about, and waits until it shows from outside.
 * @returns when it showed, `performance.now()`
 */
export const bringAbout = async (exercise: Exercise, ground: Ground, signal?: AbortSignal): Promise<number> => {
	if (exercise.trouble === undefined) return performance.now();
	await exercise.trouble(ground);
	await until(async () => !(await standingOf(exercise, ground)).well, { timeoutMs: patienceMs, everyMs: 100, what: `${exercise.title} to show`, signal });
	return performance.now();
};

/** Whether the service is well for good and the effect is there. @returns what is not */
export const confirmEffect = async (exercise: Exercise, ground: Ground, watch: RecoveryWatch, patience = settleMs): Promise<string | undefined> => {
	try {
		await until(() => watch.wellSince !== undefined && performance.now() - watch.wellSince > 1000, { timeoutMs: patience, everyMs: 50, what: 'the service to be well' });
	} catch {
		return `the service is not well: ${watch.last.words}`;
	}
	try {
		await exercise.effect?.(ground);
	} catch (error) {
		return error instanceof Error ? error.message : String(error);
	}
	return undefined;
};
