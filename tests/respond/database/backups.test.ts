import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { idsIn, makeDatabase, stepper } from './help.ts';

const now = Date.UTC(2026, 10, 21, 3, 14, 7);
let folder = '';
let path = '';
let kept = '';

const steps = () => stepper(path, { now: () => now });
const aged = (file: string, hours: number): string => {
	utimesSync(file, (now - hours * 3_600_000) / 1000, (now - hours * 3_600_000) / 1000);
	return file;
};
const backedUp = async (name: string, hours: number): Promise<string> => {
	const file = join(kept, name);
	expect((await steps().run({ action: 'backup', file })).ok).toBe(true);
	return aged(file, hours);
};
const packed = (file: string, hours: number): string => {
	writeFileSync(`${file}.gz`, gzipSync(readFileSync(file)));
	rmSync(file);
	return aged(`${file}.gz`, hours);
};

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'sitrep-dblist-'));
	path = join(folder, 'app.db');
	kept = join(folder, 'backups');
	mkdirSync(kept);
	makeDatabase(path, 10).close();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('backups', () => {
	it('are listed newest first, and the newest are really opened', async () => {
		await backedUp('app-1.db', 30);
		await backedUp('app-2.db', 20);
		packed(await backedUp('app-3.db', 3), 3);
		await backedUp('app-4.db', 2);
		writeFileSync(join(kept, 'README'), 'how to');
		const { run, printed } = steps();
		const { ok, value } = await run({ action: 'backups' });
		expect(ok).toBe(true);
		expect(value).toMatchObject({
			backups: [
				{ file: join(kept, 'app-4.db'), ageSeconds: 7200, verified: 'ok', words: '2 tables, 11 rows, schema ab12', schema: 'ab12', rows: { items: 10, alembic_version: 1 } },
				{ file: join(kept, 'app-3.db.gz'), verified: 'ok', rows: { items: 10 } },
				{ file: join(kept, 'app-2.db'), verified: 'ok' },
				{ file: join(kept, 'app-1.db'), verified: 'not looked at' },
			],
			newest: { file: join(kept, 'app-4.db') },
			fresh: true,
			others: 1,
			offers: [{ value: join(kept, 'app-4.db'), title: 'app-4.db' }, {}, {}, {}],
		});
		expect(printed.join('\n')).toContain('2026-11-21 01:14  2 h');
		expect(printed.at(-1)).toBe(`4 backups in ${kept}; the newest sound one is 2 h old; 1 not looked at`);
		// Looking leaves nothing behind.
		expect(readdirSync(kept).toSorted((a, b) => a.localeCompare(b))).toEqual(['app-1.db', 'app-2.db', 'app-3.db.gz', 'app-4.db', 'README']);
	});

	it('that are empty, cut off, damaged or something else are bad, and cannot be chosen', async () => {
		writeFileSync(aged(await backedUp('app-1.db', 1), 1), '');
		truncateSync(packed(await backedUp('app-2.db', 1), 1), 200);
		writeFileSync(join(kept, 'app-3.db'), 'text, not a database, though it has that name');
		const { value } = await steps().run({ action: 'backups' });
		const states = new Map((Array.isArray(value['backups']) ? value['backups'] : []).map((each: { file: string; words: string; verified: string }) => [each.file.slice(kept.length + 1), `${each.verified}: ${each.words}`]));
		expect(states.get('app-1.db')).toBe('bad: is empty');
		expect(states.get('app-2.db.gz')).toContain('bad: cannot be unpacked, it is damaged or cut off');
		expect(states.get('app-3.db')).toBe('bad: this is no SQLite database');
		expect(value).toMatchObject({ fresh: false, offers: [{ disabled: expect.any(String) }, { disabled: expect.any(String) }, { disabled: expect.any(String) }] });
		expect(value['newest']).toBeUndefined();
	});

	it('with a damaged page are bad', async () => {
		makeDatabase(join(folder, 'big.db'), 2000).close();
		copyFileSync(join(folder, 'big.db'), join(kept, 'app-1.db'));
		const bytes = readFileSync(join(kept, 'app-1.db'));
		bytes.fill(0xaa, 4096 * 3, 4096 * 4);
		writeFileSync(join(kept, 'app-1.db'), bytes);
		expect((await steps().run({ action: 'backups' })).value).toMatchObject({ backups: [{ verified: 'bad' }] });
	});

	it('older than a day are not fresh', async () => {
		await backedUp('app-1.db', 25);
		expect((await steps().run({ action: 'backups' })).value).toMatchObject({ fresh: false, newest: { ageSeconds: 25 * 3600 } });
	});

	it('of which there are more than a hundred are counted', async () => {
		const first = await backedUp('app-000.db', 1);
		for (let n = 1; n < 105; n++) copyFileSync(first, join(kept, `app-${n}.db`));
		const { value } = await steps().run({ action: 'backups' });
		expect(value).toMatchObject({ more: 5 });
		expect(value['backups']).toHaveLength(100);
		expect(JSON.stringify(value).length).toBeLessThan(64 * 1024);
	});

	it('that a restore kept beside the database are listed, but are not the newest backup', async () => {
		const file = await backedUp('app-1.db', 5);
		const { value } = await steps().run({ action: 'restore', file });
		expect((await steps().run({ action: 'backups' })).value).toMatchObject({ backups: [{ file: value['kept'], keptByRestore: true, verified: 'ok' }, { file }], newest: { file } });
	});

	it('are none where there is no folder', async () => {
		expect(await steps().run({ action: 'backups', folder: join(folder, 'nowhere') })).toMatchObject({ ok: true, value: { backups: [], fresh: false, words: `no backup in ${join(folder, 'nowhere')}` } });
	});

	it('with harmful names print harmlessly', async () => {
		writeFileSync(join(kept, 'a\u001b]52;c;eA==\u0007.db'), '');
		const { run, printed } = steps();
		await run({ action: 'backups' });
		expect(printed.join('\n')).toContain('\\x1b');
		expect(printed.join('')).not.toContain('\u001b');
	});
});

