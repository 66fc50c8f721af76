import { readdir, readFile, rm, rmdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { CallOptions } from '../../../../domain/engine.ts';
import { fields, stringMap } from '../../narrow.ts';
import type { RolloutCalls } from '../calls.ts';
import { engineOf, isOverride, serviceOf } from './override.ts';
import { composeOwner, filesNamed } from './project.ts';

/** A move may have written its file and not made its containers yet, ms. */
const youngMs = 3_600_000;
/** A service that was taken down may come up again with our file, which whoever was told to name it still names, ms. */
const goneForMs = 7 * 24 * 3_600_000;
/** Looked through at once; the others have their turn the next time. */
const mostFiles = 1000;

/** A file of ours for compose. */
export interface KeptFile {
	readonly path: string;
	readonly project: string;
	readonly service: string;
	/** Address; absent where it does not say. */
	readonly engine: string | undefined;
	readonly ageMs: number;
}

/** A container of a compose service, and the files that it was made from. */
export interface MadeFrom {
	readonly project: string;
	readonly service: string;
	readonly files: readonly string[];
}

/**
 * Files of ours that nothing goes by any more: containers of the service were made since without it, or the service is gone for good.
 * One that a container names stays, for whoever asks compose for the project by what its containers say needs it. Pure.
 * @param engine address of the one that the containers are on: of others nothing is known
 */
export function spentFiles(kept: readonly KeptFile[], made: readonly MadeFrom[], engine: string): readonly string[] {
	return kept
		.filter((file) => {
			if (file.engine !== engine) {
				return false;
			}
			const own = made.filter(({ project, service }) => project === file.project && service === file.service);
			return own.some(({ files }) => files.includes(file.path)) ? false : file.ageMs > (own.length === 0 ? goneForMs : youngMs);
		})
		.map(({ path }) => path);
}

/** Removes those that are spent. What cannot be removed is tried again after the next move. @param now epoch ms */
export async function removeSpent(calls: RolloutCalls, folder: string, now: number, options?: CallOptions): Promise<void> {
	try {
		const kept = await keptFiles(folder, now);
		if (kept.length === 0) {
			return;
		}
		const made = (await calls.containers(options)).flatMap((container) => {
			const labels = stringMap(fields(container['Labels']));
			const owner = composeOwner(labels);
			return owner === undefined ? [] : [{ ...owner, files: filesNamed(labels) }];
		});
		for (const path of spentFiles(kept, made, calls.connection.target.address)) {
			await rm(path, { force: true });
			// Only an empty one goes.
			await rmdir(join(path, '..')).catch(() => undefined);
		}
	} catch {
		// A move that is done is not undone by a file that stays.
	}
}

async function keptFiles(folder: string, now: number): Promise<readonly KeptFile[]> {
	const found: KeptFile[] = [];
	for (const project of await readdir(folder).catch(() => [])) {
		for (const name of (await readdir(join(folder, project)).catch(() => [])).filter(isOverride)) {
			if (found.length >= mostFiles) {
				return found;
			}
			const path = resolve(folder, project, name);
			const { mtimeMs } = await stat(path);
			found.push({ path, project, service: serviceOf(name), engine: engineOf(await readFile(path, 'utf8')), ageMs: now - mtimeMs });
		}
	}
	return found;
}
