import type { Database } from 'better-sqlite3';
import type { RowCounts } from '../counts.ts';

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Texts among them. */
export const namesOf = (rows: readonly unknown[]): readonly string[] => rows.filter((row): row is string => typeof row === 'string');

/** Rows of every table of the main schema, in one reading transaction so that they belong together. Virtual tables count as one. */
export const rowCounts = (database: Database): RowCounts => {
	const read = database.transaction((): RowCounts => {
		const tables = namesOf(database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name").pluck().all());
		return Object.fromEntries(tables.map((table) => [table, Number(database.prepare(`SELECT count(*) FROM ${quoted(table)}`).pluck().get())]));
	});
	return read();
};

/** `PRAGMA user_version`: 0 where nobody has set it. */
export const userVersion = (database: Database): number => Number(database.pragma('user_version', { simple: true }));

/** Schema version by Alembic's table, where there is one; else `user_version` where it is set. */
export const schemaVersion = (database: Database): string | undefined => {
	const alembic = database.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'alembic_version'").pluck().get();
	if (alembic !== undefined) {
		const versions = namesOf(database.prepare('SELECT version_num FROM alembic_version ORDER BY 1').pluck().all());
		if (versions.length > 0) return versions.join(',');
	}
	const user = userVersion(database);
	return user === 0 ? undefined : String(user);
};

/** Faults that `integrity_check` or `quick_check` finds, at most 100; empty where it is sound. */
export const faultsOf = (database: Database, check: 'integrity_check' | 'quick_check'): readonly string[] => {
	const lines = database.prepare(`PRAGMA ${check}(100)`).pluck().all().map(String);
	return lines.length === 1 && lines[0] === 'ok' ? [] : lines;
};
