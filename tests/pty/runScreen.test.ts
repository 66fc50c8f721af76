import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Containers, eventually, testEngineAddress } from '../support/engine.ts';
import { makeRunHome } from '../support/runHome.ts';
import { keys } from '../support/terminal.ts';
import { choose, confirmChange, openForm, startRun } from './playbooks.ts';
import { expectSeen, openLive, openOn } from './sitrep.ts';

const address = testEngineAddress();
const containers = new Containers(address);
const name = `p${process.pid}`;

beforeAll(async () => {
	await containers.run("trap 'exit 0' TERM; while :; do sleep 0.1; done", { name });
});

afterAll(async () => {
	await containers.removeAll();
});

/** Processes of this machine that sleep for so long. */
const running = (seconds: string): readonly string[] =>
	readdirSync('/proc').filter((pid) => {
		try {
			return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(seconds);
		} catch {
			return false;
		}
	});

/** The most memory that a process has had so far, MiB. */
const peakMiB = (pid: number): number => Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

const sizeOf = (folder: string): number => readdirSync(folder, { recursive: true, encoding: 'utf8' }).reduce((sum, each) => sum + statSync(join(folder, each)).size, 0);

const walk = `params:
  container: {type: container}
  word: {type: text, default: hello, title: A word}
steps:
- {id: look, title: Look, risk: read, run: [echo, 'saw \${{params.word}} on \${{params.container}}']}
- {id: mend, title: Mend it, risk: change, sh: 'echo mend >> FOLDER/did', undo: {sh: 'echo unmend >> FOLDER/did'}}
- {id: wipe, title: Wipe it, risk: destructive, target: 'cache-of-\${{params.word}}', loses: everything in the cache, sh: 'echo wipe >> FOLDER/did'}
- {id: fails, title: It fails, risk: change, sh: 'echo try >> FOLDER/did; echo because of this >&2; exit 3', undo: {sh: 'echo unfail >> FOLDER/did'}}
- {id: hand, title: By hand, instructions: Look at the lamp, checklist: [the lamp is on, the door is shut]}
- {id: last, title: Last of all, risk: read, run: [echo, the end]}
`;

