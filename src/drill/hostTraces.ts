import { existsSync } from 'node:fs';
import { lstat, rm, rmdir } from 'node:fs/promises';

/**
 * What Docker's programs make outside the folders they are given, the innermost first: a key of old
 * engines, the places where plugins and container shims are looked up.
 */
const knownTraces = ['/etc/docker/key.json', '/etc/docker', '/run/docker/plugins', '/run/docker', '/run/containerd/s', '/run/containerd'] as const;

/** Those that are not there yet, so that they are known to be ours once they are. */
export function absentTraces(): readonly string[] {
	return knownTraces.filter((path) => !existsSync(path));
}

/** Removes what came since. A folder that somebody else uses by now is not empty, and stays. */
export async function removeTraces(absentBefore: readonly string[]): Promise<void> {
	for (const path of knownTraces.filter((known) => absentBefore.includes(known))) {
		try {
			const found = await lstat(path);
			await (found.isDirectory() ? rmdir(path) : rm(path));
		} catch (error) {
			const code = error instanceof Error && 'code' in error ? error.code : undefined;
			if (code !== 'ENOENT' && code !== 'ENOTEMPTY' && code !== 'EBUSY') {
				throw error;
			}
		}
	}
}
