import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import type { SqliteAction } from '../../../src/domain/playbook/step.ts';
import { runDatabaseTool } from '../../../src/respond/database/tool.ts';
import { FakeEngine } from '../../support/fakeEngine.ts';

/** Carries out steps on one database, and keeps what they print. */
export const stepper = (path: string, options: { readonly engine?: FakeEngine; readonly now?: () => number } = {}) => {
	const printed: string[] = [];
	const run = (action: Omit<SqliteAction, 'kind' | 'system' | 'path'>) =>
		runDatabaseTool(
			{ kind: 'database', system: 'sqlite', path, ...action },
			{ engine: () => Promise.resolve(options.engine ?? new FakeEngine()), timeoutMs: 20_000, now: options.now ?? Date.now, print: (line) => void printed.push(line), signal: new AbortController().signal },
		);
	return { run, printed };
};

/** A WAL database with a table of items and Alembic's table; the caller closes it. */
export const makeDatabase = (path: string, rows: number, padding = ''): Database.Database => {
	const database = new Database(path);
	database.pragma('journal_mode = WAL');
	database.exec("CREATE TABLE items (id INTEGER PRIMARY KEY, name TEXT); CREATE TABLE alembic_version (version_num TEXT NOT NULL); INSERT INTO alembic_version VALUES ('ab12')");
	const insert = database.prepare('INSERT INTO items (name) VALUES (?)');
	database.transaction(() => {
		for (let row = 0; row < rows; row++) insert.run(`item ${row}${padding}`);
	})();
	return database;
};

export const readFrom = <T>(path: string, work: (database: Database.Database) => T): T => {
	const database = new Database(path, { readonly: true });
	try {
		return work(database);
	} finally {
		database.close();
	}
};

export const idsIn = (path: string): readonly number[] => readFrom(path, (database) => database.prepare('SELECT id FROM items ORDER BY id').pluck().all().map(Number));

export interface Written {
	readonly committed: number;
	readonly busy: number;
	readonly longestMs: number;
}

/** Another process that writes all the time. */
export const startWriter = async (path: string): Promise<{ stop(): Promise<Written> }> => {
	const child = spawn(process.execPath, [fileURLToPath(new URL('writer.ts', import.meta.url)), path], { stdio: ['pipe', 'pipe', 'inherit'] });
	let said = '';
	child.stdout.setEncoding('utf8');
	child.stdout.on('data', (text: string) => (said += text));
	await once(child.stdout, 'data');
	return {
		async stop() {
			child.stdin.end('stop\n');
			await once(child, 'close');
			const written: Written = JSON.parse(said.trim().split('\n').at(-1) ?? '');
			return written;
		},
	};
};
