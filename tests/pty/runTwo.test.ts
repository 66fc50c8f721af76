import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Containers, eventually, testEngineAddress } from '../support/engine.ts';
import { makeRunHome, type RunHome, startCommand } from '../support/runHome.ts';
import { keys, type TestTerminal } from '../support/terminal.ts';
import { choose, confirmChange, startRun } from './playbooks.ts';
import { expectSeen, launcher, openLive, openOn } from './sitrep.ts';

const address = testEngineAddress();
const containers = new Containers(address);
const name = `w${process.pid}`;

beforeAll(async () => {
	await containers.run('sleep 3600', { name });
});

afterAll(async () => {
	await containers.removeAll();
});

/** Opens the unfinished run in a console of its own. */
const openSecond = async (home: RunHome, id: string): Promise<TestTerminal & AsyncDisposable> => {
	const second = await openLive(address, { home });
	second.type('p');
	await second.waitFor(`Unfinished: Test ${id}`);
	second.type(keys.enter);
	await second.waitFor(`PLAYBOOK Test ${id} `);
	return second;
};

/** A second person's word is for the record alone: they may reach no engine. */
const sitrep = (home: RunHome, ...args: string[]) => startCommand(launcher, args, { ...home.env, DOCKER_HOST: 'unix:///nonexistent/docker.sock' }, home.dir).ended;

describe('two consoles on one run', () => {
	it('one acts and the other watches live; a takeover is asked, recorded, and leaves the first one watching', async () => {
		await using home = await makeRunHome({
			two: `steps:
- {id: mend, title: Mend it, risk: change, timeoutSeconds: 60, sh: 'echo begin >> FOLDER/mend; for i in 1 2 3 4 5 6 7 8; do echo "line $i"; sleep 0.5; done; echo end >> FOLDER/mend'}
- {id: after, title: Afterwards, risk: change, sh: 'echo after >> FOLDER/after'}
`,
		});
		await using first = await openOn(address, name, { home });
		await startRun(first, 'two');
		await using second = await openSecond(home, 'two');
		await second.waitFor(/watching: \S+ on \S+ acts/);
		await confirmChange(first, 'Mend it');
		// Live on both.
		await second.waitFor(/^[> ]run {2}Mend it/m);
		await second.waitFor(/line \d/);

		second.type(keys.enter);
		await second.waitFor('You watch this run');
		expect(second.text()).toContain('Not now');
		// Enter alone takes nothing.
		second.type(keys.enter);
		await second.waitFor((seen) => !seen.text().includes('You watch this run'));
		expect(await home.events('run_taken_over')).toEqual([]);
		second.type(keys.enter);
		await second.waitFor('You watch this run');
		second.type(choose(1));
		const taken = await home.event('run_taken_over');
		expect(taken.data['from']).not.toBe(taken.data['to']);
		expect(home.lines('mend')).toEqual(['begin']);
		await first.waitFor(/watching: \S+ on \S+ acts/, { what: 'the first console to watch' });

		// The command went on, and is not run again by either.
		await second.waitFor(/run it\? CHANGE/);
		expect(home.lines('mend')).toEqual(['begin', 'end']);
		first.type(keys.enter);
		await first.waitFor('You watch this run');
		first.type(keys.escape);
		expect(home.lines('after')).toEqual([]);
		await confirmChange(second, 'Afterwards');
		await second.waitFor(/^ done {2}/m);
		await first.waitFor(/^ done {2}/m);
		expect(home.lines('after')).toEqual(['after']);
		const started = await home.events('step_started');
		expect(started.map(({ data }) => data['step'])).toEqual(['mend', 'after']);
		expect(started[1]?.actor.session).not.toBe(started[0]?.actor.session);
	});
});

describe('an approval', () => {
	const approval = `steps:
- {id: ask, title: May it be done, of: wiping the cache, by: engineering lead}
- {id: wipe, title: Wipe it, risk: change, sh: 'echo wiped >> FOLDER/wipe'}
`;

	it('is refused from the console that asks, and to who does not say who they are; a named second person gives it', async () => {
		await using home = await makeRunHome({ approval });
		await using first = await openOn(address, name, { home });
		await startRun(first, 'approval');
		await first.waitFor('waits for a second person');
		first.type(keys.enter);
		await first.waitFor('Waits for a second person');
		expect(first.text()).not.toMatch(/Approve\b/);
		first.type(keys.escape);
		const asked = await home.event('approval_asked');
		const run = asked.runId ?? '';

		const nameless = await sitrep(home, 'playbook', 'approve', run);
		expect(nameless).toMatchObject({ code: 1, stderr: expect.stringContaining('who approves is not known') });
		const self = await sitrep(home, 'playbook', 'approve', run, '--as', asked.actor.user);
		expect(self).toMatchObject({ code: 1, stderr: expect.stringContaining('it takes a second person') });
		expect(await home.events('approval_given')).toEqual([]);
		expect(first.text()).toContain('waits for a second person');

		const grace = await sitrep(home, 'playbook', 'approve', run, '--as', 'Grace', '--note', 'seen the dashboard');
		expect(grace).toMatchObject({ code: 0, stdout: 'approved: wiping the cache\n' });
		await confirmChange(first, 'Wipe it');
		await first.waitFor(/^ done {2}/m);
		expect(home.lines('wipe')).toEqual(['wiped']);
		const given = await home.event('approval_given');
		expect(given).toMatchObject({ actor: { person: 'Grace', user: asked.actor.user }, data: { granted: true, note: 'seen the dashboard' } });
		expect(given.actor.session).not.toBe(asked.actor.session);
	});

	it('is refused by a second console, whose person says who they are', async () => {
		await using home = await makeRunHome({ approval });
		await using first = await openOn(address, name, { home });
		await startRun(first, 'approval');
		await first.waitFor('waits for a second person');
		await using second = await openSecond(home, 'approval');
		second.type(keys.enter);
		await second.waitFor('Approve?');
		second.type(choose(2));
		await second.waitFor('Refuse: your name');
		second.type(`Grace${keys.enter}`);
		await first.waitFor(/failed: .*refused/);
		expect((await home.event('approval_given')).data).toMatchObject({ granted: false });
		await eventually('both show it', () => /refused/.test(second.text()));
		await expectSeen(second, /Grace/);
		expect(home.lines('wipe')).toEqual([]);
	});
});
