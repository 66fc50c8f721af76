import type { RowCounts } from '../counts.ts';
import { literal, otherThan, psql, type Target } from './target.ts';

/** Counts every table in one statement, so that the counts belong together. */
const countsSql = `SELECT coalesce(json_object_agg(name, rows), '{}') FROM (
	SELECT table_schema || '.' || table_name AS name,
		(xpath('/row/c/text()', query_to_xml(format('SELECT count(*) AS c FROM %I.%I', table_schema, table_name), false, true, '')))[1]::text::bigint AS rows
	FROM information_schema.tables
	WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')
	ORDER BY 1) counted`;

const alembicSql = `SELECT CASE WHEN to_regclass('alembic_version') IS NULL THEN '' ELSE
	(SELECT string_agg(version::text, ',' ORDER BY version::text) FROM unnest(xpath('/table/row/version_num/text()', query_to_xml('SELECT version_num FROM alembic_version', true, false, ''))) AS version) END`;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A table of the schema `public` by its name alone. */
export const plainName = (name: string): string => name.replace(/^public\./, '');

/** Rows of every table. */
export const countsOf = async (target: Target, database = target.action.database): Promise<RowCounts> => {
	const parsed: unknown = JSON.parse(await psql(target, countsSql, { database, readOnly: true }));
	return isRecord(parsed) ? Object.fromEntries(Object.entries(parsed).map(([name, rows]) => [plainName(name), Number(rows)])) : {};
};

/** Alembic's version; absent where there is no such table, or no row in it. */
export const versionOf = async (target: Target, database = target.action.database): Promise<string | undefined> => {
	const version = (await psql(target, alembicSql, { database, readOnly: true })).trim();
	return version === '' ? undefined : version;
};

export const exists = async (target: Target, database = target.action.database): Promise<boolean> =>
	(await psql(target, `SELECT 1 FROM pg_database WHERE datname = ${literal(database)}`, { database: otherThan(database), readOnly: true })).trim() === '1';

/** Who else is connected to the database, in words. */
export const othersIn = async (target: Target, database = target.action.database): Promise<readonly string[]> => {
	const sql = `SELECT coalesce(json_agg(concat_ws(' ', nullif(application_name, ''), 'as ' || usename, coalesce('from ' || host(client_addr), 'from its own machine'), state, 'pid ' || pid) ORDER BY pid), '[]')
		FROM pg_stat_activity WHERE datname = ${literal(database)} AND pid <> pg_backend_pid() AND backend_type = 'client backend'`;
	const parsed: unknown = JSON.parse(await psql(target, sql, { database: otherThan(database), readOnly: true }));
	return Array.isArray(parsed) ? parsed.map(String) : [];
};

/** How the server says that what it has stored cannot be read. */
export const damage = /invalid page|could not read block|missing chunk|compressed (?:pglz |lz4 )?data is corrupt|invalid memory alloc|cache lookup failed|could not access status of transaction|could not open file "base/i;
