import { execFileSync, spawn } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A real pipe. What Node itself gives a child is a socket, and `echo … > /dev/stderr` fails on a socket. */
export interface Pipe {
	readonly read: number;
	readonly write: number;
	/** A second reading end of its own, that blocks: for a program that reads on when we go. */
	readonly spareRead: number;
}

/** Two pipes, or `undefined` where the system lets none be made. They have no name any more when this returns. */
export const openPipes = (): readonly [Pipe, Pipe] | undefined => {
	let folder: string | undefined;
	try {
		folder = mkdtempSync(join(tmpdir(), 'sitrep-pipe-'));
		const paths = [join(folder, 'out'), join(folder, 'err')] as const;
		execFileSync('mkfifo', ['-m', '600', ...paths], { stdio: 'ignore', timeout: 5000 });
		const open = (path: string): Pipe => {
			const read = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
			const write = openSync(path, constants.O_WRONLY);
			return { read, write, spareRead: openSync(path, constants.O_RDONLY) };
		};
		return [open(paths[0]), open(paths[1])];
	} catch {
		return undefined;
	} finally {
		if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
	}
};

/**
 * Leaves a small program reading a pipe to nowhere. A daemon that a command leaves behind and that writes to its
 * output would else be killed by SIGPIPE once we go.
 */
export const drainOn = (pipe: Pipe): void => {
	const drain = spawn('cat', [], { detached: true, stdio: [pipe.spareRead, 'ignore', 'ignore'], env: { PATH: '/usr/bin:/bin' }, cwd: '/' });
	drain.once('error', () => undefined);
	drain.unref();
};

export const closePipe = (fd: number): void => {
	try {
		closeSync(fd);
	} catch {
		// Closed already.
	}
};
