import { readdir, readFile } from 'node:fs/promises';
import type { LibraryFiles } from './library.ts';

const isAbsent = (error: unknown): boolean => typeof error === 'object' && error !== null && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');

/** Folders and files of this machine. A link to a folder counts as a file, so that no link leads round in a ring. */
export const libraryFiles: LibraryFiles = {
	async list(folder) {
		try {
			const entries = await readdir(folder, { withFileTypes: true });
			return entries.map((entry) => ({ name: entry.name, folder: entry.isDirectory() }));
		} catch (error) {
			if (isAbsent(error)) return undefined;
			throw error;
		}
	},
	read: (file) => readFile(file, 'utf8'),
};
