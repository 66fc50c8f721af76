import { statSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import { lossByCounts, lossOf, tablesOf, type Loss, type TableLoss } from '../loss.ts';
import type { RowCounts } from '../counts.ts';
import { namesOf, quoted, rowCounts } from './facts.ts';
import { withDatabase } from './open.ts';

/** Tables with more rows are only counted: a comparison reads each row of both. */
const maxComparedRows = 2_000_000;
/** A database without a WAL that is larger is only counted: its writers would wait for the comparison, bytes. */
const maxBytesWithoutWal = 32 * 1024 * 1024;

interface Shape {
	readonly columns: readonly string[];
	readonly key: readonly string[];
}

/** Columns and key of a table; where it declares no key, SQLite's own number of the row, which an online backup keeps. */
const shapeOf = (database: Database, schema: 'main' | 'backup', table: string): Shape => {
	const rows = database.prepare('SELECT name, pk FROM pragma_table_info(?, ?) ORDER BY cid').raw().all(table, schema);
	const columns: string[] = [];
	const key: { name: string; at: number }[] = [];
	for (const row of rows) {
		if (!Array.isArray(row)) continue;
		columns.push(String(row[0]));
		if (Number(row[1]) > 0) key.push({ name: String(row[0]), at: Number(row[1]) });
	}
	return { columns, key: key.toSorted((a, b) => a.at - b.at).map((each) => quoted(each.name)) };
};

const count = (database: Database, sql: string): number => Number(database.prepare(sql).pluck().get());

const isVirtual = (database: Database, table: string): boolean =>
	database.prepare("SELECT 1 FROM main.sqlite_schema WHERE type = 'table' AND name = ? AND sql LIKE 'CREATE VIRTUAL%'").pluck().get(table) !== undefined;

/** Rows are found again by their key, and compared in the columns that both have. A column that the backup has not makes each of its rows a changed one. */
const compareTable = (database: Database, table: string, now: number, backup: number): TableLoss => {
	const here = shapeOf(database, 'main', table);
	const there = shapeOf(database, 'backup', table);
	const key = here.key.length > 0 && here.key.join() === there.key.join() ? here.key : here.key.length === 0 && there.key.length === 0 ? ['rowid'] : undefined;
	if (key === undefined || isVirtual(database, table)) return lossByCounts(table, now, backup);
	const [n, b] = [`main.${quoted(table)} n`, `backup.${quoted(table)} b`];
	const same = key.map((column) => `b.${column} IS n.${column}`).join(' AND ');
	const both = here.columns.filter((column) => there.columns.includes(column)).map(quoted);
	const added = count(database, `SELECT count(*) FROM ${n} WHERE NOT EXISTS (SELECT 1 FROM ${b} WHERE ${same})`);
	const gone = count(database, `SELECT count(*) FROM ${b} WHERE NOT EXISTS (SELECT 1 FROM ${n} WHERE ${same})`);
	const differ = both.map((column) => `n.${column} IS NOT b.${column}`).join(' OR ');
	const dropped = here.columns.some((column) => !there.columns.includes(column));
	const changed = dropped ? now - added : both.length === 0 ? 0 : count(database, `SELECT count(*) FROM ${n} JOIN ${b} ON ${same} WHERE ${differ}`);
	return { table, now, backup, lost: added + changed, changed, back: gone + changed, compared: true };
};

const countsIn = (database: Database, schema: 'main' | 'backup'): RowCounts => {
	if (schema === 'main') return rowCounts(database);
	const tables = namesOf(database.prepare("SELECT name FROM backup.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name").pluck().all());
	return Object.fromEntries(tables.map((table) => [table, count(database, `SELECT count(*) FROM backup.${quoted(table)}`)]));
};

const mayCompare = (database: Database, path: string): boolean => database.pragma('main.journal_mode', { simple: true }) === 'wal' || statSync(path).size <= maxBytesWithoutWal;

/**
 * What a restore of `backup` over `path` would lose, row by row, as both stand at one moment. Changes neither, and nobody waits for it.
 * @param backup a database file that can be opened
 * @throws DatabaseError
 */
export const compareWith = (path: string, backup: string): Promise<Loss> =>
	withDatabase(path, 'read', (database) => {
		database.prepare('ATTACH ? AS backup').run(backup);
		const rowByRow = mayCompare(database, path);
		return database.transaction((): Loss => {
			const [now, then] = [countsIn(database, 'main'), countsIn(database, 'backup')];
			return lossOf(
				tablesOf(now, then).map((table) => {
					const [here, there] = [now[table], then[table]];
					if (here === undefined || there === undefined || !rowByRow || here + there > maxComparedRows) return lossByCounts(table, here, there);
					return compareTable(database, table, here, there);
				}),
			);
		})();
	});
