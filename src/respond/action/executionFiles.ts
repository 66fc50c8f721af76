import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { OutputSummary } from '../../domain/run/event.ts';
import { formsOf } from '../process/secretForms.ts';
import { OutputStore } from '../process/outputStore.ts';
import { readOutput } from '../process/readOutput.ts';
import { folderDisk } from '../process/segments.ts';
import type { ExecutionFiles } from './ports.ts';

/** Bound of a kept answer or log, bytes. */
const maxKeptBytes = 8 * 1024 * 1024;
/** A tool's value is made by sitrep itself; what is larger is no value for expressions. */
const maxValueBytes = 1024 * 1024;
const valueName = 'value.json';

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

const value = async (folder: string, forget: boolean): Promise<unknown> => {
	const path = join(folder, valueName);
	try {
		const text = await readFile(path, 'utf8');
		if (forget) await rm(path, { force: true });
		return text.length > maxValueBytes ? undefined : JSON.parse(text);
	} catch (error) {
		// A value that is no JSON was cut off by a crash: there is none.
		if (isMissing(error) || error instanceof SyntaxError) return undefined;
		throw error;
	}
};

const lost = (output: Iterable<{ readonly bytes: Uint8Array }>): OutputSummary => {
	let bytes = 0;
	for (const piece of output) bytes += piece.bytes.length;
	return { bytes, lines: 0, droppedBytes: bytes };
};

/** The files of executions, in the form the supervisor gives them. @param now epoch ms */
export const executionFiles = (now: () => number): ExecutionFiles => ({
	tails: readOutput,
	value,
	async keep(folder, output, { secrets, hide }) {
		try {
			await mkdir(folder, { recursive: true, mode: 0o700 });
		} catch {
			// A full disk does not turn an answer that came into one that did not: it is counted as not kept.
			return lost(output);
		}
		const patterns = secrets.flatMap((secret) => formsOf(secret)).sort((a, b) => b.length - a.length);
		const store = new OutputStore(folderDisk(folder), { patterns, hide, maxBytes: maxKeptBytes, now });
		for (const { stream, bytes } of output) store.take(stream, Buffer.from(bytes));
		store.close();
		return { bytes: store.bytes, lines: store.lines, droppedBytes: store.dropped, folder };
	},
});
