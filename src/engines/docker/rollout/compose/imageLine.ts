import { readFile } from 'node:fs/promises';
import { isMap, isScalar, LineCounter, parseDocument } from 'yaml';

/** Where the image of a service stands in its project's files. */
export interface ImageLine {
	readonly file: string;
	/** Counted from 1. */
	readonly line: number;
	/** As written there. */
	readonly image: string;
}

/** The last file that names it decides; `undefined` where none does: it may be built, or stand in a file that one of them includes. */
export async function imageLine(files: readonly string[], service: string): Promise<ImageLine | undefined> {
	for (const file of files.toReversed()) {
		const found = findImage(await readFile(file, 'utf8').catch(() => ''), service);
		if (found !== undefined) {
			return { file, ...found };
		}
	}
	return undefined;
}

export function findImage(source: string, service: string): { readonly line: number; readonly image: string } | undefined {
	const lines = new LineCounter();
	const document = parseDocument(source, { lineCounter: lines, logLevel: 'silent' });
	// The oldest files have their services at the top.
	for (const path of [['services', service], [service]]) {
		const node: unknown = document.getIn(path);
		const image: unknown = isMap(node) ? node.get('image', true) : undefined;
		if (isScalar(image) && typeof image.value === 'string') {
			return { line: lines.linePos(image.range?.[0] ?? 0).line, image: image.value };
		}
	}
	return undefined;
}
