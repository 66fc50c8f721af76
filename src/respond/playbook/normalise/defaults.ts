import type { StepKind } from '../../../domain/playbook/step.ts';
import type { StepSource } from '../schema/step.ts';

/**
 * Seconds after which a step is ended where it does not say. 0 means that it has no time-out of its own: it waits for a
 * person, or its parts have theirs. Commands and requests are to be short; a database may be large.
 */
export const defaultTimeouts: Readonly<Record<StepKind, number>> = {
	command: 60,
	container: 60,
	http: 10,
	database: 600,
	rollout: 600,
	waitFor: 60,
	watch: 60,
	branch: 0,
	manual: 0,
	input: 0,
	approval: 0,
	notify: 30,
	parallel: 0,
	playbook: 0,
};

/** Seconds; for a watch those beyond its window. Stop and restart have their grace besides. */
export const timeoutOf = (source: StepSource): number => {
	if (source.timeoutSeconds !== undefined) return source.timeoutSeconds;
	const base = defaultTimeouts[source.kind];
	if (source.kind === 'container') return base + (source.container.graceSeconds ?? 0);
	return base;
};

/** Seconds between tries, or between looks. */
export const intervalOf = (source: StepSource): number => source.intervalSeconds ?? ({ waitFor: 2, watch: 10 } as Readonly<Record<string, number>>)[source.kind] ?? 5;
