import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../../src/cli/run.ts';
import { container } from '../../support/fakeEngine.ts';
import { memoryPorts } from '../ports.ts';

const run = promisify(execFile);
let folder: string;
let script: string;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'sitrep-completion-'));
	const ports = memoryPorts();
	await runCli(ports, ['completion', 'bash']);
	script = ports.stdout.text;
	await writeFile(join(folder, 'sitrep.bash'), script);
	// Stands for the program: tells what it was asked.
	await writeFile(join(folder, 'sitrep'), '#!/bin/sh\nif [ "$2" = services ]; then echo web; echo worker; else echo "$2-one"; fi\necho "$*" >> "$0.asked"\n', { mode: 0o755 });
});

afterAll(() => rm(folder, { recursive: true }));

/** What bash offers after these words, the last of which is being typed. */
const offered = async (...words: readonly string[]): Promise<readonly string[]> => {
	const line = [join(folder, 'sitrep'), ...words];
	const { stdout } = await run('bash', [
		'--norc',
		'-c',
		'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _sitrep; printf "%s\\n" "${COMPREPLY[@]}"',
		'bash',
		join(folder, 'sitrep.bash'),
		...line,
	]);
	return stdout.split('\n').filter((word) => word !== '');
};

describe('completion bash', () => {
	it('offers commands', async () => {
		expect(await offered('')).toEqual(expect.arrayContaining(['status', 'check', 'logs', 'doctor', 'init', 'completion', 'drill']));
		expect(await offered('')).not.toContain('__complete');
		expect(await offered('st')).toEqual(['status']);
		expect(await offered('drill', 'b')).toEqual(['break']);
	});

	it('offers options of the command and global ones', async () => {
		expect(await offered('logs', '--f')).toEqual(['--follow']);
		expect(await offered('logs', '--ho')).toEqual(['--host']);
		expect(await offered('status', '--follow')).toEqual([]);
	});

	it('offers values', async () => {
		expect(await offered('logs', '--level', 'e')).toEqual(['error']);
		expect(await offered('--theme', 'd')).toEqual(['dark']);
		expect(await offered('completion', '')).toEqual(['bash', 'zsh', 'fish']);
	});

	it('asks for service names, with the engine that was typed', async () => {
		expect(await offered('--host', 'ssh://ops@prod-1', 'logs', 'w')).toEqual(['web', 'worker']);
		const { stdout } = await run('tail', ['-1', join(folder, 'sitrep.asked')]);
		expect(stdout).toBe('__complete services -- --host ssh://ops@prod-1 logs w\n');
	});

	it('asks for faults', async () => {
		expect(await offered('drill', 'break', '')).toEqual(['faults-one']);
	});

	it('asks for playbooks, for runs that are not over, and for services as a value', async () => {
		expect(await offered('playbook', 'show', '')).toEqual(['playbooks-one']);
		expect(await offered('playbook', 'resume', '')).toEqual(['unfinished-one']);
		expect(await offered('journal', 'export', '--run', '')).toEqual(['runs-one']);
		expect(await offered('playbook', 'run', '--service', 'wo')).toEqual(['worker']);
	});

	it('is a script bash takes without a word', async () => {
		const { stdout, stderr } = await run('bash', ['-n', join(folder, 'sitrep.bash')]);
		expect(stdout + stderr).toBe('');
	});
});

describe('completion zsh and fish', () => {
	it.each(['zsh', 'fish'])('%s names every command and option', async (shell) => {
		const ports = memoryPorts();
		expect(await runCli(ports, ['completion', shell])).toBe(0);
		for (const word of ['status', 'check', 'logs', 'doctor', 'init', 'drill', 'break', 'follow', 'read-only', '__complete']) expect(ports.stdout.text).toContain(word);
	});

	it('refuses another shell', async () => {
		const ports = memoryPorts();
		expect(await runCli(ports, ['completion', 'csh'])).toBe(2);
		expect(ports.stderr.text).toContain('bash, zsh, fish');
	});
});

describe('__complete', () => {
	it('tells services of the engine on the line, and nothing that could not be typed', async () => {
		const hosts: (string | undefined)[] = [];
		const ports = memoryPorts({
			serviceNames: (globals) => {
				hosts.push(globals.host);
				return Promise.resolve(['web', 'two words', 'bad\u001b[2J', 'shop/api']);
			},
		});
		expect(await runCli(ports, ['__complete', 'services', '--', '--host=tcp://a:1', 'logs', ''])).toBe(0);
		expect(ports.stdout.text).toBe('web\nshop/api\n');
		expect(hosts).toEqual(['tcp://a:1']);
	});

	it('says nothing where it fails', async () => {
		const ports = memoryPorts({ serviceNames: () => Promise.reject(new Error('no engine')) });
		expect(await runCli(ports, ['__complete', 'services', '--', 'logs', '--level'])).toBe(0);
		expect(ports.stdout.text + ports.stderr.text).toBe('');
	});

	it('asks the engine', async () => {
		const ports = memoryPorts();
		ports.fake.add(container('web'));
		await runCli(ports, ['__complete', 'services', '--']);
		expect(ports.stdout.text).toBe('web\n');
	});
});
