import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pack } from 'tar-stream';
import { EngineError, type CallOptions, type FileUpload } from '../../domain/engine.ts';
import type { Connection } from './connection.ts';

/** A large file takes long; only a caller knows how long. */
const defaultUploadMs = 600_000;

/** Puts one file into a container through the engine's archive call. Contract: see `Engine.putFile`. */
export const putFile = async (connection: Connection, id: string, file: FileUpload, options: CallOptions = {}): Promise<void> => {
	if (file.name.includes('/') || file.name === '' || file.name === '..' || file.name.includes('\0')) {
		throw new EngineError('invalid', `${file.name} is no name of a file`);
	}
	const archive = pack();
	const entry = archive.entry({ name: file.name, size: file.bytes, mode: 0o600, ...(file.uid === undefined ? {} : { uid: file.uid }) });
	const written = pipeline(file.content, entry).then(
		() => archive.finalize(),
		(error: unknown) => archive.destroy(error instanceof Error ? error : new Error(String(error))),
	);
	try {
		await connection.call(
			{ method: 'PUT', path: `/containers/${encodeURIComponent(id)}/archive`, query: { path: file.folder }, upload: Readable.from(archive), what: `put ${file.name} into ${file.folder} of ${id.slice(0, 12)}` },
			{ timeoutMs: defaultUploadMs, ...options },
		);
	} catch (error) {
		archive.destroy();
		throw error;
	}
	await written;
};
