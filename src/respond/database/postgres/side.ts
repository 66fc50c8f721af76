import { DatabaseError } from '../work.ts';
import type { DumpFile } from './dumpFile.ts';
import { connection, identifier, literal, otherThan, psql, tool, type Target } from './target.ts';

/** Longest name of a database, bytes: NAMEDATALEN less one. */
const maxName = 63;

/** `shop_before_20261121_031407`, within what a name may be long. */
export const sideName = (database: string, word: 'before' | 'restoring', stamp: string): string => {
	const end = `_${word}_${stamp.replaceAll('-', '_')}`;
	let start = database;
	while (Buffer.byteLength(start + end) > maxName) start = start.slice(0, -1);
	return start + end;
};

/** Encoding, locale, owner and tablespace of a database are its own, and in no dump. `to_jsonb`: columns that not every version has. */
const createSql = (from: string, name: string): string => `SELECT format('CREATE DATABASE %I OWNER %I TEMPLATE template0 ENCODING %L LC_COLLATE %L LC_CTYPE %L TABLESPACE %I CONNECTION LIMIT %s',
		${literal(name)}, pg_get_userbyid(d.datdba), pg_encoding_to_char(d.encoding), d.datcollate, d.datctype, t.spcname, d.datconnlimit)
	|| CASE WHEN to_jsonb(d) ->> 'datlocprovider' = 'i' THEN format(' LOCALE_PROVIDER icu ICU_LOCALE %L', coalesce(to_jsonb(d) ->> 'daticulocale', to_jsonb(d) ->> 'datlocale')) ELSE '' END
	FROM pg_database d JOIN pg_tablespace t ON t.oid = d.dattablespace WHERE d.datname = ${literal(from)}`;

/** Settings whose value is a list and stands quoted already. https://www.postgresql.org/docs/current/sql-alterdatabase.html */
const lists = ['search_path', 'temp_tablespaces', 'local_preload_libraries', 'session_preload_libraries'];

/** Settings and grants of a database are in no dump either. */
const aboutSql = (from: string, name: string): string => `SELECT coalesce(json_agg(statement), '[]') FROM (
	SELECT format('ALTER %s SET %I TO %s',
		CASE WHEN s.setrole = 0 THEN format('DATABASE %I', ${literal(name)}) ELSE format('ROLE %I IN DATABASE %I', pg_get_userbyid(s.setrole), ${literal(name)}) END,
		split_part(c, '=', 1), CASE WHEN split_part(c, '=', 1) IN (${lists.map(literal).join(', ')}) THEN substr(c, strpos(c, '=') + 1) ELSE quote_literal(substr(c, strpos(c, '=') + 1)) END) AS statement
	FROM pg_database d JOIN pg_db_role_setting s ON s.setdatabase = d.oid, unnest(s.setconfig) c WHERE d.datname = ${literal(from)}
	UNION ALL
	SELECT format('GRANT %s ON DATABASE %I TO %s%s', a.privilege_type, ${literal(name)}, CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END, CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
	FROM pg_database d, aclexplode(d.datacl) a WHERE d.datname = ${literal(from)}) all_of_them`;

const revokeSql = (from: string, name: string): string => `SELECT CASE WHEN datacl IS NULL THEN '' ELSE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', ${literal(name)}) END FROM pg_database WHERE datname = ${literal(from)}`;

/** Makes an empty database like another one; a plain one where there is none to be like. @throws DatabaseError */
export const createSide = async (target: Target, name: string, like: string | undefined): Promise<void> => {
	const database = otherThan(target.action.database);
	if (like === undefined) {
		await psql(target, `CREATE DATABASE ${identifier(name)} TEMPLATE template0`, { database });
		return;
	}
	await psql(target, (await psql(target, createSql(like, name), { database, readOnly: true })).trim(), { database });
};

/** Gives it the settings and grants of the other one. */
export const copySettings = async (target: Target, name: string, like: string): Promise<void> => {
	const database = otherThan(target.action.database);
	const revoke = (await psql(target, revokeSql(like, name), { database, readOnly: true })).trim();
	const parsed: unknown = JSON.parse(await psql(target, aboutSql(like, name), { database, readOnly: true }));
	const statements = [...(revoke === '' ? [] : [revoke]), ...(Array.isArray(parsed) ? parsed.map(String) : [])];
	if (statements.length > 0) await psql(target, statements.join(';\n'), { database });
};

/** Writes the backup into the empty database, whole or not at all. @throws DatabaseError */
export const fillSide = async (target: Target, name: string, { kind, path }: DumpFile): Promise<void> => {
	const argv =
		kind === 'archive'
			? ['pg_restore', ...connection(target.action), '--single-transaction', '--exit-on-error', '-d', name, path]
			: ['psql', ...connection(target.action), '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-1', '-d', name, '-o', '/dev/null', '-f', path];
	await tool(target, argv);
	await psql(target, 'ANALYZE', { database: name });
};

/** Removes what we made. Says so where it cannot. */
export const dropSide = async (target: Target, name: string): Promise<void> => {
	try {
		await psql(target, `DROP DATABASE IF EXISTS ${identifier(name)}`, { database: otherThan(target.action.database), always: true });
	} catch (error) {
		target.ports.print(`the database ${name}, made for the restore, could not be removed: ${error instanceof Error ? error.message : String(error)}`);
	}
};

/** The one takes the place of the other, in one transaction. @throws DatabaseError where somebody is connected */
export const swapNames = async (target: Target, side: string, kept: string | undefined): Promise<void> => {
	const { database } = target.action;
	const away = kept === undefined ? '' : `ALTER DATABASE ${identifier(database)} RENAME TO ${identifier(kept)}; `;
	try {
		await psql(target, `BEGIN; ${away}ALTER DATABASE ${identifier(side)} RENAME TO ${identifier(database)}; COMMIT`, { database: otherThan(database) });
	} catch (error) {
		if (error instanceof Error && /is being accessed by other users|current database cannot be renamed/.test(error.message)) {
			throw new DatabaseError(`somebody connected to ${database} meanwhile: nothing was changed`, { advice: 'Stop everybody who uses it, and try again.', cause: error });
		}
		throw error;
	}
};
