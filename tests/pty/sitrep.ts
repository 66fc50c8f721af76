import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { patienceMs } from '../support/patience.ts';
import { makeTestHome } from '../support/terminalHome.ts';
import { openTerminal, type OpenTerminal, type TestTerminal } from '../support/terminal.ts';

/** The launcher that people start; SITREP_TEST_COMMAND names another one, such as an installed package's. */
export const launcher = process.env['SITREP_TEST_COMMAND'] ?? fileURLToPath(new URL('../../bin/sitrep', import.meta.url));

/** Starts the console on an engine, in a terminal of its own. */
export const openSitrep = async (address: string, options: Partial<OpenTerminal> = {}): Promise<TestTerminal & AsyncDisposable> =>
	openTerminal({ command: launcher, ...options, env: { DOCKER_HOST: address, ...options.env } });

/** The same, and waits until it is live. */
export const openLive = async (address: string, options: Partial<OpenTerminal> = {}): Promise<TestTerminal & AsyncDisposable> => {
	const terminal = await openSitrep(address, options);
	try {
		await terminal.waitFor(/^ sitrep .* live /m);
	} catch (error) {
		await terminal[Symbol.asyncDispose]();
		throw error;
	}
	return terminal;
};

/** The console with the services filtered down to one, which is selected: others may use the same engine. */
export const openOn = async (address: string, service: string, options: Partial<OpenTerminal> = {}): Promise<TestTerminal & AsyncDisposable> => {
	const terminal = await openLive(address, options);
	try {
		terminal.type(`/${service}\r`);
		await terminal.waitFor(new RegExp(`^>\\S+ +${service} `, 'm'), { what: `the row of ${service}` });
		await terminal.waitFor(`filter /${service}`);
	} catch (error) {
		await terminal[Symbol.asyncDispose]();
		throw error;
	}
	return terminal;
};

/** A wait that is the assertion itself: it fails with the screen where what is expected does not come. */
export const expectSeen = async (terminal: TestTerminal, ...wanted: Parameters<TestTerminal['waitFor']>): Promise<void> => {
	await terminal.waitFor(...wanted);
};

/** The row of a service, empty where it is not on the screen. */
export const rowOf = (terminal: TestTerminal, service: string): string =>
	terminal.screen().find((line) => new RegExp(`^[> ]\\S+ +${service} `).test(line)) ?? '';

export interface Ran {
	readonly code: number | null;
	readonly stdout: string;
	readonly stderr: string;
}

/** Runs the launcher without any terminal: all its streams are pipes. */
export const runPiped = async (args: readonly string[], env: Readonly<Record<string, string>>, input = ''): Promise<Ran> => {
	const home = await makeTestHome();
	try {
		return await new Promise<Ran>((resolve, reject) => {
			const child = spawn(launcher, args, { env: { ...home.env, ...env }, cwd: home.dir, stdio: 'pipe', timeout: patienceMs });
			let stdout = '';
			let stderr = '';
			child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
			child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
			child.on('error', reject);
			child.on('close', (code) => resolve({ code, stdout, stderr }));
			child.stdin.end(input);
		});
	} finally {
		await home.remove();
	}
};
