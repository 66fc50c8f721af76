import Database from 'better-sqlite3';
import { JournalError } from '../domain/journal.ts';
import { besides, createWhole, identityOf, tighten } from './files.ts';
import { copyAside } from './readCopy.ts';
import { fills } from './projections.ts';
import { applicationId, schemaSql, schemaSteps, schemaVersion } from './schema.ts';
import { asJournalError, damaged, moveAside } from './trouble.ts';

/**
 * How long SQLite may wait for a lock, and with it the whole event loop, ms. Enough for another console's append; whoever
 * has to wait longer does so without blocking.
 */
const lockWaitMs = 25;
/** A log of changes that once grew is cut to this when it starts anew, bytes. */
const keptWalBytes = 8 * 1024 * 1024;

/** An open journal file. */
export interface JournalDatabase {
	readonly sqlite: Database.Database;
	/** Version of its tables when it was opened: an earlier one only where it is read and nothing else. */
	readonly version: number;
	/** Whether the path still leads to this file: a journal can be moved aside while it is open. */
	isCurrent(): boolean;
	close(): void;
}

const make = (temporary: string): void => {
	const sqlite = new Database(temporary, { timeout: lockWaitMs });
	try {
		sqlite.pragma('synchronous = FULL');
		sqlite.pragma(`application_id = ${applicationId}`);
		sqlite.transaction(() => sqlite.exec(schemaSql()))();
		sqlite.pragma('journal_mode = WAL');
	} finally {
		sqlite.close();
	}
};

const left = (path: string): string | undefined => besides(path).find((each) => each.endsWith('-wal') && (identityOf(each)?.size ?? 0) > 0);

/** @throws JournalError where there is nothing at the path that could be a journal, and nothing may be put there */
const ensureFile = (path: string, create: boolean): void => {
	const found = identityOf(path);
	if (found !== undefined) {
		if (found.size === 0) throw damaged(path, 'the file is empty, which a journal never is');
		return;
	}
	if (!create) {
		throw new JournalError('broken', `there is no journal at ${path}`, { advice: 'It is made by the first run of a playbook; SITREP_STATE_DIR names another folder to look in.' });
	}
	// A new file would take up the changes of the one that is gone, and be damaged by them.
	const wal = left(path);
	if (wal !== undefined && identityOf(path) === undefined) throw damaged(path, `it is gone, but its changes in ${wal} are still there`);
	createWhole(path, make);
};

/** The version of its tables. @throws JournalError where the file is not a journal that this sitrep knows */
const versionOf = (sqlite: Database.Database, path: string): number => {
	const version: unknown = sqlite.prepare('SELECT version FROM schema_version').pluck().get();
	if (typeof version !== 'number' || !Number.isInteger(version) || version < 1) throw damaged(path, `its version is ${String(version)}`);
	if (version > schemaVersion) {
		throw new JournalError('broken', `the journal ${path} was written by a newer sitrep: its version is ${version}, this sitrep knows ${schemaVersion}`, {
			advice: `Use that sitrep. ${moveAside(path)}`,
		});
	}
	return version;
};

/** Before anything is written. @throws JournalError where the tables are not those that this sitrep writes */
export const checkVersion = (sqlite: Database.Database, path: string): void => {
	const version = versionOf(sqlite, path);
	if (version !== schemaVersion) throw damaged(path, `its version went back to ${version}`);
};

/** Gives a journal of an earlier sitrep the tables it lacks, filled from its events; all of it, or nothing. */
const bringUp = (sqlite: Database.Database, path: string): void => {
	if (versionOf(sqlite, path) === schemaVersion) return;
	sqlite
		.transaction(() => {
			// Another console may have done it meanwhile.
			const version = versionOf(sqlite, path);
			if (version === schemaVersion) return;
			for (const sql of schemaSteps.slice(version)) sqlite.exec(sql);
			for (const fill of fills.slice(version)) fill(sqlite);
			sqlite.prepare<[number]>('UPDATE schema_version SET version = ?').run(schemaVersion);
		})
		.immediate();
};

const checkHeader = (sqlite: Database.Database, path: string): void => {
	if (sqlite.pragma('application_id', { simple: true }) !== applicationId) throw damaged(path, 'it is an SQLite database, but no journal of sitrep');
	versionOf(sqlite, path);
};

const opened = (path: string, file: string, readOnly: boolean, afterwards: () => void): JournalDatabase => {
	const sqlite = new Database(file, { timeout: lockWaitMs, fileMustExist: true, readonly: readOnly });
	const close = (): void => {
		sqlite.close();
		afterwards();
	};
	try {
		checkHeader(sqlite, path);
		// Pages that were changed from outside are found when they are read, not when they are used.
		sqlite.pragma('cell_size_check = ON');
		sqlite.pragma('trusted_schema = OFF');
		if (!readOnly) {
			sqlite.pragma('journal_mode = WAL');
			sqlite.pragma('synchronous = FULL');
			// macOS: without it a sync does not reach the disk.
			sqlite.pragma('fullfsync = ON');
			sqlite.pragma('checkpoint_fullfsync = ON');
			sqlite.pragma(`journal_size_limit = ${keptWalBytes}`);
			tighten(path);
			bringUp(sqlite, path);
		}
		const identity = identityOf(path);
		return {
			sqlite,
			version: versionOf(sqlite, path),
			isCurrent() {
				const now = identityOf(path);
				return now !== undefined && now.ino === identity?.ino && now.dev === identity.dev;
			},
			close,
		};
	} catch (error) {
		close();
		throw error;
	}
};

/**
 * Opens a journal to write to it; makes it where there is none.
 * @throws JournalError, or what SQLite or the file system threw
 */
export const openToWrite = (path: string): JournalDatabase => {
	ensureFile(path, true);
	return opened(path, path, false, () => undefined);
};

/** A journal without an event, in memory: stands for one that is not there yet, until it is. */
export const openEmpty = (path: string): JournalDatabase => {
	const sqlite = new Database(':memory:');
	try {
		sqlite.exec(schemaSql());
		sqlite.pragma('query_only = ON');
	} catch (error) {
		sqlite.close();
		throw error;
	}
	return { sqlite, version: schemaVersion, isCurrent: () => identityOf(path) === undefined, close: () => sqlite.close() };
};

/**
 * Opens a journal to read it, and changes nothing. On a read-only file system SQLite cannot read a file of this mode in
 * place: then it reads a copy.
 * @throws JournalError, or what SQLite or the file system threw
 */
export const openToRead = (path: string): JournalDatabase => {
	ensureFile(path, false);
	try {
		return opened(path, path, true, () => undefined);
	} catch (error) {
		const { kind } = asJournalError(error, path, 'read');
		if (kind !== 'read-only' && kind !== 'permission' && kind !== 'full') throw error;
		const copy = copyAside(path);
		return opened(path, copy.path, false, () => copy.remove());
	}
};
