import { execFile } from 'node:child_process';
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { onTestFinished } from 'vitest';
import { testFolder } from './support.ts';

const run = promisify(execFile);

/** A file system of its own, in memory; goes with the test. Needs the right to mount. */
export interface SmallDisk {
	readonly folder: string;
	/** Writes until nothing fits any more. */
	fill(): void;
	/** Takes that away again. */
	free(): void;
	remount(mode: 'ro' | 'rw'): Promise<void>;
}

export const smallDisk = async (size: string): Promise<SmallDisk> => {
	const folder = await testFolder();
	await run('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder]);
	onTestFinished(async () => void (await run('umount', ['-l', folder])));
	const filler = join(folder, 'filler');
	return {
		folder,
		fill() {
			const handle = openSync(filler, 'a');
			try {
				for (const bytes of [65_536, 4096, 1]) {
					try {
						for (;;) writeSync(handle, Buffer.alloc(bytes, 'x'));
					} catch (error) {
						if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
					}
				}
			} finally {
				closeSync(handle);
			}
		},
		free: () => rmSync(filler),
		remount: async (mode) => void (await run('mount', ['-o', `remount,${mode}`, folder])),
	};
};
