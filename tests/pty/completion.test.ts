import { execFile } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Containers, testEngineAddress } from '../support/engine.ts';
import { makeTestHome, type TestHome } from '../support/terminalHome.ts';
import { openTerminal } from '../support/terminal.ts';
import { launcher } from './sitrep.ts';

const run = promisify(execFile);
const address = testEngineAddress();
const containers = new Containers(address);
const name = `complete-${process.pid}`;
let home: TestHome;
let env: Record<string, string>;

beforeAll(async () => {
	home = await makeTestHome();
	const bin = join(home.dir, 'bin');
	await mkdir(bin);
	await symlink(launcher, join(bin, 'sitrep'));
	env = { ...home.env, PATH: `${bin}:${home.env['PATH'] ?? ''}`, DOCKER_HOST: address };
	await containers.run('sleep 100000', { name });
});

afterAll(async () => {
	await containers.removeAll();
	await home.remove();
});

/** The script as `sitrep completion SHELL` prints it, put where the shell looks for it. */
const install = async (shell: 'zsh' | 'fish', folder: string, file: string): Promise<string> => {
	const { stdout } = await run(launcher, ['completion', shell], { env });
	await mkdir(folder, { recursive: true });
	await writeFile(join(folder, file), stdout);
	return folder;
};

describe('completion in the shell itself', () => {
	it('fish offers commands, flags, and the services of the engine', async () => {
		await install('fish', join(env['XDG_CONFIG_HOME'] ?? '', 'fish', 'completions'), 'sitrep.fish');
		const offered = async (line: string): Promise<readonly string[]> => {
			const { stdout } = await run('fish', ['-c', 'complete -C "$argv[1]"', line], { env });
			return stdout.split('\n').flatMap((each) => (each === '' ? [] : [each.split('\t')[0] ?? '']));
		};
		expect(await offered('sitrep ')).toEqual(expect.arrayContaining(['check', 'doctor', 'logs', 'status']));
		expect(await offered('sitrep status --j')).toEqual(['--json']);
		expect(await offered(`sitrep logs ${name.slice(0, -1)}`)).toContain(name);
		expect(await offered('sitrep drill break out')).toEqual(['out-of-memory']);
	});

	it('zsh offers commands, flags, and the services of the engine', async () => {
		const functions = await install('zsh', join(home.dir, 'functions'), '_sitrep');
		// Whoever runs the tests may own the folder of another: the check of who it belongs to asks a question.
		await writeFile(join(home.dir, '.zshrc'), `fpath=(${functions} $fpath)\nautoload -Uz compinit && compinit -u -D\nPS1='ready> '\n`);
		await using terminal = await openTerminal({ command: 'zsh', home, columns: 120, rows: 40, env: { ...env, ZDOTDIR: home.dir } });
		await terminal.waitFor('ready>');
		terminal.type('sitrep \t\t');
		await terminal.waitFor(/^doctor +-- /m);
		terminal.type('\u0015sitrep status --j\t');
		await terminal.waitFor('sitrep status --json');
		terminal.type(`\u0015sitrep logs ${name.slice(0, -1)}\t`);
		await terminal.waitFor(`sitrep logs ${name}`);
		terminal.type('\u0015sitrep drill break out\t');
		await terminal.waitFor('sitrep drill break out-of-memory');
		expect(terminal.text()).not.toContain('command not found');
	});
});
