import type Docker from 'dockerode';
import type { RolloutEngine, RolloutFinding, RolloutOutcome } from '../../../src/domain/rollout.ts';
import { settings } from './rolloutCompare.ts';
import type { RolloutBench } from './rolloutHarness.ts';
import type { Kind } from './rolloutKinds.ts';

/** What a move to another image made of one kind of container. */
export interface Kept {
	readonly refusals: readonly RolloutFinding[];
	readonly outcome: RolloutOutcome;
	/** It is another container than before, and runs. */
	readonly runs: boolean;
	readonly settings: ReturnType<typeof settings>;
	/** What the engine itself makes of the same request on the other image: what has to come out. */
	readonly wanted: ReturnType<typeof settings>;
	/** Volumes there were, as `name:path:writable`. */
	readonly volumesBefore: readonly string[];
	readonly volumes: readonly string[];
}

const volumesOf = ({ Mounts }: Docker.ContainerInspectInfo): readonly string[] => Mounts.filter(({ Type }) => Type === 'volume').map(({ Name, Destination, RW }) => `${Name}:${Destination}:${RW}`);

/** Makes a container of that kind on one image, moves it to another one, and removes it again. */
export const moveKind = async (bench: RolloutBench, rollout: RolloutEngine, { make, more, comesTo }: Kind, index: number): Promise<Kept> => {
	const inspect = async (id: string): Promise<Docker.ContainerInspectInfo> => bench.docker.getContainer(id).inspect();
	const places = await bench.places();
	const name = `${bench.prefix}-kind${index}`;
	const asked = make(places);
	const id = await bench.create(name, 'old', asked);
	const model = await bench.create(`${name}-model`, 'new', { ...asked, ...comesTo });
	if (more !== undefined) {
		const { network, endpoint, leave } = more(places);
		for (const each of [id, model]) {
			await bench.docker.getNetwork(network).connect({ Container: each, EndpointConfig: endpoint });
			if (leave !== undefined) await bench.docker.getNetwork(leave).disconnect({ Container: each });
		}
	}
	await bench.docker.getContainer(id).start();
	const before = await inspect(id);
	const plan = await rollout.plan({ id, name }, bench.image('new'), { way: 'stop-first', steadyMs: 50, proveWithinMs: 60_000 });
	const outcome = await rollout.swap(plan);
	const after = await inspect(name);
	const kept: Kept = {
		refusals: plan.findings.filter(({ level }) => level === 'refuse'),
		outcome,
		runs: after.Id !== id && after.State.Running,
		settings: settings(after),
		wanted: settings(await inspect(model)),
		volumesBefore: volumesOf(before),
		volumes: volumesOf(after),
	};
	await bench.docker.getContainer(model).remove({ v: true });
	await bench.docker.getContainer(after.Id).remove({ force: true });
	if (after.Id !== id) await bench.docker.getContainer(id).remove({ force: true, v: true });
	return kept;
};
