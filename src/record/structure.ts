import Database from 'better-sqlite3';
import type { ChainFlaw } from './flaw.ts';
import { schemaSql } from './schema.ts';

type Sqlite = Database.Database;

const parts = (sqlite: Sqlite): ReadonlyMap<string, string> =>
	new Map(
		sqlite
			.prepare<[], { readonly type: string; readonly name: string; readonly sql: string }>("SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name")
			.all()
			.map(({ type, name, sql }) => [`${type} ${name}`, sql]),
	);

const expectedParts = (version: number): ReadonlyMap<string, string> => {
	const sqlite = new Database(':memory:');
	try {
		sqlite.exec(schemaSql(version));
		return parts(sqlite);
	} finally {
		sqlite.close();
	}
};

/** What SQLite itself finds wrong, above all an index that leaves events out: a second for a million events. */
const pagesFlaw = (sqlite: Sqlite): readonly [expected: string, found: string] | undefined => {
	const said: unknown = sqlite.prepare('PRAGMA integrity_check(1)').pluck().get();
	return said === 'ok' ? undefined : ['a database without faults', String(said)];
};

/** A table, index or trigger that is not as it was made. */
const partsFlaw = (sqlite: Sqlite, version: number): readonly [expected: string, found: string] | undefined => {
	const [wanted, there] = [expectedParts(version), parts(sqlite)];
	for (const [name, sql] of wanted) {
		if (there.get(name) !== sql) return [name, there.has(name) ? `another ${name}: ${there.get(name)}` : `no ${name}`];
	}
	for (const name of there.keys()) if (!wanted.has(name)) return [`no ${name}`, name];
	return undefined;
};

/** What is wrong around events whose links all hold. @param version of the tables. @param seq of the newest */
export const structureFlaw = (sqlite: Sqlite, version: number, seq: number): ChainFlaw | undefined => {
	const flaw = pagesFlaw(sqlite) ?? partsFlaw(sqlite, version);
	if (flaw === undefined) return undefined;
	const [expected, found] = flaw;
	return { kind: 'structure', seq, expected, found, words: `every event is intact, and the file around them is not as it was made: ${found}` };
};
