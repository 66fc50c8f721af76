import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { LoadedPlaybook } from '../../../src/domain/playbook/playbook.ts';
import type { RolloutAction } from '../../../src/domain/playbook/step.ts';
import type { ActionEnd } from '../../../src/domain/run/action.ts';
import { loadPlaybook } from '../../../src/respond/playbook/load.ts';
import { doneEnd, Machine } from '../run/support.ts';

let rollback: LoadedPlaybook;

beforeAll(async () => {
	const file = join(dirname(fileURLToPath(import.meta.url)), '../../../playbooks/p09/rollback.yaml');
	const { loaded, problems } = loadPlaybook(await readFile(file, 'utf8'), file, 'p09');
	if (loaded === undefined) throw new Error(problems.map(({ message }) => message).join());
	// The machine keeps playbooks as JSON.
	rollback = { ...loaded, text: JSON.stringify(loaded.playbook) };
});

const failed = (words: string): ActionEnd => doneEnd({ outcome: 'failed', words, exitCode: 1, result: { exitCode: 1, stdout: '', stderr: words } });

interface Found {
	/** Absent: this host has no database file. */
	readonly place?: { readonly there: boolean };
	readonly backups?: Readonly<Record<string, unknown>>;
	readonly schemas?: Readonly<Record<string, unknown>>;
}

/** What the plan step is given for its preflight where the database is found so. */
const preflight = async ({ place, backups, schemas }: Found): Promise<RolloutAction['findings']> => {
	const machine = new Machine();
	let given: RolloutAction['findings'];
	machine.world.script = ({ action }) => {
		if (action.kind === 'http') return doneEnd({ result: { status: 200, headers: {}, body: '', json: { database: 'connected' } } });
		if (action.kind === 'database' && action.action === 'backups') return doneEnd({ result: backups ?? {} });
		if (action.kind === 'database' && action.action === 'schema') return doneEnd({ result: { schemas } });
		if (action.kind === 'rollout' && action.action === 'plan') given = action.findings;
		if (action.kind === 'command') {
			if (place === undefined) return failed('no such file');
			const json = { file: '/srv/data/app.db', backups: '/srv/data/backups', to: '/srv/data/backups/new.db', ...place };
			return doneEnd({ result: { exitCode: 0, stdout: JSON.stringify(json), stderr: '', json } });
		}
		return action.kind === 'rollout' && action.action === 'plan' ? failed('looked at') : doneEnd();
	};
	await machine.start(rollback, { params: { ask: 'false' } });
	await machine.clock.advance(5000);
	return given;
};

describe('the preflight of a P09 rollback', () => {
	it('has the newest backup that opens, and how old it is', async () => {
		const newest = { file: '/srv/data/backups/app.db', verified: 'ok' };
		expect(await preflight({ place: { there: true }, backups: { newest, fresh: true, words: '3 backups; the newest sound one is 2 h old' }, schemas: { same: true, words: 'both have schema 0001' } })).toEqual([
			{ level: 'fine', what: 'backup', why: '3 backups; the newest sound one is 2 h old, and one is made before the move' },
			{ level: 'fine', what: 'schema', why: 'both have schema 0001' },
		]);
		expect(await preflight({ place: { there: true }, backups: { newest, fresh: false, words: 'the newest sound one is 3 d old, which is not fresh' }, schemas: { same: true, words: 'both have schema 0001' } })).toMatchObject([{ level: 'warn', what: 'backup' }, { level: 'fine', what: 'schema' }]);
	});

	it('warns of a schema that the version before may not know', async () => {
		const found = await preflight({ place: { there: true }, backups: { newest: { file: '/b.db' }, fresh: true, words: 'one' }, schemas: { same: false, newer: true, words: 'the database has schema 0002, newer than 0001 of the backup' } });
		expect(found?.[1]).toEqual({ level: 'warn', what: 'schema', why: expect.stringMatching(/^the database has schema 0002, newer than 0001 of the backup: the version that is gone back to may not know/) as string });
	});

	it('warns where no backup is sound, where there is none, and where there is no database here', async () => {
		expect(await preflight({ place: { there: true }, backups: { fresh: false, words: '2 backups, none of them is a sound one' } })).toEqual([{ level: 'warn', what: 'backup', why: '2 backups, none of them is a sound one, and one is made before the move' }]);
		expect(await preflight({ place: { there: false } })).toEqual([{ level: 'warn', what: 'backup', why: 'there is no folder of backups yet, and one is made before the move' }]);
		expect(await preflight({})).toEqual([{ level: 'warn', what: 'backup', why: 'no database file was found on this host: nothing is backed up' }]);
	});
});
