import { existsSync, opendirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isKeptByRestore, looksLikeBackup, type Found } from './listing.ts';
import { DatabaseError } from './work.ts';

/** Entries of a folder that are looked at, at most: somebody may have given the wrong folder. */
const maxEntries = 20_000;

/** Regular files in a folder of this machine whose names say that they are backups; the other files are counted. @throws DatabaseError */
export const backupsIn = (folder: string, isBackup: (name: string) => boolean = looksLikeBackup): { readonly found: readonly Found[]; readonly others: number } => {
	if (!existsSync(folder)) return { found: [], others: 0 };
	if (!statSync(folder).isDirectory()) throw new DatabaseError(`${folder}: not a folder`);
	const found: Found[] = [];
	let others = 0;
	let seen = 0;
	const directory = opendirSync(folder);
	try {
		for (let entry = directory.readSync(); entry !== null; entry = directory.readSync()) {
			if (++seen > maxEntries) throw new DatabaseError(`${folder}: more than ${maxEntries} entries`, { advice: 'Give the folder that holds nothing but the backups of this database.' });
			const file = join(folder, entry.name);
			const about = entry.isFile() || entry.isSymbolicLink() ? statSync(file, { throwIfNoEntry: false }) : undefined;
			if (about?.isFile() !== true) continue;
			if (isBackup(entry.name)) found.push({ file, bytes: about.size, at: Math.round(about.mtimeMs), keptByRestore: isKeptByRestore(entry.name) });
			else others++;
		}
	} finally {
		directory.closeSync();
	}
	return { found, others };
};

/** Copies of a database that stand beside it: where `backup` is given no file, and what a restore keeps. */
export const isCopyOf =
	(database: string) =>
	(name: string): boolean =>
		looksLikeBackup(name) && [`${basename(database)}.backup-`, `${basename(database)}.before-restore-`].some((start) => name.startsWith(start));
