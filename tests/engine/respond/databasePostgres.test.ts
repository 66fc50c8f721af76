import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PostgresAction } from '../../../src/domain/playbook/step.ts';
import { runDatabaseTool } from '../../../src/respond/database/tool.ts';
import { eventually } from '../../support/engine.ts';
import { container, FakeEngine } from '../../support/fakeEngine.ts';
import { postgresPrograms, startPostgres } from '../../support/postgres.ts';

const exec = promisify(execFile);
let server: Awaited<ReturnType<typeof startPostgres>>;
let folder = '';
let printed: string[] = [];
let database = '';
let trial = 0;
const engine = new FakeEngine();

const step = (action: PostgresAction['action'], over: Partial<PostgresAction> = {}) => {
	printed = [];
	return runDatabaseTool(
		{ kind: 'database', system: 'postgres', database, host: '127.0.0.1', port: String(server.port), user: 'postgres', ...over, action },
		{ engine: () => Promise.resolve(engine), timeoutMs: 60_000, now: Date.now, print: (line) => void printed.push(line), signal: new AbortController().signal },
	);
};
const connection = () => ['-h', '127.0.0.1', '-p', String(server.port), '-U', 'postgres'];
const sql = async (text: string, on = database): Promise<string> => (await exec('psql', [...connection(), '-d', on, '-v', 'ON_ERROR_STOP=1', '-q', '-A', '-t', '-c', text])).stdout.trim();

/** Somebody who is connected, until the input ends. */
const connected = async (name: string): Promise<() => Promise<void>> => {
	const child = spawn('psql', [...connection(), '-d', database, '-q'], { stdio: ['pipe', 'ignore', 'inherit'], env: { ...process.env, PGAPPNAME: name } });
	await eventually(`${name} is connected`, async () => (await sql(`SELECT count(*) FROM pg_stat_activity WHERE application_name = '${name}'`, 'postgres')) === '1');
	return async () => {
		child.stdin.end();
		await once(child, 'close');
	};
};

beforeAll(async () => {
	process.env['PATH'] = `${postgresPrograms()}:${process.env['PATH'] ?? ''}`;
	server = await startPostgres();
	folder = mkdtempSync(join(tmpdir(), 'sitrep-pgdb-'));
	await sql('CREATE ROLE app LOGIN', 'postgres');
});
afterAll(async () => {
	await server.stop();
	rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
	database = `shop ${++trial}`;
	engine.containers.clear();
	await sql(`CREATE DATABASE "${database}"`, 'postgres');
	await sql("CREATE TABLE items (id serial PRIMARY KEY, name text); INSERT INTO items (name) SELECT 'item ' || n FROM generate_series(1, 500) n; CREATE TABLE alembic_version (version_num text); INSERT INTO alembic_version VALUES ('ab12')");
});

const dumpTo = async (name: string): Promise<string> => {
	const file = join(folder, `${trial}-${name}`);
	expect(await step('backup', { file }), printed.join('\n')).toMatchObject({ ok: true });
	return file;
};

const plainDump = async (name: string, ...options: readonly string[]): Promise<string> => {
	const file = join(folder, `${trial}-${name}`);
	await exec('pg_dump', [...connection(), ...options, '-d', database, '-f', file]);
	return file;
};

describe('what a restore would lose', () => {
	it('is counted row by row and named before anything runs', async () => {
		const file = await dumpTo('a.dump');
		await sql("INSERT INTO items (name) SELECT 'new ' || n FROM generate_series(1, 12) n; UPDATE items SET name = 'other' WHERE id = 1; DELETE FROM items WHERE id = 2; UPDATE alembic_version SET version_num = 'cd34'; CREATE TABLE orders (id int); INSERT INTO orders VALUES (1)");
		const { ok, value } = await step('schema', { file });
		expect(ok, printed.join('\n')).toBe(true);
		expect(value).toMatchObject({ schema: 'cd34', tables: { items: 511 }, backup: { rows: 501, schema: 'ab12' }, schemas: { same: false }, loss: { rows: 15, exact: true } });
		expect(value['words']).toContain('lost: 13 rows of items written or changed after the backup');
		expect(value['words']).toContain('the whole table orders with 1 row');
		const restored = await step('restore', { file });
		expect(restored, printed.join('\n')).toMatchObject({ ok: true, value: { rowsLost: 15, after: { items: 500 }, rtoMs: expect.any(Number), rpoSeconds: expect.any(Number), meanwhile: [] } });
		expect(printed.findIndex((line) => line.startsWith('lost: 13 rows of items'))).toBeLessThan(printed.findIndex((line) => line.startsWith('restored beside it')));
		// All of it is still there, under the name that was printed.
		expect(await sql('SELECT count(*) FROM items', String(restored.value['keptDatabase']))).toBe('511');
	});
});

