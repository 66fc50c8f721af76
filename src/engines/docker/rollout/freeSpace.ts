import { statfs } from 'node:fs/promises';
import type { CallOptions } from '../../../domain/engine.ts';
import type { Connection } from '../connection.ts';
import { fields, text } from '../narrow.ts';

/** Bytes free where the engine keeps its data; `undefined` where that is not on this machine, or may not be seen. */
export async function freeBytesOf(connection: Connection, options: CallOptions): Promise<number | undefined> {
	if (connection.target.transport.kind !== 'unix') {
		return undefined;
	}
	const info = await connection.call({ method: 'GET', path: '/info', what: "read the engine's facts" }, options);
	try {
		const { bavail, bsize } = await statfs(text(fields(info)['DockerRootDir']) ?? '');
		return bavail * bsize;
	} catch {
		return undefined;
	}
}
