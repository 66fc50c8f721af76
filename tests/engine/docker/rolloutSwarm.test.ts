import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RolloutEngine, RolloutHooks, RolloutPlan, RolloutState, RolloutSubject } from '../../../src/domain/rollout.ts';
import { eventually, openEngine } from '../../support/engine.ts';
import { SwarmBench, type ServiceOptions } from './swarmHarness.ts';

let bench: SwarmBench;
let rollout: RolloutEngine;
let count = 0;

beforeAll(async () => {
	bench = await SwarmBench.start();
	({ rollout } = bench.engine);
});

afterAll(async () => {
	await bench.end();
});

const within = { proveWithinMs: 60_000 } as const;

interface Made {
	readonly id: string;
	readonly subject: RolloutSubject;
}

async function make(options: ServiceOptions = {}): Promise<Made> {
	const name = `web${count++}`;
	const id = await bench.create(name, options);
	const { id: subjectId, name: found } = await rollout.subject(name);
	expect(subjectId).toBe(`swarm:${id}`);
	return { id, subject: { id: subjectId, name: found } };
}

const refusals = (plan: RolloutPlan) => plan.findings.filter(({ level }) => level === 'refuse');

const said = (plan: RolloutPlan, what: string): string => plan.findings.find((finding) => finding.what === what)?.why ?? '';

const died = new Error('the console died');

/** Ends as a console that is killed once an act is done: the last state recorded is the one before it. */
function dyingAfter(act: string, recorded: RolloutState[]): RolloutHooks {
	return {
		before: async (_act, state) => void recorded.push(JSON.parse(JSON.stringify(state)) as RolloutState),
		after: async ({ id }) => {
			if (id === act) {
				throw died;
			}
		},
	};
}

/** What a killed move left recorded. */
async function killedAfter(act: string, plan: RolloutPlan): Promise<RolloutState> {
	const recorded: RolloutState[] = [];
	await expect(rollout.swap(plan, dyingAfter(act, recorded))).rejects.toBe(died);
	const last = recorded.at(-1);
	if (last === undefined) {
		throw new Error('nothing was recorded');
	}
	return last;
}

/** Another console. */
async function fresh<T>(use: (rollout: RolloutEngine) => Promise<T>): Promise<T> {
	const engine = await openEngine(bench.own.host);
	try {
		return await use(engine.rollout);
	} finally {
		await engine.close();
	}
}

