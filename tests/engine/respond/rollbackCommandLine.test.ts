import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launcher } from '../../pty/sitrep.ts';
import { testEngineAddress } from '../../support/engine.ts';
import { RollbackBench } from '../../support/rollback.ts';
import { makeRunHome, type RunHome, startCommand } from '../../support/runHome.ts';
import { keys, openTerminal } from '../../support/terminal.ts';

const address = testEngineAddress();
const bench = new RollbackBench(address, 'rc');

beforeAll(async () => bench.setUp());
afterAll(async () => bench.tearDown());

type Records = readonly Readonly<Record<string, unknown>>[];

/** `sitrep rollback` without a terminal. Records are its lines where it was asked for JSON. */
const rollback = async (home: RunHome, args: readonly string[], globals: readonly string[] = []): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string; readonly records: Records }> => {
	const { code, stdout, stderr } = await startCommand(launcher, [...globals, 'rollback', ...args], { ...home.env, DOCKER_HOST: address }, home.dir).ended;
	const records = args.includes('--json') ? stdout.split('\n').filter((line) => line !== '').map((line): Readonly<Record<string, unknown>> => Object.fromEntries(Object.entries(JSON.parse(line)))) : [];
	return { code, stdout, stderr, records };
};

const stepsDone = (records: Records): readonly unknown[] => records.filter((each) => each['kind'] === 'step' && each['status'] === 'done').map((each) => each['step']);

