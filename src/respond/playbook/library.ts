import { basename, join } from 'node:path';
import type { LoadedPlaybook, Playbook } from '../../domain/playbook/playbook.ts';
import type { PlaybookProblem } from '../../domain/playbook/problem.ts';
import { loadPlaybook } from './load.ts';

/** Reads folders and files; the one way in which the library touches a disk. */
export interface LibraryFiles {
	/** What stands in a folder; absent where there is no such folder. Rejects where it cannot be read. */
	list(folder: string): Promise<readonly { readonly name: string; readonly folder: boolean }[] | undefined>;
	/** A whole file as text; rejects where it cannot. */
	read(file: string): Promise<string>;
}

/** All playbooks that were found. */
export interface Library {
	/** One of each id, by pack, then by file. */
	readonly playbooks: readonly LoadedPlaybook[];
	/** Files that are no playbooks, folders that cannot be read, ids that stand twice. */
	readonly problems: readonly PlaybookProblem[];
	/** Playbooks that another one of the same id, from a later folder, has taken the place of. */
	readonly overridden: readonly { readonly by: LoadedPlaybook; readonly of: LoadedPlaybook }[];
	/** What lint and `playbook:ID` look things up in. */
	readonly byId: ReadonlyMap<string, Playbook>;
}

const isYaml = (name: string): boolean => /\.ya?ml$/i.test(name) && !name.startsWith('.');

const unreadable = (path: string, error: unknown): PlaybookProblem => ({
	rule: 'file',
	level: 'error',
	file: path,
	path: '',
	message: `cannot be read: ${error instanceof Error ? error.message : String(error)}`,
	wayOut: 'Look at who may read it.',
});

/** Packs beyond this are not read: no folder of playbooks holds so many files. */
const maxFiles = 5000;

/** Playbooks of one folder, as they stand, in the order of pack and file. */
const readFolder = async (folder: string, files: LibraryFiles): Promise<{ readonly found: readonly LoadedPlaybook[]; readonly problems: readonly PlaybookProblem[] }> => {
	const found: LoadedPlaybook[] = [];
	const problems: PlaybookProblem[] = [];
	let left = maxFiles;
	const readPack = async (path: string, pack: string): Promise<readonly string[]> => {
		let entries: Awaited<ReturnType<LibraryFiles['list']>>;
		try {
			entries = await files.list(path);
		} catch (error) {
			problems.push(unreadable(path, error));
			return [];
		}
		const sorted = [...(entries ?? [])].sort((a, b) => (a.name < b.name ? -1 : 1));
		for (const entry of sorted) {
			if (entry.folder || !isYaml(entry.name)) continue;
			const file = join(path, entry.name);
			if (left-- <= 0) {
				problems.push({ rule: 'file', level: 'error', file, path: '', message: `not read: the folder holds more than ${maxFiles} files`, wayOut: 'Point to a folder of playbooks alone.' });
				break;
			}
			try {
				const reading = loadPlaybook(await files.read(file), file, pack);
				problems.push(...reading.problems);
				if (reading.loaded !== undefined) found.push(reading.loaded);
			} catch (error) {
				problems.push(unreadable(file, error));
			}
		}
		return sorted.filter((entry) => entry.folder && !entry.name.startsWith('.')).map((entry) => entry.name);
	};
	for (const name of await readPack(folder, basename(folder))) await readPack(join(folder, name), name);
	return { found, problems };
};

/**
 * Reads every playbook of some folders. A pack is a subfolder with `*.yaml` files; files beside the packs belong to a
 * pack of the folder's own name. Of two playbooks with one id in different folders the later folder's holds; within
 * one folder that is an error, and the first one holds.
 * @param folders the shipped ones first, the user's own last
 */
export const loadLibrary = async (folders: readonly string[], files: LibraryFiles): Promise<Library> => {
	const byId = new Map<string, LoadedPlaybook>();
	const problems: PlaybookProblem[] = [];
	const overridden: { by: LoadedPlaybook; of: LoadedPlaybook }[] = [];
	for (const folder of folders) {
		const { found, problems: own } = await readFolder(folder, files);
		problems.push(...own);
		const here = new Map<string, LoadedPlaybook>();
		for (const loaded of found) {
			const { id } = loaded.playbook;
			const twin = here.get(id);
			if (twin !== undefined) {
				problems.push({ rule: 'duplicate-id', level: 'error', file: loaded.file, path: 'id', message: `the playbook ${id} stands in ${twin.file} as well, and that one holds`, wayOut: 'Give one of them another id.' });
				continue;
			}
			here.set(id, loaded);
			const shipped = byId.get(id);
			if (shipped !== undefined) overridden.push({ by: loaded, of: shipped });
			byId.set(id, loaded);
		}
	}
	const playbooks = [...byId.values()].sort((a, b) => compare(a.pack, b.pack) || compare(a.file, b.file));
	return { playbooks, problems, overridden, byId: new Map(playbooks.map((each) => [each.playbook.id, each.playbook])) };
};

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
