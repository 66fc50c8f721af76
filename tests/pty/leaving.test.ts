import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Containers, eventually, testEngineAddress } from '../support/engine.ts';
import { promised } from '../support/patience.ts';
import { keys, openTerminal, type TestTerminal } from '../support/terminal.ts';
import { launcher, openLive, openOn } from './sitrep.ts';

const address = testEngineAddress();
const containers = new Containers(address);
const name = `e${process.pid}`;

beforeAll(async () => {
	await containers.run('while :; do echo a line of the log; sleep 0.01; done', { name });
});

afterAll(async () => {
	await containers.removeAll();
});

const expectRestored = (terminal: TestTerminal): void => {
	expect(terminal.alternateScreen).toBe(false);
	expect(terminal.cursorShown).toBe(true);
	expect(terminal.bracketedPaste).toBe(false);
	expect(terminal.text().trim()).toBe('');
};

/** State letter of a process, as in /proc; `undefined` where it is gone. */
const stateOf = async (pid: number): Promise<string | undefined> => {
	try {
		return /\) (\S)/.exec(await readFile(`/proc/${pid}/stat`, 'utf8'))?.[1];
	} catch {
		return undefined;
	}
};

describe('leaving', () => {
	it.each([
		['q', 'q', 0],
		['Ctrl-C', keys.ctrl('c'), 0],
	])('on %s gives the screen back', async (_, typed, code) => {
		await using terminal = await openLive(address);
		terminal.type(typed);
		const exit = await terminal.waitForExit();
		expect(exit).toMatchObject({ code, signal: 0 });
		expectRestored(terminal);
	});

	it('on q with a dialog open closes the dialog first', async () => {
		await using terminal = await openLive(address);
		terminal.type('?');
		await terminal.waitFor('─ keys ─');
		terminal.type('q');
		await terminal.waitFor((seen) => !seen.text().includes('─ keys ─'));
		expect(terminal.exit).toBeUndefined();
		terminal.type('q');
		expect((await terminal.waitForExit()).code).toBe(0);
	});

	it.each([
		['SIGTERM', 143],
		['SIGINT', 130],
	] as const)('on %s gives the screen back', async (signal, code) => {
		await using terminal = await openLive(address);
		terminal.kill(signal);
		const exit = await terminal.waitForExit();
		expect(exit).toMatchObject({ code, signal: 0 });
		expectRestored(terminal);
	});

	it('ends within 2 s when the link drops, and does not spin', async () => {
		await using terminal = await openOn(address, name);
		const { pid } = terminal;
		const before = performance.now();
		terminal.closePty();
		const exit = await terminal.waitForExit();
		expect(exit.at - before).toBeLessThan(await promised(2000));
		expect(await stateOf(pid)).toBeUndefined();
	});

	it('ends within 2 s when the link drops while it does not read either', async () => {
		await using terminal = await openOn(address, name, { columns: 200, rows: 60 });
		terminal.pauseReading();
		for (let turn = 0; turn < 40; turn++) terminal.type('++');
		const before = performance.now();
		terminal.closePty();
		expect((await terminal.waitForExit()).at - before).toBeLessThan(await promised(2000));
	});

	it('comes back from Ctrl-Z with a whole screen', async () => {
		await using terminal = await openTerminal({ command: 'bash', args: ['--norc', '-i'], env: { PS1: 'PROMPT> ', DOCKER_HOST: address } });
		await terminal.waitFor('PROMPT>');
		terminal.type(`${launcher}\r`);
		await terminal.waitFor(/ live /);
		const console = await eventually('the console', async () => childOf(terminal.pid));
		process.kill(console, 'SIGTSTP');
		await terminal.waitFor((seen) => !seen.alternateScreen && seen.text().trimEnd().endsWith('PROMPT>'), { what: 'the prompt of the shell' });
		expect(terminal.cursorShown).toBe(true);
		expect(await stateOf(console)).toBe('T');
		terminal.type('fg\r');
		await terminal.waitFor((seen) => seen.alternateScreen && / live /.test(seen.text()) && /SERVICES/.test(seen.text()), { what: 'the console again' });
		expect(terminal.cursorShown).toBe(false);
		terminal.type('q');
		await terminal.waitFor((seen) => !seen.alternateScreen && seen.cursorShown, { what: 'the shell' });
		// Until it is gone, it reads what is typed.
		await eventually('the console is gone', async () => (await stateOf(console)) === undefined);
		terminal.type('echo "code $?"\r');
		await terminal.waitFor('code 0');
	});
});

const childOf = async (pid: number): Promise<number | undefined> => {
	const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
	return children.trim() === '' ? undefined : Number(children.trim().split(' ')[0]);
};
