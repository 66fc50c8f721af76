import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { smallDisk } from '../record/smallDisk.ts';
import { Containers, eventually, testEngineAddress } from '../support/engine.ts';
import { makeRunHome, type RunHome, startCommand } from '../support/runHome.ts';
import { keys, type TestTerminal } from '../support/terminal.ts';
import { confirmChange, startRun } from './playbooks.ts';
import { launcher, openOn } from './sitrep.ts';

const address = testEngineAddress();
const containers = new Containers(address);
const name = `j${process.pid}`;
const steps = `steps:
- {id: look, title: Look, risk: read, sh: 'echo looked'}
- {id: one, title: First, risk: change, sh: 'echo First >> FOLDER/changes'}
- {id: two, title: Second, risk: change, sh: 'echo Second >> FOLDER/changes'}
- {id: three, title: Third, risk: change, sh: 'echo Third >> FOLDER/changes'}
`;
let startedAt: string;

beforeAll(async () => {
	const id = await containers.run('n=0; while :; do n=$((n+1)); echo "tick $n"; sleep 0.3; done', { name });
	startedAt = (await containers.docker.getContainer(id).inspect()).State.StartedAt;
});

afterAll(async () => {
	await containers.removeAll();
});

/** The panes go on: a log line that was not there before comes into view. */
const expectLive = async (terminal: TestTerminal): Promise<void> => {
	const newest = (): number => Math.max(0, ...[...terminal.text().matchAll(/tick (\d+)/g)].map(([, n]) => Number(n)));
	const before = newest();
	await terminal.waitFor(() => newest() > before, { what: 'newer log lines' });
};

const verify = (home: RunHome) => startCommand(launcher, ['journal', 'verify'], { ...home.env, DOCKER_HOST: address }, home.dir).ended;

/** Confirms a change while the journal is in trouble: it is refused, and comes once that is over and it is confirmed again. */
const refusedThenDone = async (home: RunHome, terminal: TestTerminal, about: { readonly title: string; readonly words: RegExp; readonly advice: RegExp; readonly mend: () => Promise<void> | void }): Promise<void> => {
	const before = home.lines('changes');
	// Where the trouble is not known yet, it asks first.
	await terminal.waitFor(/run it\? CHANGE|no record, no change/);
	if (terminal.text().includes('run it? CHANGE')) await confirmChange(terminal, about.title);
	await terminal.waitFor(/no record, no change/, { what: `${about.title}: no record, no change` });
	await terminal.waitFor(about.words);
	terminal.type(keys.enter);
	await terminal.waitFor('The journal cannot be written');
	expect(terminal.text().replaceAll(/[│\s]+/g, ' ')).toMatch(about.advice);
	terminal.type(keys.escape);
	await expectLive(terminal);
	expect(home.lines('changes')).toEqual(before);
	await about.mend();
	// What was confirmed long ago is not run unasked once the journal is back: it asks again, by itself.
	await confirmChange(terminal, about.title);
	await eventually(`${about.title} is done`, () => home.lines('changes').length > before.length);
	expect(home.lines('changes')).toEqual([...before, about.title]);
};

describe('a journal that cannot be written', () => {
	it('full, locked: no change runs, the panes live on, the words say what to do, and nothing recorded is lost', async () => {
		const disk = await smallDisk('8m');
		await using home = await makeRunHome({ steps }, join(disk.folder, 'state'));
		await using terminal = await openOn(address, name, { home });
		await startRun(terminal, 'steps');
		await home.event('step_ended');
		disk.fill();
		await refusedThenDone(home, terminal, { title: 'First', words: /no space is left/, advice: /Make room there/, mend: () => disk.free() });
		const other = new Database(home.journal);
		other.exec('BEGIN EXCLUSIVE');
		await refusedThenDone(home, terminal, { title: 'Second', words: /another process does not let go/, advice: /See which process has it open/, mend: () => void other.exec('ROLLBACK') });
		other.close();
		await confirmChange(terminal, 'Third');
		await terminal.waitFor(/^ done {2}/m);
		expect(home.lines('changes')).toEqual(['First', 'Second', 'Third']);
		const recorded = await home.events();
		expect(recorded.filter(({ kind }) => kind === 'step_started')).toHaveLength(4);
		expect(recorded.filter(({ kind }) => kind === 'step_ended')).toHaveLength(4);
		expect(recorded.at(-1)).toMatchObject({ kind: 'run_ended', data: { outcome: 'succeeded' } });
		expect(await verify(home)).toMatchObject({ code: 0 });
	});

	it('read-only from the start: no change runs, and all is recorded once it can be written', async () => {
		const disk = await smallDisk('8m');
		mkdirSync(join(disk.folder, 'state'), { mode: 0o700 });
		await using home = await makeRunHome({ steps }, join(disk.folder, 'state'));
		await disk.remount('ro');
		await using terminal = await openOn(address, name, { home });
		await startRun(terminal, 'steps');
		// What only reads runs all the same.
		await terminal.waitFor(/done Look/);
		await refusedThenDone(home, terminal, { title: 'First', words: /read-only/, advice: /Make it writable again/, mend: () => disk.remount('rw') });
		const recorded = await home.events();
		expect(recorded[0]).toMatchObject({ kind: 'run_started' });
		expect(recorded.filter(({ kind }) => kind === 'step_started').map(({ data }) => data['step'])).toEqual(['look', 'one']);
		expect(await verify(home)).toMatchObject({ code: 0 });
	});

	it('corrupt: no change runs, from a playbook or the action menu, and the file is left as it is', async () => {
		await using home = await makeRunHome({ steps });
		mkdirSync(home.state);
		const garbage = Buffer.alloc(32_768, 'this is no database. ');
		writeFileSync(home.journal, garbage);
		await using terminal = await openOn(address, name, { home });
		await startRun(terminal, 'steps');
		await terminal.waitFor(/no record, no change: the file is damaged/);
		await expectLive(terminal);
		terminal.type(`1aj${keys.enter}`);
		await terminal.waitFor('> Cancel <');
		terminal.type(`${keys.tab}${keys.enter}`);
		await terminal.waitFor('not done: no record, no change');
		expect(home.lines('changes')).toEqual([]);
		expect((await containers.docker.getContainer(name).inspect()).State.StartedAt).toBe(startedAt);
		expect(readFileSync(home.journal).equals(garbage)).toBe(true);
		const verified = await verify(home);
		expect(verified).toMatchObject({ code: 1 });
		expect(verified.stdout + verified.stderr).toMatch(/damaged|not a database/);
	});
});
