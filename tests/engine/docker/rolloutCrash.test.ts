import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type Docker from 'dockerode';
import type { RolloutAct, RolloutEngine, RolloutHooks, RolloutPlan, RolloutStanding, RolloutState, RolloutWay } from '../../../src/domain/rollout.ts';
import type { openDocker } from '../../../src/engines/docker/index.ts';
import { openEngine, testEngineAddress } from '../../support/engine.ts';
import { RolloutBench } from './rolloutHarness.ts';

const address = testEngineAddress();
const bench = new RolloutBench(address, 'crash');
const quick = { steadyMs: 50, proveWithinMs: 60_000 } as const;
let engine: ReturnType<typeof openDocker>;
let rollout: RolloutEngine;
let count = 0;

beforeAll(async () => {
	engine = await openEngine(address);
	({ rollout } = engine);
	await bench.setUp();
});

afterAll(async () => {
	await bench.tearDown();
	await engine.close();
});

interface Made {
	readonly id: string;
	readonly name: string;
	readonly plan: RolloutPlan;
}

/** One that runs, with a restart policy to lose and names to lose on its network. */
async function make(way: RolloutWay): Promise<Made> {
	const name = `${bench.prefix}-${count++}`;
	const { network } = await bench.places();
	const id = await bench.create(name, 'old', {
		...(way === 'stop-first' ? {} : { Volumes: {} }),
		HostConfig: { NetworkMode: network, RestartPolicy: { Name: 'unless-stopped' } },
		NetworkingConfig: { EndpointsConfig: { [network]: { Aliases: [`${name}-alias`] } } },
	});
	await bench.docker.getContainer(id).start();
	const plan = await rollout.plan({ id, name }, bench.image('new'), { way, ...quick });
	expect(plan).toMatchObject({ way, findings: expect.not.arrayContaining([expect.objectContaining({ level: 'refuse' })]) as unknown });
	return { id, name, plan };
}

const died = new Error('the console died');

/** Ends as a console that is killed in an act: what was done stays, and what was not yet recorded is not known. */
function dyingAt(index: number, moment: 'before' | 'after', recorded: RolloutState[]): RolloutHooks {
	let begun = -1;
	return {
		before: async (_act: RolloutAct, state) => {
			begun++;
			recorded.push(state);
			if (begun === index && moment === 'before') {
				throw died;
			}
		},
		after: async () => {
			if (begun === index && moment === 'after') {
				throw died;
			}
		},
	};
}

/** The state as it comes back out of a journal. */
const fromJournal = (states: readonly RolloutState[]): RolloutState => JSON.parse(JSON.stringify(states.at(-1))) as RolloutState;

async function others(name: string): Promise<readonly string[]> {
	const all = await bench.docker.listContainers({ all: true });
	return all.flatMap(({ Names }) => Names.map((each) => each.slice(1)).filter((each) => each.startsWith(`${name}-sitrep`)));
}

async function serving(name: string): Promise<Docker.ContainerInspectInfo> {
	const found = await bench.docker.getContainer(name).inspect();
	expect(found.State.Running).toBe(true);
	expect(found.Name).toBe(`/${name}`);
	return found;
}

const aliasesOf = (found: Docker.ContainerInspectInfo): readonly string[] => Object.values(found.NetworkSettings.Networks).flatMap((network) => (network.Aliases as string[] | null) ?? []);

async function expectOld({ id, name }: Made): Promise<void> {
	const found = await serving(name);
	expect(found.Id).toBe(id);
	expect(found.HostConfig.RestartPolicy?.Name).toBe('unless-stopped');
	expect(aliasesOf(found)).toContain(`${name}-alias`);
	expect(await others(name)).toEqual([]);
}

async function expectNew({ id, name, plan }: Made, state: RolloutState): Promise<void> {
	const found = await serving(name);
	expect(found.Id).not.toBe(id);
	expect(found.Image).toBe(plan.to.imageId);
	expect(found.HostConfig.RestartPolicy?.Name).toBe('unless-stopped');
	expect(aliasesOf(found)).toContain(`${name}-alias`);
	const old = await bench.docker.getContainer(id).inspect();
	expect(old.State.Running).toBe(false);
	expect(old.HostConfig.RestartPolicy?.Name).toBe('no');
	expect(await rollout.examine(state)).toMatchObject({ stage: 'done', serving: 'new' });
	expect(await others(name)).toEqual([`${name}-sitrep-old-${plan.id}`]);
	await rollout.retire(state);
	expect(await others(name)).toEqual([]);
}