describe('a Swarm service', () => {
	it.concurrent('is found by its name, within its stack, and by a container of it', async () => {
		const id = await bench.create('api', { stack: 'shop', replicas: 2 });
		const found = await rollout.subject('shop/api');
		expect(found).toMatchObject({ id: `swarm:${id}`, name: 'shop_api', kind: 'Swarm service' });
		expect(found.containers).toHaveLength(2);
		const [container = ''] = found.containers;
		expect((await bench.engine.list()).map(({ name }) => name)).toContain(container);
		for (const name of ['shop_api', 'api', container, found.id]) {
			expect(await rollout.subject(name)).toEqual(found);
		}
		await expect(rollout.subject('nobody')).rejects.toMatchObject({ kind: 'not-found' });
		const plan = await rollout.plan(found, bench.images.image('new'));
		expect(said(plan, 'owner')).toContain('docker stack deploy');
		// The other of this name.
		await bench.create('api', { stack: 'bank' });
		await expect(rollout.subject('api')).rejects.toMatchObject({ kind: 'conflict', message: expect.stringContaining('bank_api') as string });
		expect(await rollout.subject('shop/api')).toEqual(found);
	});

	it.concurrent('goes to another image and back with both replicas running all the time', async () => {
		const { id, subject } = await make({ replicas: 2, order: 'start-first', failure: 'rollback' });
		const before = (await bench.inspect(id)).Spec;
		expect((await rollout.versions([subject])).filter(({ current }) => current)).toMatchObject([{ image: bench.images.image('old'), runs: [subject.name] }]);
		const plan = await rollout.plan(subject, bench.images.image('new'), within);
		expect(refusals(plan)).toEqual([]);
		expect(plan).toMatchObject({ way: 'start-first', from: { image: bench.images.image('old') }, to: { image: bench.images.image('new') }, downtime: { expectedMs: 0 }, proof: expect.stringContaining('1 at a time, each watched for 0.4 s; where a task fails Swarm rolls back by itself') as string });
		expect(plan.changes).toContainEqual({ field: 'environment', key: 'OLD_ONLY', before: '1' });
		let least = 2;
		const watch = { over: false };
		const watched = (async () => {
			while (!watch.over) {
				least = Math.min(least, await bench.running(id));
			}
		})();
		const words: string[] = [];
		const outcome = await rollout.swap(plan, { onProof: (line) => void words.push(line), prove: async (service) => ({ ok: service.name === subject.name, words: 'ready' }) });
		expect(outcome).toMatchObject({ end: 'swapped', words: expect.stringContaining('2 of 2 tasks run new; ready') as string });
		expect(words).toContainEqual(expect.stringMatching(/^[01] of 2 tasks run new, 1 starting, 2 still run another$/));
		expect(outcome.gapMs).toBeUndefined();
		expect((await bench.inspect(id)).Spec).toEqual(bench.withImage(before, 'new'));
		expect(await rollout.examine(outcome.state)).toMatchObject({ stage: 'done', serving: 'new', undo: { possible: true } });
		await rollout.retire(outcome.state);
		expect((await rollout.pins(subject.name)).map(({ imageId }) => imageId).sort()).toEqual([plan.from.imageId, plan.to.imageId].sort());
		const back = await rollout.undo(outcome.state);
		watch.over = true;
		await watched;
		expect(back).toMatchObject({ end: 'restored' });
		expect(back.gapMs).toBeUndefined();
		expect(least).toBe(2);
		expect((await bench.inspect(id)).Spec).toEqual(before);
		expect(await rollout.examine(outcome.state)).toMatchObject({ stage: 'undone', serving: 'old' });
		await expect(rollout.retire(outcome.state)).rejects.toMatchObject({ kind: 'conflict' });
	});

	it.concurrent('comes back by itself from an image that ends, and goes to an image where Swarm remembers nothing', async () => {
		const { id, subject } = await make({ replicas: 2, order: 'start-first', failure: 'rollback', monitorMs: 3000 });
		const before = (await bench.inspect(id)).Spec;
		const bad = await rollout.swap(await rollout.plan(subject, bench.images.image('broken'), within));
		expect(bad).toMatchObject({ end: 'restored', words: expect.stringMatching(/Swarm takes it back by itself: task: non-zero exit \(3\)/) as string });
		const after = await bench.inspect(id);
		expect(after).toMatchObject({ Spec: before, UpdateStatus: { State: 'rollback_completed' } });
		expect(after.PreviousSpec).toBeUndefined();
		expect(await rollout.examine(bad.state)).toMatchObject({ stage: 'undone', undo: { possible: false } });
		const plan = await rollout.plan(subject, bench.images.image('new'), within);
		expect(said(plan, 'previous spec')).toContain('Swarm has rolled back by itself, and remembers no earlier spec since');
		expect(refusals(plan)).toEqual([]);
		expect(await rollout.swap(plan)).toMatchObject({ end: 'swapped' });
		expect(await bench.running(id, 'new')).toBe(2);
	});

	it.concurrent('is brought back from here where Swarm pauses on an image that is never healthy', async () => {
		const { id, subject } = await make({ failure: 'pause' });
		const before = (await bench.inspect(id)).Spec;
		const plan = await rollout.plan(subject, bench.images.image('sick'), within);
		expect(said(plan, 'failure action')).toContain('brought back from here');
		const outcome = await rollout.swap(plan);
		expect(outcome).toMatchObject({ end: 'restored', words: expect.stringMatching(/^Swarm paused the update, .*; unhealthy: no database\. /) as string });
		expect(outcome.gapMs).toBeGreaterThan(0);
		expect((await bench.inspect(id)).Spec).toEqual(before);
		expect(await bench.running(id, 'old')).toBe(1);
	});

	it.concurrent('is put back whole by Swarm\'s own rollback where it remembers the target', async () => {
		const { id, subject } = await make({ env: ['LEVEL=1'] });
		const before = (await bench.inspect(id)).Spec;
		await bench.update(id, (spec) => {
			const next = bench.withImage(spec, 'new');
			return { ...next, TaskTemplate: { ...next.TaskTemplate, ContainerSpec: { ...next.TaskTemplate.ContainerSpec, Env: ['LEVEL=2'] } } };
		});
		const plan = await rollout.plan(subject, bench.images.image('old'), within);
		expect(said(plan, 'previous spec')).toContain('the whole spec is put back');
		expect(plan.changes).toContainEqual({ field: 'environment', key: 'LEVEL', before: '2', after: '1' });
		expect(plan.acts.map(({ words }) => words)).toContainEqual(`have Swarm roll ${subject.name} back to ${bench.images.image('old')}`);
		const outcome = await rollout.swap(plan);
		expect(outcome).toMatchObject({ end: 'swapped' });
		expect(outcome.gapMs).toBeGreaterThan(0);
		expect(await bench.inspect(id)).toMatchObject({ Spec: before, UpdateStatus: { State: 'rollback_completed' } });
		expect(await rollout.undo(outcome.state)).toMatchObject({ end: 'restored' });
		expect((await bench.inspect(id)).Spec.TaskTemplate.ContainerSpec).toMatchObject({ Image: bench.images.image('new'), Env: ['LEVEL=2'] });
	});

	it.concurrent('keeps what somebody else sets meanwhile, and is not moved on an old plan', async () => {
		const { id, subject } = await make();
		const plan = await rollout.plan(subject, bench.images.image('new'), within);
		const outcome = await rollout.swap(plan, {
			before: async (act) => {
				if (act.id === 'update') {
					await bench.update(id, (spec) => ({ ...spec, Labels: { owner: 'night shift' } }));
				}
			},
		});
		expect(outcome).toMatchObject({ end: 'swapped' });
		expect((await bench.inspect(id)).Spec).toMatchObject({ Labels: { owner: 'night shift' } });
		await expect(rollout.swap(plan)).rejects.toMatchObject({ kind: 'conflict', message: `${subject.name} is not what was planned for any more` });
		const idle = await rollout.plan(subject, bench.images.image('new'));
		expect(refusals(idle)).toEqual([{ level: 'refuse', what: 'image', why: `${bench.images.image('new')} is what runs already: nothing would change` }]);
		await expect(rollout.swap(await rollout.plan(subject, 'nowhere.invalid/none:1'))).rejects.toMatchObject({ kind: 'conflict', message: expect.stringContaining('no registry tells of it') as string });
	});

	it.concurrent('goes to another image of the same name, and back to the one that ran', async () => {
		const name = `${bench.images.prefix}-moving:latest`;
		const tag = async (version: 'old' | 'new') => bench.docker.getImage(bench.images.image(version)).tag({ repo: name.replace(':latest', ''), tag: 'latest' });
		await tag('old');
		const { id, subject } = await make({ image: name });
		await tag('new');
		const plan = await rollout.plan(subject, name, within);
		expect(refusals(plan)).toEqual([]);
		expect(said(plan, 'way back')).toContain('stands for another image by now');
		const outcome = await rollout.swap(plan);
		expect(outcome).toMatchObject({ end: 'swapped' });
		const imageOf = async () => (await bench.engine.list()).find((container) => container.state === 'running' && container.labels['com.docker.swarm.service.id'] === id)?.imageId;
		expect(await imageOf()).toBe(plan.to.imageId);
		expect(await rollout.undo(outcome.state)).toMatchObject({ end: 'restored' });
		await eventually('the new one has ended', async () => (await imageOf()) === plan.from.imageId);
	});

	it.concurrent('is taken back where it is called off', async () => {
		const { id, subject } = await make({ replicas: 2, order: 'start-first' });
		const off = new AbortController();
		const outcome = await rollout.swap(await rollout.plan(subject, bench.images.image('new'), within), { onProof: () => off.abort(), signal: off.signal });
		expect(outcome).toMatchObject({ end: 'restored', words: expect.stringMatching(/^it was called off\. /) as string });
		expect(outcome.gapMs).toBeUndefined();
		expect(await bench.running(id, 'old')).toBe(2);
	});
});

