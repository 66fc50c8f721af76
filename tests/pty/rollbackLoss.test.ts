import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testEngineAddress } from '../support/engine.ts';
import { askToRollBack, confirmMove, pidsOf, planRollBack, RollbackBench } from '../support/rollback.ts';
import { makeRunHome, type RunHome } from '../support/runHome.ts';
import { keys, type TestTerminal } from '../support/terminal.ts';
import { choose } from './playbooks.ts';
import { openLive, openOn } from './sitrep.ts';

const address = testEngineAddress();
const bench = new RollbackBench(address, 'rl');

beforeAll(async () => bench.setUp());
afterAll(async () => bench.tearDown());

/** A console in the middle of a move: the old version is being stopped, which takes it some seconds. */
const inTheMiddle = async (home: RunHome, name: string): Promise<TestTerminal & AsyncDisposable> => {
	await bench.proved(home, name);
	const terminal = await openOn(address, name, { home });
	await planRollBack(terminal, name);
	await confirmMove(terminal, 'Roll back');
	await terminal.waitFor(new RegExp(`^ run {2}stop ${name} `, 'm'), { what: 'the act under way' });
	return terminal;
};

const lose: readonly (readonly [string, (terminal: TestTerminal) => void])[] = [
	['kill -9', (terminal) => terminal.kill('SIGKILL')],
	['the terminal goes away', (terminal) => terminal.closePty()],
];

describe('a console that is lost in the middle of a move', () => {
	it.each(lose)('%s: the tool goes on, and the next console offers the run, goes to it by r, and shows how it ended', async (_, go) => {
		const name = await bench.service(3);
		await using home = await makeRunHome({});
		await using first = await inTheMiddle(home, name);
		go(first);
		await first.waitForExit();
		expect(await home.events('rollout_ended')).toEqual([]);
		await using second = await openOn(address, name, { home });
		await second.waitFor(/a run is not finished/);
		second.type('r');
		await second.waitFor(/^[> ]done Roll back +\S+ runs as/m, { what: 'how the move ended' });
		expect(await bench.see(name)).toMatchObject({ image: bench.image('1.0'), running: true, restartPolicy: 'unless-stopped', mounts: [`${name}-data:/data`] });
		expect(await home.event('rollout_ended')).toMatchObject({ data: { end: 'swapped' } });
		const ended = await home.event('step_ended', ({ data }) => data['step'] === 'swap');
		expect(ended.data).toMatchObject({ outcome: 'done', exitCode: 0 });
		expect(await home.events('run_resumed')).toHaveLength(1);
		expect((await home.events('step_started')).filter(({ data }) => data['step'] === 'swap')).toHaveLength(1);
	});
});

/** Both are gone at once, and so is what would have said how the tool ended. */
const killAll = async (home: RunHome, terminal: TestTerminal): Promise<void> => {
	const { supervisor, tool } = await pidsOf(home, 'swap');
	terminal.kill('SIGKILL');
	process.kill(supervisor, 'SIGKILL');
	process.kill(tool, 'SIGKILL');
	await terminal.waitForExit();
};

/** What the next console offers for a move that nobody works on any more, once Enter alone has done nothing. Leaves the dialog open. */
const askAbout = async (terminal: TestTerminal, home: RunHome, name: string, old = name): Promise<void> => {
	await terminal.waitFor(/a run is not finished/);
	terminal.type('r');
	await terminal.waitFor(/what became of it is not known +Enter: decide/);
	expect(terminal.text()).toMatch(/^>\? {4}Roll back /m);
	expect(terminal.text()).toContain(`stop here leaves: "stop ${name}" was begun and may be done; if not,`);
	terminal.type(keys.enter);
	await terminal.waitFor('What became of it is not known: Roll back');
	const said = terminal.text().replaceAll(/[│\s]+/g, ' ');
	expect(said).toContain(`was left at "stop ${name}"`);
	expect(said).toMatch(new RegExp(`old: ${old} \\(${bench.image('2.0')}, \\w+\\) `));
	terminal.type(keys.enter);
	await terminal.waitFor((seen) => !seen.text().includes('What became of it is not known:'));
	expect(await home.events('step_settled')).toEqual([]);
	terminal.type(keys.enter);
	await terminal.waitFor('Take it back');
};

