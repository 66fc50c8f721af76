import { setTimeout as sleep } from 'node:timers/promises';
import { formatDuration, formatLatency } from '../../../domain/duration.ts';
import { boundCounts, countChanges, countWords, type RowCounts } from '../counts.ts';
import type { Loss } from '../loss.ts';
import { compareSchemas, schemaWords } from '../schemas.ts';
import { refuseRunning } from '../stopped.ts';
import { DatabaseError, stampOf, type DatabaseResult } from '../work.ts';
import { dump, type Dumped } from './dump.ts';
import { readDump, withDump, type DumpFile } from './dumpFile.ts';
import type { DumpFacts } from './dumpReader.ts';
import { countsOf, damage, exists, othersIn, versionOf } from './facts.ts';
import { RowMatch } from './rowMatch.ts';
import { copySettings, createSide, dropSide, fillSide, sideName, swapNames } from './side.ts';
import { given, type Target } from './target.ts';

/** Sessions of what was just stopped are waited for so long, ms. */
const lingerMs = 5000;

/** @throws DatabaseError where somebody is connected; ends nobody's session */
const refuseOthers = async (target: Target): Promise<void> => {
	const until = performance.now() + lingerMs;
	let others = await othersIn(target);
	while (others.length > 0 && performance.now() < until) {
		await sleep(250, undefined, { signal: target.ports.signal });
		others = await othersIn(target);
	}
	if (others.length === 0) return;
	const first = others.slice(0, 5).join('; ');
	throw new DatabaseError(`${others.length === 1 ? 'somebody is' : `${others.length} others are`} connected to ${target.action.database}: ${first}${others.length > 5 ? '; …' : ''}`, {
		advice: 'Stop the services that use it first. Nothing was changed, and nobody was disconnected.',
	});
};

const refuseForeign = ({ file, kind }: DumpFile, { foreign, inserts }: DumpFacts, print: (line: string) => void): void => {
	if (kind === 'sql' && foreign !== undefined) throw new DatabaseError(`${file}: it holds a command of psql's own that could lead elsewhere: ${foreign}`, { advice: 'Make the dump without --create, and of one database, or look it through and restore it by hand.' });
	if (inserts > 0) print(`${inserts} rows stand in it as INSERT: they are restored, but could not be counted by table`);
};

/** Tables of the backup whose rows are not all there. */
const missing = (wanted: RowCounts, found: RowCounts): readonly string[] => countChanges(wanted, Object.fromEntries(Object.keys(wanted).map((table) => [table, found[table] ?? 0])));

interface Now {
	readonly dumped: Dumped;
	readonly loss: Loss;
}

/** Keeps a dump of what is there, and counts what the backup lacks of it. Nothing where the server itself cannot read it: the database is kept all the same. */
const keepNow = async (target: Target, file: string, match: RowMatch, wanted: DumpFacts): Promise<Now | undefined> => {
	const { ports } = target;
	let dumped: Dumped;
	try {
		dumped = await dump(target, `${file}.before-restore-${stampOf(ports.now())}`, match.now);
	} catch (error) {
		if (!(error instanceof DatabaseError) || !damage.test(error.message)) throw error;
		ports.print(`what is there now is damaged: nobody can count its rows; it stays under another name (${error.message})`);
		return undefined;
	}
	const loss = match.loss(dumped.tables, wanted.rows);
	ports.print(`there is now: ${countWords(dumped.tables)}, ${schemaWords(dumped.schema)}`);
	ports.print(`kept what is there now as ${dumped.file}`);
	ports.print(loss.words);
	return { dumped, loss };
};

