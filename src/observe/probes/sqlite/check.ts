import { open as openFile, readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type BetterSqlite from 'better-sqlite3';
import { lockName, parseLocks, writerOf } from './locks.ts';

/** What a check is asked to do. Plain data: it crosses to another process. */
export interface SqliteCheck {
	readonly path: string;
	readonly query: string;
	/** Read the whole file for damage. */
	readonly quickCheck: boolean;
	/** Do so in rollback-journal mode too, where it keeps writers waiting. */
	readonly quickCheckBlocks: boolean;
	readonly writeLock: boolean;
	/** A lock is one that is seen for so long, ms: each commit takes one for a moment. */
	readonly patienceMs: number;
}

/** What it found. Comes twice where a quick check was made: before it and after it. */
export interface SqliteFinding {
	readonly opened: boolean;
	/** Why it could not be read. */
	readonly error?: string;
	readonly locked: boolean;
	/** Who holds the lock, where that can be seen. */
	readonly holder?: string;
	readonly corrupt: boolean;
	readonly corruption?: string;
	readonly wal: boolean;
	readonly queryMs?: number;
	readonly sizeBytes: number;
	readonly walBytes: number;
	readonly quickCheck: 'done' | 'skipped' | 'blocking' | 'not-asked';
}

const tries = 5;

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '');
const isBusy = (error: unknown): boolean => /^SQLITE_(?:BUSY|LOCKED)/.test(codeOf(error));
const isCorrupt = (error: unknown): boolean => /^SQLITE_(?:CORRUPT|NOTADB)/.test(codeOf(error));
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const sizeOf = async (path: string): Promise<number> => stat(path).then((found) => found.size, () => 0);

const nameOf = async (path: string): Promise<string | undefined> => stat(path).then((found) => lockName(found.dev, found.ino), () => undefined);

/** The process that holds the write lock now, seen from outside; nothing where the system does not tell. */
const writerNow = async (path: string): Promise<number | undefined> => {
	const database = await nameOf(path);
	const locks = await readFile('/proc/locks', 'utf8').catch(() => '');
	return database === undefined ? undefined : writerOf(parseLocks(locks), database, await nameOf(`${path}-shm`));
};

const bytesAt = async (path: string, position: number): Promise<string> => {
	const file = await openFile(path, 'r').catch(() => undefined);
	if (file === undefined) return '';
	try {
		return (await file.read(Buffer.alloc(4), 0, 4, position)).buffer.toString('hex');
	} finally {
		await file.close();
	}
};

/**
 * Changes with each commit: the file change counter in the database header (offset 24), and in WAL mode the counter in
 * the index header of the -shm file (offset 8; SQLite WAL-mode file format). Called while this process has no
 * connection open, for closing a file lets go of all its locks in a process.
 */
const commitsOf = async (path: string): Promise<string> => `${await bytesAt(path, 24)} ${await bytesAt(`${path}-shm`, 8)}`;

const describeProcess = async (pid: number): Promise<string> => {
	// The first argument is the program; a process' own name may be that of a thread.
	const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').then((text) => basename(text.split('\0')[0] ?? ''), () => '');
	return command === '' ? `process ${pid}` : `${command}, process ${pid}`;
};

interface Read {
	readonly queryMs?: number;
	readonly wal?: boolean;
	readonly busy?: boolean;
	readonly corruption?: string;
	readonly error?: string;
}

/** Looks again at once where the journal of a writer was taken for one that a crash left: it is the matter of a moment. */
const mistakes = 3;
const isMistaken = (error: unknown): boolean => codeOf(error).startsWith('SQLITE_READONLY');

/**
 * One small read that waits for nobody. A read-only connection takes no write lock; in WAL mode it stops no
 * writer at all, with a rollback journal only one that commits within the same fraction of a millisecond.
 */
