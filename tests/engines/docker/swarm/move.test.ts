import { describe, expect, it } from 'vitest';
import type { RolloutState } from '../../../../src/domain/rollout.ts';
import { readSwarmData, type SwarmData } from '../../../../src/engines/docker/rollout/swarm/data.ts';
import type { SwarmFacts } from '../../../../src/engines/docker/rollout/swarm/facts.ts';
import { moveBack, moveForth, ownStatus } from '../../../../src/engines/docker/rollout/swarm/move.ts';
import { makeSwarmPlan } from '../../../../src/engines/docker/rollout/swarm/plan.ts';
import { swarmStandingOf } from '../../../../src/engines/docker/rollout/swarm/standing.ts';
import type { SwarmTask } from '../../../../src/engines/docker/rollout/swarm/tasks.ts';
import { facts, service, spec, task, type ServiceParts } from './parts.ts';

const planned = (parts: Partial<SwarmFacts> = {}): { readonly state: RolloutState; readonly data: SwarmData } => {
	const plan = makeSwarmPlan(facts(parts), 'api:2', 0, {});
	return { state: { plan }, data: readSwarmData(plan) };
};

const old = spec();
const next = spec({ image: 'api:2' });
const settings = { Parallelism: 1, Monitor: 1e9, FailureAction: 'pause', Order: 'stop-first' };

describe('what Swarm is sent', () => {
	it('is the present spec on the other image, and nothing where it is there', () => {
		const { data } = planned();
		expect(moveForth(service({ spec: old }), data)).toEqual({ spec: next, back: false });
		expect(moveForth(service({ spec: next, state: 'updating' }), data)).toBeUndefined();
		expect(moveForth(service({ spec: next, state: 'paused' }), data)).toEqual({ spec: next, back: false });
		expect(() => moveForth(service({ spec: spec({ image: 'api:9' }) }), data)).toThrow('api is not what was planned for any more: it is set to api:9');
	});

	it('is a rollback only while Swarm remembers what was planned for', () => {
		const { data } = planned({ service: service({ spec: old, previous: next }), target: { ...facts().target, isPrevious: true } });
		expect(moveForth(service({ spec: old, previous: next }), data)).toEqual({ spec: old, back: true });
		expect(() => moveForth(service({ spec: old, previous: spec({ image: 'api:2', container: { Env: ['X=1'] } }) }), data)).toThrow('does not remember the spec');
		expect(() => moveForth(service({ spec: old }), data)).toThrow('does not remember the spec');
	});

	it('leaves the number of replicas as it is now', () => {
		const now = spec({ replicas: 5 });
		const { data } = planned({ service: service({ spec: now, previous: next }), target: { ...facts().target, isPrevious: true } });
		expect(moveForth(service({ spec: now, previous: next }), data)).toEqual({ spec: spec({ image: 'api:2', replicas: 5 }), back: false });
	});

	it('brings the old spec back by the gentler way', () => {
		const { data } = planned();
		expect(moveBack(service({ spec: next, previous: old, state: 'completed' }), data)).toEqual({ spec: next, back: true });
		// Swarm's own rollback would stop each task first.
		const harder = spec({ more: { RollbackConfig: settings } });
		const other = planned({ service: service({ spec: harder }) });
		const moved = spec({ image: 'api:2', more: { RollbackConfig: settings } });
		expect(moveBack(service({ spec: moved, previous: harder, state: 'completed' }), other.data)).toEqual({ spec: harder, back: false });
		expect(moveBack(service({ spec: moved, previous: harder, state: 'paused' }), other.data)).toEqual({ spec: moved, back: true });
	});

	it('is the old image in the present spec where Swarm does not remember it', () => {
		const { data } = planned();
		const scaled = spec({ image: 'api:2', replicas: 4 });
		expect(moveBack(service({ spec: scaled, previous: next, state: 'completed' }), data)).toEqual({ spec: spec({ replicas: 4 }), back: false });
		expect(() => moveBack(service({ spec: spec({ image: 'api:9' }) }), data)).toThrow('it is set to api:9');
	});

	it('is nothing where the old version is set already, unless Swarm stands still on the way', () => {
		const { data } = planned();
		expect(moveBack(service({ spec: old, state: 'rollback_started' }), data)).toBeUndefined();
		expect(moveBack(service({ spec: old, state: 'rollback_paused' }), data)).toEqual({ spec: old, back: false });
	});

	it('is not led by what Swarm tells of the change before', () => {
		const before: ServiceParts = { spec: old, state: 'paused', startedAt: '2026-11-21T09:00:00Z' };
		const { data } = planned({ service: service(before) });
		expect(ownStatus(service(before), data).update).toBeUndefined();
		expect(ownStatus(service({ ...before, startedAt: '2026-11-21T09:30:00Z' }), data).update?.state).toBe('paused');
	});
});

describe('how a move stands', () => {
	const stands = (parts: ServiceParts, tasks: readonly SwarmTask[], freshId?: string) => {
		const { state, data } = planned();
		return swarmStandingOf(freshId === undefined ? state : { ...state, freshId }, data, service(parts), tasks);
	};
	const both = [task({ slot: 1, image: 'api:2' }), task({ slot: 2, image: 'api:2' })];
	const before = [task({ slot: 1 }), task({ slot: 2 })];

	it('is told from the spec, the status and the tasks', () => {
		expect(stands({ spec: old }, before)).toMatchObject({ stage: 'not-begun', serving: 'old', finish: { possible: false }, undo: { possible: false } });
		expect(stands({ spec: old, state: 'rollback_completed' }, before)).toMatchObject({ stage: 'undone', serving: 'old' });
		expect(stands({ spec: old }, before, 'swarm:service1')).toMatchObject({ stage: 'undone' });
		expect(stands({ spec: old, state: 'rollback_started' }, [...before, task({ slot: 1, image: 'api:2' })])).toMatchObject({ stage: 'half', serving: 'both', advice: { choose: 'undo' } });
		expect(stands({ spec: next, previous: old, state: 'updating' }, [task({ slot: 2 }), task({ slot: 1, image: 'api:2' })])).toMatchObject({ stage: 'half', serving: 'both', finish: { possible: true }, advice: { choose: 'finish' } });
		expect(stands({ spec: next, previous: old, state: 'paused', message: 'a task failed' }, before)).toMatchObject({ stage: 'half', serving: 'old', finish: { possible: true, why: expect.stringContaining('likely to fail') as string }, advice: { choose: 'undo' } });
		expect(stands({ spec: next, previous: old, state: 'completed' }, both)).toMatchObject({ stage: 'done', serving: 'new', undo: { possible: true, why: 'Swarm remembers the spec before' }, evidence: ['api is set to api:2', '2 of 2 tasks run it', '2 tasks run 2', 'Swarm: completed'] });
		expect(stands({ spec: next, state: 'completed' }, both)).toMatchObject({ undo: { possible: true, why: expect.stringContaining('it is set to api:1, with its other settings') as string } });
		expect(stands({ spec: spec({ image: 'api:9' }) }, [])).toMatchObject({ stage: 'gone', serving: 'nobody', undo: { possible: false } });
	});

	it('is gone with the service', () => {
		const { state, data } = planned();
		expect(swarmStandingOf(state, data, undefined, [])).toMatchObject({ stage: 'gone', serving: 'nobody' });
	});
});
