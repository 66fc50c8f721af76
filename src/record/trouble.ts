import { accessSync, constants, statfsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { JournalError, type JournalErrorKind } from '../domain/journal.ts';

/** Less than this free, and an input/output error is taken for a full disk, bytes. */
const fullBelowBytes = 256 * 1024;

/** As one would type it in a shell. */
export const shellWord = (path: string): string => (/^[\w./@%+=:,-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`);

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '');

export const isBusy = (error: unknown): boolean => /^SQLITE_(BUSY|LOCKED)/.test(codeOf(error));

/** Why a path cannot be used that way, as the system's error code; empty where it can. */
const denied = (path: string, mode: number): string => {
	try {
		accessSync(path, mode);
		return '';
	} catch (error) {
		return codeOf(error);
	}
};

const noRoom = (folder: string): boolean => {
	try {
		const { bavail, bsize } = statfsSync(folder);
		return bavail * bsize < fullBelowBytes;
	} catch {
		return false;
	}
};

const kindOfDenial = (code: string): JournalErrorKind | undefined => (code === 'EROFS' ? 'read-only' : code === 'EACCES' || code === 'EPERM' ? 'permission' : undefined);

/** What stands in the way of writing there: SQLite itself says only that it could not. */
const denial = (path: string): JournalErrorKind | undefined => kindOfDenial(denied(path, constants.R_OK | constants.W_OK)) ?? kindOfDenial(denied(dirname(path), constants.W_OK));

const kindOf = (error: unknown, path: string): JournalErrorKind => {
	const code = codeOf(error);
	if (isBusy(error)) return 'locked';
	if (code === 'SQLITE_FULL' || code === 'ENOSPC' || code === 'EDQUOT') return 'full';
	if (/^SQLITE_(CORRUPT|NOTADB)/.test(code) || error instanceof SyntaxError) return 'corrupt';
	if (code.startsWith('SQLITE_READONLY')) return denial(path) ?? 'read-only';
	if (/^SQLITE_(CANTOPEN|IOERR|PERM|AUTH)/.test(code)) return denial(path) ?? (noRoom(dirname(path)) ? 'full' : 'broken');
	return kindOfDenial(code) ?? 'broken';
};

const words: Readonly<Record<Exclude<JournalErrorKind, 'broken'>, string>> = {
	full: 'no space is left on its file system',
	locked: 'another process does not let go of its lock',
	'read-only': 'it, or its file system, is read-only',
	corrupt: 'the file is damaged',
	permission: 'this account may not read and write it',
};

/** How to begin anew and keep what there is: a journal's `-wal` and `-shm` files must go with it. */
export const moveAside = (path: string): string => {
	const aside = join(dirname(path), 'journal-aside');
	return `To start a new journal, move this one aside with all its files: \`mkdir ${shellWord(aside)} && mv ${shellWord(path)}* ${shellWord(aside)}/\`.`;
};

const adviceFor = (kind: JournalErrorKind, path: string): string => {
	const file = shellWord(path);
	const folder = shellWord(dirname(path));
	switch (kind) {
		case 'full':
			return `Make room there (\`df -h ${folder}\`), then try again. What was recorded before is safe.`;
		case 'locked':
			return `See which process has it open (\`fuser -v ${file}\`); wait for it or end it, then try again.`;
		case 'read-only':
			return `Make it writable again (\`mount\` shows how ${folder} is mounted, \`lsattr ${file}\` whether the file is immutable), or set SITREP_STATE_DIR to another folder.`;
		case 'corrupt':
			return `It is left as it is. \`sitrep journal verify\` says how far it is intact. ${moveAside(path)}`;
		case 'permission':
			return `It belongs to the account that made it (\`ls -ld ${folder} ${file}\`): use that account, or set SITREP_STATE_DIR to a folder of your own.`;
		case 'broken':
			return `Look at the disk's health and at ${folder}, then try again; or set SITREP_STATE_DIR to another folder.`;
	}
};

/** Puts what SQLite or the file system said into words. @param doing `write` or `read` */
export const asJournalError = (error: unknown, path: string, doing: 'write' | 'read'): JournalError => {
	if (error instanceof JournalError) return error;
	const kind = kindOf(error, path);
	const said = error instanceof Error ? error.message : String(error);
	const why = kind === 'broken' ? said : kind === 'corrupt' ? `${words.corrupt} (${said})` : words[kind];
	return new JournalError(kind, `the journal ${path} cannot be ${doing === 'write' ? 'written' : 'read'}: ${why}`, { advice: adviceFor(kind, path), cause: error });
};

export const damaged = (path: string, what: string): JournalError => new JournalError('corrupt', `the journal ${path} is damaged: ${what}`, { advice: adviceFor('corrupt', path) });