describe('a console that is killed', () => {
	it.concurrent('after nothing was changed: all is as before', async () => {
		const { subject } = await make();
		const plan = await rollout.plan(subject, bench.images.image('new'), within);
		const state = await killedAfter('pin', plan);
		await fresh(async (next) => {
			expect(await next.examine(state)).toMatchObject({ stage: 'not-begun', serving: 'old', finish: { possible: false }, undo: { possible: false } });
			expect(await next.swap(plan)).toMatchObject({ end: 'swapped' });
		});
	});

	it.concurrent.each([
		{ act: 'update', next: 'finish', end: 'swapped', version: 'new' },
		{ act: 'update', next: 'undo', end: 'restored', version: 'old' },
		{ act: 'converge', next: 'undo', end: 'restored', version: 'old' },
	] as const)('after "$act": the next one can $next it', async ({ act, next: way, end, version }) => {
		const { id, subject } = await make({ order: 'start-first' });
		const state = await killedAfter(act, await rollout.plan(subject, bench.images.image('new'), within));
		await fresh(async (next) => {
			expect(await next.examine(state)).toMatchObject({ stage: act === 'update' ? 'half' : 'done', undo: { possible: true } });
			expect(await next[way](state)).toMatchObject({ end });
			expect(await next.examine(state)).toMatchObject({ stage: end === 'swapped' ? 'done' : 'undone' });
		});
		expect(await bench.running(id, version)).toBe(1);
	});

	it.concurrent('in the middle of going back: the next one sees it through', async () => {
		const { id, subject } = await make();
		const done = await rollout.swap(await rollout.plan(subject, bench.images.image('new'), within));
		const recorded: RolloutState[] = [];
		await expect(rollout.undo(done.state, dyingAfter('revert', recorded))).rejects.toBe(died);
		await fresh(async (next) => {
			expect(await next.examine(done.state)).toMatchObject({ stage: 'half', undo: { possible: true }, advice: { choose: 'undo' } });
			expect(await next.undo(done.state)).toMatchObject({ end: 'restored' });
		});
		expect(await bench.running(id, 'old')).toBe(1);
	});
});

describe('a manager that is killed and comes back in the middle', () => {
	it('goes on where it was', async () => {
		// It brings up again whatever ran on it.
		await bench.clear();
		const { id, subject } = await make({ order: 'start-first' });
		let back: Promise<void> | undefined;
		const outcome = await rollout.swap(await rollout.plan(subject, bench.images.image('new'), within), {
			before: async (act) => {
				if (act.id === 'converge') {
					bench.own.kill('SIGKILL');
					back = bench.own.restart();
				}
			},
		});
		await back;
		expect(outcome).toMatchObject({ end: 'swapped' });
		expect(await bench.running(id, 'new')).toBe(1);
	});
});
