import { open } from 'node:fs/promises';
import { basename, extname, resolve } from 'node:path';

/** Lines written at once. */
const batch = 1000;

/**
 * Writes lines into a new file of the current folder, readable by its owner only; an existing file is never
 * written over: the name gets a number.
 * @returns the path
 */
export const saveNew = async (name: string, lines: Iterable<string>): Promise<string> => {
	const safe = basename(name).replaceAll(/[^\w.-]/g, '_');
	const extension = extname(safe);
	const stem = safe.slice(0, safe.length - extension.length);
	for (let attempt = 1; ; attempt++) {
		const path = resolve(attempt === 1 ? `${stem}${extension}` : `${stem}-${attempt}${extension}`);
		try {
			const file = await open(path, 'wx', 0o600);
			try {
				let pending: string[] = [];
				for (const line of lines) {
					pending.push(line);
					if (pending.length < batch) continue;
					await file.write(`${pending.join('\n')}\n`);
					pending = [];
				}
				if (pending.length > 0) await file.write(`${pending.join('\n')}\n`);
			} finally {
				await file.close();
			}
			return path;
		} catch (error) {
			if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
		}
	}
};
