import { existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launcher } from '../../pty/sitrep.ts';
import { Containers, eventually, testEngineAddress } from '../../support/engine.ts';
import { keys, openTerminal } from '../../support/terminal.ts';
import { makeRunHome, type RunHome, startCommand } from '../../support/runHome.ts';

const address = testEngineAddress();
const containers = new Containers(address);
const name = `c${process.pid}`;

beforeAll(async () => {
	await containers.run('sleep 3600', { name });
});

afterAll(async () => {
	await containers.removeAll();
});

const start = (home: RunHome, ...args: string[]) => startCommand(launcher, ['playbook', ...args], { ...home.env, DOCKER_HOST: address }, home.dir);
const sitrep = (home: RunHome, ...args: string[]) => start(home, ...args).ended;

const records = (stdout: string): readonly Readonly<Record<string, unknown>>[] =>
	stdout
		.trim()
		.split('\n')
		.map((line) => Object.fromEntries(Object.entries(JSON.parse(line))));

describe('sitrep playbook run', () => {
	const steps = {
		good: `params:
  container: {type: container}
steps:
- {id: look, title: Look, risk: read, in: '\${{params.container}}', run: [echo, 'inside \${{params.container}}']}
- {id: mend, title: Mend it, risk: change, sh: 'echo mended >> FOLDER/did; seq 1 5'}
`,
		bad: `steps:\n- {id: fails, title: It fails, risk: read, sh: 'echo too late >&2; exit 7'}\n- {id: never, risk: read, run: [echo, never]}\n`,
		worst: `steps:\n- {id: mend, title: Mend it, risk: change, sh: 'echo mended >> FOLDER/did'}\n- {id: wipe, title: Wipe it, risk: destructive, target: everything, loses: all of it, sh: 'echo wiped >> FOLDER/did'}\n`,
	};

	it('succeeds with 0, and tells each step, its output and the end', async () => {
		await using home = await makeRunHome(steps);
		const { code, stdout, stderr } = await sitrep(home, 'run', 'good', '-p', `container=${name}`, '--yes');
		expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
		const told = stdout.split('\n').map((line) => line.replace(/ {2}\([\d.]+ m?s\)$/, ''));
		expect(told[0]).toMatch(/^run r-\w+: Test good on /);
		expect(told.slice(1).filter((line) => !line.startsWith('run '))).toEqual([`     | inside ${name}`, 'done Look: exit 0', ...[1, 2, 3, 4, 5].map((n) => `     | ${n}`), 'done Mend it: exit 0', 'succeeded: 2 of 2 steps done', '']);
		expect(home.lines('did')).toEqual(['mended']);
	});

	it('fails with 1 where a step fails and nobody can be asked, and says which', async () => {
		await using home = await makeRunHome(steps);
		const { code, stdout } = await sitrep(home, 'run', 'bad', '--json');
		expect(code).toBe(1);
		const lines = records(stdout);
		expect(lines.find((line) => line['kind'] === 'step' && line['status'] === 'failed')).toMatchObject({ step: 'fails', exitCode: 7, words: 'exit 7: too late' });
		expect(lines.at(-1)).toMatchObject({ kind: 'run', outcome: 'failed', end: 'over' });
	});

	it('--yes never covers a destructive step: without a terminal it ends at once with 4, and the run waits to be resumed', async () => {
		await using home = await makeRunHome(steps);
		const { code, stderr } = await sitrep(home, 'run', 'worst', '--yes');
		expect(code).toBe(4);
		expect(stderr).toMatch(/Wipe it is destructive, which --yes does not cover\n.*sitrep playbook resume r-/);
		expect(home.lines('did')).toEqual(['mended']);
		const run = (await home.event('run_started')).runId ?? '';
		expect(await sitrep(home, 'resume', run, '--yes')).toMatchObject({ code: 4 });
		expect(home.lines('did')).toEqual(['mended']);

		// At a terminal it asks for the name, and takes nothing else for it.
		await using terminal = await openTerminal({ command: launcher, args: ['playbook', 'resume', run, '--yes'], env: { DOCKER_HOST: address, ...home.env }, home });
		await terminal.waitFor('Type everything to run it');
		expect(terminal.text()).toMatch(/DESTRUCTIVE[^]*all of it/);
		terminal.type(`yes${keys.enter}`);
		await terminal.waitFor('Not run. What then?');
		terminal.type(`1${keys.enter}`);
		await terminal.waitFor((seen) => (seen.text().match(/Type everything to run it/g) ?? []).length === 2);
		expect(home.lines('did')).toEqual(['mended']);
		terminal.type(`everything${keys.enter}`);
		expect(await terminal.waitForExit()).toMatchObject({ code: 0 });
		expect(home.lines('did')).toEqual(['mended', 'wiped']);
	});

	it('a change is not confirmed without --yes: 4; a wrong word or playbook: 2 and 3', async () => {
		await using home = await makeRunHome(steps);
		expect(await sitrep(home, 'run', 'good', '-p', `container=${name}`)).toMatchObject({ code: 4, stderr: expect.stringContaining('--yes confirms changes') });
		expect(await sitrep(home, 'run', 'good', '-p', 'container')).toMatchObject({ code: 2 });
		expect(await sitrep(home, 'run', 'good', '-p', 'nosuch=1', '-p', `container=${name}`)).toMatchObject({ code: 2, stderr: expect.stringContaining('nosuch: there is no such parameter') });
		expect(await sitrep(home, 'run', 'good')).toMatchObject({ code: 2, stderr: expect.stringContaining('container: is missing') });
		expect(await sitrep(home, 'run', 'good', '--dry-run', '-p', 'container=no name/')).toMatchObject({ code: 2, stderr: expect.stringContaining('is not the name of a container') });
		expect(await sitrep(home, 'run', 'nothing-of-the-kind')).toMatchObject({ code: 3 });
		expect(home.lines('did')).toEqual([]);
	});

	it('abandon ends a run that waits, with its reason, and the service is free for another one', async () => {
		await using home = await makeRunHome(steps);
		expect(await sitrep(home, 'run', 'good', '-p', `container=${name}`)).toMatchObject({ code: 4 });
		const { runId = '' } = await home.event('run_started');
		expect(await sitrep(home, 'run', 'good', '-p', `container=${name}`, '--yes')).toMatchObject({ code: 1, stderr: expect.stringContaining(`sitrep playbook abandon ${runId} --why TEXT`) });
		expect(await sitrep(home, 'abandon', runId)).toMatchObject({ code: 2 });
		expect(await sitrep(home, 'abandon', runId, '--why', 'started by mistake')).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing was taken back') });
		expect((await home.event('run_ended')).data).toMatchObject({ outcome: 'abandoned', words: 'started by mistake' });
		expect(await sitrep(home, 'abandon', runId, '--why', 'once more')).toMatchObject({ code: 1, stderr: expect.stringContaining('the run is over') });
		expect(await sitrep(home, 'run', 'good', '-p', `container=${name}`, '--yes')).toMatchObject({ code: 0 });
	});

	it.each([['resume'], ['approve'], ['abandon', '--why', 'nobody knows it']])('%s of a run that is not there ends with the code for a name that nothing has', async (...command) => {
		await using home = await makeRunHome(steps);
		expect(await sitrep(home, ...command, 'nothing-of-the-kind')).toMatchObject({ code: 3, stderr: expect.stringContaining('the journal has no run nothing-of-the-kind') });
	});

	it('--dry-run shows every step and touches nothing; --json is one object a line', async () => {
		await using home = await makeRunHome(steps);
		const { code, stdout } = await sitrep(home, 'run', 'worst', '--dry-run', '--json', '--yes');
		expect(code).toBe(0);
		expect(records(stdout)).toMatchObject([
			{ step: 'mend', risk: 'change', confirmation: 'Enter' },
			{ step: 'wipe', risk: 'destructive', confirmation: 'type everything', loses: 'all of it' },
		]);
		expect(existsSync(home.file('did'))).toBe(false);
		expect(await home.events()).toEqual([]);
	});
});

