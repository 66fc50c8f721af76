import type { Engine } from '../../domain/engine.ts';
import type { RolloutEngine } from '../../domain/rollout.ts';
import { DockerEngine } from './engine.ts';
import { probeTransport, readTextFile } from './probe.ts';
import type { DockerPorts } from './ports.ts';
import type { ResolveRequest } from './resolve.ts';
import type { DockerTarget } from './target.ts';

export { contextNames } from './contextNames.ts';
export type { DockerPorts } from './ports.ts';
export { resolveTarget, type ResolveRequest } from './resolve.ts';
export type { DockerTarget, Resolution, Tried } from './target.ts';

/** The file and network parts of a `ResolveRequest`, on this machine. */
export const systemProbes: Pick<ResolveRequest, 'readText' | 'probe'> = { readText: readTextFile, probe: probeTransport };

/** An engine that speaks Docker's API: Docker itself, or Podman's compatible socket. Nothing is connected until it is used. */
export function openDocker(target: DockerTarget, ports: DockerPorts): Engine & { readonly rollout: RolloutEngine } {
	return new DockerEngine(target, ports);
}
