import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Containers, testEngineAddress } from '../support/engine.ts';
import { keys, openTerminal } from '../support/terminal.ts';
import { expectSeen, launcher, openOn, openSitrep, rowOf, runPiped } from './sitrep.ts';

const address = testEngineAddress();
const containers = new Containers(address);
const name = `p${process.pid}`;

beforeAll(async () => {
	const id = await containers.run('sleep 3600', { name });
	await containers.docker.getContainer(id).kill();
});

afterAll(async () => {
	await containers.removeAll();
});

describe('plain surroundings', () => {
	it('without a terminal the console says what it needs, with its own exit code', async () => {
		const ran = await runPiped([], { DOCKER_HOST: address });
		expect(ran.code).toBe(4);
		expect(ran.stdout).toBe('');
		expect(ran.stderr).toMatch(/needs a terminal/);
		expect(ran.stderr).toMatch(/sitrep status/);
	});

	it.each(['no-such-terminal', 'vt100', 'xterm', 'screen', 'tmux-256color', 'linux'])('TERM=%s works', async (term) => {
		await using terminal = await openOn(address, name, { env: { TERM: term } });
		await terminal.waitFor(() => rowOf(terminal, name).startsWith('>P0 '));
		terminal.type(keys.ctrl('c'));
		expect((await terminal.waitForExit()).code).toBe(0);
		expect(terminal.alternateScreen).toBe(false);
	});

	it('TERM missing works', async () => {
		await using terminal = await openSitrep(address, { env: { TERM: undefined } });
		await expectSeen(terminal, / live /);
	});

	it('TERM=dumb gives lines that are only appended', async () => {
		await using terminal = await openSitrep(address, { env: { TERM: 'dumb' }, rows: 200 });
		await terminal.waitFor(new RegExp(name));
		expect(terminal.alternateScreen).toBe(false);
		// No escape sequence at all: a dumb terminal would print it.
		expect(terminal.raw()).not.toContain('\u001b');
		terminal.type('q\r');
		expect((await terminal.waitForExit()).code).toBe(0);
	});

	it('NO_COLOR takes the colours and leaves the words', async () => {
		await using terminal = await openOn(address, name, { env: { NO_COLOR: '1' } });
		await terminal.waitFor(() => /^>P0 .*137/.test(rowOf(terminal, name)));
		for (let row = 0; row < 24; row++) {
			expect(terminal.cells(row).filter((cell) => cell.foreground !== undefined || cell.background !== undefined)).toEqual([]);
		}
	});

	it('colours P0 where colours are wanted', async () => {
		await using terminal = await openOn(address, name);
		await terminal.waitFor(() => rowOf(terminal, name).startsWith('>P0 '));
		const row = terminal.screen().findIndex((line) => line.startsWith('>P0'));
		expect(terminal.cells(row).some((cell) => cell.foreground !== undefined || cell.background !== undefined)).toBe(true);
	});

	it('--ascii draws with ASCII alone', async () => {
		await using terminal = await openOn(address, name, { args: ['--ascii'] });
		await terminal.waitFor(() => rowOf(terminal, name).startsWith('>P0 '));
		expect(terminal.text()).toMatch(/^[\n\x20-\x7e]*$/);
	});

	it('without an engine says what was tried, and starts no screen', async () => {
		await using terminal = await openTerminal({ command: launcher, env: { DOCKER_HOST: 'unix:///nonexistent/engine.sock' } });
		const seen = await Promise.race([terminal.exited, terminal.waitFor(/reconnecting|RECONNECTING|no engine/i)]);
		expect(seen).toBeDefined();
		expect([...terminal.history(), ...terminal.screen()].join('\n')).toContain('/nonexistent/engine.sock');
	});
});
