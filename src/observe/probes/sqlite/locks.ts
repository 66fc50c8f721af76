/** A lock on a byte range of a file, as the kernel tells of it (proc_locks(5)). */
export interface FileLock {
	readonly kind: 'READ' | 'WRITE';
	readonly pid: number;
	/** `major:minor:inode`, the first two hexadecimal. */
	readonly file: string;
	readonly start: number;
	readonly end: number;
}

/** Reads /proc/locks; locks that wait (`->`) are left out. */
export const parseLocks = (text: string): readonly FileLock[] => {
	const locks: FileLock[] = [];
	for (const line of text.split('\n')) {
		const match = /^\d+:\s+(?:POSIX|OFDLCK)\s+\S+\s+(READ|WRITE)\s+(-?\d+)\s+([0-9a-f]+:[0-9a-f]+:\d+)\s+(\d+)\s+(\d+|EOF)/.exec(line);
		if (match === null) continue;
		const [, kind, pid, file = '', start, end] = match;
		locks.push({
			kind: kind === 'WRITE' ? 'WRITE' : 'READ',
			pid: Number(pid),
			file,
			start: Number(start),
			end: end === 'EOF' ? Number.POSITIVE_INFINITY : Number(end),
		});
	}
	return locks;
};

/** How the kernel names a file in /proc/locks, from stat's device and inode (Linux' encoding of device numbers). */
export const lockName = (device: number, inode: number): string => {
	const dev = BigInt(device);
	const major = ((dev >> 8n) & 0xfffn) | ((dev >> 32n) & ~0xfffn);
	const minor = (dev & 0xffn) | ((dev >> 12n) & ~0xffn & 0xffffffffn);
	return `${major.toString(16).padStart(2, '0')}:${minor.toString(16).padStart(2, '0')}:${inode}`;
};

/** Byte of the -shm file that a WAL writer locks (SQLite file format, WAL-index locking: UNIX_SHM_BASE 120, WAL_WRITE_LOCK 0). */
const walWriteByte = 120;
/** Byte of the database file that a writer of a rollback journal holds from its first change on (SQLite os.h: RESERVED_BYTE). */
const reservedByte = 0x40000001;

const covers = (lock: FileLock, byte: number): boolean => lock.kind === 'WRITE' && lock.start <= byte && byte <= lock.end;

/** Who holds the right to write to a database, if anybody: looking never takes a lock. */
export const writerOf = (locks: readonly FileLock[], database: string, sharedMemory: string | undefined): number | undefined =>
	locks.find(
		(lock) => (lock.file === database && covers(lock, reservedByte)) || (sharedMemory !== undefined && lock.file === sharedMemory && covers(lock, walWriteByte)),
	)?.pid;
