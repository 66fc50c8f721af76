import { existsSync, mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../../src/domain/engine.ts';
import type { PostgresAction } from '../../../src/domain/playbook/step.ts';
import { insideMark } from '../../../src/respond/database/postgres/reach.ts';
import { runDatabaseTool } from '../../../src/respond/database/tool.ts';
import { Containers, eventually, openEngine, testEngineAddress } from '../../support/engine.ts';
import { makeCluster, postgresPrograms, startPostgres } from '../../support/postgres.ts';

type Options = Omit<PostgresAction, 'kind' | 'system' | 'database' | 'action'> & { readonly database?: string };

let folder = '';
let engine: Engine;
let printed: string[] = [];

const step = (at: Options) => (action: PostgresAction['action'], over: Partial<PostgresAction> = {}) => {
	printed = [];
	return runDatabaseTool(
		{ kind: 'database', system: 'postgres', database: 'shop', ...at, ...over, action },
		{ engine: () => Promise.resolve(engine), timeoutMs: 60_000, now: Date.now, print: (line) => void printed.push(line), signal: new AbortController().signal },
	);
};

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), 'sitrep-pgtest-'));
	engine = await openEngine(testEngineAddress());
	process.env['PATH'] = `${postgresPrograms()}:${process.env['PATH'] ?? ''}`;
});
afterAll(async () => {
	rmSync(folder, { recursive: true, force: true });
	await engine.close();
});

/** The same story on this machine and inside a container. */
const story = (run: ReturnType<typeof step>, name: string, exec: (sql: string) => Promise<void>): void => {
	it('backs up, opens the backup, restores it, and counts the rows before and after', async () => {
		await exec("CREATE TABLE items (id serial PRIMARY KEY, name text); INSERT INTO items (name) SELECT 'item ' || n FROM generate_series(1, 500) n; CREATE TABLE alembic_version (version_num text); INSERT INTO alembic_version VALUES ('ab12')");
		const file = join(folder, `${name}.dump`);
		const backup = await run('backup', { file });
		expect(backup, printed.join('\n')).toMatchObject({ ok: true, value: { file, tables: { items: 500, alembic_version: 1 }, tablesInDump: 2, schemaVersion: 'ab12' } });
		expect(statSync(file).mode & 0o777).toBe(0o600);
		await exec('DELETE FROM items WHERE id > 100');
		const restored = await run('restore', { file });
		expect(restored, printed.join('\n')).toMatchObject({ ok: true, value: { before: { items: 100 }, after: { items: 500 }, changes: ['items 100 -> 500'] } });
		expect(existsSync(String(restored.value['kept']))).toBe(true);
		expect(await run('query', { sql: 'SELECT count(*) AS n FROM items' })).toMatchObject({ ok: true, value: { rows: [{ n: 500 }] } });
	});

	it('refuses a backup that was cut off, and changes nothing', async () => {
		const file = join(folder, `${name}-cut.dump`);
		await run('backup', { file });
		truncateSync(file, 40);
		expect(await run('restore', { file })).toMatchObject({ ok: false });
		expect(await run('query', { sql: 'SELECT count(*) AS n FROM items' })).toMatchObject({ value: { rows: [{ n: 500 }] } });
	});

	it('leaves no half dump where the database does not exist', async () => {
		const file = join(folder, `${name}-none.dump`);
		const { ok, value } = await run('backup', { file, database: 'nowhere' });
		expect(ok).toBe(false);
		expect(value['error']).toContain('nowhere');
		expect(existsSync(file) || existsSync(`${file}.partial`)).toBe(false);
	});

	it('reads all rows, vacuums, analyzes and reindexes, and a query cannot write', async () => {
		for (const action of ['integrity', 'vacuum', 'analyze', 'reindex'] as const) expect(await run(action), `${action}: ${printed.join('\n')}`).toMatchObject({ ok: true });
		expect(await run('query', { sql: "SELECT nextval('items_id_seq')" })).toMatchObject({ ok: false });
	});
};

