import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testEngineAddress } from '../support/engine.ts';
import { askToRollBack, confirmMove, RollbackBench } from '../support/rollback.ts';
import { makeRunHome } from '../support/runHome.ts';
import { keys } from '../support/terminal.ts';
import { choose, startRun } from './playbooks.ts';
import { expectSeen, openLive, openOn } from './sitrep.ts';

const address = testEngineAddress();
const bench = new RollbackBench(address, 'ra');

beforeAll(async () => bench.setUp());
afterAll(async () => bench.tearDown());

describe('the key r', () => {
	it('is refused in a read-only console, with words', async () => {
		const name = await bench.service();
		const before = await bench.everything(name);
		await using home = await makeRunHome({});
		await using terminal = await openOn(address, name, { home, args: ['--read-only'] });
		terminal.type('r');
		await expectSeen(terminal, 'this console is read-only: nothing is rolled back from it');
		expect(terminal.text()).not.toContain('─ Roll back');
		expect(await bench.everything(name)).toEqual(before);
	});

	it('waits for the playbooks where they are still being read, and asks by itself then', async () => {
		const name = await bench.service();
		await using home = await makeRunHome({});
		await using terminal = await openLive(address, { home });
		const reading = terminal.waitFor('reading the playbooks');
		terminal.type(`/${name}${keys.enter}r`);
		await reading;
		await terminal.waitFor(`─ Roll back ${name} ─`);
		await expectSeen(terminal, 'Roll back to the last good version');
		expect(await home.events()).toEqual([]);
	});

	it('says which run holds the service, starts none beside it, and goes to it, from this console and from another one', async () => {
		const name = await bench.service();
		await using home = await makeRunHome({ holds: `steps:\n- {id: mend, title: Mend it, risk: change, sh: 'echo mended >> FOLDER/did'}\n` });
		await using first = await openOn(address, name, { home });
		await startRun(first, 'holds');
		await first.waitFor('run it? CHANGE');
		first.type('1');
		await askToRollBack(first, name);
		const words = (seen: typeof first): string => seen.text().replaceAll(/[│\s]+/g, ' ');
		expect(words(first)).toContain(`"Test holds" holds ${name}: one run at a time.`);
		// What cannot be started says why, and starts nothing.
		first.type(choose(1));
		await first.waitFor('Roll back to the last good version: another run holds the service');
		first.type(`k${keys.enter}`);
		await first.waitFor((seen) => !seen.text().includes(`─ Roll back ${name} ─`));
		await first.waitFor(/^>next Mend it/m);

		await using second = await openOn(address, name, { home });
		await second.waitFor('a run is not finished');
		await askToRollBack(second, name);
		expect(words(second)).toContain(`"Test holds" holds ${name}: one run at a time.`);
		second.type(keys.enter);
		await second.waitFor(/^>next Mend it/m);
		await second.waitFor(/watching: \S+ on \S+ acts/);
		expect(await home.events('run_started')).toHaveLength(1);
		expect(home.lines('did')).toEqual([]);
	});
});

describe('a playbook that goes on with a rollback', () => {
	it('onFailure: playbook:generic-rollback opens the walkthrough with the service filled in', async () => {
		const name = await bench.service();
		await using home = await makeRunHome({ deploy: `steps:\n- {id: check, title: Check it, risk: read, onFailure: 'playbook:generic-rollback', sh: 'echo it is broken >&2; exit 3'}\n- {id: last, risk: read, run: [echo, the end]}\n` });
		await bench.proved(home, name);
		await using terminal = await openOn(address, name, { home });
		await startRun(terminal, 'deploy');
		await terminal.waitFor('go on with generic-rollback?');
		terminal.type(keys.enter);
		await terminal.waitFor('Go on with generic-rollback?');
		terminal.type(keys.enter);
		await terminal.waitFor(/PLAYBOOK Roll back to the last good/);
		await terminal.waitFor('cannot be told   Enter: decide');
		expect((await home.event('run_started', ({ data }) => data['playbookId'] === 'generic-rollback')).data).toMatchObject({ service: name, params: { service: name } });
		terminal.type(keys.enter);
		await terminal.waitFor('This speaks for none of the choices');
		terminal.type(`kk${keys.enter}`);
		await terminal.waitFor('Enter: choose');
		terminal.type(keys.enter);
		await terminal.waitFor('The one suggested is selected.');
		terminal.type(keys.enter);
		// r goes to it, also from elsewhere.
		await terminal.waitFor('run it? CHANGE');
		terminal.type('1r');
		await confirmMove(terminal, 'Roll back');
		await terminal.waitFor(/^[> ]done Roll back +\S+ runs as/m);
		expect(await bench.see(name)).toMatchObject({ image: bench.image('1.0'), running: true });
		await terminal.waitFor('do this by hand: tell them, then say so');
		terminal.type(keys.enter);
		await terminal.waitFor('It did not work');
		terminal.type(keys.enter);
		await terminal.waitFor(/OVER +went on with playbook generic-rollback, which succeeded/);
		expect((await home.events('run_ended')).map(({ data }) => data['outcome'])).toEqual(['succeeded', 'rolled-back']);
	});
});
