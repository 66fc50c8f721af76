import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { enginePrograms } from './privateEngine.ts';
import { searchPath } from './searchPath.ts';

/** What stands between this machine and an engine of our own. */
export type EngineReadiness =
	| { readonly kind: 'ready' }
	/** The programs are missing and can be installed as root with apt-get. */
	| { readonly kind: 'installable' }
	| { readonly kind: 'impossible'; readonly why: string; readonly advice: string };

/** What an installation added, so that it can be taken away by name. */
export interface Installed {
	readonly packages: readonly string[];
}

/** iptables: the engine's name service for containers needs the program, though no rule of the machine is changed. */
const wanted = ['docker.io', 'iptables'];

const advice = 'Start Docker or Podman (on macOS: Docker Desktop, or `colima start`), or say where an engine is: export DOCKER_HOST=unix:///path/to/docker.sock';

export interface Machine {
	readonly platform: NodeJS.Platform;
	readonly uid: number;
	/** Whether a program of this name can be run. */
	has(program: string): Promise<boolean>;
}

export const thisMachine: Machine = {
	platform: process.platform,
	uid: process.getuid?.() ?? -1,
	has: async (program) => {
		for (const folder of searchPath().split(':')) {
			try {
				await access(join(folder, program), constants.X_OK);
				return true;
			} catch {
				// Not in this folder.
			}
		}
		return false;
	},
};

/** Whether an engine of our own can be started here, and what is missing. */
export async function engineReadiness(machine: Machine = thisMachine): Promise<EngineReadiness> {
	if (machine.platform !== 'linux') {
		return { kind: 'impossible', why: 'an engine of our own needs Linux', advice };
	}
	if (machine.uid !== 0) {
		return { kind: 'impossible', why: 'an engine of our own needs root', advice };
	}
	const missing: string[] = [];
	for (const program of [...enginePrograms, 'iptables']) {
		if (!(await machine.has(program))) {
			missing.push(program);
		}
	}
	if (missing.length === 0) {
		return { kind: 'ready' };
	}
	if (await machine.has('apt-get')) {
		return { kind: 'installable' };
	}
	return { kind: 'impossible', why: `missing: ${missing.join(', ')}`, advice: `Install Docker, then run this again. ${advice}` };
}

/**
 * Installs Debian's engine.
 * @param say one line at a time about what is done
 * @throws Error with the last lines of apt-get
 */
export async function installEngine(say: (line: string) => void): Promise<Installed> {
	return installPackages(wanted, say);
}

/**
 * Installs Debian's packages as root, with the lists of packages read first where they are missing or too old.
 * @throws Error with the last lines of apt-get
 */
export async function installPackages(names: readonly string[], say: (line: string) => void): Promise<Installed> {
	const before = new Set(await installedPackages());
	say(`installing Debian's ${names.join(' and ')} with apt-get`);
	const install = async () => aptGet(['install', '--yes', '--no-install-recommends', ...names]);
	if (!(await hasPackageLists())) {
		await aptGet(['update']);
	}
	try {
		await install();
	} catch {
		// The lists may be older than what the archive holds now.
		await aptGet(['update']);
		await install();
	}
	return { packages: (await installedPackages()).filter((name) => !before.has(name)) };
}

async function hasPackageLists(): Promise<boolean> {
	try {
		return (await readdir('/var/lib/apt/lists')).some((name) => name.includes('_Packages'));
	} catch {
		return false;
	}
}

async function aptGet(argv: readonly string[]): Promise<void> {
	const { code, output } = await collect('apt-get', ['--quiet', ...argv]);
	if (code !== 0) {
		throw new Error(`apt-get ${argv.join(' ')} failed (exit code ${code}):\n${output.trimEnd().split('\n').slice(-10).join('\n')}`);
	}
}

async function installedPackages(): Promise<readonly string[]> {
	const { output } = await collect('dpkg-query', ['--show', '--showformat', '${db:Status-Abbrev} ${Package}\n']);
	return output
		.split('\n')
		.filter((line) => line.startsWith('ii'))
		.map((line) => line.slice(3).trim());
}

async function collect(program: string, argv: readonly string[]): Promise<{ code: number | null; output: string }> {
	return new Promise((resolve, reject) => {
		const child = spawn(program, argv, {
			stdio: ['ignore', 'pipe', 'pipe'],
			env: { ...process.env, PATH: searchPath(), DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' },
		});
		let output = '';
		const take = (chunk: string) => {
			output += chunk;
		};
		child.stdout.setEncoding('utf8').on('data', take);
		child.stderr.setEncoding('utf8').on('data', take);
		child.once('error', (error) => reject(new Error(`${program} cannot be started: ${error.message}`)));
		child.once('close', (code) => resolve({ code, output }));
	});
}
