import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type Docker from 'dockerode';
import type { RolloutEngine, RolloutPlan } from '../../../src/domain/rollout.ts';
import type { openDocker } from '../../../src/engines/docker/index.ts';
import { openEngine, testEngineAddress } from '../../support/engine.ts';
import { settings } from './rolloutCompare.ts';
import { RolloutBench } from './rolloutHarness.ts';
import { kinds } from './rolloutKinds.ts';

const address = testEngineAddress();
const bench = new RolloutBench(address, 'kinds');
let engine: ReturnType<typeof openDocker>;
let rollout: RolloutEngine;

beforeAll(async () => {
	engine = await openEngine(address);
	({ rollout } = engine);
	await bench.setUp();
});

afterAll(async () => {
	await bench.tearDown();
	await engine.close();
});

const inspect = async (id: string): Promise<Docker.ContainerInspectInfo> => bench.docker.getContainer(id).inspect();

const refusals = (plan: RolloutPlan) => plan.findings.filter(({ level }) => level === 'refuse');

describe('a container made again on another image', () => {
	it('is tried for at least 40 kinds', () => {
		expect(kinds.length).toBeGreaterThanOrEqual(40);
	});

	it.each(kinds.map((kind, index) => ({ ...kind, index })))('keeps $name, and no default of the old image', async ({ make, more, comesTo, index }) => {
		const places = await bench.places();
		const name = `${bench.prefix}-kind${index}`;
		const wanted = make(places);
		const id = await bench.create(name, 'old', wanted);
		// What the engine itself makes of the same request on the other image is what has to come out.
		const model = await bench.create(`${name}-model`, 'new', { ...wanted, ...comesTo });
		if (more !== undefined) {
			const { network, endpoint, leave } = more(places);
			for (const each of [id, model]) {
				await bench.docker.getNetwork(network).connect({ Container: each, EndpointConfig: endpoint });
				if (leave !== undefined) {
					await bench.docker.getNetwork(leave).disconnect({ Container: each });
				}
			}
		}
		await bench.docker.getContainer(id).start();
		const before = await inspect(id);
		const plan = await rollout.plan({ id, name }, bench.image('new'), { way: 'stop-first', steadyMs: 50, proveWithinMs: 60_000 });
		expect(refusals(plan)).toEqual([]);
		const outcome = await rollout.swap(plan);
		expect(outcome).toMatchObject({ end: 'swapped' });
		const after = await inspect(name);
		expect(after.Id).not.toBe(id);
		expect(after.State.Running).toBe(true);
		expect(settings(after)).toEqual(settings(await inspect(model)));
		// Data stays: every volume that was there is there again, the same one.
		const volumes = (found: Docker.ContainerInspectInfo) => found.Mounts.filter(({ Type }) => Type === 'volume').map(({ Name, Destination, RW }) => `${Name}:${Destination}:${RW}`);
		expect(volumes(after)).toEqual(expect.arrayContaining(volumes(before)));
		await bench.docker.getContainer(model).remove({ v: true });
		await bench.docker.getContainer(after.Id).remove({ force: true });
		await bench.docker.getContainer(id).remove({ force: true, v: true });
	});
});
