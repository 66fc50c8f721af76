import { describe, expect, it } from 'vitest';
import type { RolloutPlan, RolloutPlanOptions } from '../../../../src/domain/rollout.ts';
import type { SwarmFacts } from '../../../../src/engines/docker/rollout/swarm/facts.ts';
import { makeSwarmPlan } from '../../../../src/engines/docker/rollout/swarm/plan.ts';
import { facts, service, spec, task } from './parts.ts';

const plan = (parts: Partial<SwarmFacts> = {}, options: RolloutPlanOptions = {}): RolloutPlan => makeSwarmPlan(facts(parts), 'api:2', 0, options);

const levels = (made: RolloutPlan, what: string): readonly string[] => made.findings.filter((finding) => finding.what === what).map(({ level }) => level);
const why = (made: RolloutPlan, what: string): string => made.findings.find((finding) => finding.what === what)?.why ?? '';

/** What Swarm remembers is the target. */
const remembered = (previous = spec({ image: 'api:2' }), now = spec()): Partial<SwarmFacts> => ({
	service: service({ spec: now, previous, state: 'completed' }),
	target: { reference: 'api:2', imageId: 'sha256:new', found: undefined, isPrevious: true, known: 'here' },
});

describe('the plan of a Swarm service', () => {
	it('says by which settings it is proved, in the order of the service', () => {
		const made = plan();
		expect(made).toMatchObject({
			subject: { id: 'swarm:service1', name: 'api' },
			way: 'start-first',
			proof: expect.stringMatching(/^2 of 2 tasks run it within \d+ s: 1 at a time, each watched for 1 s; where a task fails Swarm rolls back by itself$/) as string,
			downtime: { expectedMs: 0 },
			changes: [{ field: 'image' }, { field: 'environment', key: 'V', before: '1', after: '2' }],
		});
		expect(made.findings.filter(({ level }) => level !== 'fine')).toEqual([]);
		expect(made.acts.map(({ id }) => id)).toEqual(['pin', 'update', 'converge', 'prove']);
	});

	it('sets another order where asked, and says that it stays', () => {
		const made = plan({}, { way: 'stop-first' });
		expect(made).toMatchObject({ way: 'stop-first', data: { order: 'stop-first', fromOrder: 'start-first' }, downtime: { expectedMs: 0, basis: '1 of 2 tasks at a time, the others answer' } });
		expect(levels(made, 'update order')).toEqual(['warn']);
	});

	it('expects a gap where all tasks are stopped at once', () => {
		const one = { service: service({ spec: spec({ replicas: 1 }) }), tasks: [task()] };
		const made = plan(one, { way: 'stop-first' });
		expect(made.downtime.expectedMs).toBeGreaterThan(0);
		expect(made.acts.find(({ id }) => id === 'converge')?.serving).toBe('nobody');
		expect(plan(one).downtime.expectedMs).toBe(0);
	});

	it('never lets two hold a port of one node', () => {
		const ports = { service: service({ spec: spec({ more: { EndpointSpec: { Ports: [{ PublishMode: 'host', PublishedPort: 8080, TargetPort: 80, Protocol: 'tcp' }] } } }) }) };
		expect(plan(ports)).toMatchObject({ way: 'stop-first', wayWhy: expect.stringContaining('8080/tcp of its node') as string, data: { order: 'stop-first' } });
		expect(levels(plan(ports), 'way')).toEqual(['fine']);
		expect(levels(plan(ports, { way: 'start-first' }), 'way')).toEqual(['refuse']);
	});

	it('has Swarm put back what it remembers where its rollback goes the same way', () => {
		expect(plan(remembered())).toMatchObject({ data: { base: 'previous', call: 'rollback' }, proof: expect.stringContaining('where a task fails Swarm pauses') as string });
		// Swarm's rollback is stop-first where nothing is said.
		const harder = spec({ image: 'api:2', more: { RollbackConfig: undefined } });
		expect(plan(remembered(harder))).toMatchObject({ way: 'start-first', data: { base: 'previous', call: 'update' } });
		// It would scale the service too.
		expect(plan(remembered(spec({ image: 'api:2', replicas: 5 })))).toMatchObject({ data: { base: 'previous', call: 'update' } });
	});

	it('names what else comes back with the spec that Swarm remembers', () => {
		const made = plan({ ...remembered(spec({ image: 'api:2', container: { Env: ['LEVEL=1', 'API_KEY=x'], Mounts: [{ Target: '/data', Source: 'store' }] }, more: { TaskTemplate: { ContainerSpec: { Image: 'api:2' }, Resources: { Limits: { MemoryBytes: 5 } } } } })) });
		expect(why(made, 'settings')).toContain('networks, resources');
		const env = plan(remembered(spec({ image: 'api:2', container: { Env: ['LEVEL=1', 'API_KEY=x'], Mounts: [{ Target: '/data', Source: 'store' }] } })));
		expect(env.changes.slice(1)).toEqual([
			{ field: 'environment', key: 'API_KEY', after: '(secret)' },
			{ field: 'environment', key: 'LEVEL', after: '1' },
			{ field: 'volumes', key: '/data', after: 'volume store' },
		]);
		expect(JSON.stringify(env)).not.toContain('API_KEY=x');
		expect(levels(plan({ ...remembered(), gone: ['secret db-password'] }), 'secret')).toEqual(['refuse']);
	});

	it('tells what became of the spec before', () => {
		expect(levels(plan(), 'previous spec')).toEqual(['fine']);
		const back = plan({ service: service({ state: 'rollback_completed' }) });
		expect(levels(back, 'previous spec')).toEqual(['warn']);
		expect(why(back, 'previous spec')).toContain('it is rolled to an image instead, api:2');
		expect(levels(plan({ service: service({ state: 'updating' }) }), 'update')).toEqual(['warn']);
		expect(why(plan({ service: service({ state: 'paused', message: 'task t1 failed' }) }), 'update')).toContain('paused: task t1 failed');
	});

	it.each([
		['the same image', { target: { ...facts().target, imageId: 'sha256:old' } }, 'image', 'nothing would change'],
		['an image that is nowhere', { target: { ...facts().target, imageId: '', known: 'nowhere' } }, 'image', 'fetch it first'],
		['a job', { service: service({ spec: spec({ more: { Mode: { ReplicatedJob: {} } } }) }) }, 'mode', 'ReplicatedJob'],
		['no node', { nodes: { ready: 0, down: [] } }, 'nodes', 'no node takes tasks'],
	] as const)('refuses %s', (_name, parts, what, words) => {
		const made = plan(parts);
		expect(levels(made, what)).toContain('refuse');
		expect(why(made, what)).toContain(words);
	});

	it.each([
		['nodes that may not find the image', { nodes: { ready: 3, down: [] } }, 'image'],
		['nodes that do not answer', { nodes: { ready: 1, down: ['n2'] } }, 'nodes'],
		['tasks that do not run', { tasks: [task(), task({ slot: 2, state: 'failed' })] }, 'tasks'],
		['a service that is scaled to none', { service: service({ spec: spec({ replicas: 0 }) }), tasks: [] }, 'tasks'],
		['a failure action that goes on', { service: service({ spec: spec({ more: { UpdateConfig: { FailureAction: 'continue' } } }) }) }, 'failure action'],
		['a stack', { service: service({ spec: spec({ more: { Name: 'shop_api', Labels: { 'com.docker.stack.namespace': 'shop' } } }) }) }, 'owner'],
		['a name that stands for another image', { source: { ...facts().source, moved: true } }, 'way back'],
	] as const)('warns of %s', (_name, parts, what) => {
		expect(levels(plan(parts), what)).toContain('warn');
	});

	it('tells an image of the same name apart by a figure of the spec', () => {
		const made = makeSwarmPlan(facts({ source: { ...facts().source, moved: true, reference: 'sha256:old' }, target: { ...facts().target, reference: 'api:1' } }), 'api:1', 0, {});
		expect(made.data).toMatchObject({ fromMark: { image: 'api:1', force: 0 }, toMark: { image: 'api:1', force: 1 }, backMark: { image: 'sha256:old' } });
	});

	it('gives every batch its time', () => {
		const within = (parallelism: number) => Number(plan({ service: service({ spec: spec({ replicas: 6, more: { UpdateConfig: { Parallelism: parallelism } } }) }) }).data['withinMs']);
		expect(within(1)).toBeGreaterThan(within(3));
		expect(within(3)).toBeGreaterThan(within(0));
		expect(plan({}, { proveWithinMs: 1234 }).data['withinMs']).toBe(1234);
	});
});
