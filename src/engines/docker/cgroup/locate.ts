import { join } from 'node:path';
import type { KernelFiles } from './files.ts';

/** Where one container's control group is. */
export type Location =
	| { readonly version: 'v1'; readonly memory: string; readonly cpuacct: string; readonly cpu: string; readonly blkio: string; readonly pids: string }
	| { readonly version: 'v2'; readonly folder: string };

/** Which layout the machine has; `undefined` where there are no control groups to be seen. */
export function layout(files: KernelFiles, root: string): 'v1' | 'v2' | undefined {
	if (files.exists(join(root, 'cgroup.controllers'))) {
		return 'v2';
	}
	return files.exists(join(root, 'memory')) ? 'v1' : undefined;
}

/** Paths below the root where engines put a container, the most usual first. */
function candidates(id: string): readonly string[] {
	return [`docker/${id}`, `system.slice/docker-${id}.scope`, `machine.slice/libpod-${id}.scope`, `libpod_parent/libpod-${id}`];
}

/**
 * Finds a container's control group. A folder with the container's own id in its name is proof enough that the engine
 * runs on this machine; without a pid only the usual places are tried.
 * @param version the machine's {@link layout}
 * @param pid the container's first process, for engines that run within a container, are rootless, or have a cgroup parent of their own
 */
export function locate(files: KernelFiles, roots: { cgroup: string; proc: string }, version: 'v1' | 'v2' | undefined, id: string, pid?: number): Location | undefined {
	if (version === undefined || !/^[0-9a-f]{12,}$/.test(id)) {
		return undefined;
	}
	for (const path of candidates(id)) {
		const found = locationAt(files, roots.cgroup, version, () => path);
		if (found !== undefined) {
			return found;
		}
	}
	const membership = pid === undefined ? undefined : files.read(join(roots.proc, String(pid), 'cgroup'));
	if (membership === undefined || !membership.includes(id)) {
		return undefined;
	}
	return locationAt(files, roots.cgroup, version, (controller) => groupPath(membership, controller, id));
}

/** A container's path for a controller, from /proc/<pid>/cgroup, cut behind the part that names it. */
function groupPath(membership: string, controller: string, id: string): string | undefined {
	for (const line of membership.split('\n')) {
		const [, controllers = '', ...rest] = line.split(':');
		const path = rest.join(':');
		if (controllers.split(',').includes(controller) && path.includes(id)) {
			const parts = path.split('/');
			return parts.slice(0, parts.findIndex((part) => part.includes(id)) + 1).join('/');
		}
	}
	return undefined;
}

function locationAt(files: KernelFiles, root: string, version: 'v1' | 'v2', pathOf: (controller: string) => string | undefined): Location | undefined {
	if (version === 'v2') {
		const path = pathOf('');
		const folder = path === undefined ? undefined : join(root, path);
		return folder !== undefined && files.exists(join(folder, 'memory.current')) ? { version, folder } : undefined;
	}
	const memory = pathOf('memory');
	if (memory === undefined || !files.exists(join(root, 'memory', memory))) {
		return undefined;
	}
	const folder = (controller: string) => join(root, controller, pathOf(controller) ?? memory);
	return { version, memory: folder('memory'), cpuacct: folder('cpuacct'), cpu: folder('cpu'), blkio: folder('blkio'), pids: folder('pids') };
}
