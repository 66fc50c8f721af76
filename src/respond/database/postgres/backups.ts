import { formatBytes } from '../../../domain/bytes.ts';
import { backupsIn } from '../folder.ts';
import { badLook, isKeptByRestore, listBackups, looksLikeBackup, soundWords, type Found, type Looked } from '../listing.ts';
import { DatabaseError, type DatabaseResult } from '../work.ts';
import { innerName, readDump, withDump } from './dumpFile.ts';
import { insideMark } from './reach.ts';
import { given, type Target } from './target.ts';

/** A larger one is not read through by a list, bytes: packed some five times as much. */
const maxRead = 2 * 1024 ** 3;
/** A larger one is not carried into the container to be looked at, bytes. */
const maxCarried = 256 * 1024 ** 2;

const lookInto = async (target: Target, { file, bytes }: Found): Promise<Looked> => {
	const most = target.reach.inside && !file.startsWith(insideMark) ? maxCarried : maxRead;
	if (bytes > most) return { verified: 'not looked at', words: `not looked at: more than ${formatBytes(most)}` };
	try {
		return await withDump(target, file, async (dump): Promise<Looked> => {
			const { rows, schema, inserts } = await readDump(target, dump);
			const words = inserts > 0 ? `read to its end, ${inserts} rows as INSERT` : soundWords(rows, schema);
			return { verified: 'ok', words, rows, ...(schema === undefined ? {} : { schema }) };
		});
	} catch (error) {
		target.ports.signal.throwIfAborted();
		return badLook(error, file);
	}
};

const listInside = async (target: Target, folder: string): Promise<{ readonly found: readonly Found[]; readonly others: number }> => {
	if ((await target.reach.run(['test', '-d', folder], {})).exitCode !== 0) return { found: [], others: 0 };
	const end = await target.reach.run(['find', folder.endsWith('/') ? folder : `${folder}/`, '-maxdepth', '1', '-type', 'f', '-exec', 'stat', '-c', '%s %Y %n', '{}', '+'], {});
	if (end.exitCode !== 0) throw new DatabaseError(`${folder} ${target.reach.where} cannot be listed: ${end.stderr.trim().slice(0, 200)}`);
	const lines = end.stdout.split('\n').filter((line) => line !== '');
	const found: Found[] = [];
	for (const line of lines) {
		const [, bytes, seconds, path = ''] = /^(\d+) (\d+) (.+)$/.exec(line) ?? [];
		const name = path.slice(path.lastIndexOf('/') + 1);
		if (bytes !== undefined && looksLikeBackup(name)) found.push({ file: `${insideMark}${path}`, bytes: Number(bytes), at: Number(seconds) * 1000, keptByRestore: isKeptByRestore(name) });
	}
	return { found, others: lines.length - found.length };
};

/** The `backups` step: a folder of this machine, or `container:/…` inside the container where the tools run. */
export const backups = async (target: Target): Promise<DatabaseResult> => {
	const folder = given(target.action.folder, 'the folder of the backups');
	const inner = innerName(target, folder);
	const listed = inner === undefined ? backupsIn(folder) : await listInside(target, inner);
	return listBackups({ ...listed, where: inner === undefined ? `in ${folder}` : `in ${inner} ${target.reach.where}` }, (each) => lookInto(target, each), target.ports);
};
