import { basename, dirname, join, resolve } from 'node:path';
import { statSync } from 'node:fs';
import { formatBytes } from '../../../domain/bytes.ts';
import { backupsIn, isCopyOf } from '../folder.ts';
import { badLook, listBackups, soundWords, type Found, type Looked } from '../listing.ts';
import type { DatabasePorts, DatabaseResult } from '../work.ts';
import { faultsOf, rowCounts, schemaVersion } from './facts.ts';
import { withDatabase } from './open.ts';
import { withBackup } from './openBackup.ts';

/** A larger one is only checked quickly, bytes. */
const maxWholeCheck = 1024 ** 3;
/** A larger one is not opened at all by a list, bytes. */
const maxOpened = 16 * 1024 ** 3;

const lookInto = async ({ file, bytes }: Found, signal: AbortSignal): Promise<Looked> => {
	if (bytes > maxOpened) return { verified: 'not looked at', words: `not looked at: more than ${formatBytes(maxOpened)}` };
	try {
		return await withBackup(file, signal, (path) =>
			withDatabase(path, 'read', (database): Looked => {
				const check = statSync(path).size > maxWholeCheck ? 'quick_check' : 'integrity_check';
				const [fault] = faultsOf(database, check);
				if (fault !== undefined) return { verified: 'bad', words: fault.slice(0, 200) };
				const [rows, schema] = [rowCounts(database), schemaVersion(database)];
				return { verified: 'ok', words: soundWords(rows, schema), rows, ...(schema === undefined ? {} : { schema }) };
			}),
		);
	} catch (error) {
		signal.throwIfAborted();
		return badLook(error, file);
	}
};

/** The `backups` step: those in the folder, and the copies that stand beside the database itself. */
export const backups = (path: string, folder: string | undefined, ports: DatabasePorts): Promise<DatabaseResult> => {
	const beside = dirname(path);
	const given = folder === undefined || folder === '' ? join(beside, 'backups') : folder;
	const own = basename(path);
	// Where the folder is the database's own, the database is no backup of itself.
	const inFolder = backupsIn(given);
	const found = inFolder.found.filter((each) => resolve(each.file) !== resolve(beside, own));
	const copies = resolve(given) === resolve(beside) ? [] : backupsIn(beside, isCopyOf(path)).found;
	return listBackups({ found: [...found, ...copies], others: inFolder.others, where: `in ${given}` }, (each) => lookInto(each, ports.signal), ports);
};
