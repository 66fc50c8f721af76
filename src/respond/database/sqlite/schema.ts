import { existsSync, statSync } from 'node:fs';
import { formatDuration } from '../../../domain/duration.ts';
import { boundCounts, countWords, plural, rowsOf, type RowCounts } from '../counts.ts';
import { lossByCounts, lossOf, tablesOf, type Loss } from '../loss.ts';
import { compareSchemas, schemaWords } from '../schemas.ts';
import { DamagedError, DatabaseError, type DatabasePorts, type DatabaseResult } from '../work.ts';
import { compareWith } from './compare.ts';
import { faultsOf, rowCounts, schemaVersion, userVersion } from './facts.ts';
import { withDatabase } from './open.ts';
import { withBackup } from './openBackup.ts';

export interface Seen {
	readonly tables: RowCounts;
	readonly schema: string | undefined;
	readonly userVersion: number;
}

/** Tables, rows and schema version of a database. @throws DatabaseError */
export const seenIn = (path: string): Promise<Seen> =>
	withDatabase(path, 'read', (database) => ({ tables: rowCounts(database), schema: schemaVersion(database), userVersion: userVersion(database) }));

/** What is there now; nothing where there is no database, or it is damaged, and then `why` says so. */
const standingOf = async (path: string, print: (line: string) => void): Promise<{ readonly now?: Seen; readonly why: string }> => {
	if (!existsSync(path)) return { why: 'there is no database now' };
	try {
		return { now: await seenIn(path), why: '' };
	} catch (error) {
		if (!(error instanceof DamagedError)) throw error;
		print(error.message);
		return { why: 'what is there now cannot be read: nobody can count its rows' };
	}
};

/** @throws DatabaseError where it is damaged */
export const soundOrThrow = async (path: string, file: string): Promise<Seen> => {
	const [fault] = await withDatabase(path, 'read', (database) => faultsOf(database, 'integrity_check'));
	if (fault !== undefined) throw new DatabaseError(`the backup ${file} is not sound: ${fault}`, { advice: 'Choose another backup.' });
	return seenIn(path);
};

const compared = async (path: string, file: string, { now, why }: Awaited<ReturnType<typeof standingOf>>, ports: DatabasePorts): Promise<Readonly<Record<string, unknown>> & { readonly words: string }> =>
	withBackup(file, ports.signal, async (backup) => {
		const then = await soundOrThrow(backup, file);
		const at = Math.round(statSync(file).mtimeMs);
		const ageSeconds = Math.max(0, Math.round((ports.now() - at) / 1000));
		ports.print(`the backup is ${formatDuration(ageSeconds * 1000)} old, integrity ok: ${countWords(then.tables)}, ${schemaWords(then.schema)}`);
		const about = { file, at, ageSeconds, age: formatDuration(ageSeconds * 1000), schema: then.schema ?? null, ...boundCounts(then.tables), rows: rowsOf(then.tables) };
		if (now === undefined) return { backup: about, loss: null, words: why };
		const schemas = compareSchemas(now.schema, then.schema);
		const loss = await compareOrCount(path, backup, now.tables, then.tables);
		return { backup: about, schemas, loss, words: `${loss.words}${schemas.same ? '' : `; ${schemas.words}`}` };
	});

/** Where pages that only a comparison reads are damaged, the counts have to do. */
const compareOrCount = async (path: string, backup: string, now: RowCounts, then: RowCounts): Promise<Loss> => {
	try {
		return await compareWith(path, backup);
	} catch (error) {
		if (error instanceof DamagedError) return lossOf(tablesOf(now, then).map((table) => ({ ...lossByCounts(table, now[table], then[table]), compared: false })));
		throw error;
	}
};

/**
 * The `schema` step. With a backup, which is opened and checked, also what a restore of it would lose; then it is no failure that there is no
 * database, or that it is damaged: that is when a backup is wanted.
 */
export const schema = async (path: string, file: string | undefined, ports: DatabasePorts): Promise<DatabaseResult> => {
	const alone = file === undefined || file === '';
	const standing = alone ? { now: await seenIn(path), why: '' } : await standingOf(path, ports.print);
	const { now } = standing;
	const words = now === undefined ? '' : `${schemaWords(now.schema)}; ${countWords(now.tables)}`;
	if (now !== undefined) {
		ports.print(words);
		for (const [table, rows] of Object.entries(boundCounts(now.tables).tables)) ports.print(`  ${table}: ${plural(rows, 'row')}`);
	}
	const own = now === undefined ? { schema: null, tables: null } : { schema: now.schema ?? null, userVersion: now.userVersion, ...boundCounts(now.tables), rows: rowsOf(now.tables) };
	if (alone) return { ok: true, value: { ...own, words } };
	const value = { ...own, ...(await compared(path, file, standing, ports)) };
	ports.print(value.words);
	return { ok: true, value };
};