/** Chooses one of the two ways; which of them stands first depends on what is advised. */
const chooseWay = (terminal: TestTerminal, way: string): void => {
	const ways = terminal.screen().filter((line) => /Finish it|Take it back/.test(line));
	terminal.type(choose(1 + ways.findIndex((line) => line.includes(way))));
};

describe('console and tool that are lost in the middle of a move', () => {
	it('the next console says that it is unknown, with evidence; finished, the new version serves', async () => {
		const name = await bench.service(2);
		await using home = await makeRunHome({});
		await using first = await inTheMiddle(home, name);
		await killAll(home, first);
		await using second = await openOn(address, name, { home });
		await askAbout(second, home, name);
		chooseWay(second, 'Finish it');
		await second.waitFor('How do you know');
		second.type(`looked at it${keys.enter}`);
		// A change is not repeated unasked.
		await confirmMove(second, 'Roll back');
		await second.waitFor(/^[> ]done Roll back +\S+ runs as/m);
		expect(await bench.see(name)).toMatchObject({ image: bench.image('1.0'), running: true, restartPolicy: 'unless-stopped' });
	});

	it('the same where no container has the name of the service any more; taken back, the old version serves as before', async () => {
		const name = await bench.service(2);
		const before = await bench.see(name);
		await using home = await makeRunHome({});
		await using first = await inTheMiddle(home, name);
		await killAll(home, first);
		// As if the next act had been done before: the time between the two renames is too short to hit.
		const [fresh = ''] = await bench.kept(name);
		await bench.stopped(name);
		const aside = fresh.replace('/', '').replace('-new-', '-old-');
		await bench.docker.getContainer(name).rename({ name: aside });
		await using second = await openLive(address, { home });
		second.type(`/${name}${keys.enter}`);
		await second.waitFor(`filter /${name}`);
		await second.waitFor(new RegExp(`^>\\S+ +${name}-sitrep-`, 'm'));
		await askAbout(second, home, name, aside);
		chooseWay(second, 'Take it back');
		await confirmMove(second, 'Undo: Roll back');
		expect(await home.event('run_ended')).toMatchObject({ data: { outcome: 'rolled-back' } });
		expect(await bench.see(name)).toEqual({ ...before, startedAt: expect.any(String) as string });
		expect(await bench.kept(name)).toEqual([]);
	});
});

describe('a tool that is lost in the middle of a move', () => {
	it('the console that stands says that it failed and where; tried again, it takes the move up', async () => {
		const name = await bench.service(2);
		await using home = await makeRunHome({});
		await using terminal = await inTheMiddle(home, name);
		process.kill((await pidsOf(home, 'swap')).tool, 'SIGKILL');
		await terminal.waitFor(/failed: ended by SIGKILL.*Enter: decide/);
		expect(terminal.text()).toContain(`stop here leaves: "stop ${name}" was begun and may be done; if not,`);
		terminal.type(keys.enter);
		await terminal.waitFor('Failed: Roll back');
		terminal.type(choose(0));
		await confirmMove(terminal, 'Roll back');
		await terminal.waitFor(/^[> ]done Roll back +\S+ runs as/m);
		expect(await bench.see(name)).toMatchObject({ image: bench.image('1.0'), running: true, restartPolicy: 'unless-stopped' });
		expect(new Set((await home.events('rollout_begun')).map(({ data }) => (data['plan'] as { readonly id: string }).id)).size).toBe(1);
	});

	it('a run that the person ends there leaves a move in the middle: r offers to finish it and to undo it', async () => {
		const name = await bench.service(2);
		const before = await bench.see(name);
		await using home = await makeRunHome({});
		await using terminal = await inTheMiddle(home, name);
		process.kill((await pidsOf(home, 'swap')).tool, 'SIGKILL');
		await terminal.waitFor(/failed: ended by SIGKILL.*Enter: decide/);
		terminal.type(keys.enter);
		await terminal.waitFor('Failed: Roll back');
		terminal.type(choose(4));
		await home.event('run_ended');
		await bench.stopped(name);
		await askToRollBack(terminal, name);
		expect(terminal.text()).toContain('A move was left in the middle');
		expect(terminal.text()).toContain(`Finish it: on to ${bench.image('1.0')}`);
		terminal.type(choose(1));
		await confirmMove(terminal, 'Bring the version before back');
		await terminal.waitFor(/^ done {2}/m);
		expect(await bench.see(name)).toEqual({ ...before, startedAt: expect.any(String) as string });
		expect(await bench.kept(name)).toEqual([]);
	});
});
