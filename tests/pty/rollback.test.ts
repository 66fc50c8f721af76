import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, testEngineAddress } from '../support/engine.ts';
import { askToRollBack, confirmMove, decideToRollBack, RollbackBench } from '../support/rollback.ts';
import { makeRunHome, type RunHome } from '../support/runHome.ts';
import { keys, type TestTerminal } from '../support/terminal.ts';
import { choose } from './playbooks.ts';
import { openOn } from './sitrep.ts';

const address = testEngineAddress();
const bench = new RollbackBench(address, 'rb');

beforeAll(async () => bench.setUp());
afterAll(async () => bench.tearDown());

const isOver = (terminal: TestTerminal): boolean => /^ done {2}/m.test(terminal.text());

/** Frames of a run, until it is over, that do not say what stopping there would leave. */
const framesWithoutLeaves = async (terminal: TestTerminal): Promise<readonly string[]> => {
	const found: string[] = [];
	await terminal.waitFor((seen) => {
		if (isOver(seen)) return true;
		const text = seen.text();
		if (/PLAYBOOK .*step \d/.test(text) && !/^ stop here leaves: \S/m.test(text)) found.push(text);
		return false;
	});
	return found;
};

/** Acts of all moves so far, as they are in the record. */
const acts = async (home: RunHome): Promise<readonly string[]> =>
	(await home.events('rollout_act')).map(({ data }) => `${String(data['stage'])} ${(data['act'] as { readonly id: string }).id}${data['undoing'] === true ? ' (back)' : ''}`);

