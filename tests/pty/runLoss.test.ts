import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Containers, eventually, testEngineAddress } from '../support/engine.ts';
import { makeRunHome, type RunHome, startCommand } from '../support/runHome.ts';
import { keys, type TestTerminal } from '../support/terminal.ts';
import { confirmChange, startRun } from './playbooks.ts';
import { expectSeen, launcher, openLive, openOn } from './sitrep.ts';

const address = testEngineAddress();
const containers = new Containers(address);
const name = `l${process.pid}`;

/** Says when it begins and when it ends: two such lines each mean that it ran once, and to its end. */
const slow = `steps:
- {id: look, risk: read, sh: 'echo looked'}
- {id: mend, title: Mend it, risk: change, timeoutSeconds: 60, sh: 'echo begin >> FOLDER/mend; for i in 1 2 3 4 5 6; do echo "line $i"; sleep 0.5; done; echo end >> FOLDER/mend; echo all of it'}
- {id: after, title: Afterwards, risk: change, sh: 'echo after >> FOLDER/after'}
`;

beforeAll(async () => {
	await containers.run('sleep 3600', { name });
});

afterAll(async () => {
	await containers.removeAll();
});

/** A console in the middle of its slow command. */
const inTheMiddle = async (home: RunHome): Promise<TestTerminal & AsyncDisposable> => {
	const terminal = await openOn(address, name, { home });
	await startRun(terminal, 'slow');
	await confirmChange(terminal, 'Mend it');
	await eventually('the command has begun', () => home.lines('mend').length > 0);
	await terminal.waitFor('line 1', { what: 'its output, live' });
	return terminal;
};

const runId = async (home: RunHome): Promise<string> => (await home.event('run_started')).runId ?? '';

/** The command's own end, in the files of its execution and in the record, with nothing run twice. */
const expectOnce = async (home: RunHome): Promise<void> => {
	expect(home.lines('mend')).toEqual(['begin', 'end']);
	const ended = await home.event('step_ended', ({ data }) => data['step'] === 'mend');
	expect(ended.data).toMatchObject({ outcome: 'done', exitCode: 0, output: { lines: 7 } });
	expect((await home.events('step_started')).filter(({ data }) => data['step'] === 'mend')).toHaveLength(1);
};

describe('a console that is lost in the middle of a command', () => {
	it('kill -9: the command goes on, and the next console offers the run and shows its output and end', async () => {
		await using home = await makeRunHome({ slow });
		await using first = await inTheMiddle(home);
		first.kill('SIGKILL');
		await first.waitForExit();
		expect(home.lines('mend')).toEqual(['begin']);

		await using second = await openLive(address, { home });
		await second.waitFor('a run is not finished');
		second.type('p');
		await second.waitFor('Unfinished: Test slow');
		second.type(keys.enter);
		// It acts at once: nobody else does.
		await second.waitFor(/run it\? CHANGE/, { what: 'the change that comes after it' });
		// The whole output is there, what was written before this console came included.
		second.type('k+');
		await second.waitFor(/^ all of it/m);
		expect(second.text()).toMatch(/line 1\s[^]*line 6\s/);
		await expectOnce(home);
		expect(home.lines('after')).toEqual([]);
		second.type('j');
		await confirmChange(second, 'Afterwards');
		await second.waitFor(/^ done {2}/m, { what: 'the end of the run' });
		expect(home.lines('after')).toEqual(['after']);
		expect(await home.events('run_resumed')).toHaveLength(1);
	});

	it.each<[string, (terminal: TestTerminal) => void]>([
		['the terminal goes away', (terminal) => terminal.closePty()],
		['SIGHUP', (terminal) => terminal.kill('SIGHUP')],
		['its whole process group is killed', (terminal) => void process.kill(-terminal.pid, 'SIGKILL')],
	])('%s: the command goes on, and `playbook resume` takes it up', async (_, lose) => {
		await using home = await makeRunHome({ slow });
		await using first = await inTheMiddle(home);
		lose(first);
		await first.waitForExit();
		expect(home.lines('mend')).toEqual(['begin']);
		const resumed = startCommand(launcher, ['playbook', 'resume', await runId(home), '--yes'], { ...home.env, DOCKER_HOST: address }, home.dir);
		const { code, stdout } = await resumed.ended;
		expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringMatching(/line 1\n[^]*line 6\n[^]*all of it\n[^]*succeeded/) });
		await expectOnce(home);
		expect(home.lines('after')).toEqual(['after']);
	});

	it('q: the run goes on, and it says how to come back', async () => {
		await using home = await makeRunHome({ slow });
		await using first = await inTheMiddle(home);
		// Back from the pane, from the filter, and out.
		first.type('qqq');
		expect((await first.waitForExit()).code).toBe(0);
		await expectSeen(first, `sitrep playbook resume ${await runId(home)}`);
		await eventually('the command has ended', () => home.lines('mend').length === 2);
	});
});
