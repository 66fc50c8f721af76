import type { ContainerState, ContainerSummary, HealthStatus } from '../domain/container.ts';
import type { EngineEvent } from '../domain/engine.ts';

const stateAfter: Partial<Record<EngineEvent['kind'], ContainerState>> = {
	created: 'created',
	started: 'running',
	restarted: 'running',
	unpaused: 'running',
	paused: 'paused',
	died: 'exited',
	stopped: 'exited',
};

const healthWords: readonly HealthStatus[] = ['none', 'starting', 'healthy', 'unhealthy'];

/**
 * What an event alone tells of a container, so that its row changes at once; the inspect that follows tells the rest.
 * The old detail is kept but for what a new start makes untrue.
 */
export const applyEvent = (before: ContainerSummary, event: EngineEvent): ContainerSummary => {
	const state = stateAfter[event.kind] ?? before.state;
	if (event.kind === 'started') {
		const { exitCode: _code, finishedAt: _finished, ...rest } = before;
		return {
			...rest,
			state,
			startedAt: event.at,
			health: before.health === 'none' ? 'none' : 'starting',
			...(before.detail === undefined ? {} : { detail: { ...before.detail, oomKilled: false } }),
		};
	}
	if (event.kind === 'died') {
		return { ...before, state, finishedAt: event.at, ...(event.exitCode === undefined ? {} : { exitCode: event.exitCode }) };
	}
	if (event.kind === 'oom' && before.detail !== undefined) {
		return { ...before, detail: { ...before.detail, oomKilled: true } };
	}
	if (event.kind === 'health') {
		const health = healthWords.find((word) => word === event.attributes['health']);
		return health === undefined ? before : { ...before, health };
	}
	if (event.kind === 'renamed') return { ...before, name: event.name };
	return state === before.state ? before : { ...before, state };
};
