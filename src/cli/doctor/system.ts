import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, mkdir, readFile, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import process from 'node:process';
import type { PathFacts, SystemPort } from './systemPort.ts';

/** The real machine. @param stateDir where sitrep keeps its journal */
export const systemPort = (stateDir: string): SystemPort => ({
	nodeVersion: process.version,
	platform: `${process.platform} ${process.arch}`,
	stateDir,
	get user() {
		return { name: userName(), groups: (process.getgroups?.() ?? []).map(String) };
	},
	path: pathFacts,
	tryWriting: async (directory) => {
		await mkdir(directory, { recursive: true, mode: 0o700 });
		const file = join(directory, `.doctor-${process.pid}`);
		await writeFile(file, 'sitrep doctor\n', { mode: 0o600 });
		await rm(file);
	},
	space: async (path) => {
		const found = await statfs(await nearest(path));
		return { freeBytes: found.bavail * found.bsize, totalBytes: found.blocks * found.bsize };
	},
	sqliteVersion: () => sqliteVersion(process.execPath),
});

const userName = (): string => {
	try {
		return userInfo().username;
	} catch {
		// A uid without an entry in passwd, as in many containers.
		return `uid ${process.getuid?.() ?? '?'}`;
	}
};

const nearest = async (path: string): Promise<string> => {
	for (let at = path; ; at = dirname(at)) {
		try {
			await stat(at);
			return at;
		} catch (error) {
			if (dirname(at) === at) throw error;
		}
	}
};

const allowed = async (path: string, mode: number): Promise<boolean> => {
	try {
		await access(path, mode);
		return true;
	} catch {
		return false;
	}
};

/** Name of an id in /etc/passwd or /etc/group, else the id. */
const nameOf = async (file: string, id: number): Promise<string> => {
	try {
		const line = (await readFile(file, 'utf8')).split('\n').find((each) => each.split(':')[2] === String(id));
		return line?.split(':')[0] ?? String(id);
	} catch {
		return String(id);
	}
};

const pathFacts = async (path: string): Promise<PathFacts | undefined> => {
	let found;
	try {
		found = await stat(path);
	} catch (error) {
		if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return undefined;
		throw error;
	}
	return {
		owner: await nameOf('/etc/passwd', found.uid),
		group: await nameOf('/etc/group', found.gid),
		mode: found.mode & 0o7777,
		kind: found.isSocket() ? 'socket' : found.isDirectory() ? 'directory' : found.isFile() ? 'file' : 'other',
		readable: await allowed(path, constants.R_OK),
		writable: await allowed(path, constants.W_OK),
	};
};

/** In a process of its own: an addon made for another Node does not throw, it takes the process with it. */
const sqliteVersion = (node: string): Promise<string> =>
	new Promise((resolve, reject) => {
		const script = "import('better-sqlite3').then(({default: D}) => { const d = new D(':memory:'); process.stdout.write(d.prepare('select sqlite_version() as v').get().v); })";
		execFile(node, ['--input-type=module', '-e', script], { cwd: import.meta.dirname, timeout: 10_000 }, (error, stdout, stderr) => {
			if (error === null) return resolve(stdout.trim());
			const words = error.signal == null ? stderr.split('\n').find((line) => /error/i.test(line)) : `it ends with ${error.signal}`;
			reject(new Error(words ?? error.message, { cause: error }));
		});
	});
