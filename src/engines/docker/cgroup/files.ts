import { closeSync, existsSync, openSync, readdirSync, readlinkSync, readSync } from 'node:fs';

/**
 * Reads small kernel files. Synchronously on purpose: such a read takes some 5 µs and never waits for a
 * disk, where an asynchronous one costs ten times as much in hand-overs between threads.
 */
export interface KernelFiles {
	/** Text of a file; `undefined` where it cannot be read. */
	read(path: string): string | undefined;
	exists(path: string): boolean;
	/** Names of the folders in a folder; none where it cannot be read. */
	folders(path: string): readonly string[];
	/** Where a link points; `undefined` where it cannot be read. */
	link(path: string): string | undefined;
}

/** Files on this machine. A file longer than 64 KiB is cut, which none of those read here is. */
export function createKernelFiles(): KernelFiles {
	const buffer = Buffer.allocUnsafe(65_536);
	return {
		read(path) {
			let handle: number | undefined;
			try {
				handle = openSync(path, 'r');
				let length = 0;
				for (;;) {
					const count = readSync(handle, buffer, length, buffer.length - length, null);
					length += count;
					// The kernel hands a small file over in one go; only a full page may have more behind it.
					if (count < 4096 || length === buffer.length) {
						return buffer.toString('latin1', 0, length);
					}
				}
			} catch {
				return undefined;
			} finally {
				if (handle !== undefined) {
					closeSync(handle);
				}
			}
		},
		exists: existsSync,
		folders(path) {
			try {
				return readdirSync(path, { withFileTypes: true })
					.filter((entry) => entry.isDirectory())
					.map((entry) => entry.name);
			} catch {
				return [];
			}
		},
		link(path) {
			try {
				return readlinkSync(path);
			} catch {
				return undefined;
			}
		},
	};
}
