import { createReadStream, existsSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { headOf, isPacked, temporaryFolder, unpack } from '../unpack.ts';
import { DatabaseError } from '../work.ts';
import { DumpReader, type DumpFacts, type RowSink } from './dumpReader.ts';
import { insideMark } from './reach.ts';
import { tool, toolFailed, type Target } from './target.ts';

/** A backup, ready for the tools. */
export interface DumpFile {
	/** As it was named. */
	readonly file: string;
	readonly kind: 'archive' | 'sql';
	/** Where the tools find it. */
	readonly path: string;
	/** When it was written, epoch ms. */
	readonly at: number;
	readonly bytes: number;
	/** On this machine, where it is one of its files. */
	readonly local?: string;
}

/** https://github.com/postgres/postgres/blob/master/src/bin/pg_dump/pg_backup_archiver.h: "PGDMP"; a tar archive says "ustar" at byte 257. */
const kindOf = (head: Buffer, file: string): DumpFile['kind'] => {
	if (head.byteLength === 0) throw new DatabaseError(`${file}: is empty`, { advice: 'Choose another backup.' });
	if (head.toString('latin1', 0, 5) === 'PGDMP' || head.toString('latin1', 257, 262) === 'ustar') return 'archive';
	if (head.includes(0)) throw new DatabaseError(`${file}: this is no dump of PostgreSQL`, { advice: 'Choose another backup.' });
	return 'sql';
};

export interface StatOf {
	readonly bytes: number;
	readonly at: number;
}

/** Size and time of a file inside the container. @throws DatabaseError where there is none */
export const statInside = async (target: Target, inner: string): Promise<StatOf> => {
	const end = await target.reach.run(['stat', '-L', '-c', '%s %Y', '--', inner], {});
	const [bytes, seconds] = end.stdout.trim().split(' ').map(Number);
	if (end.exitCode !== 0 || bytes === undefined || seconds === undefined) throw new DatabaseError(`${inner}: no such file ${target.reach.where}`);
	return { bytes, at: seconds * 1000 };
};

/** The name of a file inside the container. @throws DatabaseError where the tools do not run in one */
export const innerName = (target: Target, file: string): string | undefined => {
	if (!file.startsWith(insideMark)) return undefined;
	if (!target.reach.inside) throw new DatabaseError(`${file}: the tools of this step run on this machine, not in a container`, { advice: 'Name the container (in), or give a file of this machine.' });
	return file.slice(insideMark.length);
};

const headInside = async (target: Target, inner: string): Promise<Buffer> => {
	const parts: Buffer[] = [];
	await tool(target, ['head', '-c', '512', inner], { onBytes: (bytes) => void parts.push(Buffer.from(bytes)) });
	return Buffer.concat(parts);
};

/** Fetches a file of the container into a folder of our own. */
const fetched = async (target: Target, inner: string, bytes: number): Promise<{ readonly path: string; readonly remove: () => void }> => {
	const folder = temporaryFolder(join(tmpdir(), inner), bytes);
	const path = join(folder, 'fetched');
	const remove = (): void => rmSync(folder, { recursive: true, force: true });
	try {
		await tool(target, ['cat', inner], { into: path });
		return { path, remove };
	} catch (error) {
		remove();
		throw error;
	}
};

/**
 * Lends a backup to the tools: found, told apart (archive or SQL text), unpacked where it is packed, and carried into the container where
 * they run there.
 * @throws DatabaseError
 */
export const withDump = async <T>(target: Target, file: string, work: (dump: DumpFile) => Promise<T>): Promise<T> => {
	const inner = innerName(target, file);
	const undo: (() => void | Promise<void>)[] = [];
	try {
		if (inner === undefined && !existsSync(file)) throw new DatabaseError(`${file}: no such file`);
		const about: StatOf = inner === undefined ? { bytes: statSync(file).size, at: Math.round(statSync(file).mtimeMs) } : await statInside(target, inner);
		let head = inner === undefined ? headOf(file) : await headInside(target, inner);
		let local = inner === undefined ? file : undefined;
		if (isPacked(head)) {
			const here = inner === undefined ? { path: file, remove: () => undefined } : await fetched(target, inner, about.bytes);
			undo.push(here.remove);
			const unpacked = await unpack(here.path, target.ports.signal);
			undo.push(unpacked.remove);
			local = unpacked.path;
			head = headOf(local);
		}
		const kind = kindOf(head, file);
		const lent = await target.reach.lend(local ?? file);
		undo.push(lent.give);
		return await work({ file, kind, path: lent.path, ...about, ...(local === undefined ? {} : { local }) });
	} finally {
		for (const each of undo.toReversed()) await each();
	}
};

/**
 * Reads a backup from end to end, which is the only proof that it is whole: the list of an archive stands at its beginning.
 * @throws DatabaseError where it is damaged or cut off
 */
export const readDump = async (target: Target, { file, kind, path, local }: DumpFile, sink?: RowSink): Promise<DumpFacts> => {
	const reader = new DumpReader(sink);
	const onBytes = (bytes: Uint8Array): void => reader.write(bytes);
	if (kind === 'archive') {
		const end = await target.reach.run(['pg_restore', '-f', '-', path], target.env, { onBytes });
		if (end.exitCode !== 0) throw new DatabaseError(`${file}: cannot be read to its end, it is damaged or cut off (${toolFailed('pg_restore', target.reach.where, end.stderr, end.exitCode).message})`, { advice: 'Choose another backup.' });
		return { ...reader.end(), complete: true };
	}
	if (local === undefined) await tool(target, ['cat', path], { onBytes });
	else for await (const chunk of createReadStream(local, { signal: target.ports.signal })) if (Buffer.isBuffer(chunk)) onBytes(chunk);
	const facts = reader.end();
	if (!facts.complete) throw new DatabaseError(`${file}: its end is missing ("PostgreSQL database dump complete"): it is cut off, or no dump of one database`, { advice: 'Choose another backup.' });
	return facts;
};
