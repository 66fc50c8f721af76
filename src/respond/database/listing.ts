import { formatBytes } from '../../domain/bytes.ts';
import { formatDuration } from '../../domain/duration.ts';
import { sanitiseText } from '../../domain/sanitise.ts';
import { boundCounts, countWords, plural, type RowCounts } from './counts.ts';
import type { DatabasePorts, DatabaseResult } from './work.ts';

/** A backup that is listed, newest first. */
export interface Found {
	/** As `restore` takes it. */
	readonly file: string;
	readonly bytes: number;
	/** When it was written last, epoch ms. */
	readonly at: number;
	/** True: it was made by a restore or a rollback, of what was there before: what is to be got rid of. It is listed, but is not the newest backup. */
	readonly keptByRestore: boolean;
}

/** What was seen when a backup was opened. */
export interface Looked {
	readonly verified: 'ok' | 'bad' | 'not looked at';
	/** In a few words. */
	readonly words: string;
	readonly schema?: string;
	readonly rows?: RowCounts;
}

/** Backups that are listed at most; more are counted. */
export const maxBackups = 100;
/** So many of the newest are opened. */
export const maxLooked = 3;
/** A backup is fresh within so long, s: the SME-ERP runbook's checklist before a deployment, "recent backup verified (< 24h old)". */
export const freshWithinSeconds = 24 * 3600;

const isBackupName = /\.(?:db|sqlite3?|dump|sql|bak|backup|pgdump|tar)(?:\.gz)?$|\.backup-|\.before-restore-/;
const isSide = /-(?:wal|shm|journal)$|\.partial$/;

/** Whether a file of this name in a folder of backups is listed. */
export const looksLikeBackup = (name: string): boolean => !name.startsWith('.') && !isSide.test(name) && isBackupName.test(name);

export const isKeptByRestore = (name: string): boolean => /[.-]before-(?:restore|rollback)\b/.test(name);

const cells = (rows: readonly (readonly string[])[]): readonly string[] => {
	const widths = rows.reduce<readonly number[]>((all, row) => row.map((cell, index) => Math.max(all[index] ?? 0, cell.length)), []);
	return rows.map((row) => row.map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd(widths[index] ?? 0))).join('  '));
};

const ageOf = (seconds: number): string => formatDuration(seconds * 1000);

/** `not looked at` where it was not opened; else what was found. */
const stateOf = ({ verified, words }: Looked): string => (verified === 'not looked at' ? words : `${verified}: ${words}`);

/**
 * The `backups` step: what there is, newest first, the newest ones really opened.
 * @param found in any order
 * @param others files in the folder that are no backups by their name
 * @param look opens one; its failures are words, never thrown
 */
export const listBackups = async (
	{ found, others, where }: { readonly found: readonly Found[]; readonly others: number; readonly where: string },
	look: (file: Found) => Promise<Looked>,
	ports: DatabasePorts,
): Promise<DatabaseResult> => {
	const sorted = found.toSorted((a, b) => b.at - a.at || a.file.localeCompare(b.file));
	const shown = sorted.slice(0, maxBackups);
	const more = sorted.length - shown.length;
	const now = ports.now();
	const backups: (Omit<Found, 'at'> & Looked & { readonly at: number; readonly ageSeconds: number; readonly moreTables?: number })[] = [];
	for (const [index, each] of shown.entries()) {
		ports.signal.throwIfAborted();
		// One after the other: each is read whole, and the disk is the service's as well.
		const { rows, ...looked }: Looked = index < maxLooked ? await look(each) : { verified: 'not looked at', words: 'not looked at' };
		const bounded = rows === undefined ? undefined : boundCounts(rows);
		backups.push({
			...each,
			ageSeconds: Math.max(0, Math.round((now - each.at) / 1000)),
			...looked,
			...(bounded === undefined ? {} : { rows: bounded.tables, ...(bounded.moreTables > 0 ? { moreTables: bounded.moreTables } : {}) }),
		});
	}
	const newest = backups.find((each) => each.verified === 'ok' && !each.keptByRestore);
	const fresh = newest !== undefined && newest.ageSeconds <= freshWithinSeconds;
	const table = cells([
		['written, UTC', 'age', 'size', 'state', 'file'],
		...backups.map((each) => [new Date(each.at).toISOString().slice(0, 16).replace('T', ' '), ageOf(each.ageSeconds), formatBytes(each.bytes), stateOf(each), sanitiseText(each.file)]),
	]);
	if (backups.length > 0) for (const line of table) ports.print(line);
	if (more > 0) ports.print(`${more} older ones are not listed`);
	if (others > 0) ports.print(`${plural(others, 'file')} ${others === 1 ? 'is' : 'are'} no backup by ${others === 1 ? 'its' : 'their'} name, and not listed`);
	const unopened = backups.length - Math.min(backups.length, maxLooked);
	const words =
		newest === undefined
			? backups.length === 0
				? `no backup ${where}`
				: `${plural(backups.length + more, 'backup')} ${where}, none of the newest ${Math.min(maxLooked, backups.length)} is a sound one`
			: `${plural(backups.length + more, 'backup')} ${where}; the newest sound one is ${ageOf(newest.ageSeconds)} old${fresh ? '' : ', which is not fresh'}`;
	ports.print(`${words}${unopened + more > 0 ? `; ${unopened + more} not looked at` : ''}`);
	return {
		ok: true,
		value: {
			backups,
			more,
			others,
			...(newest === undefined ? {} : { newest }),
			fresh,
			freshWithinSeconds,
			words,
			offers: backups.map((each) => ({
				value: each.file,
				title: sanitiseText(each.file.slice(each.file.lastIndexOf('/') + 1)),
				detail: `${ageOf(each.ageSeconds)} old, ${formatBytes(each.bytes)}, ${stateOf(each)}${each.keptByRestore ? ', made before a restore or a rollback' : ''}`,
				...(each.verified === 'bad' ? { disabled: each.words } : {}),
			})),
		},
	};
};

/** What a look into a sound backup is told in. */
export const soundWords = (rows: RowCounts | undefined, schema: string | undefined): string => [rows === undefined ? 'listed whole' : countWords(rows), ...(schema === undefined ? [] : [`schema ${schema}`])].join(', ');

/** A look that failed, in the words of what went wrong. */
export const badLook = (error: unknown, file: string): Looked => {
	const words = error instanceof Error ? error.message : String(error);
	return { verified: 'bad', words: sanitiseText((words.startsWith(`${file}: `) ? words.slice(file.length + 2) : words).slice(0, 200)) };
};
