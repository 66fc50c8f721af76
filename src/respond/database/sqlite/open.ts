import { existsSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { DamagedError, DatabaseError } from '../work.ts';

/** A database is waited for so long while somebody else holds its lock, ms. */
export const lockPatienceMs = 5000;

const codeOf = (error: unknown): string => (error instanceof Database.SqliteError ? error.code : '');

/** Turns SQLite's own codes into words a person can act on. https://www.sqlite.org/rescode.html */
export const sqliteWords = (path: string, error: unknown): DatabaseError => {
	if (error instanceof DatabaseError) return error;
	const code = codeOf(error);
	const own = error instanceof Error ? error.message : String(error);
	const damaged = (message: string, advice: string): DatabaseError => new DamagedError(`${path}: ${message} (${own})`, { advice, cause: error });
	const because = (message: string, advice: string): DatabaseError => new DatabaseError(`${path}: ${message} (${own})`, { advice, cause: error });
	if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) return because('somebody else holds its lock', 'Find the process that writes (fuser, lsof), wait or stop the service, and try again.');
	if (code.startsWith('SQLITE_NOTADB')) return damaged('this is no SQLite database, or its first page is overwritten', 'Restore it from a backup.');
	if (code.startsWith('SQLITE_CORRUPT')) return damaged('the database is corrupt', 'Stop the service and restore it from a backup.');
	if (code.startsWith('SQLITE_READONLY')) return because('it cannot be written', 'Check owner, mode and mount of the file and of its folder.');
	if (code.startsWith('SQLITE_FULL')) return because('the disk is full', 'Free some space and try again; nothing was changed.');
	if (code.startsWith('SQLITE_CANTOPEN') || code.startsWith('SQLITE_PERM') || code.startsWith('SQLITE_AUTH')) return because('it cannot be opened', 'Check the path, and owner and mode of the file and of its folder.');
	if (code.startsWith('SQLITE_IOERR')) return damaged('reading or writing it failed', 'Look at the disk: dmesg, df.');
	return new DatabaseError(`${path}: ${own}`, { cause: error });
};

/** @throws DatabaseError where there is no such file */
export const mustExist = (path: string): void => {
	if (path.includes('\0')) throw new DatabaseError('a path cannot hold a NUL byte');
	if (!existsSync(path)) throw new DatabaseError(`${path}: no such file`, { advice: 'Give the path of the database on this machine, not inside the container.' });
	if (!statSync(path).isFile()) throw new DatabaseError(`${path}: not a file`);
};

/**
 * Opens an existing database; never makes one. A WAL beside it is read as SQLite reads it.
 * @throws DatabaseError
 */
export const openDatabase = (path: string, mode: 'read' | 'write'): Database.Database => {
	mustExist(path);
	try {
		const database = new Database(path, { readonly: mode === 'read', fileMustExist: true, timeout: lockPatienceMs });
		// Opening alone reads nothing: a file that is no database shows only now.
		database.pragma('schema_version');
		return database;
	} catch (error) {
		throw sqliteWords(path, error);
	}
};

/** Opens, works, closes whatever happens. @throws DatabaseError */
export const withDatabase = async <T>(path: string, mode: 'read' | 'write', work: (database: Database.Database) => T | Promise<T>): Promise<T> => {
	const database = openDatabase(path, mode);
	try {
		return await work(database);
	} catch (error) {
		throw sqliteWords(path, error);
	} finally {
		database.close();
	}
};
