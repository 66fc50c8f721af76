import { execFile } from 'node:child_process';
import { access, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { searchPath } from './searchPath.ts';

const run = promisify(execFile);

/** A file of this machine and where it goes in the image. */
export interface ImageFile {
	readonly from: string;
	/** Without a leading slash. */
	readonly to: string;
}

/** What a person, or a playbook's step, would call inside the container. Left out where this machine has it not. */
const tools = ['sh', 'cat', 'ls', 'df', 'du', 'ps', 'kill', 'sleep', 'rm', 'cp', 'mv', 'head', 'tail', 'grep', 'wc', 'date', 'env', 'mkdir', 'touch', 'dd', 'stat', 'id', 'hostname'];

/**
 * Node itself, some tools, and every shared library they load, the loader included: enough for a root file
 * system that runs on any Linux engine of this machine's architecture.
 * @throws Error where the libraries cannot be told
 */
export async function runtimeFiles(node: string): Promise<readonly ImageFile[]> {
	const programs: ImageFile[] = [{ from: await realpath(node), to: 'usr/local/bin/node' }];
	for (const tool of tools) {
		const path = await findProgram(tool);
		if (path !== undefined) {
			programs.push({ from: path, to: `bin/${tool}` });
		}
	}
	const files = new Map<string, ImageFile>();
	for (const program of programs) {
		files.set(program.to, program);
		for (const library of await librariesOf(program.from)) {
			files.set(library.slice(1), { from: await realpath(library), to: library.slice(1) });
		}
	}
	return [...files.values()];
}

async function findProgram(name: string): Promise<string | undefined> {
	for (const folder of searchPath().split(':')) {
		try {
			const path = join(folder, name);
			await access(path);
			return await realpath(path);
		} catch {
			// Not in this folder.
		}
	}
	return undefined;
}

/** Absolute paths, as the loader would look for them. None for a program that is linked statically or is a script. */
async function librariesOf(program: string): Promise<readonly string[]> {
	try {
		const { stdout } = await run('ldd', [program], { env: { ...process.env, PATH: searchPath(), LC_ALL: 'C' } });
		return parseLibraries(stdout);
	} catch (error) {
		if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
			throw new Error('ldd is missing, which tells the libraries that the range needs: install libc-bin (Debian) or the like', { cause: error });
		}
		// ldd's own answer for something that is no dynamic executable.
		return [];
	}
}

/**
 * Reads ldd's lines: `libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x…)` and `/lib64/ld-linux-x86-64.so.2 (0x…)`.
 * @throws Error naming a library that is not found
 */
export function parseLibraries(text: string): readonly string[] {
	return text.split('\n').flatMap((line) => {
		if (/=> not found/.test(line)) {
			throw new Error(`a library of this Node is missing: ${line.trim()}`);
		}
		const path = /(?:=> |^\s*)(\/\S+) \(0x/.exec(line)?.[1];
		return path === undefined ? [] : [path];
	});
}
