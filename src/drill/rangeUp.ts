import { createServer } from 'node:net';
import type Docker from 'dockerode';
import { EngineError } from '../domain/engine.ts';
import { engineWords, inspectContainer, tolerant } from './engineCalls.ts';
import { ensureImages } from './image.ts';
import { containerName, imageRepository, parts, rangeLabel, specLabel, type Part } from './rangeNames.ts';
import { containerSpec, networkSpec, volumeSpec } from './rangeSpec.ts';
import { until } from './until.ts';

/** A range that stands. */
export interface RangeState {
	readonly name: string;
	/** Where the service answers, on this machine only. */
	readonly url: string;
	readonly containers: Readonly<Record<Part, string>>;
}

/** The port of the runbook; the next free one where it is taken. */
const firstPort = 8000;
const portsTried = 200;
/** Node starts in half a second on half a core; a busy machine may take ten times that. */
const healthyTimeoutMs = 60_000;

/**
 * Makes whatever of the range is missing or not as it should be, starts what is down, and waits until the
 * service is healthy. A fault that is on stays on, and the wait for health is then left out.
 * @param signal ends it between two steps: what is there by then is taken up by the next `up`, or removed by `down`
 * @throws EngineError; the signal's reason
 */
export async function up(docker: Docker, name: string, say: (line: string) => void, signal?: AbortSignal): Promise<RangeState> {
	await ensureImages(docker, say, { signal });
	signal?.throwIfAborted();
	await refuseStrangers(docker, name);
	await tolerant(async () => docker.createNetwork({ ...networkSpec(name), CheckDuplicate: true }), [409]);
	await docker.createVolume(volumeSpec(name));
	const known = await publishedPort(docker, name);
	signal?.throwIfAborted();
	const port = known ?? (await startOnFreePort(docker, name));
	if (known === undefined) {
		await untilHealthy(docker, name, { signal });
	} else {
		await ensureContainer(docker, name, 'api', port);
	}
	// Those that need it come after it: errors of their start would stand in the logs of a range that is well.
	for (const part of parts.filter((candidate) => candidate !== 'api')) {
		signal?.throwIfAborted();
		await ensureContainer(docker, name, part, 0);
	}
	return rangeState(name, port);
}

export function rangeState(name: string, port: number): RangeState {
	return {
		name,
		url: `http://127.0.0.1:${port}`,
		containers: { api: containerName(name, 'api'), worker: containerName(name, 'worker'), gateway: containerName(name, 'gateway'), loadgen: containerName(name, 'loadgen') },
	};
}

/** A container that only happens to have one of our names is not ours to touch. */
async function refuseStrangers(docker: Docker, name: string): Promise<void> {
	for (const part of parts) {
		const found = await inspectContainer(docker, containerName(name, part));
		if (found !== undefined && found.Config.Labels[rangeLabel] !== name) {
			throw new EngineError('conflict', `a container named ${containerName(name, part)} is there already, and is not of the range "${name}"`, {
				advice: 'Rename that container, or give the range a name of its own: --name drill2',
			});
		}
	}
}

/** The host port of the range's api, running or not; `undefined` where there is no such container. */
export async function publishedPort(docker: Docker, name: string): Promise<number | undefined> {
	const api = await inspectContainer(docker, containerName(name, 'api'));
	// The typings lack what every engine sends.
	const bindings: unknown = api?.HostConfig.PortBindings;
	if (typeof bindings !== 'object' || bindings === null || !('8000/tcp' in bindings) || !Array.isArray(bindings['8000/tcp'])) {
		return undefined;
	}
	const first: unknown = bindings['8000/tcp'][0];
	const port = typeof first === 'object' && first !== null && 'HostPort' in first ? Number(first.HostPort) : Number.NaN;
	return Number.isInteger(port) && port > 0 ? port : undefined;
}

async function startOnFreePort(docker: Docker, name: string): Promise<number> {
	const kept = await portsOfOthers(docker);
	for (let port = firstPort; port < firstPort + portsTried; port++) {
		if (kept.has(port) || !(await isFree(port))) {
			continue;
		}
		try {
			await ensureContainer(docker, name, 'api', port);
			return port;
		} catch (error) {
			// Another one was faster, such as a second range that comes up at the same time.
			if (!/already allocated|already in use/.test(engineWords(error))) {
				throw error;
			}
			await tolerant(async () => docker.getContainer(containerName(name, 'api')).remove({ force: true }));
		}
	}
	throw new EngineError('conflict', `no free port from ${firstPort} to ${firstPort + portsTried - 1} on 127.0.0.1`);
}

/** Ports of the ranges there are: one whose api is down just now needs its port again. */
async function portsOfOthers(docker: Docker): Promise<ReadonlySet<number>> {
	const found = await docker.listContainers({ all: true, filters: JSON.stringify({ label: [rangeLabel] }) });
	const ranges = new Set(found.flatMap(({ Labels }) => Labels[rangeLabel] ?? []));
	const ports = await Promise.all([...ranges].map(async (range) => publishedPort(docker, range)));
	return new Set(ports.filter((port) => port !== undefined));
}

async function isFree(port: number): Promise<boolean> {
	return new Promise((resolve) => {
		const server = createServer();
		server.once('error', () => resolve(false));
		server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
	});
}

/** Makes a part's container where it is missing or made from something else, and starts it. */
export async function ensureContainer(docker: Docker, name: string, part: Part, port: number): Promise<void> {
	const found = await inspectContainer(docker, containerName(name, part));
	const spec = containerSpec(name, part, port);
	if (found === undefined || !(await fits(docker, found, spec))) {
		await replaceContainer(docker, name, part, port);
	} else if (found.State.Paused) {
		await docker.getContainer(found.Id).unpause();
	}
	await tolerant(async () => docker.getContainer(containerName(name, part)).start(), [304]);
}

/** Made by this version of the range, from an image that is still the current one under its name. */
async function fits(docker: Docker, found: Docker.ContainerInspectInfo, spec: Docker.ContainerCreateOptions): Promise<boolean> {
	if (found.Config.Image.startsWith(`${imageRepository}:`) && found.Config.Image !== spec.Image) {
		// Another release runs: a deployment, and not for `up` to undo.
		return true;
	}
	const image = await docker.getImage(spec.Image ?? '').inspect();
	return found.Config.Labels[specLabel] === spec.Labels?.[specLabel] && found.Image === image.Id;
}

/** Removes the part's container and makes a new one, not yet started. */
export async function replaceContainer(docker: Docker, name: string, part: Part, port: number, version?: string): Promise<void> {
	await tolerant(async () => docker.getContainer(containerName(name, part)).remove({ force: true }));
	await docker.createContainer(containerSpec(name, part, port, version));
}

/** Waits until the container's own health check is content. @throws TimeoutError with its last words */
export async function untilHealthy(docker: Docker, name: string, { timeoutMs = healthyTimeoutMs, signal }: { readonly timeoutMs?: number; readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
	await until(
		async () => {
			const api = await inspectContainer(docker, containerName(name, 'api'));
			const health = api?.State.Health;
			if (health?.Status === 'healthy') {
				return true;
			}
			throw new Error(`${api?.State.Status ?? 'missing'}, health ${health?.Status ?? 'unknown'}: ${health?.Log.at(-1)?.Output.trim() ?? 'no result yet'}`);
		},
		{ timeoutMs, everyMs: 100, what: `${containerName(name, 'api')} to be healthy`, signal },
	);
}