const readOnce = (open: () => BetterSqlite.Database, check: SqliteCheck, tries = 1): Read => {
	let database: BetterSqlite.Database | undefined;
	try {
		database = open();
		const began = performance.now();
		const rows = database.prepare(check.query).raw().iterate();
		// The first row tells that it answers; a query without an end must not be read to it.
		rows.next();
		rows.return?.();
		const queryMs = performance.now() - began;
		return { queryMs, wal: database.pragma('journal_mode', { simple: true }) === 'wal' };
	} catch (error) {
		if (isBusy(error)) return { busy: true };
		if (isMistaken(error) && tries < mistakes) return readOnce(open, check, tries + 1);
		return isCorrupt(error) ? { corruption: messageOf(error) } : { error: messageOf(error) };
	} finally {
		database?.close();
	}
};

/** Asks for the write lock and gives it back at once. */
const tryWriteLock = (Database: typeof BetterSqlite, path: string): boolean => {
	let database: BetterSqlite.Database | undefined;
	try {
		database = new Database(path, { fileMustExist: true, timeout: 0 });
		database.exec('BEGIN IMMEDIATE; ROLLBACK');
		return true;
	} catch (error) {
		if (isBusy(error)) return false;
		throw error;
	} finally {
		database?.close();
	}
};

const quickCheck = (open: () => BetterSqlite.Database): string | undefined => {
	const database = open();
	try {
		const result: unknown = database.pragma('quick_check(1)', { simple: true });
		return result === 'ok' ? undefined : String(result);
	} catch (error) {
		if (isCorrupt(error)) return messageOf(error);
		throw error;
	} finally {
		database.close();
	}
};

/** Looks at a database without ever making a writer wait, and tells what it found, first without and then with the quick check. */
export const checkDatabase = async (Database: typeof BetterSqlite, check: SqliteCheck, tell: (finding: SqliteFinding) => void): Promise<void> => {
	const open = (): BetterSqlite.Database => new Database(check.path, { readonly: true, fileMustExist: true, timeout: 0 });
	const sizes = { sizeBytes: await sizeOf(check.path), walBytes: await sizeOf(`${check.path}-wal`) };
	let holder: number | undefined;
	let read: Read = {};
	let held = true;
	let commits: string | undefined;
	for (let turn = 0; turn < tries && held; turn++) {
		if (turn > 0) await delay(check.patienceMs / (tries - 1));
		read = readOnce(open, check);
		const writer = await writerNow(check.path);
		const refused = read.busy === true || (check.writeLock && read.error === undefined && read.corruption === undefined && !tryWriteLock(Database, check.path));
		const now = await commitsOf(check.path);
		// One process in all looks and nothing committed is one long transaction. A busy writer commits in between.
		held = (refused || (writer !== undefined && (holder === undefined || holder === writer))) && (commits === undefined || commits === now);
		holder = writer ?? holder;
		commits = now;
	}
	const finding: SqliteFinding = {
		opened: read.error === undefined,
		...(read.error === undefined ? {} : { error: read.error }),
		locked: held,
		// A process of another namespace is told as 0 or less.
		...(held && holder !== undefined && holder > 0 ? { holder: await describeProcess(holder) } : {}),
		corrupt: read.corruption !== undefined,
		...(read.corruption === undefined ? {} : { corruption: read.corruption }),
		wal: read.wal ?? false,
		...(read.queryMs === undefined ? {} : { queryMs: read.queryMs }),
		...sizes,
		quickCheck: check.quickCheck ? 'skipped' : 'not-asked',
	};
	tell(finding);
	if (!check.quickCheck || !finding.opened || finding.locked || finding.corrupt) return;
	if (!finding.wal && !check.quickCheckBlocks) return tell({ ...finding, quickCheck: 'blocking' });
	try {
		const corruption = quickCheck(open);
		tell({ ...finding, corrupt: corruption !== undefined, ...(corruption === undefined ? {} : { corruption }), quickCheck: 'done' });
	} catch (error) {
		if (!isBusy(error)) throw error;
	}
};
