import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launcher } from '../../pty/sitrep.ts';
import { ComposeBench } from '../../support/compose.ts';
import { eventually, testEngineAddress } from '../../support/engine.ts';
import { makeRunHome, startCommand } from '../../support/runHome.ts';
import { SmeErp } from '../../support/smeErp.ts';
import { keys, openTerminal } from '../../support/terminal.ts';

const address = testEngineAddress();
const bench = new ComposeBench(address, 'sme-erp');

beforeAll(async () => bench.setUp());
afterAll(async () => bench.tearDown());

describe('the rollback of the application of SME-ERP, on compose with PostgreSQL', () => {
	it('backs the database up, moves the application through compose, and asks its four checks', async () => {
		await using sme = await SmeErp.start(bench, 'b');
		await using home = await makeRunHome({});
		await sme.proved(home, 'a');
		await sme.dump('sme_erp-first.sql');
		expect(await sme.status('/health')).toBe(503);
		const { code, stdout, stderr } = await startCommand(launcher, ['rollback', sme.service, '--yes', '-p', `backups=${sme.backups}`], { ...home.env, DOCKER_HOST: address }, home.dir).ended;
		expect(code, `${stdout}\n${stderr}`).toBe(0);
		expect(stdout).toMatch(/^run r-\w+: SME-ERP: roll back the application of /m);
		expect(stdout).toMatch(/fine +backup: 1 backup .* old, and one is made before the move/);
		expect(stdout).toMatch(/fine +schema: both have schema 0001/);
		expect((await sme.app()).Config.Image).toBe(bench.image('a'));
		expect(await sme.status('/health')).toBe(200);
		expect(readdirSync(sme.backups)).toEqual([expect.stringMatching(/^sme_erp-\d{8}-\d{6}-before-rollback\.dump$/), 'sme_erp-first.sql']);
		expect((await home.events('run_ended')).map(({ data }) => data['outcome'])).toEqual(['succeeded']);
	});
});

describe('the restore of the database of SME-ERP', () => {
	it('names what is lost, restores with the application stopped, and starts the version before; what did the damage is not started again', async () => {
		await using sme = await SmeErp.start(bench, 'b');
		await using home = await makeRunHome({});
		await sme.proved(home, 'a');
		await sme.dump('sme_erp-first.sql');
		await sme.sql("INSERT INTO items (name) SELECT 'later ' || n FROM generate_series(1, 7) n");
		// A migration that was never tried on real data.
		await sme.sql("ALTER TABLE items RENAME COLUMN name TO title; UPDATE alembic_version SET version_num = '0002'");
		expect(await sme.status('/health/database')).toBe(503);
		const broken = await sme.app();
		await using terminal = await openTerminal({
			command: launcher,
			args: ['rollback', sme.service, '--playbook', 'sme-erp-rollback-database', '--yes', '-p', `backups=${sme.backups}`],
			env: { DOCKER_HOST: address, ...home.env },
			home,
			columns: 160,
			rows: 60,
		});
		// --yes takes the backup that is suggested, and covers no restore.
		await terminal.waitFor('Type sme_erp to run it');
		const text = terminal.text().replaceAll(/\s+/g, ' ');
		expect(text).toContain('loses lost: 7 rows of items written or changed after the backup, 1 row of alembic_version');
		expect(text).toContain('the database has schema 0002, newer than 0001 of the backup');
		expect((await sme.app()).State.Running).toBe(false);
		terminal.type(`sme_erp${keys.enter}`);
		expect(await terminal.waitForExit(), terminal.text()).toMatchObject({ code: 0 });
		expect(await sme.sql('SELECT count(*), min(name) FROM items')).toBe('50|item 1');
		const app = await sme.app();
		expect(app).toMatchObject({ Config: { Image: bench.image('a') }, State: { Running: true } });
		expect(await eventually('it has its database', async () => (await sme.status('/health/database')) === 200)).toBe(true);
		const restored = (await home.events('step_ended')).find(({ data }) => data['step'] === 'restore');
		expect(restored?.data['value']).toMatchObject({ rtoMs: expect.any(Number) as number, rpoSeconds: expect.any(Number) as number, after: { items: 50 } });
		expect(app.Id).not.toBe(broken.Id);
		expect((await home.events('run_ended')).map(({ data }) => data['outcome'])).toEqual(['succeeded']);
	});
});