/** What the next console does about it, and that it ends in the one state or the other. */
async function settle(made: Made, state: RolloutState, stage: RolloutStanding['stage'], choose: 'finish' | 'undo'): Promise<void> {
	if (stage === 'not-begun') {
		return expectOld(made);
	}
	if (stage === 'done') {
		return expectNew(made, state);
	}
	expect(stage).toBe('half');
	const outcome = choose === 'finish' ? await rollout.finish(state) : await rollout.undo(state);
	expect(outcome.end).toBe(choose === 'finish' ? 'swapped' : 'restored');
	if (choose === 'finish') {
		return expectNew(made, outcome.state);
	}
	await expectOld(made);
	expect(await rollout.examine(outcome.state)).toMatchObject({ stage: 'undone', serving: 'old' });
}

const clear = async (name: string) => bench.docker.getContainer(name).remove({ force: true, v: true });

describe.each([
	{ way: 'stop-first' as const, acts: ['pin', 'create', 'park', 'stop', 'aside', 'name', 'start', 'prove'] },
	{ way: 'start-first' as const, acts: ['pin', 'create', 'start', 'prove', 'expose', 'aside', 'divert', 'drain', 'park', 'stop', 'name'] },
])('a $way swap that is cut off', ({ way, acts }) => {
	it('has the acts that the cuts below are made in', async () => {
		const made = await make(way);
		expect(made.plan.acts.map(({ id }) => id)).toEqual(acts);
		expect(await rollout.examine({ plan: made.plan })).toMatchObject({ stage: 'not-begun', serving: 'old', undo: { possible: false } });
		await clear(made.name);
	});

	it.each(acts.flatMap((act, index) => (['before', 'after'] as const).map((moment) => ({ act, index, moment }))))('$moment "$act" is finished or undone by the next console', async ({ index, moment }) => {
		// Both ways on in turn: each act is met by both, once before it and once after it.
		const choose = (index + (moment === 'after' ? 1 : 0)) % 2 === 0 ? 'undo' : 'finish';
		const made = await make(way);
		const recorded: RolloutState[] = [];
		await expect(rollout.swap(made.plan, dyingAt(index, moment, recorded))).rejects.toBe(died);
		const state = fromJournal(recorded);
		const standing = await rollout.examine(state);
		await settle(made, state, standing.stage, choose);
		await clear(made.name);
	});

	it('can be cut off in its undoing too', async () => {
		const made = await make(way);
		const { state } = await rollout.swap(made.plan);
		const undone: string[] = [];
		// One console after the other dies, each an act later than the one before.
		for (let index = 0; index < made.plan.undoActs.length; index++) {
			const recorded: RolloutState[] = [];
			const standing = await rollout.examine(state);
			if (standing.stage === 'undone') {
				break;
			}
			await expect(rollout.undo(state, dyingAt(index, 'after', recorded))).rejects.toBe(died);
			undone.push(made.plan.undoActs[index]?.id ?? '');
		}
		expect(undone).toEqual(made.plan.undoActs.map(({ id }) => id));
		await expectOld(made);
		await clear(made.name);
	});
});

describe('a start-first swap that is cut off within an act', () => {
	it('is taken up with the new one off its network', async () => {
		const made = await make('start-first');
		const recorded: RolloutState[] = [];
		await expect(rollout.swap(made.plan, dyingAt(4, 'before', recorded))).rejects.toBe(died);
		const fresh = bench.docker.getContainer(`${made.name}-sitrep-new-${made.plan.id}`);
		for (const network of Object.keys((await fresh.inspect()).NetworkSettings.Networks)) {
			await bench.docker.getNetwork(network).disconnect({ Container: fresh.id });
		}
		await settle(made, fromJournal(recorded), 'half', 'finish');
		await clear(made.name);
	});

	it.each(['finish', 'undo'] as const)('is taken up with the old one off its network: %s', async (choose) => {
		const made = await make('start-first');
		const recorded: RolloutState[] = [];
		await expect(rollout.swap(made.plan, dyingAt(6, 'before', recorded))).rejects.toBe(died);
		const old = bench.docker.getContainer(`${made.name}-sitrep-old-${made.plan.id}`);
		for (const network of Object.keys((await old.inspect()).NetworkSettings.Networks)) {
			await bench.docker.getNetwork(network).disconnect({ Container: old.id });
		}
		await settle(made, fromJournal(recorded), 'half', choose);
		await clear(made.name);
	});
});
