import type Docker from 'dockerode';
import { fields } from '../engines/docker/narrow.ts';
import { engineClient, type EngineHost } from './engineClient.ts';
import { until } from './until.ts';

/** The networks that every engine has and that cannot be removed. */
const builtIn: ReadonlySet<string> = new Set(['bridge', 'host', 'none']);
/** Leaving a cluster goes on in the engine for some seconds after it was asked to. */
const leaveWithinMs = 15_000;

/** Removes every container and network of an engine that is our own from end to end, and takes it out of its cluster. */
export async function emptyEngine(host: EngineHost): Promise<void> {
	const docker = engineClient(host);
	const left = await leaveCluster(docker);
	const containers = await docker.listContainers({ all: true });
	await Promise.all(containers.map(async ({ Id }) => gone(docker.getContainer(Id).remove({ force: true, v: true }))));
	// What joins a cluster makes the network docker_gwbridge with a bridge on the machine, which no end of the engine takes away.
	// Right after it has left, the engine still holds it for a moment.
	await (left ? until(async () => removeNetworks(docker).then(() => true), { timeoutMs: leaveWithinMs, everyMs: 100, what: 'every network to be removed' }) : removeNetworks(docker));
}

/** Services would start their containers again, and hold their networks. @returns whether it was in one */
async function leaveCluster(docker: Docker): Promise<boolean> {
	const info: unknown = await docker.info();
	const state = fields(fields(info)['Swarm'])['LocalNodeState'];
	if (state === undefined || state === 'inactive') {
		return false;
	}
	await docker.swarmLeave({ force: true });
	return true;
}

async function removeNetworks(docker: Docker): Promise<void> {
	const networks = (await docker.listNetworks()).filter(({ Name }) => !builtIn.has(Name));
	await Promise.all(networks.map(async ({ Id }) => gone(docker.getNetwork(Id).remove())));
}

/** What is gone already needs no removing, and what is being removed goes by itself. */
async function gone(removal: Promise<unknown>): Promise<void> {
	try {
		await removal;
	} catch (error) {
		const code = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
		if (code !== 404 && code !== 409) {
			throw error;
		}
	}
}
