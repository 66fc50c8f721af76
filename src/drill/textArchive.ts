import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';

/**
 * When every file of an archive was changed last, as it says itself. An engine gives a file this time as its last act
 * on it: whoever waits for it sees a file that is whole, and that the engine will not come back to.
 */
const filesTime = new Date('2000-01-01T00:00:00Z');

/** A small tar of text files, with the folders named made before them. */
export async function textArchive(files: readonly { readonly name: string; readonly text: string }[], folders: readonly string[] = []): Promise<Buffer> {
	const archive = pack();
	for (const name of folders) {
		archive.entry({ name, type: 'directory', mode: 0o755 });
	}
	for (const { name, text } of files) {
		archive.entry({ name, mode: 0o644, mtime: filesTime }, text);
	}
	archive.finalize();
	return buffer(archive);
}
