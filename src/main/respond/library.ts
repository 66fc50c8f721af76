import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import envPaths from 'env-paths';
import { type Library, loadLibrary } from '../../respond/playbook/library.ts';
import { libraryFiles } from '../../respond/playbook/libraryFiles.ts';

/** The folder `playbooks` of this installation: beside `dist` as beside `src`. */
const shipped = (): string => {
	let folder = dirname(fileURLToPath(import.meta.url));
	while (!existsSync(join(folder, 'playbooks', 'generic')) && dirname(folder) !== folder) folder = dirname(folder);
	return join(folder, 'playbooks');
};

/** Where playbooks are looked for: those shipped, then the user's own, which hold over the shipped ones. */
export const playbookFolders = (): readonly string[] => [shipped(), join(envPaths('sitrep', { suffix: '' }).config, 'playbooks')];

/** Every playbook there is. @param turn waited for before each file: reading all takes some 200 ms of work */
export const readLibrary = (turn: () => Promise<void> = () => Promise.resolve()): Promise<Library> =>
	loadLibrary(playbookFolders(), {
		...libraryFiles,
		async read(file) {
			await turn();
			return libraryFiles.read(file);
		},
	});
