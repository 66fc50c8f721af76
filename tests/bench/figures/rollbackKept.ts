import { isDeepStrictEqual } from 'node:util';
import { moveKind } from '../../engine/docker/rolloutKept.ts';
import { RolloutBench } from '../../engine/docker/rolloutHarness.ts';
import { kinds } from '../../engine/docker/rolloutKinds.ts';
import type { Bench } from '../bench.ts';
import type { Figure } from '../figure.ts';
import { SwapServices } from '../swapService.ts';

const leastKinds = 40;

/** Settings and volumes are counted one by one: a field is what an inspect calls one. */
const fieldsOf = (settings: Readonly<Record<string, unknown>>): number => Object.values(settings).reduce<number>((sum, part) => sum + (typeof part === 'object' && part !== null ? Object.keys(part).length : 1), 0);

const measure = async (bench: Bench) => {
	await using services = await SwapServices.open(bench);
	const rolloutBench = new RolloutBench(bench.host, 'kept');
	const lost: string[] = [];
	let fields = 0;
	try {
		await rolloutBench.setUp();
		for (const [index, kind] of kinds.entries()) {
			const kept = await moveKind(rolloutBench, services.engine.rollout, kind, index);
			fields += fieldsOf(kept.wanted);
			const same = kept.outcome.end === 'swapped' && kept.runs && isDeepStrictEqual(kept.settings, kept.wanted) && kept.volumesBefore.every((volume) => kept.volumes.includes(volume));
			if (!same) lost.push(kind.name);
		}
	} finally {
		await rolloutBench.tearDown();
	}
	return { lost, fields };
};

export const rollbackKept: Figure = {
	id: 'rollback-kept',
	title: 'Configuration kept by a recreate',
	promise: `every field that was set, over at least ${leastKinds} kinds of container`,
	method: 'containers of every kind the tests know (variables, labels, ports, volumes, binds, networks and names on them, limits, devices, capabilities, health checks, log drivers and more) are made on one image and moved to another one whose every default differs; `docker inspect` must then say the same as of a container that the engine itself made with the same request on the other image, and every volume must be there again',
	async run(bench) {
		const { lost, fields } = await measure(bench);
		return [{ measured: `${kinds.length - lost.length} of ${kinds.length} kinds`, reached: lost.length === 0 && kinds.length >= leastKinds, beside: [`${fields} fields compared`, ...(lost.length === 0 ? [] : [`not the same: ${lost.join('; ')}`])] }];
	},
};
