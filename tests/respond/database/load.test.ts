import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { idsIn, makeDatabase, readFrom, startWriter, stepper } from './help.ts';

let folder = '';
let path = '';

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'sitrep-dbload-'));
	path = join(folder, 'app.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a backup under load', () => {
	it('holds every row that was committed before it began, and nobody who writes waits for it', async () => {
		makeDatabase(path, 20_000, 'x'.repeat(1000)).close();
		const { run, printed } = stepper(path);
		const writer = await startWriter(path);
		for (const name of ['first', 'second', 'third']) {
			const file = join(folder, `${name}.db`);
			const before = idsIn(path).at(-1) ?? 0;
			const { ok, value } = await run({ action: 'backup', file });
			expect(ok, printed.join('\n')).toBe(true);
			expect(value['restarts']).toBe(0);
			const ids = idsIn(file);
			expect(ids.at(-1)).toBeGreaterThanOrEqual(before);
			// Nothing is missing in between either.
			expect(ids.length).toBe(ids.at(-1));
		}
		const written = await writer.stop();
		// It waits for no lock at all: whatever had been in its way would have been counted.
		expect(written).toMatchObject({ busy: 0 });
		expect(idsIn(path).length).toBe(20_000 + written.committed);
	});

	it('comes to an end without a WAL as well, however much is written', async () => {
		const database = makeDatabase(path, 20_000, 'x'.repeat(1000));
		database.pragma('journal_mode = DELETE');
		database.close();
		const { run, printed } = stepper(path);
		const writer = await startWriter(path);
		const before = idsIn(path).at(-1) ?? 0;
		const file = join(folder, 'copy.db');
		const { ok } = await run({ action: 'backup', file });
		await writer.stop();
		expect(ok, printed.join('\n')).toBe(true);
		const ids = idsIn(file);
		expect(ids.at(-1)).toBeGreaterThanOrEqual(before);
		expect(ids.length).toBe(ids.at(-1));
	});
});

type Row = readonly [id: number, name: string];

const rowsIn = (file: string): readonly Row[] =>
	readFrom(file, (database) =>
		database
			.prepare('SELECT id, name FROM items ORDER BY id')
			.raw()
			.all()
			.map((row): Row => (Array.isArray(row) ? [Number(row[0]), String(row[1])] : [0, ''])),
	);

const acts = fc.array(fc.record({ kind: fc.constantFrom('put', 'put', 'delete'), id: fc.integer({ min: 1, max: 20 }), name: fc.constantFrom('a', 'b', 'c') }), { maxLength: 30 });

describe('a restore', () => {
	it('loses exactly the rows that it names before it runs, and keeps all of them', async () => {
		let trial = 0;
		await fc.assert(
			fc.asyncProperty(acts, acts, fc.boolean(), async (first, second, packed) => {
				const own = join(folder, `app-${trial++}.db`);
				const database = makeDatabase(own, 0);
				const carryOut = (each: { kind: string; id: number; name: string }): void => {
					if (each.kind === 'put') database.prepare('INSERT INTO items VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET name = excluded.name').run(each.id, each.name);
					else database.prepare('DELETE FROM items WHERE id = ?').run(each.id);
				};
				const { run, printed } = stepper(own);
				first.forEach(carryOut);
				let file = `${own}.copy.db`;
				expect((await run({ action: 'backup', file })).ok).toBe(true);
				const then = rowsIn(own);
				second.forEach(carryOut);
				database.close();
				if (packed) {
					execFileSync('gzip', [file]);
					file = `${file}.gz`;
				}
				const now = rowsIn(own);
				const compared = await run({ action: 'schema', file });
				const restored = await run({ action: 'restore', file });
				expect(restored.ok, printed.join('\n')).toBe(true);
				const backup = rowsIn(own);
				expect(backup).toEqual(then);
				const inBackup = new Map(backup);
				const lost = now.filter(([id, name]) => inBackup.get(id) !== name).length;
				expect(restored.value).toMatchObject({ rowsLost: lost, loss: { rows: lost, exact: true }, integrity: 'ok' });
				expect(compared.value).toMatchObject({ loss: { rows: lost } });
				expect(rowsIn(String(restored.value['kept']))).toEqual(now);
				const named = printed.indexOf(String(compared.value['words']));
				expect(named).toBeGreaterThan(0);
				// Said once more by the restore itself, before it writes.
				expect(printed.indexOf(String(compared.value['words']), named + 1)).toBeLessThan(printed.findIndex((line) => line.startsWith('restored ')));
			}),
			{ numRuns: 25 },
		);
	});

	it('refuses while another process writes, and then loses nothing of what that wrote', async () => {
		makeDatabase(path, 50).close();
		const { run } = stepper(path);
		const file = join(folder, 'copy.db');
		await run({ action: 'backup', file });
		const writer = await startWriter(path);
		const { ok, value } = await run({ action: 'restore', file });
		const written = await writer.stop();
		expect({ ok, value }).toMatchObject({ ok: false, value: { error: expect.stringContaining('somebody else holds its lock') } });
		expect(idsIn(path).length).toBe(50 + written.committed);
		expect((await run({ action: 'restore', file })).value).toMatchObject({ rowsLost: written.committed, loss: { words: expect.stringContaining(`${written.committed} rows of items written after the backup`) } });
	});

	it('refuses while somebody has the database open with a WAL, though idle', async () => {
		makeDatabase(path, 5).close();
		const { run } = stepper(path);
		const file = join(folder, 'copy.db');
		await run({ action: 'backup', file });
		const idle = new Database(path);
		idle.prepare('SELECT count(*) FROM items').get();
		expect(await run({ action: 'restore', file })).toMatchObject({ ok: false });
		expect(idle.pragma('journal_mode', { simple: true })).toBe('wal');
		idle.close();
		expect(await run({ action: 'restore', file })).toMatchObject({ ok: true });
	});
});
