import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { DatabaseError } from '../work.ts';
import { withDatabase } from './open.ts';

/**
 * Takes the WAL into the database, whole, which SQLite lets the only user of a file do: where anybody else has it open, even idle, it refuses.
 * @returns the journal mode it had
 * @throws DatabaseError where somebody else has it open
 */
export const takeSoleUse = (path: string): Promise<string> =>
	withDatabase(path, 'write', (database) => {
		const before = String(database.pragma('journal_mode', { simple: true }));
		const now = String(database.pragma('journal_mode = DELETE', { simple: true }));
		if (now !== 'delete') throw new DatabaseError(`${path}: somebody else has it open`, { advice: 'Stop everybody who uses it first.' });
		// Without a WAL, whoever is idle holds no lock; whoever writes or reads does.
		database.exec('BEGIN EXCLUSIVE; ROLLBACK');
		return before;
	});

/** Gives it the journal mode back that it had, where nothing else has happened to it. */
export const giveBack = async (path: string, mode: string): Promise<void> => {
	if (mode !== 'wal') return;
	await withDatabase(path, 'write', (database) => database.pragma('journal_mode = WAL'));
};

/**
 * What each write changes in a database without a WAL: SQLite's change counter, the size, and the marks of the journal mode.
 * https://www.sqlite.org/fileformat.html#file_change_counter
 */
export const stampOfFile = (path: string): string => {
	const handle = openSync(path, 'r');
	try {
		const head = Buffer.alloc(28);
		readSync(handle, head, 0, 28, 0);
		return [head.toString('hex', 18, 20), head.toString('hex', 24, 28), statSync(path).size, existsSync(`${path}-wal`)].join(' ');
	} finally {
		closeSync(handle);
	}
};
