import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { GapMeter } from '../../../../src/engines/docker/rollout/swarm/gap.ts';
import { either, judge, type Judgement } from '../../../../src/engines/docker/rollout/swarm/judge.ts';
import { fingerprint } from '../../../../src/engines/docker/rollout/swarm/service.ts';
import type { SwarmTask } from '../../../../src/engines/docker/rollout/swarm/tasks.ts';
import { readSettings, settingsWords } from '../../../../src/engines/docker/rollout/swarm/settings.ts';
import { service, spec, task, type ServiceParts } from './parts.ts';

const isNew = either({ image: 'api:2', force: 0 });
const wasOld = either({ image: 'api:1', force: 0 });
const onTheWay = (parts: ServiceParts, tasks: readonly SwarmTask[], enough?: number): Judgement => judge(service({ spec: spec({ image: 'api:2' }), ...parts }), tasks, isNew, wasOld, enough);
const fresh = (slot: number) => task({ slot, image: 'api:2' });

describe('a look at an update', () => {
	it('goes on while tasks start, in words', () => {
		const tasks = [task({ slot: 1, desired: 'shutdown' }), fresh(1), task({ slot: 2 }), task({ slot: 2, image: 'api:2', state: 'starting' })];
		expect(onTheWay({ state: 'updating' }, tasks)).toMatchObject({ stage: 'going', words: '1 of 2 tasks run 2, 1 starting, 1 still runs another' });
	});

	it('is done once Swarm says so and all tasks run', () => {
		const both = [fresh(1), fresh(2)];
		expect(onTheWay({ state: 'updating' }, both)).toMatchObject({ stage: 'going' });
		expect(onTheWay({ state: 'completed' }, both)).toMatchObject({ stage: 'done', words: '2 of 2 tasks run 2' });
		expect(onTheWay({ state: 'rollback_completed' }, both)).toMatchObject({ stage: 'done' });
		// Swarm goes on where tasks fail if it is told to, and calls that completed.
		expect(onTheWay({ state: 'completed' }, [fresh(1)])).toMatchObject({ stage: 'going' });
		expect(onTheWay({ state: 'completed' }, [fresh(1)], 1)).toMatchObject({ stage: 'done' });
	});

	it('is not taken for done before Swarm has begun', () => {
		expect(onTheWay({}, [task({ slot: 1 }), task({ slot: 2 })])).toMatchObject({ stage: 'going' });
		expect(onTheWay({ spec: spec({ image: 'api:2', replicas: 0 }) }, [])).toMatchObject({ stage: 'done' });
	});

	it('has failed where Swarm pauses or takes it back, with the reason of a task', () => {
		const failed = task({ slot: 1, image: 'api:2', state: 'failed', desired: 'shutdown', error: 'task: non-zero exit (3)' });
		expect(onTheWay({ state: 'paused', message: 'update paused' }, [failed])).toMatchObject({ stage: 'failed', words: 'Swarm paused the update, 0 of 2 tasks run 2 (task: non-zero exit (3))' });
		expect(onTheWay({ spec: spec({ image: 'api:1' }), state: 'rollback_started' }, [failed])).toMatchObject({ stage: 'failed', words: 'Swarm takes it back by itself: task: non-zero exit (3)' });
		expect(onTheWay({ spec: spec({ image: 'api:9' }) }, [])).toMatchObject({ stage: 'failed', words: 'somebody else has set the service to api:9' });
	});

	it('says why a task does not start', () => {
		const waiting = task({ slot: 1, image: 'api:2', state: 'pending', error: 'no suitable node (insufficient resources on 1 node)' });
		expect(onTheWay({ state: 'updating' }, [waiting]).words).toBe('0 of 2 tasks run 2, 1 starting (no suitable node (insufficient resources on 1 node))');
	});

	it('counts a task for each node of a global service', () => {
		const tasks = ['n1', 'n2', 'n3'].map((node) => task({ node, image: 'api:2', state: node === 'n3' ? 'starting' : 'running' }));
		expect(onTheWay({ spec: spec({ image: 'api:2', more: { Mode: { Global: {} } } }), state: 'updating' }, tasks).words).toBe('2 of 3 tasks run 2, 1 starting');
	});
});

describe('the time in which no task answers', () => {
	it('is the sum of the looks between the last that saw one and the next', () => {
		const run = (looks: readonly (readonly [number, number])[], end: number): number | undefined => {
			const gap = new GapMeter();
			looks.forEach(([serving, at]) => gap.see(serving, at));
			return gap.total(end);
		};
		expect(run([[2, 0], [1, 5], [2, 9]], 20)).toBeUndefined();
		// It did not answer before either.
		expect(run([[0, 0], [1, 5]], 20)).toBeUndefined();
		expect(run([[1, 0], [0, 10], [0, 12], [1, 15], [0, 20]], 25)).toBe(10);
	});

	it('is never longer than the whole', () => {
		fc.assert(
			fc.property(fc.array(fc.tuple(fc.nat(2), fc.nat(100)), { minLength: 1 }), (steps) => {
				const gap = new GapMeter();
				let at = 0;
				for (const [serving, after] of steps) {
					gap.see(serving, (at += after));
				}
				const total = gap.total(at);
				expect(total ?? 0).toBeLessThanOrEqual(at);
				const first = steps.findIndex(([serving]) => serving > 0);
				expect(total !== undefined).toBe(first !== -1 && steps.slice(first).some(([serving]) => serving === 0));
			}),
		);
	});
});

describe('settings of a service', () => {
	it('are Swarm\'s own where nothing is said', () => {
		expect(readSettings(undefined)).toEqual({ order: 'stop-first', parallelism: 1, delayMs: 0, monitorMs: 5000, failureAction: 'pause', maxFailureRatio: 0 });
		expect(settingsWords(readSettings({ Delay: 2e9, MaxFailureRatio: 0.25, FailureAction: 'continue' }))).toBe('all at once, 2 s apart, each watched for 5 s; where more than 25 % of the tasks fail Swarm goes on all the same');
	});

	it('tell two specs apart, whatever the order of their fields', () => {
		fc.assert(
			fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (made) => {
				const turned = Object.fromEntries(Object.entries(made).toReversed());
				expect(fingerprint(turned)).toBe(fingerprint(made));
				expect(fingerprint({ ...made, more: [made] })).not.toBe(fingerprint(made));
			}),
		);
	});
});