describe('a playbook on the screen, 80 by 24', () => {
	it('from the picker to the rollback', async () => {
		await using home = await makeRunHome({ walk });
		await using terminal = await openOn(address, name, { home });
		await openForm(terminal, 'walk');
		// Filled in from the service; a value is changed by typing.
		expect(terminal.text()).toMatch(new RegExp(`container +${name}`));
		terminal.type(keys.backTab);
		await terminal.waitFor(/> A word/);
		terminal.type(`${keys.ctrl('u')}moon${keys.enter}`);
		await terminal.waitFor('> Start <');
		terminal.type(keys.enter);
		await terminal.waitFor(/done Look .*exit 0/);

		// Cancel has the focus: Enter alone does nothing.
		await terminal.waitFor('run it? CHANGE');
		terminal.type(keys.enter);
		await terminal.waitFor('> Cancel <');
		terminal.type(keys.enter);
		await terminal.waitFor('cancelled');
		expect(home.lines('did')).toEqual([]);
		await confirmChange(terminal, 'Mend it');

		await terminal.waitFor('DESTRUCTIVE: type cache-of-moon');
		terminal.type(keys.enter);
		await terminal.waitFor('Type cache-of-moon to confirm');
		expect(terminal.text()).toContain('everything in the cache');
		terminal.type(`cache-of-hello${keys.enter}`);
		await terminal.waitFor('type cache-of-moon to confirm, Esc cancels');
		expect(home.lines('did')).toEqual(['mend']);
		terminal.type(`${keys.ctrl('u')}cache-of-moon${keys.enter}`);

		await confirmChange(terminal, 'It fails');
		await terminal.waitFor(/failed: exit 3: because of this/);
		expect(home.lines('did')).toEqual(['mend', 'wipe', 'try']);
		terminal.type('m');
		await terminal.waitFor('It goes into the record');
		terminal.type(`the disk is odd${keys.enter}`);
		expect((await home.event('note_added')).data).toMatchObject({ text: 'the disk is odd', step: 'fails' });

		// Tried again only once it is confirmed again.
		terminal.type(keys.enter);
		await terminal.waitFor('Failed: It fails');
		terminal.type(choose(0));
		await confirmChange(terminal, 'It fails');
		await eventually('a second try', () => home.lines('did').length === 4);
		await terminal.waitFor(/failed: exit 3/);
		terminal.type(keys.enter);
		await terminal.waitFor('Failed: It fails');
		terminal.type(choose(1));
		await terminal.waitFor('Why (goes into the record)');
		terminal.type(`known bug${keys.enter}`);
		await terminal.waitFor('do this by hand, then say so');
		expect((await home.event('step_settled', ({ data }) => data['as'] === 'skip')).data).toMatchObject({ step: 'fails', why: 'known bug' });

		// A checklist is done once it is ticked.
		terminal.type(keys.enter);
		await terminal.waitFor('2 not ticked yet');
		terminal.type(choose(0));
		await terminal.waitFor('[x] the lamp is on');
		terminal.type('j');
		terminal.type(keys.enter);
		await terminal.waitFor('Done: 1 not ticked yet');
		terminal.type(`k${keys.enter}`);
		await terminal.waitFor('[x] the door is shut');
		expect(await home.events('manual_done')).toEqual([]);
		terminal.type(keys.escape);

		// Back to an earlier step, which is recorded; and then everything is taken back, newest first.
		await terminal.waitFor((seen) => !seen.text().includes('not ticked yet'));
		terminal.type('kkk');
		await terminal.waitFor(/^>done Mend it/m);
		terminal.type('a');
		await terminal.waitFor('Go to: Mend it');
		terminal.type(choose(2));
		await terminal.waitFor('Steps between are left out');
		terminal.type(`once more${keys.enter}`);
		expect((await home.event('jumped')).data).toMatchObject({ to: 'mend', why: 'once more' });
		await terminal.waitFor('run it? CHANGE');
		terminal.type('a');
		await terminal.waitFor('Roll back');
		terminal.type(choose(3));
		// The failed step's own undo first: it may have done a part of its work.
		for (const [title, did] of [['It fails', 'unfail'], ['Mend it', 'unmend']] as const) {
			await terminal.waitFor(new RegExp(`^>next ${title} `, 'm'));
			await terminal.waitFor(/take it back\? CHANGE/);
			terminal.type(keys.enter);
			await terminal.waitFor(`Undo: ${title}?`);
			terminal.type(keys.tab);
			await terminal.waitFor(`> Undo: ${title} <`);
			terminal.type(keys.enter);
			await eventually(`the undo of ${title}`, () => home.lines('did').at(-1) === did);
		}
		const ended = await home.event('run_ended');
		expect(ended.data).toMatchObject({ outcome: 'rolled-back' });
		await terminal.waitFor(/^ OVER /m);
		expect(home.lines('did')).toEqual(['mend', 'wipe', 'try', 'try', 'unfail', 'unmend']);
	});

	it('a dry run shows every step and touches nothing', async () => {
		await using home = await makeRunHome({ walk });
		await using terminal = await openOn(address, name, { home });
		await openForm(terminal, 'walk');
		terminal.type(`${keys.tab}${keys.enter}`);
		await terminal.waitFor('DRY RUN');
		await terminal.waitFor(/^ done {2}/m);
		expect(home.lines('did')).toEqual([]);
		expect((await home.events('step_started')).length).toBe(0);
	});

	it('cancel ends what is under way, children that ignore TERM and those in a container included', async () => {
		const seconds = `31${process.pid}`;
		await using home = await makeRunHome({
			stubborn: `params:
  container: {type: container}
steps:
- id: both
  title: Both
  risk: change
  steps:
  - {id: here, title: Here, risk: change, timeoutSeconds: 300, sh: "trap '' TERM; (trap '' TERM; sleep ${seconds}) & setsid sh -c \\"trap '' TERM; sleep ${seconds}; :\\" & echo up >> FOLDER/did; wait; sleep ${seconds}"}
  - {id: inside, title: Inside, risk: change, timeoutSeconds: 300, in: '\${{params.container}}', run: [sh, -c, "trap '' TERM; sleep ${seconds} & sleep ${seconds}; sleep ${seconds}"]}
`,
		});
		await using terminal = await openOn(address, name, { home });
		await startRun(terminal, 'stubborn');
		await confirmChange(terminal, 'Both');
		const inside = async (): Promise<number> => {
			const { Processes } = await containers.docker.getContainer(name).top();
			return (Processes as string[][]).filter((each) => each.join(' ').includes(`sleep ${seconds}`)).length;
		};
		await eventually('both run', async () => home.lines('did').length === 1 && (await inside()) > 1);
		terminal.type('a');
		await terminal.waitFor('Cancel the run');
		terminal.type(choose(4));
		const ended = await home.event('run_ended');
		expect(ended.data).toMatchObject({ outcome: 'cancelled' });
		const steps = await home.events('step_ended');
		expect(steps.flatMap(({ data }) => data['survivors'] ?? [])).toEqual([]);
		expect(await inside()).toBe(0);
		expect(running(seconds)).toEqual([]);
	});

	it('a step that prints without end fills neither memory nor disk, and what was left out is marked', async () => {
		await using home = await makeRunHome({ flood: `steps:\n- {id: flood, title: Flood, risk: read, timeoutSeconds: 120, sh: 'seq 100000000 129999999; echo the last line'}\n` });
		await using terminal = await openOn(address, name, { home });
		const before = peakMiB(terminal.pid);
		await startRun(terminal, 'flood');
		const ended = await home.event('step_ended');
		expect(ended.data).toMatchObject({ outcome: 'done', output: { bytes: 300_000_000 + 'the last line\n'.length } });
		await terminal.waitFor(/^ done {2}/m);
		await terminal.waitFor(/^ the last line/m);
		await terminal.waitFor(/MiB not kept/);
		expect(sizeOf(home.state)).toBeLessThan(80 * 1024 * 1024);
		expect(peakMiB(terminal.pid) - before).toBeLessThan(120);
	});

	it('a read-only console refuses p, and says so', async () => {
		await using home = await makeRunHome({ walk });
		await using terminal = await openOn(address, name, { home, args: ['--read-only'] });
		terminal.type('p');
		await expectSeen(terminal, 'this console is read-only: no playbook runs from it');
	});

	it('an act of the menu is in the record, before it is done and after', async () => {
		await using home = await makeRunHome({});
		await using terminal = await openOn(address, name, { home });
		terminal.type(`aj${keys.enter}`);
		await terminal.waitFor('> Cancel <');
		terminal.type(`${keys.tab}${keys.enter}`);
		await terminal.waitFor('done: docker restart');
		const [started, ended] = await home.events();
		expect(started).toMatchObject({ kind: 'act_started', data: { act: 'restart', container: name, risk: 'change' } });
		expect(ended).toMatchObject({ kind: 'act_ended', data: { startedSeq: started?.seq, outcome: 'done' } });
	});

	it('q says that the run goes on and how to come back, and the next console offers it', async () => {
		await using home = await makeRunHome({ walk });
		{
			await using first = await openOn(address, name, { home });
			await startRun(first, 'walk');
			await first.waitFor('run it? CHANGE');
			first.type('qqq');
			await first.waitForExit();
			expect(first.text()).toMatch(/Come back to it: sitrep playbook resume r-\w+/);
		}
		await using second = await openLive(address, { home });
		await expectSeen(second, 'a run is not finished');
	});
});
