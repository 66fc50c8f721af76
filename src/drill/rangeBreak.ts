import type Docker from 'dockerode';
import { EngineError } from '../domain/engine.ts';
import { settled, tolerant } from './engineCalls.ts';
import { faultNamed, type Fault, type FaultAction, type Order } from './faults.ts';
import { containerName, goodVersion, imageRepository, networkName, rangeLabel, squatterName, type Part } from './rangeNames.ts';
import { stopGraceSeconds } from './rangeSpec.ts';
import { publishedPort, rangeState, replaceContainer } from './rangeUp.ts';
import { readyWords } from './readyWords.ts';
import { textArchive } from './textArchive.ts';
import { until } from './until.ts';

/**
 * Makes a fault, for real. Its effect shows within some seconds.
 * @param signal ends it between two steps
 * @throws EngineError where there is no range; the signal's reason
 */
export async function breakRange(docker: Docker, name: string, faultName: string, signal?: AbortSignal): Promise<Fault> {
	const fault = faultNamed(faultName);
	const port = await portOf(docker, name);
	const make = async (): Promise<void> => {
		for (const action of fault.actions) {
			signal?.throwIfAborted();
			await act(docker, name, action, signal);
		}
	};
	await make();
	if (fault.certain !== undefined) {
		await makeCertain(rangeState(name, port).url, fault.certain, make, signal);
	}
	return fault;
}

/** As long as one round of the worker, whose write can put a sound page back. */
const certainMs = 1200;
/** An order is taken within 100 ms. */
const orderMs = 1000;

async function makeCertain(url: string, words: string, make: () => Promise<void>, signal: AbortSignal | undefined): Promise<void> {
	let madeAt = performance.now();
	let since: number | undefined;
	await until(
		async () => {
			const now = performance.now();
			const holds = await readyWords(url).then((said) => said.includes(words), () => false);
			since = holds ? (since ?? now) : undefined;
			if (!holds && now - madeAt > orderMs) {
				await make();
				madeAt = performance.now();
			}
			return since !== undefined && now - since >= certainMs;
		},
		{ timeoutMs: 20_000, everyMs: 100, what: `the fault to show (${words})`, signal },
	);
}

async function act(docker: Docker, name: string, action: FaultAction, signal: AbortSignal | undefined): Promise<void> {
	switch (action.kind) {
		case 'order':
			return order(docker, name, action.part, action.order, action.sticky === true);
		case 'pause':
			return tolerant(async () => settled(async () => docker.getContainer(containerName(name, action.part)).pause()), [304, 409]);
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
			return takePort(docker, name, signal);
	}
}

/**
 * Puts an order where the part looks for it. The engine writes the file, so that it works on a container that
 * hangs, is paused, or does not run.
 */
export async function order(docker: Docker, name: string, part: Part, content: Order, sticky: boolean): Promise<void> {
	const file = sticky ? stickyFile : 'control/order.json';
	const text = JSON.stringify(sticky ? { ...content, sticky: true } : content);
	await docker.getContainer(containerName(name, part)).putArchive(await textArchive([{ name: file, text }]), { path: '/' });
}

/** There is one sticky order at most, and a healed part is left with one that means nothing. */
const stickyFile = 'control/sticky-order.json';

export async function setRestartPolicy(docker: Docker, name: string, part: Part, policy: 'no' | 'always'): Promise<void> {
	await settled(async () => docker.getContainer(containerName(name, part)).update({ RestartPolicy: { Name: policy } }));
}

async function takePort(docker: Docker, name: string, signal: AbortSignal | undefined): Promise<void> {
	const port = await portOf(docker, name);
	const api = docker.getContainer(containerName(name, 'api'));
	await until(async () => !(await api.inspect()).State.Running, { timeoutMs: 10_000, what: 'the service to end', signal });
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

export async function portOf(docker: Docker, name: string): Promise<number> {
	const port = await publishedPort(docker, name);
	if (port === undefined) {
		throw new EngineError('not-found', `there is no range "${name}" on this engine`, { advice: 'Make it: sitrep drill up' });
	}
	return port;
}
