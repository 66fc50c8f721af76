import { open } from 'node:fs/promises';
import { basename, extname, resolve } from 'node:path';

/**
 * Writes a new file into the current folder, readable by its owner only; an existing file is never written over:
 * the name gets a number.
 * @returns the path
 */
export const saveNew = async (name: string, bytes: Uint8Array): Promise<string> => {
	const safe = basename(name).replaceAll(/[^\w.-]/g, '_');
	const extension = extname(safe);
	const stem = safe.slice(0, safe.length - extension.length);
	for (let attempt = 1; ; attempt++) {
		const path = resolve(attempt === 1 ? `${stem}${extension}` : `${stem}-${attempt}${extension}`);
		try {
			const file = await open(path, 'wx', 0o600);
			try {
				await file.writeFile(bytes);
			} finally {
				await file.close();
			}
			return path;
		} catch (error) {
			if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
		}
	}
};
