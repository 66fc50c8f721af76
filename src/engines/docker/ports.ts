import { spawn } from 'node:child_process';
import type { Clock } from '../../domain/clock.ts';
import type { ComposePorts } from './rollout/compose/ports.ts';

/** What the adapter needs of the world, beside the network. */
export interface DockerPorts {
	readonly clock: Clock;
	/** Starts `ssh`; replaced in tests. */
	readonly spawn?: typeof spawn;
	/** Where the kernel's control groups and processes are seen. */
	readonly roots?: { readonly cgroup: string; readonly proc: string };
	/** How services are moved that compose made. */
	readonly compose?: ComposePorts;
}

export const kernelRoots = { cgroup: '/sys/fs/cgroup', proc: '/proc' } as const;

export { spawn as systemSpawn };