describe('the walkthrough of a rollback, by keys, 80 by 24', () => {
	it('decides, chooses, shows the plan, asks, moves, verifies, tells and closes; and goes forward again', async () => {
		const name = await bench.service(1);
		const before = await bench.see(name);
		await using home = await makeRunHome({});
		await bench.proved(home, name);
		await using terminal = await openOn(address, name, { home });
		await decideToRollBack(terminal, name);
		const withoutLeaves = framesWithoutLeaves(terminal);
		expect(terminal.text()).toMatch(new RegExp(`=> ${bench.image('1.0')} +last good, healthy for 22 h`));
		expect(terminal.text()).toMatch(new RegExp(`${bench.image('2.0')} +cannot be chosen: it runs now`));
		expect(terminal.text()).toMatch(/since the start 0:\d\d/);
		terminal.type(keys.enter);
		await terminal.waitFor('The one suggested is selected.');
		terminal.type(keys.enter);

		await terminal.waitFor('run it? CHANGE');
		expect(terminal.text()).toMatch(new RegExp(`from +${bench.image('2.0')} +to +${bench.image('1.0')}`));
		expect(terminal.text()).toMatch(/^ changes image: /m);
		expect(terminal.text()).toMatch(/^ down +about /m);
		expect(terminal.text()).toContain('stop here leaves: everything as it is: nothing was changed');
		expect(terminal.text()).not.toContain('${{');
		// Cancel has the focus: Enter alone changes nothing.
		const untouched = await bench.everything(name);
		terminal.type(keys.enter);
		await terminal.waitFor('> Cancel <');
		expect(terminal.text().replaceAll(/[│\s]+/g, ' ')).toMatch(new RegExp(`target ${name} from ${bench.image('2.0')} to ${bench.image('1.0')} down about .* loss its log`));
		terminal.type(keys.enter);
		await terminal.waitFor('cancelled');
		expect(await bench.everything(name)).toEqual(untouched);
		expect(await home.events('rollout_begun')).toEqual([]);
		expect(await home.events('step_started').then((all) => all.map(({ data }) => data['step']))).toEqual(['versions', 'plan']);

		await confirmMove(terminal, 'Roll back');
		await terminal.waitFor(new RegExp(`^ run {2}stop ${name} `, 'm'), { what: 'the act under way' });
		expect(terminal.text()).toMatch(new RegExp(`^ ${bench.image('2.0')} serves {2}act \\d of \\d`, 'm'));
		expect(terminal.text()).toMatch(new RegExp(`stop here leaves: ${name} as it was, but without its restart policy`));
		const clock = (): number => Number(/since the start 0:(\d\d)/.exec(terminal.text())?.[1]);
		const then = clock();
		await terminal.waitFor(/running: It runs and is healthy/);
		expect(clock()).toBeGreaterThan(then);
		expect(terminal.text()).toMatch(/stop here leaves: the version that was gone back to; the one before is kept,/);
		const swapped = await bench.see(name);
		expect(swapped).toMatchObject({ image: bench.image('1.0'), running: true, mounts: before.mounts, restartPolicy: 'unless-stopped', memory: before.memory });
		expect(swapped.id).not.toBe(before.id);
		expect(swapped.env).toEqual(expect.arrayContaining(['BY_HAND=kept', 'SLOW_STOP=1', 'VERSION=1.0', 'ONLY_IN_1=yes']));
		expect(swapped.env).not.toContain('VERSION=2.0');
		expect(await bench.see(before.id)).toMatchObject({ running: false, restartPolicy: 'no', image: bench.image('2.0') });
		const forward = ['pin', 'create', 'park', 'stop', 'aside', 'name', 'start', 'prove'].flatMap((act) => [`begins ${act}`, `done ${act}`]);
		expect(await acts(home)).toEqual(forward);

		await terminal.waitFor('do this by hand: tell them, then say so');
		expect(terminal.text()).toMatch(/^ tell +ROLLBACK: /m);
		terminal.type('c');
		// The whole message, not the row.
		await terminal.waitFor(/copied [1-9]\d\d characters/);
		terminal.type(keys.enter);
		await terminal.waitFor('It did not work');
		expect(terminal.text().replaceAll(/[│\s]+/g, ' ')).toMatch(new RegExp(`ROLLBACK: ${name} went from ${bench.image('2.0')} to ${bench.image('1.0')} and is healthy\\. .*Nobody answered for \\d+ ms\\. Post-mortem within 48 h\\.`));
		terminal.type(keys.enter);
		expect(await withoutLeaves).toEqual([]);
		for (const row of [/^ did +Roll back: /m, /^ took +\d:\d\d/m, /^ cost +nobody answered for /m, /^ due +post-mortem by /m, new RegExp(`^ undo +r +forward again to ${bench.image('2.0')}`, 'm')]) expect(terminal.text()).toMatch(row);
		expect(await home.event('run_ended')).toMatchObject({ data: { outcome: 'succeeded' } });

		await askToRollBack(terminal, name);
		expect(terminal.text()).toContain(`Undo: forward again to ${bench.image('2.0')}`);
		terminal.type(choose(1));
		await confirmMove(terminal, 'Bring the version before back');
		await terminal.waitFor(isOver, { what: 'the end of going forward again' });
		expect(await bench.see(name)).toEqual({ ...before, startedAt: expect.not.stringMatching(before.startedAt) as string });
		expect(await bench.kept(name)).toEqual([]);
		expect((await acts(home)).slice(forward.length).every((each) => each.endsWith('(back)'))).toBe(true);
	});

	it('comes back by itself where the version is no good; the person ends the run', async () => {
		const name = await bench.service();
		const before = await bench.see(name);
		await using home = await makeRunHome({});
		await using terminal = await openOn(address, name, { home });
		await decideToRollBack(terminal, name);
		terminal.type(keys.enter);
		await terminal.waitFor('Type another image');
		// The last but one, whatever is selected.
		terminal.type(`${'j'.repeat(9)}k${keys.enter}`);
		await terminal.waitFor('Give');
		terminal.type(`${keys.ctrl('u')}${bench.image('crash')}${keys.enter}`);
		await terminal.waitFor('> Give <');
		terminal.type(keys.enter);
		await terminal.waitFor(new RegExp(`to +${bench.image('crash')}`));
		await confirmMove(terminal, 'Roll back');
		await terminal.waitFor(/failed: .*Enter: decide/);
		await terminal.waitFor(/^ end +restored: .*ended with 3/m);
		expect(terminal.text()).toMatch(new RegExp(`^ ${bench.image('2.0')} serves`, 'm'));
		expect(terminal.text()).toContain(`stop here leaves: ${bench.image('2.0')} serves, as before`);
		expect(await bench.see(name)).toEqual({ ...before, startedAt: expect.not.stringMatching(before.startedAt) as string });
		expect(await bench.kept(name)).toEqual([]);
		// Nothing goes on by itself: the person says how it ends.
		expect(await home.events('run_ended')).toEqual([]);
		terminal.type(keys.enter);
		await terminal.waitFor('Failed: Roll back');
		terminal.type(choose(4));
		expect(await home.event('run_ended')).toMatchObject({ data: { outcome: 'cancelled' } });
		await eventually('it is over', () => /^ (OVER|done) /m.test(terminal.text()));
		await askToRollBack(terminal, name);
		expect(terminal.text()).not.toContain('forward again');
	});
});
