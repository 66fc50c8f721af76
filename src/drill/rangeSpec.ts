import { createHash } from 'node:crypto';
import type Docker from 'dockerode';
import { containerName, goodVersion, imageRepository, networkName, rangeLabel, serviceNames, specLabel, volumeName, type Part } from './rangeNames.ts';

const mebibyte = 1024 * 1024;
const second = 1e9;

/** Seconds a part has to end when it is asked to. They all do so at once. */
export const stopGraceSeconds = 2;

interface PartSettings {
	readonly script: string;
	readonly memoryMebibytes: number;
	readonly env: readonly string[];
}

function settings(part: Part): PartSettings {
	switch (part) {
		case 'api':
			// Large enough that the health check's own process still fits beside a leak above 90 %.
			return { script: 'api.mjs', memoryMebibytes: 512, env: [] };
		case 'worker':
			// What it writes to the shared volume counts as its memory, and the volume can be filled.
			return { script: 'worker.mjs', memoryMebibytes: 160, env: [] };
		case 'gateway':
			return { script: 'gateway.mjs', memoryMebibytes: 128, env: ['UPSTREAM=api'] };
		case 'loadgen':
			return { script: 'load.mjs', memoryMebibytes: 128, env: ['TARGET=http://gateway:8080'] };
	}
}

/** How the container of a part is made. The same input gives the same container, and the same `specLabel`. */
export function containerSpec(range: string, part: Part, hostPort: number, version: string = goodVersion): Docker.ContainerCreateOptions {
	const { script, memoryMebibytes, env } = settings(part);
	const spec = {
		Image: `${imageRepository}:${version}`,
		Cmd: [`/app/${script}`],
		Env: [...env],
		StopTimeout: stopGraceSeconds,
		...(part === 'api' ? { ExposedPorts: { '8000/tcp': {} }, Healthcheck: healthCheck } : {}),
		HostConfig: {
			Memory: memoryMebibytes * mebibyte,
			// Without swap, so that memory ends where the limit says.
			MemorySwap: memoryMebibytes * mebibyte,
			NanoCpus: 0.5 * second,
			PidsLimit: 64,
			NetworkMode: networkName(range),
			// Names are those of the range. One that is down is then unknown at once, instead of being asked for far away.
			Dns: ['127.0.0.1'],
			LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '2' } },
			// Every part mounts it, so that it stays mounted (and keeps its data) while one of them is down.
			Binds: [`${volumeName(range)}:/data`],
			...(part === 'api' ? { PortBindings: { '8000/tcp': [{ HostIp: '127.0.0.1', HostPort: String(hostPort) }] } } : {}),
		},
		NetworkingConfig: { EndpointsConfig: { [networkName(range)]: { Aliases: [part] } } },
	};
	return {
		...spec,
		name: containerName(range, part),
		Labels: {
			[rangeLabel]: range,
			[specLabel]: createHash('sha256').update(JSON.stringify(spec)).digest('hex').slice(0, 16),
			'com.docker.compose.project': range,
			'com.docker.compose.service': serviceNames[part],
			'com.docker.compose.container-number': '1',
			'com.docker.compose.oneoff': 'False',
		},
	};
}

const healthCheck = {
	Test: ['CMD', 'node', '/app/health.mjs'],
	Interval: 2 * second,
	// Each check starts a Node on half a core, which takes more than 2 s on a busy machine.
	Timeout: 5 * second,
	StartPeriod: 2 * second,
	Retries: 2,
};

/** A small file system in memory, so that it can be full without harm to the machine. */
export function volumeSpec(range: string): Docker.VolumeCreateOptions {
	return {
		Name: volumeName(range),
		Driver: 'local',
		DriverOpts: { type: 'tmpfs', device: 'tmpfs', o: 'size=24m' },
		Labels: { [rangeLabel]: range },
	};
}

export function networkSpec(range: string): Docker.NetworkCreateOptions {
	return { Name: networkName(range), Driver: 'bridge', Labels: { [rangeLabel]: range } };
}
