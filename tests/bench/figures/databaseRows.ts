import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import Database from 'better-sqlite3';
import type { DatabaseAction } from '../../../src/domain/playbook/step.ts';
import { ensureImages } from '../../../src/drill/image.ts';
import { imageRepository } from '../../../src/drill/rangeNames.ts';
import { runDatabaseTool } from '../../../src/respond/database/tool.ts';
import { field } from '../../drill/field.ts';
import { freePort } from '../../support/freePort.ts';
import { postgresPrograms, startPostgres } from '../../support/postgres.ts';
import { HttpWriter, PostgresWriter } from '../acknowledged.ts';
import type { Bench } from '../bench.ts';
import type { Figure, Outcome } from '../figure.ts';
import { serviceNames, SwapServices } from '../swapService.ts';

const rounds = 10;
/** Rows between two acts. */
const between = 30;
const second = 1e9;
const versions = [`${imageRepository}:1.0.0`, `${imageRepository}:1.1.0`] as const;
const name = `${serviceNames}rows`;
const run = promisify(execFile);

/** What became of the rows over all rounds. */
interface Tally {
	/** Acknowledged in all. */
	written: number;
	/** Acknowledged before a backup began, and not in it. */
	missedByBackup: number;
	/** Acknowledged, and gone after a move between versions. */
	goneByMove: number;
	/** Of those that stood in a backup, gone after it was restored. */
	goneByRestore: number;
	/** Gone by a restore, since they were written after the backup. */
	lost: number;
	/** Of these, how many were named before. */
	named: number;
}

const empty = (): Tally => ({ written: 0, missedByBackup: 0, goneByMove: 0, goneByRestore: 0, lost: 0, named: 0 });

const missing = (wanted: ReadonlySet<string>, there: ReadonlySet<string>): number => [...wanted].filter((row) => !there.has(row)).length;

const outcome = (system: string, { written, missedByBackup, goneByMove, goneByRestore, lost, named }: Tally, beside: readonly string[]): Outcome => {
	const bad = missedByBackup + goneByMove + goneByRestore + Math.abs(lost - named);
	return {
		measured: `${system}: ${bad} of ${written} rows`,
		reached: bad === 0 && written > 0 && lost > 0,
		beside: [`missing in a backup: ${missedByBackup}; gone by a restore though the backup held them: ${goneByRestore}`, ...beside, `written after a backup and lost by its restore: ${lost}, of which ${named} were named before it ran`],
	};
};

const act = async (services: SwapServices | undefined, action: DatabaseAction): Promise<Readonly<Record<string, unknown>>> => {
	const printed: string[] = [];
	const { ok, value } = await runDatabaseTool(action, {
		engine: () => (services === undefined ? Promise.reject(new Error('no engine is asked for a database of the host')) : Promise.resolve(services.engine)),
		timeoutMs: 60_000,
		now: Date.now,
		print: (line) => void printed.push(line),
		signal: new AbortController().signal,
	});
	if (!ok) throw new Error(printed.join('\n'));
	return value;
};

/** Rows as `id name`. */
const itemsIn = (file: string): ReadonlySet<string> => {
	const database = new Database(file, { readonly: true });
	try {
		return new Set(database.prepare("SELECT id || ' ' || name FROM items").pluck().all().map(String));
	} finally {
		database.close();
	}
};

/** All rows of every table that is written to. */
const rowsIn = (file: string): ReadonlySet<string> => {
	const database = new Database(file, { readonly: true });
	try {
		return new Set(['items', 'queue'].flatMap((table) => database.prepare(`SELECT * FROM ${table}`).raw().all().map((row) => `${table} ${JSON.stringify(row)}`)));
	} finally {
		database.close();
	}
};

const makeService = async ({ docker, network }: SwapServices, folder: string): Promise<string> => {
	const port = await freePort();
	const service = await docker.createContainer({
		name,
		Image: versions[1],
		Labels: { 'sitrep.bench': 'own' },
		StopTimeout: 2,
		ExposedPorts: { '8000/tcp': {} },
		Healthcheck: { Test: ['CMD', 'node', '/app/health.mjs'], Interval: second, Timeout: 20 * second, Retries: 20 },
		HostConfig: { NetworkMode: network, Binds: [`${folder}:/data`], PortBindings: { '8000/tcp': [{ HostIp: '127.0.0.1', HostPort: String(port) }] } },
	});
	await service.start();
	return `http://127.0.0.1:${port}`;
};

