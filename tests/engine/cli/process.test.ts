import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { statusShape } from '../../../src/cli/reference/shapes.ts';
import { Containers, testEngineAddress } from '../../support/engine.ts';

const address = testEngineAddress();
const containers = new Containers(address);
const name = `sitrep-process-${process.pid}`;
/** The launcher that people start, as the terminal tests use it: it takes a third of what the sources take to start. */
const launcher = process.env['SITREP_TEST_COMMAND'] ?? join(import.meta.dirname, '../../../bin/sitrep');
let state: string;

beforeAll(async () => {
	state = await mkdtemp(join(tmpdir(), 'sitrep-cli-'));
	await containers.run('i=0; while :; do echo line $i; i=$((i+1)); sleep 0.1; done', { name });
});

afterAll(async () => {
	await containers.removeAll();
	await rm(state, { recursive: true });
});

interface Ended {
	readonly code: number | null;
	readonly signal: string | null;
	readonly stdout: string;
	readonly stderr: string;
}

const env = (): NodeJS.ProcessEnv => ({ PATH: process.env['PATH'], HOME: state, XDG_STATE_HOME: state, XDG_DATA_HOME: state, SITREP_STATE_DIR: state, DOCKER_HOST: address });

/** Runs a shell line in which $sitrep is the program. */
const shell = async (line: string): Promise<Ended> => {
	const child = spawn('bash', ['-c', `sitrep() { "${launcher}" "$@"; }\n${line}`], { env: env(), stdio: ['ignore', 'pipe', 'pipe'], cwd: state });
	let stdout = '';
	let stderr = '';
	child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
	child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
	await once(child, 'close');
	return { code: child.exitCode, signal: child.signalCode, stdout, stderr };
};

describe('the program', () => {
	it('reports in a pipe without colours, and names the engine first', async () => {
		const { code, stdout, stderr } = await shell('sitrep status');
		expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
		expect(stdout).toContain(name);
		expect(stdout.split('\n')[0]).toContain(address);
		expect(stdout).not.toContain('\u001b');
	});

	it('writes the JSON it describes', async () => {
		const { code, stdout, stderr } = await shell(`sitrep status --json ${name}`);
		expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
		expect(statusShape.parse(JSON.parse(stdout)).services.map((service) => service.id)).toEqual([name]);
	});

	it('ends quietly when its reader does', async () => {
		const { stdout, stderr } = await shell(`sitrep logs ${name} -f | head -1; echo "codes \${PIPESTATUS[*]}"`);
		expect(stderr).toBe('');
		expect(stdout).toMatch(/^line \d+\ncodes 0 0\n$/);
	});

	it.each([
		['SIGINT' as const, 130],
		['SIGTERM' as const, 143],
	])('ends with the code of %s', async (signal, expected) => {
		const child = spawn(launcher, ['logs', name, '-f'], { env: env(), stdio: ['ignore', 'pipe', 'pipe'], cwd: state });
		let stderr = '';
		child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
		const ended = once(child, 'close');
		// Without a first line it ends by itself, with its reason.
		await Promise.race([once(child.stdout, 'data'), ended]);
		child.kill(signal);
		await ended;
		expect(stderr).toBe('');
		expect([child.exitCode, child.signalCode]).toEqual([expected, null]);
	});

	it.each([
		['sitrep status nobody-has-this-name', 3],
		['sitrep staus', 2],
		['sitrep', 4],
		['sitrep --host unix:///nowhere.sock status', 3],
		['sitrep --host unix:///nowhere.sock check', 3],
		['sitrep --version', 0],
		['sitrep --help', 0],
	])('%s ends with %i', async (line, expected) => {
		expect((await shell(line)).code).toBe(expected);
	});
});
