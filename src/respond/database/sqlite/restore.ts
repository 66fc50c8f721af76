import { chmodSync, chownSync, existsSync, renameSync, rmSync, statSync, type Stats } from 'node:fs';
import { dirname } from 'node:path';
import { formatDuration, formatLatency } from '../../../domain/duration.ts';
import { boundCounts, countChanges, countWords } from '../counts.ts';
import { durable } from '../durable.ts';
import type { Loss } from '../loss.ts';
import { compareSchemas, schemaWords } from '../schemas.ts';
import { refuseRunning } from '../stopped.ts';
import { DamagedError, DatabaseError, stampOf, type DatabasePorts, type DatabaseResult } from '../work.ts';
import { copyDatabase } from './backup.ts';
import { compareWith } from './compare.ts';
import { faultsOf, rowCounts } from './facts.ts';
import { mustExist, sqliteWords, withDatabase } from './open.ts';
import { withBackup } from './openBackup.ts';
import { seenIn, soundOrThrow, type Seen } from './schema.ts';
import { giveBack, stampOfFile, takeSoleUse } from './soleUse.ts';

/** What stands beside a database and belongs to it. */
const sides = ['', '-wal', '-shm', '-journal'] as const;

/** Moves the database aside as it is, with its WAL, so that nothing of it is lost even where it cannot be read. @returns whether there was anything */
const move = (from: string, to: string): boolean => {
	const there = sides.filter((side) => existsSync(`${from}${side}`));
	for (const side of there) renameSync(`${from}${side}`, `${to}${side}`);
	return there.length > 0;
};

/** `undefined` where what is there is damaged. Everything else that is in the way, such as a lock, is thrown. */
const unlessDamaged = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
	try {
		return await work();
	} catch (error) {
		if (error instanceof DamagedError) return undefined;
		throw error;
	}
};

const keepOwner = (path: string, owner: Stats | undefined): void => {
	if (owner === undefined) return;
	chownSync(path, owner.uid, owner.gid);
	chmodSync(path, owner.mode & 0o7777);
};

/** What is there now, before anything is changed. */
interface Standing {
	readonly owner: Stats | undefined;
	/** Absent where it cannot be read. */
	readonly before: Seen | undefined;
	/** True where it was kept as a sound copy; false where it has to be moved aside as it is. */
	readonly copied: boolean;
	/** What a restore loses; absent where nobody can count it. */
	readonly loss: Loss | undefined;
	readonly mode: string;
	readonly stamp: string | undefined;
}

/** Takes the file for itself, keeps a copy of it, and counts what the backup lacks of it. @throws DatabaseError */
const keep = async (path: string, aside: string, backup: string, ports: DatabasePorts): Promise<Standing> => {
	const nothing: Standing = { owner: undefined, before: undefined, copied: false, loss: undefined, mode: '', stamp: undefined };
	if (!existsSync(path)) {
		ports.print('there is no database now');
		return nothing;
	}
	const owner = statSync(path);
	const before = await unlessDamaged(() => seenIn(path));
	if (before === undefined) {
		ports.print('what is there now cannot be read: nobody can count its rows');
		return { ...nothing, owner };
	}
	ports.print(`there is now: ${countWords(before.tables)}, ${schemaWords(before.schema)}`);
	const mode = await unlessDamaged(() => takeSoleUse(path));
	const stamp = mode === undefined ? undefined : stampOfFile(path);
	try {
		const copied = mode === undefined ? undefined : await unlessDamaged(() => copyDatabase(path, aside, ports));
		if (mode === undefined || copied === undefined) {
			ports.print('what is there now is damaged: its rows are counted as far as they can be read');
			return { ...nothing, owner, before, loss: await unlessDamaged(() => compareWith(path, backup)) };
		}
		ports.print(`kept what is there now as ${aside}`);
		return { owner, before: { ...before, tables: copied.tables }, copied: true, loss: await compareWith(aside, backup), mode, stamp };
	} catch (error) {
		if (mode !== undefined) await giveBack(path, mode);
		throw error;
	} finally {
		for (const side of ['-wal', '-shm']) rmSync(`${aside}${side}`, { force: true });
	}
};

/** SQLite writes the pages of the backup into the database, as one transaction: no old WAL can undo it, and it is there whole or not at all. */
const writeInto = async (path: string, backup: string, { stamp, mode }: Standing): Promise<void> => {
	if (stamp !== stampOfFile(path)) {
		await giveBack(path, mode);
		throw new DatabaseError(`${path}: somebody wrote to it after its rows were counted; nothing was changed`, { advice: 'Stop everybody who writes to it, and try again.' });
	}
	try {
		await withDatabase(backup, 'read', (source) => source.backup(path));
	} catch (error) {
		throw sqliteWords(path, error);
	}
};

