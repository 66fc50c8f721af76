import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync, chmodSync, copyFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SqliteAction } from '../../../src/domain/playbook/step.ts';
import { runDatabaseTool } from '../../../src/respond/database/tool.ts';
import { container, FakeEngine } from '../../support/fakeEngine.ts';

let folder = '';
let path = '';
const printed: string[] = [];
const engine = new FakeEngine();

const run = (action: Omit<SqliteAction, 'kind' | 'system' | 'path'> & { readonly path?: string }, signal = new AbortController().signal) =>
	runDatabaseTool(
		{ kind: 'database', system: 'sqlite', path, ...action },
		{ engine: () => Promise.resolve(engine), timeoutMs: 10_000, now: () => Date.UTC(2026, 10, 21, 3, 14, 7), print: (line) => void printed.push(line), signal },
	);

/** A WAL database with `rows` committed rows that are still in the WAL, and somebody who has it open. */
const live = (rows: number): Database.Database => {
	const database = new Database(path);
	database.pragma('journal_mode = WAL');
	database.pragma('wal_autocheckpoint = 0');
	database.exec("CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT); CREATE TABLE alembic_version (version_num TEXT); INSERT INTO alembic_version VALUES ('ab12')");
	const insert = database.prepare('INSERT INTO items (name) VALUES (?)');
	database.transaction(() => {
		for (let row = 0; row < rows; row++) insert.run(`item ${row}`);
	})();
	return database;
};

const itemsIn = (file: string): number => {
	const database = new Database(file, { readonly: true });
	try {
		return Number(database.prepare('SELECT count(*) FROM items').pluck().get());
	} finally {
		database.close();
	}
};

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'sitrep-db-'));
	path = join(folder, 'app.db');
	printed.length = 0;
	engine.containers.clear();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('backup', () => {
	it('copies what is still in the WAL of a live database, checks the copy, and leaves nothing else behind', async () => {
		const writer = live(51);
		const file = join(folder, 'copy.db');
		const { ok, value } = await run({ action: 'backup', file });
		expect(ok).toBe(true);
		expect(value).toMatchObject({ file, integrity: 'ok', tables: { items: 51, alembic_version: 1 }, schemaVersion: 'ab12' });
		writer.close();
		expect(itemsIn(file)).toBe(51);
		expect(statSync(file).mode & 0o777).toBe(0o600);
		expect(readdirSync(folder).filter((name) => name.includes('partial'))).toEqual([]);
	});
	it('stands beside the database where no file is named', async () => {
		live(1).close();
		const { value } = await run({ action: 'backup' });
		expect(value['file']).toBe(`${path}.backup-20261121-031407`);
	});
	it('never overwrites', async () => {
		live(1).close();
		const file = join(folder, 'copy.db');
		writeFileSync(file, 'mine');
		const { ok, value } = await run({ action: 'backup', file });
		expect(ok).toBe(false);
		expect(value['error']).toBe(`${file}: exists already`);
	});
	it('says which path is meant where the file is not there', async () => {
		const { value } = await run({ action: 'backup' });
		expect(value).toEqual({ error: `${path}: no such file`, advice: 'Give the path of the database on this machine, not inside the container.' });
	});
	it('leaves no half copy behind when it is cancelled', async () => {
		const writer = live(1);
		writer.exec('CREATE TABLE big (x BLOB); INSERT INTO big VALUES (zeroblob(30000000))');
		const stop = new AbortController();
		stop.abort();
		const { ok } = await run({ action: 'backup', file: join(folder, 'copy.db') }, stop.signal);
		expect(ok).toBe(false);
		expect(readdirSync(folder).filter((name) => name.startsWith('copy'))).toEqual([]);
		writer.close();
	});
});