describe('restore', () => {
	it('refuses while somebody is connected, names them, and disconnects nobody', async () => {
		const file = await dumpTo('a.dump');
		const leave = await connected('shop-api');
		const { ok, value } = await step('restore', { file });
		expect(ok).toBe(false);
		expect(value['error']).toContain(`somebody is connected to ${database}: shop-api as postgres from 127.0.0.1`);
		expect(await sql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'shop-api'", 'postgres')).toBe('1');
		await leave();
		expect(await step('restore', { file }), printed.join('\n')).toMatchObject({ ok: true });
	});

	it('refuses while a container that must be stopped runs', async () => {
		const file = await dumpTo('a.dump');
		engine.add(container('api'));
		expect(await step('restore', { file, stopped: ['api'] })).toMatchObject({ ok: false, value: { advice: 'Stop api first.' } });
	});

	it('keeps owner, grants, settings and encoding of the database, and the owners in it', async () => {
		await sql(`ALTER TABLE items OWNER TO app; ALTER DATABASE "${database}" OWNER TO app; ALTER DATABASE "${database}" SET search_path TO "$user", public; ALTER DATABASE "${database}" SET statement_timeout TO '7s'; ALTER ROLE app IN DATABASE "${database}" SET work_mem TO '5MB'; REVOKE CONNECT ON DATABASE "${database}" FROM PUBLIC`);
		const about = (): Promise<string> =>
			sql(`SELECT pg_get_userbyid(datdba), pg_encoding_to_char(encoding), datcollate, (SELECT json_agg(acl::text ORDER BY acl::text) FROM unnest(datacl) acl), (SELECT json_agg(setconfig ORDER BY setrole) FROM pg_db_role_setting WHERE setdatabase = d.oid) FROM pg_database d WHERE datname = '${database}'`, 'postgres');
		const before = await about();
		const file = await dumpTo('a.dump');
		expect(await step('restore', { file }), printed.join('\n')).toMatchObject({ ok: true });
		expect(await about()).toBe(before);
		expect(await sql("SELECT tableowner FROM pg_tables WHERE tablename = 'items'")).toBe('app');
	});

	it('leaves everything as it was where the backup cannot come in', async () => {
		await sql('CREATE ROLE gone; ALTER TABLE items OWNER TO gone');
		const file = await dumpTo('a.dump');
		await sql('ALTER TABLE items OWNER TO postgres; DROP ROLE gone; DELETE FROM items WHERE id > 3');
		const { ok, value } = await step('restore', { file });
		expect({ ok, value }).toMatchObject({ ok: false, value: { advice: 'Create that role first: objects of the backup belong to it.' } });
		expect(await sql('SELECT count(*) FROM items')).toBe('3');
		expect(await sql("SELECT count(*) FROM pg_database WHERE datname LIKE '%restoring%'", 'postgres')).toBe('0');
	});

	it('makes the database where there is none', async () => {
		const file = await dumpTo('a.dump');
		await sql(`DROP DATABASE "${database}"`, 'postgres');
		expect((await step('schema', { file })).value).toMatchObject({ loss: null, words: `there is no database ${database} now`, backup: { rows: 501, schema: 'ab12' } });
		expect(await step('restore', { file }), printed.join('\n')).toMatchObject({ ok: true, value: { kept: null, before: null, after: { items: 500 } } });
		expect(await sql('SELECT count(*) FROM items')).toBe('500');
	});

	it('reads a packed dump in plain SQL', async () => {
		const plain = await plainDump('a.sql');
		writeFileSync(`${plain}.gz`, gzipSync(readFileSync(plain)));
		await sql('DELETE FROM items WHERE id > 100');
		expect(await step('restore', { file: `${plain}.gz` }), printed.join('\n')).toMatchObject({ ok: true, value: { rowsLost: 0, before: { items: 100 }, after: { items: 500 } } });
	});

	it('refuses plain SQL that connects elsewhere, and plain SQL without its end', async () => {
		const elsewhere = await plainDump('a.sql', '--create');
		expect((await step('restore', { file: elsewhere })).value['error']).toContain("a command of psql's own that could lead elsewhere: \\connect");
		const cut = await plainDump('b.sql');
		truncateSync(cut, readFileSync(cut).byteLength - 200);
		expect((await step('restore', { file: cut })).value['error']).toContain('its end is missing');
		expect(await sql('SELECT count(*) FROM items')).toBe('500');
	});
});

describe('backups', () => {
	it('are read to their end: one whose list is whole and whose rows are cut off is bad', async () => {
		const file = await dumpTo('whole.dump');
		const kept = join(folder, `backups-${trial}`);
		mkdirSync(kept);
		writeFileSync(join(kept, 'good.dump'), readFileSync(file));
		writeFileSync(join(kept, 'cut.dump'), readFileSync(file).subarray(0, -300));
		const plain = await plainDump('a.sql');
		writeFileSync(join(kept, 'plain.sql.gz'), gzipSync(readFileSync(plain)));
		for (const [index, name] of ['good.dump', 'cut.dump', 'plain.sql.gz'].entries()) utimesSync(join(kept, name), 1_700_000_000 + index, 1_700_000_000 + index);
		await expect(exec('pg_restore', ['--list', join(kept, 'cut.dump')])).resolves.toBeDefined();
		const { value } = await step('backups', { folder: kept });
		expect(value, printed.join('\n')).toMatchObject({
			backups: [
				{ file: join(kept, 'plain.sql.gz'), verified: 'ok', schema: 'ab12', rows: { items: 500 } },
				{ file: join(kept, 'cut.dump'), verified: 'bad' },
				{ file: join(kept, 'good.dump'), verified: 'ok', words: '2 tables, 501 rows, schema ab12' },
			],
			fresh: false,
		});
	});

	it('made while others write hold every row that was committed before they began', async () => {
		const script = join(folder, 'load.sql');
		writeFileSync(script, "INSERT INTO items (name) VALUES ('under load');\n");
		const writer = spawn(join(postgresPrograms(), 'pgbench'), [...connection(), '-n', '-c', '2', '-T', '60', '-f', script, database], { stdio: 'ignore' });
		await eventually('somebody writes', async () => Number(await sql("SELECT count(*) FROM items WHERE name = 'under load'")) > 50);
		try {
			for (const name of ['a.dump', 'b.dump']) {
				const before = Number(await sql('SELECT count(*) FROM items'));
				const { value } = await step('backup', { file: join(folder, `${trial}-${name}`) });
				const tables = value['tables'];
				expect(new Map(Object.entries(typeof tables === 'object' && tables !== null ? tables : {})).get('items')).toBeGreaterThanOrEqual(before);
			}
		} finally {
			writer.kill();
			await once(writer, 'close');
		}
	});
});