/** Where what is there cannot be written into: the backup is made ready beside it, and takes its place once it is sound. */
const putInPlace = async (path: string, backup: string, aside: string, ports: DatabasePorts): Promise<boolean> => {
	const ready = `${path}.restoring`;
	try {
		for (const side of sides) rmSync(`${ready}${side}`, { force: true });
		await withDatabase(backup, 'read', (source) => source.backup(ready));
		await withDatabase(ready, 'write', (database) => {
			database.pragma('wal_checkpoint(TRUNCATE)');
			const [fault] = faultsOf(database, 'integrity_check');
			if (fault !== undefined) throw new DatabaseError(`what was written beside ${path} is not sound: ${fault}`);
		});
		durable(ready);
		const moved = move(path, aside);
		if (moved) ports.print(`moved what was there aside as it is, with its WAL, to ${aside}`);
		renameSync(ready, path);
		durable(dirname(path));
		return moved;
	} catch (error) {
		for (const side of sides) rmSync(`${ready}${side}`, { force: true });
		throw sqliteWords(path, error);
	}
};

/**
 * The `restore` step. The backup is opened and checked first; then everybody else must have let go of the database, what is there is kept
 * as a copy (or, where it cannot be read, as it is), and the rows that the backup has not are counted and named; only then is it written.
 * RPO is measured as the age of the backup, RTO as the time of this step.
 * @throws DatabaseError
 */
export const restore = async (path: string, from: string, stopped: readonly string[], ports: DatabasePorts): Promise<DatabaseResult> => {
	const began = performance.now();
	await refuseRunning(stopped, ports);
	mustExist(from);
	const writtenAt = Math.round(statSync(from).mtimeMs);
	const rpoSeconds = Math.max(0, Math.round((ports.now() - writtenAt) / 1000));
	return withBackup(from, ports.signal, async (backup) => {
		const wanted = await soundOrThrow(backup, from);
		ports.print(`the backup ${from} is ${formatDuration(rpoSeconds * 1000)} old and opens, integrity ok: ${countWords(wanted.tables)}, ${schemaWords(wanted.schema)}`);
		const aside = `${path}.before-restore-${stampOf(ports.now())}`;
		if (existsSync(aside)) throw new DatabaseError(`${aside}: exists already`, { advice: 'A restore was tried this very second: try again.' });
		const standing = await keep(path, aside, backup, ports);
		const { before, loss } = standing;
		const schemas = before === undefined ? undefined : compareSchemas(before.schema, wanted.schema);
		if (loss !== undefined) ports.print(loss.words);
		if (schemas?.same === false) ports.print(schemas.words);
		let kept = standing.copied;
		if (kept) await writeInto(path, backup, standing);
		else kept = await putInPlace(path, backup, aside, ports);
		keepOwner(path, standing.owner);
		const lost = standing.copied && loss?.exact === true ? await compareWith(aside, path) : undefined;
		if (standing.copied) for (const side of ['-wal', '-shm']) rmSync(`${aside}${side}`, { force: true });
		// Last, and to write: whoever closes so leaves no files beside the database that would be ours and not the service's.
		const { after, tables } = await withDatabase(path, 'write', (database) => {
			database.pragma('wal_checkpoint(TRUNCATE)');
			return { after: faultsOf(database, 'integrity_check'), tables: rowCounts(database) };
		});
		const faults = [...after, ...countChanges(wanted.tables, tables), ...(lost !== undefined && lost.rows !== loss?.rows ? [`${lost.rows} rows are lost, ${loss?.rows ?? 0} were counted before`] : [])];
		const ok = faults.length === 0;
		const rtoMs = Math.round(performance.now() - began);
		const changes = before === undefined ? [] : countChanges(before.tables, tables);
		for (const change of changes) ports.print(`rows of ${change}`);
		ports.print(
			ok
				? `restored ${countWords(tables)}, integrity ok; RPO ${formatDuration(rpoSeconds * 1000)} (age of the backup), RTO ${formatLatency(rtoMs)}${loss === undefined ? '' : `; ${loss.words}`}${kept ? `; all of it is kept in ${aside}` : ''}`
				: `restored, but not sound: ${faults.join('; ')}`,
		);
		return {
			ok,
			value: {
				file: from,
				kept: kept ? aside : null,
				before: before === undefined ? null : boundCounts(before.tables).tables,
				after: boundCounts(tables).tables,
				moreTables: boundCounts(tables).moreTables,
				changes: changes.slice(0, 100),
				loss: loss ?? null,
				rowsLost: loss?.rows ?? null,
				integrity: after.length === 0 ? 'ok' : after.join('; '),
				schemaVersion: wanted.schema ?? null,
				...(schemas === undefined ? {} : { schemas }),
				rpoSeconds,
				rtoMs,
				durationMs: rtoMs,
			},
		};
	});
};
