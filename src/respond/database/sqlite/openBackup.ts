import { accessSync, constants, copyFileSync, existsSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { headOf, isPacked, temporaryFolder, unpack } from '../unpack.ts';
import { DatabaseError } from '../work.ts';
import { mustExist } from './open.ts';

/** https://www.sqlite.org/fileformat.html#magic_header_string */
const magic = 'SQLite format 3\0';

/** @throws DatabaseError where it is no SQLite database; an empty file would open as an empty one */
const mustBeDatabase = (path: string, file: string): void => {
	const head = headOf(path, magic.length);
	if (head.byteLength === 0) throw new DatabaseError(`${file}: is empty`, { advice: 'Choose another backup.' });
	if (head.toString('latin1') !== magic) throw new DatabaseError(`${file}: this is no SQLite database`, { advice: 'Choose another backup.' });
};

const sidesOf = (path: string): readonly string[] => [`${path}-wal`, `${path}-shm`];

const canWrite = (folder: string): boolean => {
	try {
		accessSync(folder, constants.W_OK);
		return true;
	} catch {
		return false;
	}
};

/** Opening a copy of a database with a WAL makes files beside it, even to read it: those that were not there before go again. */
const inPlace = async <T>(path: string, work: (path: string) => T | Promise<T>): Promise<T> => {
	const before = sidesOf(path).filter(existsSync);
	try {
		return await work(path);
	} finally {
		if (before.length === 0) for (const side of sidesOf(path)) if (!side.endsWith('-wal') || statSync(side, { throwIfNoEntry: false })?.size === 0) rmSync(side, { force: true });
	}
};

const inCopy = async <T>(path: string, work: (path: string) => T | Promise<T>): Promise<T> => {
	const folder = temporaryFolder(path, statSync(path).size);
	try {
		const copy = join(folder, 'copy');
		// A file at rest: nobody writes to a backup. What lies in a WAL beside it belongs to it.
		for (const side of ['', '-wal']) if (existsSync(`${path}${side}`)) copyFileSync(`${path}${side}`, `${copy}${side}`);
		return await work(copy);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
};

/**
 * Lends a backup as a database file that can be opened, and leaves the backup and its folder as they were: a packed one is unpacked to
 * a folder of our own, and one in a folder that cannot be written is copied there.
 * @throws DatabaseError where it is no database, is damaged, or there is no room
 */
export const withBackup = async <T>(file: string, signal: AbortSignal, work: (path: string) => T | Promise<T>): Promise<T> => {
	mustExist(file);
	if (isPacked(headOf(file, 2))) {
		const { path, remove } = await unpack(file, signal);
		try {
			mustBeDatabase(path, file);
			return await work(path);
		} finally {
			remove();
		}
	}
	mustBeDatabase(file, file);
	return canWrite(dirname(file)) ? inPlace(file, work) : inCopy(file, work);
};