describe.concurrent('sitrep rollback', () => {
	it('--yes --json goes to the last good version; --undo goes forward again; then there is nothing left to undo', async () => {
		const name = await bench.service();
		const before = await bench.see(name);
		await using home = await makeRunHome({});
		await bench.proved(home, name);
		const back = await rollback(home, [name, '--yes', '--json']);
		expect(back, back.stderr).toMatchObject({ code: 0, stderr: '' });
		expect(stepsDone(back.records)).toEqual(expect.arrayContaining(['versions', 'plan', 'swap', 'healthy', 'figures', 'tell']));
		expect(back.records.at(-1)).toMatchObject({ kind: 'run', playbook: 'generic-rollback', end: 'over', outcome: 'succeeded' });
		const after = await bench.see(name);
		expect(after).toMatchObject({ image: bench.image('1.0'), running: true, mounts: before.mounts, memory: before.memory, restartPolicy: before.restartPolicy });
		expect(after.env).toEqual(expect.arrayContaining(['BY_HAND=kept', 'VERSION=1.0']));

		const forward = await rollback(home, [name, '--undo', '--yes', '--json']);
		expect(forward, forward.stderr).toMatchObject({ code: 0 });
		expect(stepsDone(forward.records)).toEqual(['versions', 'back', 'healthy']);
		expect(await bench.see(name)).toMatchObject({ id: before.id, image: bench.image('2.0'), running: true, restartPolicy: before.restartPolicy });

		const again = await rollback(home, [name, '--undo', '--yes']);
		expect(again.code).toBe(1);
		expect(again.stdout).toMatch(/nothing would change/);
		expect(await bench.see(name)).toMatchObject({ id: before.id, running: true });
	});

	it('--to goes to that version; --retire is destructive, and --yes does not cover it: 4', async () => {
		const name = await bench.service();
		await using home = await makeRunHome({});
		const back = await rollback(home, [name, '--to', bench.image('1.0'), '--yes']);
		expect(back, back.stdout).toMatchObject({ code: 0 });
		expect(back.stdout).toMatch(new RegExp(`^run r-\\w+: Roll back to the last good version of ${name} on `));
		expect(back.stdout).toMatch(/succeeded: /);
		expect(await bench.see(name)).toMatchObject({ image: bench.image('1.0'), running: true });
		const kept = await bench.kept(name);
		expect(kept).toHaveLength(1);
		const retire = await rollback(home, [name, '--retire', '--yes']);
		expect(retire).toMatchObject({ code: 4, stderr: expect.stringMatching(/destructive, which --yes does not cover\n.*sitrep playbook resume r-/) as string });
		expect(await bench.kept(name)).toEqual(kept);

		// At a terminal it asks for the name. The new version stays as it is.
		const run = (await home.events('run_started')).at(-1)?.runId ?? '';
		await using terminal = await openTerminal({ command: launcher, args: ['playbook', 'resume', run], env: { DOCKER_HOST: address, ...home.env }, home });
		await terminal.waitFor(`Type ${name} to run it`);
		terminal.type(`${name}${keys.enter}`);
		expect(await terminal.waitForExit()).toMatchObject({ code: 0 });
		expect(await bench.kept(name)).toEqual([]);
		expect(await bench.see(name)).toMatchObject({ image: bench.image('1.0'), running: true });
		expect(await rollback(home, [name, '--undo', '--yes'])).toMatchObject({ code: 1 });
	});

	it('hands the message to the program that sitrep.yaml names, with what the move cost', async () => {
		const name = await bench.service();
		await using home = await makeRunHome({});
		const teller = join(home.dir, 'tell');
		await writeFile(teller, `#!/bin/sh\nprintf '%s|' "$#" "$1" > ${join(home.dir, 'told')}\n`, { mode: 0o755 });
		await writeFile(join(home.dir, 'sitrep.yaml'), `schemaVersion: 1\nparams: {teller: ${teller}}\n`);
		const back = await rollback(home, [name, '--to', bench.image('1.0'), '--yes', '--json']);
		expect(back, back.stdout).toMatchObject({ code: 0 });
		expect(stepsDone(back.records)).toContain('hand-over');
		expect(await readFile(join(home.dir, 'told'), 'utf8')).toMatch(new RegExp(`^1\\|ROLLBACK: ${name} went from ${bench.image('2.0')} to ${bench.image('1.0')} and is healthy\\..*Post-mortem within 48 h\\.\\|$`, 's'));
	});

	it('--dry-run shows the steps and the plan, as text and as JSON, and changes nothing', async () => {
		const name = await bench.service();
		await using home = await makeRunHome({});
		const before = await bench.everything(name);
		const shown = await rollback(home, [name, '--dry-run', '--to', bench.image('1.0')]);
		expect(shown, shown.stderr).toMatchObject({ code: 0, stderr: '' });
		expect(shown.stdout).toContain(`${bench.image('2.0')} -> ${bench.image('1.0')}`);
		const json = await rollback(home, [name, '--dry-run', '--to', bench.image('1.0'), '--yes', '--json']);
		expect(json).toMatchObject({ code: 0 });
		expect(json.records.map((each) => each['step'])).toEqual(expect.arrayContaining(['decide', 'versions', 'target', 'plan', 'swap', 'healthy', 'figures', 'tell']));
		expect(json.records.at(-1)).toMatchObject({ kind: 'plan', service: name, possible: true });
		// Also where it looks from a console that must not change anything.
		expect(await rollback(home, [name, '--dry-run', '--to', bench.image('2.0')], ['--read-only'])).toMatchObject({ code: 1, stdout: expect.stringMatching(/nothing would change|already/) as string });
		expect(await bench.everything(name)).toEqual(before);
		expect(await home.events()).toEqual([]);
	});

	it('fails where the version that runs is the one to go to, and where the new one is no good, with the old one back', async () => {
		const name = await bench.service();
		const before = await bench.see(name);
		await using home = await makeRunHome({});
		const same = await rollback(home, [name, '--to', bench.image('2.0'), '--yes']);
		expect(same).toMatchObject({ code: 1, stdout: expect.stringMatching(/nothing would change|already/) as string });
		expect(await bench.see(name)).toEqual(before);
		const bad = await rollback(home, [name, '--to', bench.image('crash'), '--yes', '--json']);
		expect(bad.code).toBe(1);
		// Its restart policy may have brought it back between two looks: then how it ended is not seen.
		expect(bad.records.find((each) => each['status'] === 'failed')).toMatchObject({ step: 'swap', words: expect.stringMatching(/ended with 3|ended and was started again/) as string });
		expect(bad.records.at(-1)).toMatchObject({ kind: 'run', end: 'over', outcome: 'failed' });
		expect(await bench.see(name)).toMatchObject({ id: before.id, running: true, restartPolicy: before.restartPolicy });
		expect(await bench.kept(name)).toEqual([]);
	});

	it('an unknown service: 3; --read-only: 1; no terminal and no --yes: 4; and nothing is changed', async () => {
		const name = await bench.service();
		await using home = await makeRunHome({});
		const before = await bench.everything(name);
		expect(await rollback(home, ['nothing-of-the-kind', '--yes'])).toMatchObject({ code: 3, stderr: expect.stringContaining('there is no service "nothing-of-the-kind"') as string });
		expect(await rollback(home, [name, '--yes'], ['--read-only'])).toMatchObject({ code: 1, stderr: expect.stringContaining('--read-only was given') as string });
		expect(await rollback(home, [name])).toMatchObject({ code: 4, stderr: expect.stringMatching(/sitrep playbook resume r-/) as string });
		expect(await bench.everything(name)).toEqual(before);
		expect(await home.events('rollout_begun')).toEqual([]);
	});
});