/** Restores beside the database, checks it there, and then lets it take the name. Whatever fails before that, the database is as it was. */
const putInPlace = async (target: Target, file: DumpFile, wanted: DumpFacts, there: boolean): Promise<{ readonly kept: string | undefined; readonly after: RowCounts }> => {
	const { action, ports } = target;
	const stamp = stampOf(ports.now());
	const side = sideName(action.database, 'restoring', stamp);
	const kept = there ? sideName(action.database, 'before', stamp) : undefined;
	let swapped = false;
	await createSide(target, side, there ? action.database : undefined);
	try {
		await fillSide(target, side, file);
		const after = await countsOf(target, side);
		const faults = missing(wanted.rows, after);
		if (faults.length > 0) throw new DatabaseError(`the backup did not come in whole: rows of ${faults.slice(0, 5).join(', ')}; nothing was changed`, { advice: 'Choose another backup.' });
		ports.print(`restored beside it as ${side}: ${countWords(after)}, each table has the rows of the backup`);
		if (there) {
			await copySettings(target, side, action.database);
			await refuseOthers(target);
		}
		ports.signal.throwIfAborted();
		await swapNames(target, side, kept);
		swapped = true;
		return { kept, after };
	} finally {
		if (!swapped) await dropSide(target, side);
	}
};

/**
 * The `restore` step. The backup is read to its end first; nobody may be connected; what is there is dumped, and the rows that the
 * backup has not are counted and named; then the backup is restored beside the database, checked, and takes its name in one transaction.
 * The old database stays under another name. RPO is measured as the age of the backup, RTO as the time of this step.
 * @throws DatabaseError
 */
export const restore = async (target: Target): Promise<DatabaseResult> => {
	const began = performance.now();
	const { action, ports } = target;
	const name = given(action.file, 'the backup to restore');
	await refuseRunning(action.stopped ?? [], ports);
	return withDump(target, name, async (file) => {
		const rpoSeconds = Math.max(0, Math.round((ports.now() - file.at) / 1000));
		const match = new RowMatch();
		const wanted = await readDump(target, file, match.backup);
		refuseForeign(file, wanted, ports.print);
		ports.print(`the backup ${name} is ${formatDuration(rpoSeconds * 1000)} old and was read to its end: ${countWords(wanted.rows)}, ${schemaWords(wanted.schema)}`);
		const there = await exists(target);
		if (there) await refuseOthers(target);
		else ports.print(`there is no database ${action.database} now`);
		const now = there ? await keepNow(target, name, match, wanted) : undefined;
		const schemas = now === undefined ? undefined : compareSchemas(now.dumped.schema, wanted.schema);
		if (schemas?.same === false) ports.print(schemas.words);
		const { kept, after } = await putInPlace(target, file, wanted, there);
		const before = now?.dumped.tables;
		const changes = before === undefined ? [] : countChanges(before, Object.fromEntries(Object.keys({ ...before, ...wanted.rows }).flatMap((table) => (after[table] === undefined ? [] : [[table, after[table]]]))));
		// Whoever came between the dump and the change of names wrote to what is kept.
		const meanwhile = kept === undefined || before === undefined ? [] : missing(before, await countsOf(target, kept));
		for (const change of changes) ports.print(`rows of ${change}`);
		for (const change of meanwhile) ports.print(`written while it ran, and to be found in ${kept ?? ''}: rows of ${change}`);
		const rtoMs = Math.round(performance.now() - began);
		const keptWords = kept === undefined ? '' : `; all that was there is kept as the database ${kept}${now === undefined ? '' : ` and in ${now.dumped.file}`}`;
		ports.print(`restored ${countWords(after)}; RPO ${formatDuration(rpoSeconds * 1000)} (age of the backup), RTO ${formatLatency(rtoMs)}${now === undefined ? '' : `; ${now.loss.words}`}${keptWords}`);
		return {
			ok: true,
			value: {
				file: name,
				kept: now?.dumped.file ?? null,
				keptDatabase: kept ?? null,
				before: before === undefined ? null : boundCounts(before).tables,
				after: boundCounts(after).tables,
				moreTables: boundCounts(after).moreTables,
				changes: changes.slice(0, 100),
				loss: now?.loss ?? null,
				rowsLost: now?.loss.rows ?? null,
				meanwhile: meanwhile.slice(0, 100),
				schemaVersion: (await versionOf(target)) ?? null,
				...(schemas === undefined ? {} : { schemas }),
				rpoSeconds,
				rtoMs,
				durationMs: rtoMs,
			},
		};
	});
};
