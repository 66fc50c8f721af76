import { randomBytes } from 'node:crypto';
import { chmodSync, closeSync, fchmodSync, fsyncSync, linkSync, mkdirSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import process from 'node:process';

const fileMode = 0o600;
const folderMode = 0o700;

export interface FileIdentity {
	readonly dev: number;
	readonly ino: number;
	/** Bytes. */
	readonly size: number;
}

export const identityOf = (path: string): FileIdentity | undefined => statSync(path, { throwIfNoEntry: false });

/** Files that SQLite keeps beside a database; they belong to it alone. */
export const besides = (path: string): readonly string[] => [`${path}-wal`, `${path}-shm`];

/** Makes the folder, and those above it that are missing, for this account only, whatever the umask is. */
export const makeFolder = (folder: string): void => {
	const first = mkdirSync(folder, { recursive: true, mode: folderMode });
	if (first === undefined) return;
	for (let each = folder; each.length >= first.length; each = dirname(each)) chmodSync(each, folderMode);
};

/** Takes from others what they could do with the files. SQLite gives `-wal` and `-shm` the mode of the database. */
export const tighten = (path: string): void => {
	for (const each of [path, ...besides(path)]) {
		const found = statSync(each, { throwIfNoEntry: false });
		if (found === undefined || (found.mode & 0o077) === 0) continue;
		if (process.getuid === undefined || found.uid === process.getuid()) chmodSync(each, fileMode);
	}
};

const syncFolder = (folder: string): void => {
	// Windows cannot open a folder; its file systems order these by themselves.
	if (process.platform === 'win32') return;
	const handle = openSync(folder, 'r');
	try {
		fsyncSync(handle);
	} finally {
		closeSync(handle);
	}
};

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);

/**
 * Makes a file whole under another name, then gives it its own: nobody ever sees half of it, and where two do it at once
 * the first one's stays. So a journal of no bytes is never one that is just being made.
 */
export const createWhole = (path: string, fill: (temporary: string) => void): void => {
	makeFolder(dirname(path));
	const temporary = `${path}.${randomBytes(6).toString('hex')}.new`;
	try {
		const handle = openSync(temporary, 'wx', fileMode);
		try {
			fchmodSync(handle, fileMode);
		} finally {
			closeSync(handle);
		}
		fill(temporary);
		try {
			linkSync(temporary, path);
		} catch (error) {
			if (codeOf(error) === 'EEXIST') return;
			// File systems without hard links; EPERM is what Linux says there.
			if (codeOf(error) !== 'EPERM' && codeOf(error) !== 'ENOTSUP') throw error;
			if (identityOf(path) === undefined) renameSync(temporary, path);
		}
		syncFolder(dirname(path));
	} finally {
		for (const each of [temporary, `${temporary}-journal`, ...besides(temporary)]) rmSync(each, { force: true });
	}
};
