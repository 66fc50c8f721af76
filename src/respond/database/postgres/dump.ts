import { chmodSync, existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { formatBytes } from '../../../domain/bytes.ts';
import { boundCounts, countWords, type RowCounts } from '../counts.ts';
import { durable } from '../durable.ts';
import { DatabaseError, type DatabaseResult } from '../work.ts';
import { innerName, readDump, statInside, withDump } from './dumpFile.ts';
import type { RowSink } from './dumpReader.ts';
import { insideMark } from './reach.ts';
import { connection, given, tool, type Target } from './target.ts';

/** A dump that was made, and read to its end. */
export interface Dumped {
	readonly file: string;
	readonly bytes: number;
	readonly durationMs: number;
	/** What is in it. */
	readonly tables: RowCounts;
	readonly schema: string | undefined;
}

const dumpArgv = (target: Target): readonly string[] => ['pg_dump', ...connection(target.action), '-Fc', '-d', target.action.database];

/** Inside the container the tool itself writes the file. */
const dumpInside = async (target: Target, inner: string, sink: RowSink | undefined): Promise<Omit<Dumped, 'durationMs'>> => {
	if ((await target.reach.run(['test', '-e', inner], {})).exitCode === 0) throw new DatabaseError(`${inner}: exists already ${target.reach.where}`, { advice: 'Give another name: a backup is never overwritten.' });
	const partial = `${inner}.partial`;
	try {
		await tool(target, [...dumpArgv(target), '-f', partial]);
		const facts = await withDump(target, `${insideMark}${partial}`, (dump) => readDump(target, dump, sink));
		await tool(target, ['mv', partial, inner]);
		return { file: `${insideMark}${inner}`, bytes: (await statInside(target, inner)).bytes, tables: facts.rows, schema: facts.schema };
	} catch (error) {
		await target.reach.run(['rm', '-f', partial], {}, { always: true });
		throw error;
	}
};

const dumpHere = async (target: Target, file: string, sink: RowSink | undefined): Promise<Omit<Dumped, 'durationMs'>> => {
	if (existsSync(file)) throw new DatabaseError(`${file}: exists already`, { advice: 'Give another name: a backup is never overwritten.' });
	if (!existsSync(dirname(file))) throw new DatabaseError(`${dirname(file)}: no such folder`, { advice: 'Make it first, on a disk with room for the dump.' });
	const partial = `${file}.partial`;
	try {
		await tool(target, dumpArgv(target), { into: partial });
		chmodSync(partial, 0o600);
		const facts = await withDump(target, partial, (dump) => readDump(target, dump, sink));
		durable(partial);
		renameSync(partial, file);
		durable(dirname(file));
		return { file, bytes: statSync(file).size, tables: facts.rows, schema: facts.schema };
	} catch (error) {
		rmSync(partial, { force: true });
		throw error;
	}
};

/**
 * Dumps the live database, as it is at one moment, and nobody waits for it; reads the dump to its end, and only then gives it its name.
 * @param sink gets each row of it
 * @throws DatabaseError
 */
export const dump = async (target: Target, file: string, sink?: RowSink): Promise<Dumped> => {
	const began = performance.now();
	const inner = innerName(target, file);
	const made = await (inner === undefined ? dumpHere(target, file, sink) : dumpInside(target, inner, sink));
	return { ...made, durationMs: Math.round(performance.now() - began) };
};

/** The `backup` step. */
export const backup = async (target: Target): Promise<DatabaseResult> => {
	const { action, ports } = target;
	const file = given(action.file, 'the file of the backup');
	ports.print(`dumping ${action.database} ${target.reach.where} to ${file}`);
	const { tables, schema, ...made } = await dump(target, file);
	ports.print(`dumped ${formatBytes(made.bytes)} in ${made.durationMs} ms: ${countWords(tables)}; opened and read to its end`);
	return { ok: true, value: { ...made, ...boundCounts(tables), tablesInDump: Object.keys(tables).length, schemaVersion: schema ?? null } };
};
