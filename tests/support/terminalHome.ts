import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A home folder of its own, so that no test reads or writes the settings of whoever runs it. */
export interface TestHome {
	readonly dir: string;
	/** HOME, the XDG folders, PATH, and what a usual terminal says of itself. Nothing else is handed on. */
	readonly env: Readonly<Record<string, string>>;
	remove(): Promise<void>;
}

export const makeTestHome = async (): Promise<TestHome> => {
	const dir = await mkdtemp(join(tmpdir(), 'sitrep-home-'));
	const xdg = {
		XDG_CONFIG_HOME: join(dir, 'config'),
		XDG_DATA_HOME: join(dir, 'data'),
		XDG_STATE_HOME: join(dir, 'state'),
		XDG_CACHE_HOME: join(dir, 'cache'),
		XDG_RUNTIME_DIR: join(dir, 'runtime'),
	};
	await Promise.all(Object.values(xdg).map(async (path) => mkdir(path, { recursive: true, mode: 0o700 })));
	return {
		dir,
		env: {
			PATH: process.env['PATH'] ?? '/usr/bin:/bin',
			HOME: dir,
			...xdg,
			// `CI=` counts as CI for the libraries that look at it.
			CI: 'false',
			TERM: 'xterm-256color',
			LANG: 'C.UTF-8',
		},
		// A compile cache may still be written while the process ends.
		remove: async () => rm(dir, { recursive: true, force: true, maxRetries: 5 }),
	};
};
