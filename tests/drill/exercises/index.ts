import type { Exercise } from '../exercise.ts';
import { faultExercises } from './faults.ts';
import { genericExercises } from './generic.ts';
import { taskExercises } from './tasks.ts';

/** All exercises, in the order in which they are done and shown. */
export const exercises: readonly Exercise[] = [...faultExercises, ...genericExercises, ...taskExercises];

export { faultExercises, genericExercises, taskExercises };
