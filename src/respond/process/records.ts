import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Files of an execution, in its folder. The output stands beside them in segments: see `segmentName`. */
export const recordNames = {
	/** Who carries it out; there from before anything is spawned. */
	identity: 'identity.json',
	/** How it ended, a `CommandEnd`. */
	end: 'end.json',
	/** Its being there asks the supervisor to cancel. */
	cancel: 'cancel',
} as const;

/** Environment variable that every process of an execution inherits, by which those that left the session are found. */
export const markName = 'SITREP_EXECUTION';

/** A process, so that another one under the same number is not taken for it. */
export interface ProcessIdentity {
	readonly pid: number;
	/** When it started, in the process table's own unit since its own origin. */
	readonly start: number;
}

export interface ExecutionIdentity {
	readonly version: 1;
	/** Value of the mark in the environment. */
	readonly mark: string;
	/** Differs after each start of the machine. */
	readonly bootId: string;
	readonly supervisor: ProcessIdentity;
	/** Absent until it runs, and where it failed to start. */
	readonly child?: ProcessIdentity;
	/** Epoch ms. */
	readonly startedAt: number;
}

const fileMode = 0o600;

const writeWhole = (path: string, text: string): void => {
	const fd = openSync(path, 'w', fileMode);
	try {
		writeSync(fd, text);
		fsyncSync(fd);
	} finally {
		closeSync(fd);
	}
};

const syncFolder = (path: string): void => {
	const fd = openSync(path, 'r');
	try {
		fsyncSync(fd);
	} finally {
		closeSync(fd);
	}
};

/**
 * Makes the folder and writes the identity, durably, where nobody did before.
 * @returns false where the execution was claimed already: it must not be started a second time
 */
export const claimExecution = (folder: string, identity: ExecutionIdentity): boolean => {
	mkdirSync(folder, { recursive: true, mode: 0o700 });
	const path = join(folder, recordNames.identity);
	const aside = `${path}.${identity.supervisor.pid}`;
	writeWhole(aside, JSON.stringify(identity));
	try {
		// A link, unlike a rename, fails where the name is taken: of two supervisors one wins.
		linkSync(aside, path);
	} catch (error) {
		if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
		throw error;
	} finally {
		rmSync(aside, { force: true });
	}
	syncFolder(folder);
	syncFolder(dirname(folder));
	return true;
};

/** Writes to the side, makes durable, renames: a reader sees the old or the new, never a part. */
export const replaceRecord = (folder: string, name: string, text: string): void => {
	const path = join(folder, name);
	const aside = `${path}.new`;
	writeWhole(aside, text);
	renameSync(aside, path);
	syncFolder(folder);
};

/** Room for the end on a disk that fills up meanwhile: blocks that are there already can be written over. */
export const reserveRecord = (folder: string, name: string, bytes: number): void => {
	const fd = openSync(join(folder, `${name}.new`), 'w', fileMode);
	try {
		writeSync(fd, Buffer.alloc(bytes, ' '));
	} finally {
		closeSync(fd);
	}
};

/** Like `replaceRecord`, into the room that was reserved. Blanks after the value are JSON all the same. */
export const fillRecord = (folder: string, name: string, text: string): void => {
	const path = join(folder, name);
	const aside = `${path}.new`;
	const fd = openSync(aside, 'r+', fileMode);
	try {
		writeSync(fd, text, 0);
		fsyncSync(fd);
	} finally {
		closeSync(fd);
	}
	renameSync(aside, path);
	syncFolder(folder);
};
