import { existsSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Database } from 'better-sqlite3';
import { formatBytes } from '../../../domain/bytes.ts';
import { DatabaseError, type DatabasePorts, type DatabaseResult } from '../work.ts';
import { faultsOf } from './facts.ts';
import { mustExist, withDatabase } from './open.ts';

/** Rows a query hands on at most; more are counted. */
const maxRows = 1000;

const sizes = (path: string): { readonly bytes: number; readonly walBytes: number } => ({
	bytes: statSync(path).size,
	walBytes: existsSync(`${path}-wal`) ? statSync(`${path}-wal`).size : 0,
});

/** The `integrity` and `quick-check` steps. The first also looks for rows whose foreign key leads nowhere. */
export const check = (path: string, kind: 'integrity_check' | 'quick_check', ports: DatabasePorts): Promise<DatabaseResult> =>
	withDatabase(path, 'read', (database) => {
		const began = performance.now();
		const faults = faultsOf(database, kind);
		const orphans = kind === 'integrity_check' && faults.length === 0 ? database.prepare('PRAGMA foreign_key_check').all().length : 0;
		const durationMs = Math.round(performance.now() - began);
		for (const fault of faults) ports.print(fault);
		ports.print(faults.length === 0 ? `${kind}: ok in ${durationMs} ms` : `${kind}: ${faults.length}${faults.length === 100 ? ' or more' : ''} faults`);
		if (orphans > 0) ports.print(`${orphans} rows have a foreign key that leads nowhere`);
		return { ok: faults.length === 0, value: { ok: faults.length === 0, faults, orphans, durationMs, ...sizes(path) } };
	});

/** The `checkpoint` step: moves the WAL into the database and empties it. Never deletes it. */
export const checkpoint = (path: string, ports: DatabasePorts): Promise<DatabaseResult> =>
	withDatabase(path, 'write', (database) => {
		const before = sizes(path);
		// Three numbers: whether somebody was in the way, frames in the WAL, frames moved. -1 where it is no WAL database.
		const row = database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').raw().get();
		const [busy, log, moved] = Array.isArray(row) ? row.map(Number) : [];
		const after = sizes(path);
		const ok = busy === 0;
		ports.print(log === -1 ? 'this database has no WAL: nothing to do' : ok ? `WAL ${formatBytes(before.walBytes)} -> ${formatBytes(after.walBytes)}` : `somebody reads or writes: ${moved ?? 0} of ${log ?? 0} frames were moved, nothing is lost`);
		return { ok, value: { busy: busy !== 0, frames: log ?? 0, moved: moved ?? 0, walBytesBefore: before.walBytes, walBytesAfter: after.walBytes } };
	});

/** The `vacuum`, `analyze` and `reindex` steps. */
export const tidy = (path: string, action: 'vacuum' | 'analyze' | 'reindex', ports: DatabasePorts): Promise<DatabaseResult> => {
	mustExist(path);
	const before = sizes(path);
	if (action === 'vacuum') {
		// SQLite writes the whole database once more beside itself, and once more through the WAL: https://www.sqlite.org/lang_vacuum.html
		const disk = statfsSync(dirname(path));
		const free = disk.bavail * disk.bsize;
		if (free < 2 * before.bytes) throw new DatabaseError(`${dirname(path)}: ${formatBytes(free)} free, vacuum needs up to ${formatBytes(2 * before.bytes)}`, { advice: 'Free some space first.' });
	}
	return withDatabase(path, 'write', (database) => {
		const began = performance.now();
		database.exec(action.toUpperCase());
		if (action === 'vacuum') database.pragma('wal_checkpoint(TRUNCATE)');
		const durationMs = Math.round(performance.now() - began);
		const after = sizes(path);
		ports.print(`${action} in ${durationMs} ms${action === 'vacuum' ? `: ${formatBytes(before.bytes)} -> ${formatBytes(after.bytes)}` : ''}`);
		return { ok: true, value: { durationMs, bytesBefore: before.bytes, bytesAfter: after.bytes } };
	});
};

const isRow = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

const jsonOf = (value: unknown): unknown => (typeof value === 'bigint' ? value.toString() : value instanceof Uint8Array ? `${value.byteLength} bytes` : value);

const rowsOf = (database: Database, sql: string): { readonly rows: readonly Readonly<Record<string, unknown>>[]; readonly more: number } => {
	const statement = database.prepare(sql);
	if (!statement.readonly || !statement.reader) throw new DatabaseError('a query step reads only: this statement writes, or gives no rows', { advice: 'Use another step kind for changes.' });
	const rows: Readonly<Record<string, unknown>>[] = [];
	let more = 0;
	for (const row of statement.iterate()) {
		if (rows.length < maxRows && isRow(row)) rows.push(Object.fromEntries(Object.entries(row).map(([name, value]) => [name, jsonOf(value)])));
		else more++;
	}
	return { rows, more };
};

/** The `query` step: one statement that reads. */
export const query = (path: string, sql: string, ports: DatabasePorts): Promise<DatabaseResult> =>
	withDatabase(path, 'read', (database) => {
		const began = performance.now();
		const { rows, more } = rowsOf(database, sql);
		for (const row of rows) ports.print(Object.entries(row).map(([name, value]) => `${name}=${String(value)}`).join('  '));
		if (more > 0) ports.print(`${more} more rows are not shown`);
		return { ok: true, value: { rows, rowCount: rows.length + more, durationMs: Math.round(performance.now() - began) } };
	});
