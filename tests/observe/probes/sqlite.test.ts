import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, open, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sqliteProbe } from '../../../src/observe/probes/sqlite/probe.ts';
import type { ProbePorts } from '../../../src/observe/probes/ports.ts';
import { calm, ports, settings } from './setup.ts';

let directory = '';
let path = '';
const children: ChildProcess[] = [];

beforeEach(async () => {
	directory = await mkdtemp(join(tmpdir(), 'probe-'));
	path = join(directory, 'app.db');
});
afterEach(() => {
	for (const child of children.splice(0)) child.kill('SIGKILL');
});

const make = (mode: 'wal' | 'delete', rows = 100): void => {
	const database = new Database(path);
	database.pragma(`journal_mode = ${mode}`);
	database.exec('CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT)');
	const insert = database.prepare('INSERT INTO items (name) VALUES (?)');
	database.transaction(() => {
		for (let row = 0; row < rows; row++) insert.run('x'.repeat(500));
	})();
	database.close();
};

/** Another process with the database open: asked for SQL, it runs it and answers. */
const other = async (): Promise<{ run(sql: string): Promise<string>; pid: number }> => {
	const child = fork(new URL('./sqliteHolder.ts', import.meta.url), [path]);
	children.push(child);
	const answer = (): Promise<string> => new Promise((resolve) => child.once('message', (message) => resolve(typeof message === 'string' ? message : '')));
	await answer();
	return {
		pid: child.pid ?? 0,
		run(sql) {
			const answered = answer();
			child.send(sql);
			return answered;
		},
	};
};

const probe = (fields: Record<string, unknown> = {}, own: Partial<ProbePorts> = {}) => sqliteProbe(...settings('sqlite', { path, ...fields }), { ...ports, ...own });

describe('sqlite probe', () => {
	it('reads a WAL database, checks it for damage, and tells sizes and time', async () => {
		make('wal');
		const result = await probe().run(calm());
		expect(result).toMatchObject({ ok: true, figures: { locked: 0, corrupt: 0, sizeBytes: (await stat(path)).size } });
		expect(result.figures['queryMs']).toBeGreaterThan(0);
		expect(result.words).toMatch(/^read in [\d.]+ ms, \d+ KiB, WAL /);
	});

	it.each(['wal', 'delete'] as const)('sees a writer that holds a %s database, and who it is', async (mode) => {
		make(mode);
		const writer = await other();
		await writer.run("BEGIN IMMEDIATE; INSERT INTO items (name) VALUES ('held')");
		const it = probe();
		const locked = await it.run(calm());
		expect(locked).toMatchObject({ ok: false, figures: { locked: 1, corrupt: 0 } });
		expect(locked.words).toMatch(new RegExp(`^locked by .+, process ${writer.pid}$`));
		await writer.run('COMMIT');
		expect(await it.run(calm())).toMatchObject({ ok: true, figures: { locked: 0 } });
	});

	it('sees an exclusive lock, where even reading is refused', async () => {
		make('delete');
		const writer = await other();
		await writer.run('BEGIN EXCLUSIVE');
		expect(await probe().run(calm())).toMatchObject({ ok: false, figures: { locked: 1 } });
	});

	it.each(['wal', 'delete'] as const)('finds the lock of a %s database by asking for it, where it is told to', async (mode) => {
		make(mode);
		const it = probe({ writeLock: true });
		expect(await it.run(calm())).toMatchObject({ ok: true, figures: { locked: 0 } });
		const writer = await other();
		await writer.run('BEGIN IMMEDIATE');
		expect(await it.run(calm())).toMatchObject({ ok: false, figures: { locked: 1 } });
	});

	it.each(['wal', 'delete'] as const)('does not take a busy writer of many short transactions for a lock (%s)', async (mode) => {
		make(mode);
		const writer = await other();
		const writing = writer.run('-- write for 1500 ms');
		const result = await probe().run(calm());
		expect(result.figures['locked']).toBe(0);
		// The writer waits for nobody, and would have failed at the first refusal in WAL mode.
		expect(await writing).toMatch(mode === 'wal' ? /^wrote \d+, refused 0$/ : /^wrote \d+/);
	});

	it('looks for damage in a rollback database only where that is asked for', async () => {
		make('delete');
		expect((await probe().run(calm())).words).toMatch(/not checked for damage: that would stop its writers$/);
		expect((await probe({ quickCheckEvery: '1h' }).run(calm())).words).not.toContain('not checked');
	});

	it('finds damage, and remembers it between checks', async () => {
		make('wal', 400);
		const { size } = await stat(path);
		const file = await open(path, 'r+');
		await file.write(Buffer.alloc(4096, 0xa5), 0, 4096, Math.floor(size / 2 / 4096) * 4096);
		await file.close();
		const it = probe();
		const first = await it.run(calm());
		expect(first).toMatchObject({ ok: false, figures: { corrupt: 1 } });
		expect(first.words).toMatch(/^corrupt: /);
		expect(await it.run(calm())).toMatchObject({ ok: false, figures: { corrupt: 1 } });
	});

	it('says that a file is no database, or is not there', async () => {
		expect((await probe().run(calm())).words).toBe(`${path}: unable to open database file`);
		await writeFile(path, 'x'.repeat(5000));
		expect(await probe().run(calm())).toMatchObject({ ok: false, words: 'corrupt: file is not a database' });
	});

	it('ends within its timeout on a query without an end, and leaves nobody behind', async () => {
		make('wal');
		const query = 'WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n';
		const result = await probe({ query, timeout: '1s' }).run(calm());
		expect(result).toMatchObject({ ok: false, words: 'no answer within 1 s' });
		expect(result.durationMs).toBeLessThan(2000);
	});

	it('refuses a statement that writes', async () => {
		make('wal');
		const result = await probe({ query: 'DELETE FROM items' }).run(calm());
		expect(result.ok).toBe(false);
		expect(new Database(path, { readonly: true }).prepare('SELECT count(*) AS rows FROM items').get()).toEqual({ rows: 100 });
	});

	it.each([
		[{ exitCode: 0, stdout: 'wal\n8192\n1\n', stderr: '' }, { ok: true, figures: { locked: 0, corrupt: 0, sizeBytes: 8192 } }],
		[{ exitCode: 1, stdout: '', stderr: 'Error: in prepare, database is locked (5)' }, { ok: false, figures: { locked: 1 } }],
		[{ exitCode: 1, stdout: '', stderr: 'Error: file is not a database' }, { ok: false, figures: { corrupt: 1 } }],
		[{ exitCode: 127, stdout: '', stderr: '' }, { ok: false, words: 'no sqlite3 program in the container' }],
	])('reads inside a container: %o', async (answer, expected) => {
		const exec: ProbePorts['exec'] = async (_service, request) => ({
			exitCode: answer.exitCode,
			stdout: Buffer.from(request.argv.at(-1)?.includes('quick_check') === true ? 'ok\n' : answer.stdout),
			stderr: Buffer.from(answer.stderr),
			droppedBytes: 0,
			timedOut: false,
			cancelled: false,
			survivors: [],
			lost: false,
			durationMs: 1,
		});
		expect(await probe({ inContainer: true }, { exec }).run(calm())).toMatchObject(expected);
	});
});
