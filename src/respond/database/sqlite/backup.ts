import { chmodSync, existsSync, renameSync, rmSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { formatBytes } from '../../../domain/bytes.ts';
import { DamagedError, DatabaseError, stampOf, type DatabasePorts, type DatabaseResult } from '../work.ts';
import { boundCounts, countWords, type RowCounts } from '../counts.ts';
import { durable } from '../durable.ts';
import { faultsOf, rowCounts, schemaVersion } from './facts.ts';
import { onlineCopy } from './onlineCopy.ts';
import { mustExist, withDatabase } from './open.ts';

export interface Copied {
	readonly file: string;
	readonly bytes: number;
	readonly durationMs: number;
	readonly tables: RowCounts;
	/** How often the copy had to begin anew because somebody wrote. 0 for a database with a WAL. */
	readonly restarts: number;
	readonly schemaVersion?: string;
}

/**
 * Copies a live database through SQLite's online backup, which sees what is still in the WAL (a plain copy of the file does
 * not), opens the copy, checks it whole, and only then gives it its name.
 * @param file where to; never overwritten
 * @throws DatabaseError
 */
export const copyDatabase = async (path: string, file: string, ports: DatabasePorts): Promise<Copied> => {
	mustExist(path);
	if (existsSync(file)) throw new DatabaseError(`${file}: exists already`, { advice: 'Give another name: a backup is never overwritten.' });
	if (!existsSync(dirname(file))) throw new DatabaseError(`${dirname(file)}: no such folder`, { advice: 'Make it first, on a disk with room for the copy.' });
	const needed = statSync(path).size + (existsSync(`${path}-wal`) ? statSync(`${path}-wal`).size : 0);
	const disk = statfsSync(dirname(file));
	const free = disk.bavail * disk.bsize;
	if (free < needed) throw new DatabaseError(`${dirname(file)}: ${formatBytes(free)} free, the copy needs up to ${formatBytes(needed)}`, { advice: 'Free some space, or copy to another disk.' });
	const partial = `${file}.partial`;
	const began = performance.now();
	try {
		rmSync(partial, { force: true });
		const copied = await onlineCopy(path, partial, ports.signal);
		chmodSync(partial, 0o600);
		const found = await withDatabase(partial, 'read', (copy) => ({ faults: faultsOf(copy, 'integrity_check'), tables: rowCounts(copy), version: schemaVersion(copy) }));
		if (found.faults.length > 0) {
			throw new DamagedError(`the copy of ${path} is not sound: ${found.faults[0] ?? ''}`, { advice: 'The database itself is most likely corrupt: check its integrity, and use an older backup.' });
		}
		for (const side of ['-wal', '-shm']) rmSync(`${partial}${side}`, { force: true });
		durable(partial);
		renameSync(partial, file);
		durable(dirname(file));
		return {
			file,
			bytes: statSync(file).size,
			durationMs: Math.round(performance.now() - began),
			tables: found.tables,
			restarts: copied.restarts,
			...(found.version === undefined ? {} : { schemaVersion: found.version }),
		};
	} catch (error) {
		for (const side of ['', '-wal', '-shm', '-journal']) rmSync(`${partial}${side}`, { force: true });
		throw error;
	}
};

/** The `backup` step. Without a file it stands beside the database. */
export const backup = async (path: string, file: string | undefined, ports: DatabasePorts): Promise<DatabaseResult> => {
	const to = file === undefined || file === '' ? `${path}.backup-${stampOf(ports.now())}` : file;
	ports.print(`copying ${path} to ${to}`);
	const copied = await copyDatabase(path, to, ports);
	ports.print(`copied ${formatBytes(copied.bytes)} in ${copied.durationMs} ms: ${countWords(copied.tables)}; opened and checked, integrity ok`);
	return { ok: true, value: { ...copied, ...boundCounts(copied.tables), integrity: 'ok' } };
};
