import { chmodSync, chownSync, existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { DatabaseError, stampOf, type DatabasePorts, type DatabaseResult } from '../work.ts';
import { copyDatabase } from './backup.ts';
import { countChanges, countWords, faultsOf, rowCounts, schemaVersion, type RowCounts } from './facts.ts';
import { sqliteWords, withDatabase } from './open.ts';

/** What stands beside a database and belongs to it. */
const sides = ['', '-wal', '-shm', '-journal'] as const;

/** @throws DatabaseError where one of these containers runs */
const refuseRunning = async (stopped: readonly string[], ports: DatabasePorts): Promise<void> => {
	if (stopped.length === 0) return;
	const containers = await (await ports.engine()).list();
	const running = containers.filter((each) => stopped.includes(each.name) && !['exited', 'created', 'dead'].includes(each.state));
	if (running.length === 0) return;
	throw new DatabaseError(`${running.map((each) => `${each.name} is ${each.state}`).join(', ')}: it would go on writing to what is replaced`, {
		advice: `Stop ${running.map((each) => each.name).join(' ')} first.`,
	});
};

/** @throws DatabaseError where somebody else has the database open for writing or reads from it now */
const refuseHeld = (path: string): Promise<void> =>
	withDatabase(path, 'write', (database) => {
		// Leaving WAL mode asks for the file for oneself; nothing but a sole user of the file gets it.
		database.pragma('locking_mode = EXCLUSIVE');
		database.exec('BEGIN EXCLUSIVE; ROLLBACK');
	});

/** Moves the database aside as it is, with its WAL, so that nothing of it is lost even where it cannot be read. */
const moveAside = (path: string, aside: string): void => {
	for (const side of sides) if (existsSync(`${path}${side}`)) renameSync(`${path}${side}`, `${aside}${side}`);
};

interface Sound {
	readonly tables: RowCounts;
	readonly version: string | undefined;
}

const soundOrThrow = (path: string, what: string): Promise<Sound> =>
	withDatabase(path, 'read', (database) => {
		const faults = faultsOf(database, 'integrity_check');
		if (faults.length > 0) throw new DatabaseError(`${what} ${path} is not sound: ${faults[0] ?? ''}`, { advice: 'Choose another backup.' });
		return { tables: rowCounts(database), version: schemaVersion(database) };
	});

/** Counts of what is there now; `undefined` where it cannot be read. */
const readable = async (path: string): Promise<Sound | undefined> => {
	try {
		return await withDatabase(path, 'read', (database) => ({ tables: rowCounts(database), version: schemaVersion(database) }));
	} catch {
		return undefined;
	}
};

/**
 * The `restore` step. The backup is opened and checked first; what is there now is kept as a copy (or moved aside with its WAL
 * where it cannot be read); then SQLite itself writes the pages of the backup into the database, as one transaction, so that no old WAL
 * can undo it and owner and mode of the file stay.
 * @throws DatabaseError
 */
export const restore = async (path: string, from: string, stopped: readonly string[], ports: DatabasePorts): Promise<DatabaseResult> => {
	await refuseRunning(stopped, ports);
	const wanted = await soundOrThrow(from, 'the backup');
	ports.print(`the backup ${from} opens, integrity ok: ${countWords(wanted.tables)}${wanted.version === undefined ? '' : `, schema ${wanted.version}`}`);
	const there = existsSync(path);
	const owner = there ? statSync(path) : undefined;
	const before = there ? await readable(path) : undefined;
	const aside = `${path}.before-restore-${stampOf(ports.now())}`;
	if (there && before !== undefined) {
		await refuseHeld(path);
		ports.print(`there is now: ${countWords(before.tables)}${before.version === undefined ? '' : `, schema ${before.version}`}`);
		try {
			await copyDatabase(path, aside, ports);
			ports.print(`kept what is there now as ${aside}`);
		} catch (error) {
			if (ports.signal.aborted || (error instanceof DatabaseError && /free, the copy needs/.test(error.message))) throw error;
			moveAside(path, aside);
			ports.print(`what is there now is damaged: moved aside as it is, with its WAL, to ${aside}`);
		}
	} else if (there) {
		moveAside(path, aside);
		ports.print(`what is there now cannot be read: moved aside as it is, with its WAL, to ${aside}`);
	} else {
		for (const side of sides) rmSync(`${path}${side}`, { force: true });
		ports.print('there is no database now');
	}
	const began = performance.now();
	try {
		await withDatabase(from, 'read', (source) => source.backup(path));
	} catch (error) {
		throw sqliteWords(path, error);
	}
	if (owner !== undefined) {
		chownSync(path, owner.uid, owner.gid);
		chmodSync(path, owner.mode & 0o7777);
	}
	const after = await withDatabase(path, 'write', (database) => {
		database.pragma('wal_checkpoint(TRUNCATE)');
		return { faults: faultsOf(database, 'integrity_check'), tables: rowCounts(database) };
	});
	const differences = countChanges(wanted.tables, after.tables);
	const ok = after.faults.length === 0 && differences.length === 0;
	ports.print(ok ? `restored ${countWords(after.tables)} in ${Math.round(performance.now() - began)} ms, integrity ok` : `restored, but not sound: ${[...after.faults, ...differences].join('; ')}`);
	const changes = before === undefined ? [] : countChanges(before.tables, after.tables);
	for (const change of changes) ports.print(`rows of ${change}`);
	return {
		ok,
		value: {
			file: from,
			kept: there ? aside : null,
			before: before?.tables ?? null,
			after: after.tables,
			changes,
			integrity: after.faults.length === 0 ? 'ok' : after.faults.join('; '),
			schemaVersion: wanted.version ?? null,
			durationMs: Math.round(performance.now() - began),
		},
	};
};
