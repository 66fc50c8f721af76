import { readFile, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import type { Transport } from './target.ts';

/** What came of knocking at an address. */
export interface ProbeOutcome {
	readonly kind: 'answers' | 'absent' | 'refused' | 'denied' | 'silent' | 'untried' | 'failed';
	readonly words: string;
	/** The group that owns the socket, where access was denied. */
	readonly group?: string;
}

export type Probe = (transport: Transport) => Promise<ProbeOutcome>;

/** A connection to a local socket takes well under a millisecond; over a network three seconds is patient. */
const probeTimeoutMs = 3000;

/**
 * Opens a connection and closes it again. ssh is not tried: it would ask the far side for a whole login
 * that the first real call makes anyway.
 */
export async function probeTransport(transport: Transport): Promise<ProbeOutcome> {
	if (transport.kind === 'ssh') {
		return { kind: 'untried', words: 'opened on first use' };
	}
	const code = await knock(transport);
	switch (code) {
		case undefined:
			return { kind: 'answers', words: 'answers' };
		case 'ENOENT':
		case 'ENOTDIR':
			return { kind: 'absent', words: 'no such socket' };
		case 'ECONNREFUSED':
			return { kind: 'refused', words: 'nothing listens there (connection refused)' };
		case 'EACCES':
		case 'EPERM': {
			const group = transport.kind === 'unix' ? await socketGroup(transport.path) : undefined;
			return { kind: 'denied', words: 'permission denied', ...(group === undefined ? {} : { group }) };
		}
		case 'ETIMEDOUT':
			return { kind: 'silent', words: `no connection within ${probeTimeoutMs / 1000} s` };
		default:
			return { kind: 'failed', words: `connection failed (${code})` };
	}
}

/** The error code of a connection attempt; `undefined` where it succeeded. */
async function knock(transport: Exclude<Transport, { kind: 'ssh' }>): Promise<string | undefined> {
	return new Promise((resolve) => {
		const socket = transport.kind === 'unix' ? connect(transport.path) : connect(transport.port, transport.host);
		const settle = (code: string | undefined) => {
			socket.destroy();
			resolve(code);
		};
		socket.setTimeout(probeTimeoutMs, () => settle('ETIMEDOUT'));
		socket.once('connect', () => settle(undefined));
		socket.on('error', (error: NodeJS.ErrnoException) => settle(error.code ?? error.message));
	});
}

/** Name of the group that owns a socket, for advice; `undefined` where it cannot be told. */
export async function socketGroup(path: string): Promise<string | undefined> {
	try {
		const { gid } = await stat(path);
		const groups = await readFile('/etc/group', 'utf8');
		for (const line of groups.split('\n')) {
			const [name, , id] = line.split(':');
			if (id === String(gid)) {
				return name;
			}
		}
		return String(gid);
	} catch {
		return undefined;
	}
}

/** Reads a text file as ports want it: `undefined` where it is absent. */
export async function readTextFile(path: string): Promise<string | undefined> {
	try {
		return await readFile(path, 'utf8');
	} catch (error) {
		if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) {
			return undefined;
		}
		throw error;
	}
}