describe('schema', () => {
	it('tells version, tables and rows', async () => {
		expect((await steps().run({ action: 'schema' })).value).toMatchObject({ schema: 'ab12', userVersion: 0, tables: { items: 10, alembic_version: 1 }, rows: 11, words: 'schema ab12; 2 tables, 11 rows' });
	});

	it('beside a backup tells what a restore would lose, and that the schema differs', async () => {
		const file = packed(await backedUp('app-1.db', 1), 1);
		const live = new Database(path);
		live.exec("INSERT INTO items (name) VALUES ('new'), ('newer'); UPDATE items SET name = 'other' WHERE id = 1; DELETE FROM items WHERE id = 2; CREATE TABLE orders (id INTEGER PRIMARY KEY); INSERT INTO orders VALUES (1); UPDATE alembic_version SET version_num = 'cd34'");
		const { value } = await steps().run({ action: 'schema', file });
		live.close();
		expect(value).toMatchObject({
			schema: 'cd34',
			backup: { file, schema: 'ab12', ageSeconds: 3600 },
			schemas: { same: false, words: 'the database has schema cd34, the backup schema ab12' },
			loss: { exact: true, rows: 5 },
		});
		expect(value['words']).toBe(
			'lost: 2 rows of items written after the backup and the newer state of 1 row of items, the newer state of 1 row of alembic_version, the whole table orders with 1 row; 1 row of items comes back; the database has schema cd34, the backup schema ab12',
		);
	});

	it('beside a backup does not fail for a database that is gone or damaged, but does for a backup that is', async () => {
		const file = await backedUp('app-1.db', 1);
		writeFileSync(path, 'x'.repeat(8192));
		expect(await steps().run({ action: 'schema', file })).toMatchObject({ ok: true, value: { loss: null, words: 'what is there now cannot be read: nobody can count its rows', backup: { rows: 11, age: '60 min' } } });
		rmSync(path);
		expect(await steps().run({ action: 'schema', file })).toMatchObject({ ok: true, value: { words: 'there is no database now' } });
		truncateSync(file, 5000);
		expect(await steps().run({ action: 'schema', file })).toMatchObject({ ok: false });
	});

	it('puts numbers in order', async () => {
		const live = new Database(path);
		live.exec('DROP TABLE alembic_version; PRAGMA user_version = 9');
		const file = await backedUp('app-1.db', 1);
		live.pragma('user_version = 10');
		live.close();
		expect((await steps().run({ action: 'schema', file })).value).toMatchObject({ schema: '10', userVersion: 10, schemas: { newer: true }, loss: { rows: 0, words: 'no row is lost' } });
	});
});

describe('restore', () => {
	it('measures RPO and RTO', async () => {
		const file = await backedUp('app-1.db', 2);
		const { run, printed } = steps();
		const { value } = await run({ action: 'restore', file });
		expect(value).toMatchObject({ rpoSeconds: 7200, rtoMs: expect.any(Number) });
		expect(printed.at(-1)).toMatch(/RPO 2 h \(age of the backup\), RTO [\d.]+ m?s; no row is lost; all of it is kept in /);
	});

	it('refuses an empty file, which SQLite would take for an empty database', async () => {
		const file = join(kept, 'app-1.db');
		writeFileSync(file, '');
		expect(await steps().run({ action: 'restore', file })).toMatchObject({ ok: false, value: { error: `${file}: is empty` } });
		expect(idsIn(path)).toHaveLength(10);
	});

	it('deletes no write-ahead log, even where the database is gone', async () => {
		const file = await backedUp('app-1.db', 2);
		rmSync(path);
		writeFileSync(`${path}-wal`, 'what is left');
		const { ok, value } = await steps().run({ action: 'restore', file });
		expect(ok).toBe(true);
		expect(readFileSync(`${String(value['kept'])}-wal`, 'utf8')).toBe('what is left');
		expect(existsSync(`${path}-wal`)).toBe(false);
		expect(idsIn(path)).toHaveLength(10);
	});

	it('writes a backup with another size of pages', async () => {
		const file = join(kept, 'app-1.db');
		const other = new Database(file);
		other.exec('PRAGMA page_size = 8192; CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT)');
		other.close();
		expect(await steps().run({ action: 'restore', file })).toMatchObject({ ok: true, value: { rowsLost: 11 } });
	});

	it('leaves a backup as it was', async () => {
		const file = await backedUp('app-1.db', 2);
		const bytes = readFileSync(file);
		chmodSync(file, 0o400);
		await steps().run({ action: 'restore', file });
		expect(readFileSync(file).equals(bytes)).toBe(true);
		expect(readdirSync(kept)).toEqual(['app-1.db']);
	});
});