describe('kill -9 at every step boundary', () => {
	const boundary = `steps:
- {id: look, title: Look, risk: read, run: [echo, looked]}
- {id: one, title: One, risk: change, sh: 'echo one >> FOLDER/did'}
- {id: two, title: Two, risk: change, sh: 'echo two >> FOLDER/did'}
`;

	/** The moment the journal holds so many events. It is looked at as often as can be: the steps themselves take milliseconds. */
	const reached = async (home: RunHome, events: number): Promise<void> => {
		await eventually('the journal', () => existsSync(home.journal));
		let database: Database.Database | undefined;
		try {
			for (;;) {
				try {
					database ??= new Database(home.journal, { readonly: true, fileMustExist: true });
					if (Number(database.prepare('SELECT count(*) FROM events').pluck().get()) >= events) return;
				} catch {
					// It is being made.
					database?.close();
					database = undefined;
				}
				await pause(1);
			}
		} finally {
			database?.close();
		}
	};

	// run_started, then a start and an end for each of three steps: the eighth event ends the run.
	it.each([1, 2, 3, 4, 5, 6, 7])('after event %i: the run is taken up where it was, and no change runs twice', async (events) => {
		await using home = await makeRunHome({ boundary });
		const first = start(home, 'run', 'boundary', '--yes');
		await reached(home, events);
		first.child.kill('SIGKILL');
		await first.ended;
		const run = (await home.event('run_started')).runId ?? '';
		const resumed = await sitrep(home, 'resume', run, '--yes');
		const did = home.lines('did');
		expect(new Set(did).size, 'no change runs twice').toBe(did.length);
		// A change that was about to be started may be unknown: then a person is asked, and nothing is guessed.
		const asks = resumed.code === 4 && resumed.stderr.includes('is not known');
		expect(asks ? 0 : resumed.code, resumed.stderr).toBe(0);
		expect(asks ? ['one', 'two'] : did).toEqual(['one', 'two']);
		expect((await home.events('run_ended')).map(({ data }) => data['outcome'])).toEqual(asks ? [] : ['succeeded']);
	});
});
