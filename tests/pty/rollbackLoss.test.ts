import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testEngineAddress } from '../support/engine.ts';
import { confirmMove, pidsOf, planRollBack, RollbackBench } from '../support/rollback.ts';
import { makeRunHome, type RunHome } from '../support/runHome.ts';
import { keys, type TestTerminal } from '../support/terminal.ts';
import { choose } from './playbooks.ts';
import { openOn } from './sitrep.ts';

const address = testEngineAddress();
const bench = new RollbackBench(address, 'rl');

beforeAll(async () => bench.setUp());
afterAll(async () => bench.tearDown());

/** A console in the middle of a move: the old version is being stopped, which takes it 2 s. */
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
		const name = await bench.service(2);
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

describe('console and tool that are lost in the middle of a move', () => {
	it.each(['Finish it', 'Take it back'] as const)('the next console says that it is unknown, with evidence; %s ends with the service up', async (answer) => {
		const name = await bench.service(2);
		const before = await bench.see(name);
		await using home = await makeRunHome({});
		await using first = await inTheMiddle(home, name);
		await killAll(home, first);
		await using second = await openOn(address, name, { home });
		await second.waitFor(/a run is not finished/);
		second.type('r');
		await second.waitFor(/what became of it is not known +Enter: decide/);
		expect(second.text()).toMatch(/^>\? {4}Roll back /m);
		expect(second.text()).toContain('stop here leaves: ');
		second.type(keys.enter);
		await second.waitFor('What became of it is not known: Roll back');
		console.log(second.text());
		const said = second.text().replaceAll(/[│\s]+/g, ' ');
		expect(said).toContain(`was left at "stop ${name}"`);
		// Enter alone does nothing.
		second.type(keys.enter);
		await second.waitFor((seen) => !seen.text().includes('What became of it is not known:'));
		expect(await home.events('step_settled')).toEqual([]);
		second.type(keys.enter);
		await second.waitFor(answer);
		const rows = second.screen().filter((line) => /Finish it|Take it back/.test(line));
		second.type(choose(1 + rows.findIndex((line) => line.includes(answer))));
		if (answer === 'Finish it') {
			await second.waitFor('How do you know');
			second.type(`looked at it${keys.enter}`);
			await second.waitFor(/^[> ]done Roll back +\S+ runs as/m);
			expect(await bench.see(name)).toMatchObject({ image: bench.image('1.0'), running: true, restartPolicy: 'unless-stopped' });
		} else {
			await confirmMove(second, 'Undo: Roll back');
			expect(await home.event('run_ended')).toMatchObject({ data: { outcome: 'rolled-back' } });
			expect(await bench.see(name)).toEqual({ ...before, startedAt: expect.any(String) as string });
			expect(await bench.kept(name)).toEqual([]);
		}
	});
});