const sqlite = async (bench: Bench, folder: string): Promise<Outcome> => {
	await ensureImages(bench.docker, () => {});
	await using services = await SwapServices.open(bench);
	const url = await makeService(services, folder);
	await services.healthy(name);
	const path = join(folder, 'app.db');
	const step = { kind: 'database', system: 'sqlite', path } as const;
	const tally = empty();
	for (let round = 0; round < rounds; round++) {
		const file = join(folder, `backup-${round}.db`);
		await using writer = new HttpWriter(`round-${round}`, url);
		writer.start();
		await writer.more(between);
		const before = new Set(writer.acknowledged);
		await act(services, { ...step, action: 'backup', file });
		await writer.more(between);
		await services.swap(name, versions[round % 2] ?? '');
		await writer.more(between);
		await writer.stop();
		const held = itemsIn(file);
		tally.written += writer.acknowledged.size;
		tally.missedByBackup += missing(before, held);
		tally.goneByMove += missing(writer.acknowledged, itemsIn(path));
		await bench.docker.getContainer(name).stop();
		const named = Number(field((await act(services, { ...step, action: 'schema', file }))['loss'], 'rows'));
		const then = rowsIn(path);
		await act(services, { ...step, action: 'restore', file, stopped: [name] });
		tally.goneByRestore += missing(held, itemsIn(path));
		tally.lost += missing(then, rowsIn(path));
		tally.named += named;
		await bench.docker.getContainer(name).start();
		await services.healthy(name);
	}
	await bench.remove(name);
	return outcome('SQLite', tally, [`gone by a rollback: ${tally.goneByMove}`]);
};

const postgres = async (folder: string): Promise<Outcome> => {
	process.env['PATH'] = `${postgresPrograms()}:${process.env['PATH'] ?? ''}`;
	const server = await startPostgres();
	try {
		const connection = ['-h', '127.0.0.1', '-p', String(server.port), '-U', 'postgres', '-d', 'shop'];
		const sql = async (text: string, on = connection): Promise<string> => (await run('psql', [...on, '-v', 'ON_ERROR_STOP=1', '-q', '-A', '-t', '-c', text], { maxBuffer: 1 << 28 })).stdout.trim();
		await sql('CREATE DATABASE shop', [...connection.slice(0, -1), 'postgres']);
		await sql("CREATE TABLE items (id serial PRIMARY KEY, name text); INSERT INTO items (name) SELECT 'item ' || n FROM generate_series(1, 500) n");
		const rows = async (): Promise<ReadonlySet<string>> => new Set((await sql("SELECT id || ' ' || name FROM items")).split('\n'));
		const step = { kind: 'database', system: 'postgres', database: 'shop', host: '127.0.0.1', port: String(server.port), user: 'postgres' } as const;
		const tally = empty();
		for (let round = 0; round < rounds; round++) {
			const file = join(folder, `backup-${round}.dump`);
			await using writer = new PostgresWriter(`round-${round}`, connection);
			writer.start();
			await writer.more(between);
			const before = new Set(writer.acknowledged);
			await act(undefined, { ...step, action: 'backup', file });
			await writer.more(between);
			await writer.stop();
			const then = await rows();
			tally.written += writer.acknowledged.size;
			tally.goneByMove += missing(writer.acknowledged, then);
			tally.named += Number(field((await act(undefined, { ...step, action: 'schema', file }))['loss'], 'rows'));
			await act(undefined, { ...step, action: 'restore', file });
			const after = await rows();
			tally.missedByBackup += missing(before, after);
			tally.lost += missing(then, after);
		}
		return outcome('PostgreSQL', tally, []);
	} finally {
		await server.stop();
	}
};

export const databaseRows: Figure = {
	id: 'database-rows',
	title: 'Rows lost by backup, rollback and restore under load',
	promise: '0 beyond those written after the backup, and those are counted and named before it runs',
	method: `${rounds} times each. SQLite: a client writes through a service, one request after the other, and remembers what was acknowledged; meanwhile an online backup is made and the service is rolled back to its other version; then it is stopped, what a restore would lose is asked for, and the backup is restored. PostgreSQL: the same through psql on a real server, without the service. Every row is then looked for`,
	async run(bench) {
		const folder = await mkdtemp(join(tmpdir(), 'sitrep-bench-rows-'));
		try {
			for (const each of ['sqlite', 'postgres']) mkdirSync(join(folder, each));
			return [await sqlite(bench, join(folder, 'sqlite')), await postgres(join(folder, 'postgres'))];
		} finally {
			await rm(folder, { recursive: true, force: true });
		}
	},
};