describe('PostgreSQL on this machine', () => {
	let server: Awaited<ReturnType<typeof startPostgres>>;
	const at = () => ({ host: '127.0.0.1', port: String(server.port), user: 'postgres' });
	const run: ReturnType<typeof step> = (action, over) => step(at())(action, over);
	const psql = async (database: string, sql: string): Promise<void> => {
		const { execa } = await import('execa');
		await execa('psql', ['-h', '127.0.0.1', '-p', String(server.port), '-U', 'postgres', '-d', database, '-v', 'ON_ERROR_STOP=1', '-c', sql]);
	};
	beforeAll(async () => {
		server = await startPostgres();
		await psql('postgres', 'CREATE DATABASE shop');
	});
	afterAll(() => server.stop());
	story(run, 'host', (sql) => psql('shop', sql));

	it('says that nobody answers where nobody does', async () => {
		const { ok, value } = await run('vacuum', { port: '1' });
		expect(ok).toBe(false);
		expect(value['advice']).toBe('PostgreSQL does not answer there: is it running, and are host and port right?');
	});
});

describe('PostgreSQL inside a container', () => {
	const containers = new Containers(testEngineAddress());
	const name = `sitrep-test-pg-${process.pid}`;
	let cluster: Awaited<ReturnType<typeof makeCluster>>;
	const run = step({ inContainer: name, host: '/tmp', user: 'postgres' });
	const psql = async (database: string, sql: string): Promise<void> => {
		const end = await engine.exec(name, { argv: ['psql', '-h', '/tmp', '-U', 'postgres', '-d', database, '-v', 'ON_ERROR_STOP=1', '-c', sql], timeoutMs: 30_000 });
		if (end.exitCode !== 0) throw new Error(Buffer.from(end.stderr).toString());
	};
	beforeAll(async () => {
		cluster = await makeCluster();
		const readOnly = ['/usr', '/lib', '/lib64', '/etc'].filter(existsSync).map((path) => `${path}:${path}:ro`);
		await containers.create('', {
			name,
			argv: [join(postgresPrograms(), 'postgres'), '-D', '/pgdata', '-k', '/tmp', '-h', '', '-c', 'fsync=off'],
			host: { Binds: [...readOnly, `${cluster.data}:/pgdata`] },
			create: { User: `${cluster.uid}:${cluster.gid}`, Env: [`PATH=${postgresPrograms()}:/usr/bin:/bin`] },
		});
		await engine.start(name);
		await eventually('the server answers', async () => (await engine.exec(name, { argv: ['pg_isready', '-h', '/tmp'], timeoutMs: 5000 })).exitCode === 0);
		await psql('postgres', 'CREATE DATABASE shop');
	});
	afterAll(async () => {
		await containers.removeAll();
		rmSync(cluster.folder, { recursive: true, force: true });
	});
	story(run, 'container', (sql) => psql('shop', sql));

	it('lists, makes and restores backups that lie inside the container', async () => {
		const folder = `${insideMark}/pgdata/backups`;
		await engine.exec(name, { argv: ['mkdir', '/pgdata/backups'], timeoutMs: 10_000 });
		const made = await run('backup', { file: `${folder}/shop.dump` });
		expect(made, printed.join('\n')).toMatchObject({ ok: true, value: { tables: { items: 500 } } });
		await engine.exec(name, { argv: ['sh', '-c', 'gzip -c /pgdata/backups/shop.dump > /pgdata/backups/older.dump.gz; touch -d 2001-01-01 /pgdata/backups/older.dump.gz; touch /pgdata/backups/note.txt'], timeoutMs: 10_000 });
		const listed = await run('backups', { folder });
		expect(listed, printed.join('\n')).toMatchObject({
			ok: true,
			value: { backups: [{ file: `${folder}/shop.dump`, verified: 'ok', rows: { items: 500 } }, { file: `${folder}/older.dump.gz`, verified: 'ok', rows: { items: 500 } }], fresh: true, others: 1 },
		});
		await psql('shop', 'DELETE FROM items WHERE id > 400');
		expect(await run('schema', { file: `${folder}/older.dump.gz` }), printed.join('\n')).toMatchObject({ ok: true, value: { loss: { rows: 0 }, tables: { items: 400 } } });
		expect(await run('restore', { file: `${folder}/shop.dump` }), printed.join('\n')).toMatchObject({ ok: true, value: { after: { items: 500 }, kept: expect.stringContaining(`${folder}/shop.dump.before-restore-`) } });
		expect((await run('backups', { folder: `${insideMark}/nowhere` })).value).toMatchObject({ backups: [] });
	});

	it('says that the container does not run', async () => {
		await engine.stop(name, 5);
		expect(await run('vacuum')).toMatchObject({ ok: false, value: { error: `container ${name} is exited` } });
	});
});
