import { buffer } from 'node:stream/consumers';
import { pack } from 'tar-stream';

/** A small tar of text files, with the folders named made before them. */
export async function textArchive(files: readonly { readonly name: string; readonly text: string }[], folders: readonly string[] = []): Promise<Buffer> {
	const archive = pack();
	for (const name of folders) {
		archive.entry({ name, type: 'directory', mode: 0o755 });
	}
	for (const { name, text } of files) {
		archive.entry({ name, mode: 0o644 }, text);
	}
	archive.finalize();
	return buffer(archive);
}
