import { readFile } from 'node:fs/promises';
import { arch, cpus, release, totalmem } from 'node:os';
import type Docker from 'dockerode';

/** The machine and the engine in words that name neither. */
export const describeMachine = async (docker: Docker): Promise<readonly string[]> => {
	const [info, version] = await Promise.all([docker.info() as Promise<unknown>, docker.version()]);
	const cgroup = typeof info === 'object' && info !== null && 'CgroupVersion' in info ? String(info.CgroupVersion) : 'unknown';
	const cores = cpus();
	const load = (await readFile('/proc/loadavg', 'utf8')).split(' ')[0] ?? '?';
	return [
		`${cores.length} cores (${(cores[0]?.model ?? 'unknown').trim()}, ${arch()}), ${Math.round(totalmem() / 2 ** 30)} GiB of memory`,
		// What follows the numbers is the builder's own name for his kernel.
		`Linux ${/^[\d.]+/.exec(release())?.[0] ?? release()}, cgroup v${cgroup}`,
		`engine ${/^[\d.]+/.exec(version.Version)?.[0] ?? version.Version} (API ${version.ApiVersion}), Node ${process.versions.node}`,
		`load of the machine at the start ${load}`,
	];
};
