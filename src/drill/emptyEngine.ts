import { engineClient, type EngineHost } from './engineClient.ts';

/** The networks that every engine has and that cannot be removed. */
const builtIn: ReadonlySet<string> = new Set(['bridge', 'host', 'none', 'ingress', 'docker_gwbridge']);

/** Removes every container and network of an engine that is our own from end to end. */
export async function emptyEngine(host: EngineHost): Promise<void> {
	const docker = engineClient(host);
	const containers = await docker.listContainers({ all: true });
	await Promise.all(containers.map(async ({ Id }) => docker.getContainer(Id).remove({ force: true, v: true })));
	const networks = await docker.listNetworks();
	await Promise.all(networks.filter(({ Name }) => !builtIn.has(Name)).map(async ({ Id }) => docker.getNetwork(Id).remove()));
}
