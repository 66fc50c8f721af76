import type Docker from 'dockerode';
import { inspectContainer, settled, tolerant } from './engineCalls.ts';
import { faultNamed, type FaultAction } from './faults.ts';
import { order, portOf, setRestartPolicy } from './rangeBreak.ts';
import { containerName, goodVersion, imageRepository, parts, squatterName, type Part } from './rangeNames.ts';
import { containerSpec, stopGraceSeconds } from './rangeSpec.ts';
import { rangeState, replaceContainer, untilHealthy, type RangeState } from './rangeUp.ts';
import { readyWords } from './readyWords.ts';
import { until } from './until.ts';

/**
 * Brings the range back to what it was when it was made, whatever was done to it: unpaused, nobody on its port,
 * without orders, on the good release, with room on its disk and a sound database, healthy.
 * @param signal ends it between two steps
 * @throws EngineError, TimeoutError where it does not become healthy; the signal's reason
 */
export async function heal(docker: Docker, name: string, signal?: AbortSignal): Promise<RangeState> {
	const port = await portOf(docker, name);
	await freePort(docker, name);
	await backToGood(docker, name, port);
	await resetLimits(docker, name);
	signal?.throwIfAborted();
	await Promise.all((['worker', 'api'] as const).map(async (part) => calm(docker, name, part, signal)));
	signal?.throwIfAborted();
	await makeSound(docker, name, port, signal);
	for (const part of ['gateway', 'loadgen'] as const) {
		signal?.throwIfAborted();
		await start(docker, name, part);
	}
	await untilReady(docker, name, port, signal);
	return rangeState(name, port);
}

/**
 * Takes one fault back, with every other order of the part it happened to, for those end with its restart; what was
 * done to other parts stays. Waits until the service is ready, where nothing else keeps it from being so.
 * @throws Error for a fault that does not exist, EngineError, TimeoutError; the signal's reason
 */
export async function healFault(docker: Docker, name: string, faultName: string, signal?: AbortSignal): Promise<RangeState> {
	const fault = faultNamed(faultName);
	const port = await portOf(docker, name);
	const undone = new Set<string>();
	for (const action of fault.actions.toReversed()) {
		signal?.throwIfAborted();
		const undo = undoOf(action);
		if (undone.has(undo)) continue;
		undone.add(undo);
		switch (undo) {
			case 'free the port':
				await freePort(docker, name);
				break;
			case 'good release':
				await backToGood(docker, name, port);
				await start(docker, name, 'api');
				break;
			case 'start':
				await tolerant(async () => docker.getContainer(containerName(name, fault.part)).unpause(), [304, 404, 409, 500]);
				await start(docker, name, fault.part);
				break;
			case 'calm':
				await calm(docker, name, fault.part === 'worker' ? 'worker' : 'api', signal);
				break;
		}
	}
	if (fault.damagesDatabase === true) await makeSound(docker, name, port, signal);
	const api = await inspectContainer(docker, containerName(name, 'api'));
	// Another fault may hold the service: it is not this one's to wait for.
	if (fault.part === 'api' || api?.State.Health?.Status === 'healthy') await untilReady(docker, name, port, signal);
	return rangeState(name, port);
}

type Undo = 'calm' | 'start' | 'good release' | 'free the port';

const undoOf = (action: FaultAction): Undo => {
	switch (action.kind) {
		case 'order':
		case 'restartPolicy':
			return 'calm';
		case 'pause':
		case 'stop':
			return 'start';
		case 'deploy':
			return 'good release';
		case 'takePort':
			return 'free the port';
	}
};

async function freePort(docker: Docker, name: string): Promise<void> {
	await tolerant(async () => docker.getContainer(squatterName(name)).remove({ force: true }));
}

async function backToGood(docker: Docker, name: string, port: number): Promise<void> {
	const api = await inspectContainer(docker, containerName(name, 'api'));
	if (api?.Config.Image !== `${imageRepository}:${goodVersion}`) {
		await replaceContainer(docker, name, 'api', port);
	}
}

/** Limits that were changed on a container as it stands, as a playbook does to one that is killed for memory. */
async function resetLimits(docker: Docker, name: string): Promise<void> {
	for (const part of parts) {
		const { Memory, MemorySwap, NanoCpus, PidsLimit } = containerSpec(name, part, 0).HostConfig ?? {};
		const found = (await inspectContainer(docker, containerName(name, part)))?.HostConfig;
		if (found !== undefined && (found.Memory !== Memory || found.MemorySwap !== MemorySwap || found.NanoCpus !== NanoCpus || found.PidsLimit !== PidsLimit)) {
			await settled(async () => docker.getContainer(containerName(name, part)).update({ Memory, MemorySwap, NanoCpus, PidsLimit }));
		}
	}
}

async function start(docker: Docker, name: string, part: Part): Promise<void> {
	await tolerant(async () => docker.getContainer(containerName(name, part)).start());
}

/** Takes back every order of a part and starts it anew. */
async function calm(docker: Docker, name: string, part: 'worker' | 'api', signal: AbortSignal | undefined): Promise<void> {
	await tolerant(async () => docker.getContainer(containerName(name, part)).unpause(), [304, 404, 409, 500]);
	await setRestartPolicy(docker, name, part, 'no');
	await order(docker, name, part, { name: 'nothing' }, true);
	await order(docker, name, part, { name: part === 'worker' ? 'disk-clean' : 'nothing' }, false);
	signal?.throwIfAborted();
	await docker.getContainer(containerName(name, part)).restart({ t: stopGraceSeconds });
}

/** Puts the first backup back where the database is corrupt, or has another schema than the good release. */
async function makeSound(docker: Docker, name: string, port: number, signal: AbortSignal | undefined): Promise<void> {
	const words = await until(async () => readyWords(rangeState(name, port).url), { timeoutMs: 20_000, what: 'the service to answer', signal });
	if (/malformed|not a database|schema/.test(words)) {
		await restore(docker, name);
	}
}

/** With the worker stopped, for nobody else may have the database open. Not left half way: it takes some seconds. */
async function restore(docker: Docker, name: string): Promise<void> {
	await docker.getContainer(containerName(name, 'worker')).stop({ t: stopGraceSeconds });
	// Ordered while it does not run, for only a start restores, and a running one would take the order and drop it.
	await docker.getContainer(containerName(name, 'api')).stop({ t: stopGraceSeconds });
	await order(docker, name, 'api', { name: 'restore' }, false);
	await docker.getContainer(containerName(name, 'api')).start();
	await docker.getContainer(containerName(name, 'worker')).start();
}

async function untilReady(docker: Docker, name: string, port: number, signal: AbortSignal | undefined): Promise<void> {
	await untilHealthy(docker, name, { signal });
	await until(async () => (await readyWords(rangeState(name, port).url)) === 'connected', { timeoutMs: 20_000, what: 'the service to be ready', signal });
}
