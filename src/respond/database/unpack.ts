import { closeSync, createReadStream, createWriteStream, fstatSync, mkdtempSync, openSync, readSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { formatBytes } from '../../domain/bytes.ts';
import { DatabaseError } from './work.ts';

/** The first bytes of a file: they tell what it is. @param bytes at most so many */
export const headOf = (file: string, bytes = 512): Buffer => {
	const handle = openSync(file, 'r');
	try {
		const head = Buffer.alloc(bytes);
		return head.subarray(0, readSync(handle, head, 0, bytes, 0));
	} finally {
		closeSync(handle);
	}
};

/** https://www.rfc-editor.org/rfc/rfc1952#page-6 */
export const isPacked = (head: Uint8Array): boolean => head[0] === 0x1f && head[1] === 0x8b;

/** Size of what is packed, as the file's own end says it: modulo 4 GiB, and never smaller than the file. RFC 1952, ISIZE. */
const unpackedSize = (file: string): number => {
	const handle = openSync(file, 'r');
	try {
		const { size } = fstatSync(handle);
		const end = Buffer.alloc(4);
		if (size > 18) readSync(handle, end, 0, 4, size - 4);
		return Math.max(size, end.readUInt32LE(0));
	} finally {
		closeSync(handle);
	}
};

const freeIn = (folder: string): number => {
	const disk = statfsSync(folder);
	return disk.bavail * disk.bsize;
};

/** What is left free of a disk that something is unpacked to for a moment, bytes. */
const reserve = 64 * 1024 * 1024;

/**
 * Makes a folder of our own with room for so many bytes: in the system's folder for temporary files, else beside `file`.
 * @throws DatabaseError where neither has room
 */
export const temporaryFolder = (file: string, bytes: number): string => {
	const wanted = bytes + reserve;
	for (const [folder, name] of [
		[tmpdir(), 'sitrep-backup-'],
		[dirname(file), '.sitrep-backup-'],
	] as const) {
		try {
			if (freeIn(folder) >= wanted) return mkdtempSync(join(folder, name));
		} catch {
			// Not there, or not ours to write: the next one.
		}
	}
	throw new DatabaseError(`${file}: ${formatBytes(bytes)} are needed to look into it, and neither ${tmpdir()} nor its own folder has them`, { advice: 'Free some space first.' });
};

export interface Unpacked {
	readonly path: string;
	/** Removes it. */
	readonly remove: () => void;
}

/**
 * Unpacks a gzip file into a folder of our own.
 * @throws DatabaseError where it is damaged or cut off, or there is no room
 */
export const unpack = async (file: string, signal: AbortSignal): Promise<Unpacked> => {
	const folder = temporaryFolder(file, unpackedSize(file));
	const remove = (): void => rmSync(folder, { recursive: true, force: true });
	const path = join(folder, 'unpacked');
	// What a packed file says of its size can be wrong: the disk is looked at as it fills.
	let unlooked = 0;
	const watch = new Transform({
		transform(chunk: Buffer, _encoding, done) {
			unlooked += chunk.byteLength;
			if (unlooked < reserve / 2) return done(null, chunk);
			unlooked = 0;
			return freeIn(folder) < reserve ? done(new DatabaseError(`${file}: no room to unpack it in ${folder}`, { advice: 'Free some space first.' })) : done(null, chunk);
		},
	});
	try {
		await pipeline(createReadStream(file), createGunzip(), watch, createWriteStream(path, { mode: 0o600 }), { signal });
		return { path, remove };
	} catch (error) {
		remove();
		if (signal.aborted || error instanceof DatabaseError) throw error;
		throw new DatabaseError(`${file}: cannot be unpacked, it is damaged or cut off (${error instanceof Error ? error.message : String(error)})`, { advice: 'Choose another backup.', cause: error });
	}
};
