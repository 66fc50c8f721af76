import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Containers, eventually, testEngineAddress } from '../support/engine.ts';
import { openTerminal } from '../support/terminal.ts';
import { makeTestHome, type TestHome } from '../support/terminalHome.ts';
import { launcher } from './sitrep.ts';

const address = testEngineAddress();
const containers = new Containers(address);
const name = `t${process.pid}`;
const run = promisify(execFile);
let home: TestHome;

beforeAll(async () => {
	home = await makeTestHome();
	await containers.run('sleep 3600', { name });
});

afterAll(async () => {
	await containers.removeAll();
	await home.remove();
});

/** A tmux of the test's own, as it is without any settings: it drops what applications write for the clipboard. */
const tmux = async (...args: readonly string[]): Promise<string> => (await run('tmux', ['-L', name, ...args], { env: home.env })).stdout;

describe('within tmux', () => {
	it('what is copied comes into its buffer', async () => {
		await using terminal = await openTerminal({ command: 'tmux', args: ['-L', name, '-f', '/dev/null', 'new-session', launcher], home, env: { DOCKER_HOST: address } });
		try {
			await terminal.waitFor(/^ sitrep .* live /m);
			terminal.type(`/${name}\r`);
			await terminal.waitFor(`filter /${name}`);
			await terminal.waitFor(new RegExp(`^>\\S+ +${name} `, 'm'));
			terminal.type('c');
			await terminal.waitFor(/copied \d+ characters, into tmux's buffer too/);
			const copied = await eventually('the buffer', async () => tmux('show-buffer').catch(() => undefined));
			expect(copied).toContain(name);
		} finally {
			await tmux('kill-server').catch(() => undefined);
		}
	});
});
