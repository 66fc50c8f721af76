import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from 'better-sqlite3';
import { withDatabase } from './open.ts';

/** Pages a step of the backup copies: between steps others may write, and a cancel is heard. */
const pagesAStep = 1000;
/** A copy that began anew so often takes the rest in one step: then others wait for it, and it comes to an end. */
const patience = 5;

/** So often, and so long apart in ms, a copy is tried again that took the journal of somebody who writes for one that a crash left. */
const mistakes = 20;
const mistakeMs = 25;

/**
 * Without a WAL a reader looks for a rollback journal, then whether somebody holds the lock for it, then into it. A transaction that ends and
 * another that begins between these make it look like the journal of a crash, which a connection that only reads may not play back: it
 * says READONLY. Measured once in some hundred copies beside a process that does nothing but write.
 */
const isMistaken = (error: unknown): boolean => {
	const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
	return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' && cause.code.startsWith('SQLITE_READONLY');
};

const hasWal = (database: Database): boolean => database.pragma('journal_mode', { simple: true }) === 'wal';

/**
 * SQLite's online backup of a live database. With a WAL one reading transaction stands over the whole copy: it holds exactly what
 * was committed when it began, whatever is written meanwhile, and nobody waits. Without that transaction a write by another process
 * starts the copy anew at each step, and under load it would never end (https://www.sqlite.org/backup.html). Without a WAL
 * the transaction would hold up the writers, so there the steps stay single, and the copy may begin anew a few times.
 * @throws DatabaseError
 */
export const onlineCopy = async (path: string, to: string, signal: AbortSignal): Promise<{ readonly restarts: number }> => {
	for (let tries = 1; ; tries++) {
		try {
			return await copyOnce(path, to, signal);
		} catch (error) {
			if (tries >= mistakes || !isMistaken(error)) throw error;
			rmSync(to, { force: true });
			await sleep(mistakeMs, undefined, { signal });
		}
	}
};

const copyOnce = (path: string, to: string, signal: AbortSignal): Promise<{ readonly restarts: number }> =>
	withDatabase(path, 'read', async (database) => {
		const pinned = hasWal(database);
		if (pinned) {
			// A transaction begins with its first read.
			database.exec('BEGIN');
			database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get();
		}
		let restarts = 0;
		let least = Number.POSITIVE_INFINITY;
		try {
			await database.backup(to, {
				progress({ totalPages, remainingPages }) {
					signal.throwIfAborted();
					if (remainingPages > least) restarts++;
					least = remainingPages;
					return restarts < patience ? pagesAStep : totalPages + pagesAStep;
				},
			});
		} finally {
			if (pinned) database.exec('ROLLBACK');
		}
		return { restarts };
	});
