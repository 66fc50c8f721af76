import { formatDuration } from '../../../domain/duration.ts';
import { boundCounts, countWords, plural, rowsOf, type RowCounts } from '../counts.ts';
import type { Loss } from '../loss.ts';
import { compareSchemas, schemaWords } from '../schemas.ts';
import { DatabaseError, type DatabaseResult } from '../work.ts';
import { readDump, withDump } from './dumpFile.ts';
import { DumpReader, type DumpFacts } from './dumpReader.ts';
import { countsOf, damage, exists, versionOf } from './facts.ts';
import { RowMatch } from './rowMatch.ts';
import { connection, tool, type Target } from './target.ts';

interface Standing {
	readonly tables: RowCounts;
	readonly schema: string | undefined;
}

const standingOf = async (target: Target): Promise<Standing> => ({ tables: await countsOf(target), schema: await versionOf(target) });

/** Nothing where there is no database, or it is damaged, and then `why` says so. */
const standingIfAny = async (target: Target): Promise<{ readonly now?: Standing; readonly why: string }> => {
	if (!(await exists(target))) return { why: `there is no database ${target.action.database} now` };
	return orDamaged<{ readonly now?: Standing; readonly why: string }>(target, async () => ({ now: await standingOf(target), why: '' }), { why: 'what is there now cannot be read: nobody can count its rows' });
};

const orDamaged = async <T>(target: Target, work: () => Promise<T>, instead: T): Promise<T> => {
	try {
		return await work();
	} catch (error) {
		if (!(error instanceof DatabaseError) || !damage.test(error.message)) throw error;
		target.ports.print(error.message);
		return instead;
	}
};

/** What is there now is read as a dump as well: then both are written in the same way. */
const lossNow = async (target: Target, match: RowMatch, then: DumpFacts): Promise<Loss> => {
	const reader = new DumpReader(match.now);
	await tool(target, ['pg_dump', ...connection(target.action), '-d', target.action.database], { onBytes: (bytes) => reader.write(bytes) });
	return match.loss(reader.end().rows, then.rows);
};

const compared = (target: Target, name: string, { now, why }: Awaited<ReturnType<typeof standingIfAny>>): Promise<Readonly<Record<string, unknown>> & { readonly words: string }> =>
	withDump(target, name, async (file) => {
		const { ports } = target;
		const match = new RowMatch();
		const then = await readDump(target, file, match.backup);
		const ageSeconds = Math.max(0, Math.round((ports.now() - file.at) / 1000));
		ports.print(`the backup is ${formatDuration(ageSeconds * 1000)} old, read to its end: ${countWords(then.rows)}, ${schemaWords(then.schema)}`);
		const about = { file: file.file, at: file.at, ageSeconds, age: formatDuration(ageSeconds * 1000), schema: then.schema ?? null, ...boundCounts(then.rows), rows: rowsOf(then.rows) };
		if (now === undefined) return { backup: about, loss: null, words: why };
		const schemas = compareSchemas(now.schema, then.schema);
		const loss = await orDamaged<Loss | undefined>(target, () => lossNow(target, match, then), undefined);
		const uncounted = then.inserts > 0 ? `; ${then.inserts} rows of the backup are written as INSERT and were not compared` : '';
		const words = loss === undefined ? 'what is there now is damaged: its rows cannot be compared' : `${loss.words}${uncounted}`;
		return { backup: about, schemas, loss: loss ?? null, words: `${words}${schemas.same ? '' : `; ${schemas.words}`}` };
	});

/**
 * The `schema` step; with a backup, which is read to its end, also what a restore of it would lose. Only reads. With a backup it is no
 * failure that there is no database, or that it is damaged: that is when a backup is wanted.
 */
export const schema = async (target: Target): Promise<DatabaseResult> => {
	const { action, ports } = target;
	const alone = action.file === undefined || action.file === '';
	const standing = alone ? { now: await standingOf(target), why: '' } : await standingIfAny(target);
	const { now } = standing;
	const words = now === undefined ? '' : `${schemaWords(now.schema)}; ${countWords(now.tables)}`;
	if (now !== undefined) {
		ports.print(words);
		for (const [table, rows] of Object.entries(boundCounts(now.tables).tables)) ports.print(`  ${table}: ${plural(rows, 'row')}`);
	}
	const own = now === undefined ? { schema: null, tables: null } : { schema: now.schema ?? null, ...boundCounts(now.tables), rows: rowsOf(now.tables) };
	if (alone) return { ok: true, value: { ...own, words } };
	const value = { ...own, ...(await compared(target, action.file ?? '', standing)) };
	ports.print(value.words);
	return { ok: true, value };
};
