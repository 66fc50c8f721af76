import type Docker from 'dockerode';
import { EngineError } from '../domain/engine.ts';
import { inspectContainer, tolerant } from './engineCalls.ts';
import { faultNamed, type Fault, type FaultAction, type Order } from './faults.ts';
import { containerName, goodVersion, imageRepository, networkName, rangeLabel, squatterName, type Part } from './rangeNames.ts';
import { stopGraceSeconds } from './rangeSpec.ts';
import { publishedPort, rangeState, replaceContainer, untilHealthy, type RangeState } from './rangeUp.ts';
import { textArchive } from './textArchive.ts';
import { until } from './until.ts';

/** Makes a fault, for real. Its effect shows within some seconds. @throws EngineError where there is no range */
export async function breakRange(docker: Docker, name: string, faultName: string): Promise<Fault> {
	const fault = faultNamed(faultName);
	await portOf(docker, name);
	for (const action of fault.actions) {
		await act(docker, name, action);
	}
	return fault;
}

async function act(docker: Docker, name: string, action: FaultAction): Promise<void> {
	switch (action.kind) {
		case 'order':
			return order(docker, name, action.part, action.order, action.sticky === true);
		case 'pause':
			return tolerant(async () => docker.getContainer(containerName(name, action.part)).pause(), [304, 409]);
		case 'stop':
			return tolerant(async () => docker.getContainer(containerName(name, action.part)).stop({ t: stopGraceSeconds }));
		case 'restartPolicy':
			return setRestartPolicy(docker, name, action.part, action.policy);
		case 'deploy': {
			await replaceContainer(docker, name, 'api', await portOf(docker, name), action.version);
			await docker.getContainer(containerName(name, 'api')).start();
			return;
		}
		case 'takePort':
			return takePort(docker, name);
	}
}

/**
 * Puts an order where the part looks for it. The engine writes the file, so that it works on a container that
 * hangs, is paused, or does not run.
 */
async function order(docker: Docker, name: string, part: Part, content: Order, sticky: boolean): Promise<void> {
	const file = sticky ? stickyFile : 'control/order.json';
	const text = JSON.stringify(sticky ? { ...content, sticky: true } : content);
	await docker.getContainer(containerName(name, part)).putArchive(await textArchive([{ name: file, text }]), { path: '/' });
}

/** There is one sticky order at most, and a healed part is left with one that means nothing. */
const stickyFile = 'control/sticky-order.json';

async function setRestartPolicy(docker: Docker, name: string, part: Part, policy: 'no' | 'always'): Promise<void> {
	await docker.getContainer(containerName(name, part)).update({ RestartPolicy: { Name: policy } });
}

async function takePort(docker: Docker, name: string): Promise<void> {
	const port = await portOf(docker, name);
	const api = docker.getContainer(containerName(name, 'api'));
	await until(async () => !(await api.inspect()).State.Running, { timeoutMs: 10_000, what: 'the service to end' });
	await tolerant(async () => docker.getContainer(squatterName(name)).remove({ force: true }));
	const squatter = await docker.createContainer({
		name: squatterName(name),
		Image: `${imageRepository}:${goodVersion}`,
		Cmd: ['/app/gateway.mjs'],
		Labels: { [rangeLabel]: name },
		ExposedPorts: { '8080/tcp': {} },
		HostConfig: { NetworkMode: networkName(name), PortBindings: { '8080/tcp': [{ HostIp: '127.0.0.1', HostPort: String(port) }] }, Memory: 128 * 1024 * 1024 },
	});
	await squatter.start();
	// Its failure is the fault: "port is already allocated" now stands in the container's state.
	await tolerant(async () => api.start(), [304, 400, 404, 409, 500]);
}

/**
 * Brings the range back to what it was when it was made, whatever was done to it: unpaused, nobody on its port,
 * without orders, on the good release, with room on its disk and a sound database, healthy.
 * @throws EngineError, TimeoutError where it does not become healthy
 */
export async function heal(docker: Docker, name: string): Promise<RangeState> {
	const port = await portOf(docker, name);
	await tolerant(async () => docker.getContainer(squatterName(name)).remove({ force: true }));
	const api = await inspectContainer(docker, containerName(name, 'api'));
	if (api?.Config.Image !== `${imageRepository}:${goodVersion}`) {
		await replaceContainer(docker, name, 'api', port);
	}
	await Promise.all((['worker', 'api'] as const).map(async (part) => calm(docker, name, part)));
	if (await isCorrupt(rangeState(name, port))) {
		await restore(docker, name);
	}
	for (const part of ['gateway', 'loadgen'] as const) {
		await tolerant(async () => docker.getContainer(containerName(name, part)).start());
	}
	await untilHealthy(docker, name);
	await until(async () => (await ready(rangeState(name, port))) === 'connected', { timeoutMs: 20_000, what: 'the service to be ready' });
	return rangeState(name, port);
}

/** Takes back every order of a part and starts it anew. */
async function calm(docker: Docker, name: string, part: 'worker' | 'api'): Promise<void> {
	await tolerant(async () => docker.getContainer(containerName(name, part)).unpause(), [304, 404, 409, 500]);
	await setRestartPolicy(docker, name, part, 'no');
	await order(docker, name, part, { name: 'nothing' }, true);
	await order(docker, name, part, { name: part === 'worker' ? 'disk-clean' : 'nothing' }, false);
	await restart(docker, name, part);
}

async function restart(docker: Docker, name: string, part: Part): Promise<void> {
	await docker.getContainer(containerName(name, part)).restart({ t: stopGraceSeconds });
}

async function isCorrupt(state: RangeState): Promise<boolean> {
	const words = await until(async () => ready(state), { timeoutMs: 20_000, what: 'the service to answer' });
	return /malformed|not a database/.test(words);
}

/** Puts the first backup back: with the worker stopped, for nobody else may have the database open. */
async function restore(docker: Docker, name: string): Promise<void> {
	await docker.getContainer(containerName(name, 'worker')).stop({ t: stopGraceSeconds });
	// Ordered while it does not run, for only a start restores, and a running one would take the order and drop it.
	await docker.getContainer(containerName(name, 'api')).stop({ t: stopGraceSeconds });
	await order(docker, name, 'api', { name: 'restore' }, false);
	await docker.getContainer(containerName(name, 'api')).start();
	await docker.getContainer(containerName(name, 'worker')).start();
}

/** What /ready says of the database. */
async function ready(state: RangeState): Promise<string> {
	const response = await fetch(`${state.url}/ready`, { signal: AbortSignal.timeout(3000) });
	const body: unknown = await response.json();
	return typeof body === 'object' && body !== null && 'database' in body ? String(body.database) : '';
}

async function portOf(docker: Docker, name: string): Promise<number> {
	const port = await publishedPort(docker, name);
	if (port === undefined) {
		throw new EngineError('not-found', `there is no range "${name}" on this engine`, { advice: 'Make it: sitrep drill up' });
	}
	return port;
}