describe('restore', () => {
	const backedUp = async (): Promise<string> => {
		const writer = live(10);
		const file = join(folder, 'copy.db');
		await run({ action: 'backup', file });
		writer.exec("INSERT INTO items (name) VALUES ('after the backup')");
		// A crash: the process goes without a checkpoint, and its WAL stays.
		for (const side of ['', '-wal']) copyFileSync(`${path}${side}`, `${path}.crash${side}`);
		writer.close();
		for (const side of ['', '-wal']) copyFileSync(`${path}.crash${side}`, `${path}${side}`);
		return file;
	};

	it('is not undone by the old WAL, and keeps what was there', async () => {
		const file = await backedUp();
		chmodSync(path, 0o640);
		const { ok, value } = await run({ action: 'restore', file });
		expect(printed.join('\n')).toContain('rows of items 11 -> 10');
		expect({ ok, value }).toMatchObject({ ok: true, value: { before: { items: 11 }, after: { items: 10 }, changes: ['items 11 -> 10'], integrity: 'ok', schemaVersion: 'ab12' } });
		expect(itemsIn(path)).toBe(10);
		expect(itemsIn(String(value['kept']))).toBe(11);
		expect(statSync(path).mode & 0o777).toBe(0o640);
	});
	it('refuses while a container that was named runs', async () => {
		const file = await backedUp();
		engine.add(container('api'));
		const { ok, value } = await run({ action: 'restore', file, stopped: ['api'] });
		expect(ok).toBe(false);
		expect(value).toEqual({ error: 'api is running: it would go on writing to what is replaced', advice: 'Stop api first.' });
		expect(itemsIn(path)).toBe(11);
	});
	it('refuses while somebody writes', async () => {
		const file = await backedUp();
		const other = new Database(path);
		other.exec('BEGIN IMMEDIATE');
		const { ok, value } = await run({ action: 'restore', file });
		other.exec('ROLLBACK');
		other.close();
		expect(ok).toBe(false);
		expect(value['error']).toContain('somebody else holds its lock');
		expect(itemsIn(path)).toBe(11);
	});
	it('refuses a backup that is damaged, before anything is touched', async () => {
		const file = await backedUp();
		writeFileSync(file, 'not a database at all, and long enough to be read as a header of one '.repeat(100));
		const { ok, value } = await run({ action: 'restore', file });
		expect(ok).toBe(false);
		expect(value['error']).toContain('no SQLite database');
		expect(itemsIn(path)).toBe(11);
		expect(readdirSync(folder).filter((name) => name.includes('before-restore'))).toEqual([]);
	});
	it('moves a database that cannot be read aside', async () => {
		const file = await backedUp();
		rmSync(`${path}-wal`);
		writeFileSync(path, 'x'.repeat(8192));
		const { ok, value } = await run({ action: 'restore', file });
		expect(ok).toBe(true);
		expect(itemsIn(path)).toBe(10);
		const kept = String(value['kept']);
		expect(existsSync(kept)).toBe(true);
		expect(value['before']).toBeNull();
	});
	it('restores where there is no database at all, though an old WAL lies there', async () => {
		const file = await backedUp();
		rmSync(path);
		const { ok } = await run({ action: 'restore', file });
		expect(ok).toBe(true);
		expect(itemsIn(path)).toBe(10);
	});
});

describe('care', () => {
	it('tells a sound database and a corrupt one apart', async () => {
		live(2000).close();
		expect(await run({ action: 'integrity' })).toMatchObject({ ok: true, value: { ok: true, faults: [], orphans: 0 } });
		expect((await run({ action: 'quick-check' })).ok).toBe(true);
		const bytes = Buffer.alloc(4096, 0xaa);
		const { open } = await import('node:fs/promises');
		const handle = await open(path, 'r+');
		await handle.write(bytes, 0, bytes.length, 4096 * 3);
		await handle.close();
		const { ok, value } = await run({ action: 'integrity' });
		expect(ok).toBe(false);
		expect(JSON.stringify(value)).toMatch(/corrupt|malformed|faults":\["/i);
	});
	it('empties the WAL and loses no row', async () => {
		const writer = live(51);
		expect(statSync(`${path}-wal`).size).toBeGreaterThan(0);
		const { ok, value } = await run({ action: 'checkpoint' });
		expect({ ok, value }).toMatchObject({ ok: true, value: { busy: false, walBytesAfter: 0 } });
		writer.close();
		expect(itemsIn(path)).toBe(51);
	});
	it('says that somebody was in the way of a checkpoint, and that nothing is lost', async () => {
		const writer = live(51);
		const reader = new Database(path, { readonly: true });
		const rows = reader.prepare('SELECT * FROM items').iterate();
		rows.next();
		writer.exec("INSERT INTO items (name) VALUES ('one more')");
		const { ok, value } = await run({ action: 'checkpoint' });
		expect({ ok, value }).toMatchObject({ ok: false, value: { busy: true } });
		rows.return?.();
		reader.close();
		writer.close();
	});
	it('vacuums, analyzes and reindexes', async () => {
		const writer = live(20_000);
		writer.exec('DELETE FROM items WHERE id > 10');
		writer.close();
		const before = statSync(path).size;
		expect((await run({ action: 'vacuum' })).ok).toBe(true);
		expect(statSync(path).size).toBeLessThan(before);
		expect((await run({ action: 'analyze' })).ok).toBe(true);
		expect((await run({ action: 'reindex' })).ok).toBe(true);
	});
	it('reads with a query, and refuses one that writes', async () => {
		live(3).close();
		expect(await run({ action: 'query', sql: 'SELECT count(*) AS n FROM items' })).toMatchObject({ ok: true, value: { rows: [{ n: 3 }], rowCount: 1 } });
		expect((await run({ action: 'query', sql: 'DELETE FROM items' })).ok).toBe(false);
		expect(itemsIn(path)).toBe(3);
	});
});
