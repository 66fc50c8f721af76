import { chmodSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identityOf } from './files.ts';

/** A copy of a journal with the changes that are not yet in its main file, in a folder of its own for this account only. */
export const copyAside = (path: string): { readonly path: string; remove(): void } => {
	const folder = mkdtempSync(join(tmpdir(), 'sitrep-journal-'));
	const remove = (): void => rmSync(folder, { recursive: true, force: true });
	try {
		const copy = join(folder, 'journal.db');
		for (const suffix of ['', '-wal']) {
			if (identityOf(path + suffix) === undefined) continue;
			copyFileSync(path + suffix, copy + suffix);
			// It may have been copied without the right to write.
			chmodSync(copy + suffix, 0o600);
		}
		return { path: copy, remove };
	} catch (error) {
		remove();
		throw error;
	}
};
