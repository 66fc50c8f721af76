import { execFile } from 'node:child_process';
import { chownSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './freePort.ts';

const run = promisify(execFile);
const versions = '/usr/lib/postgresql';

/** Folder of PostgreSQL's own programs, such as `/usr/lib/postgresql/15/bin`; Debian keeps them off the PATH. */
export const postgresPrograms = (): string => {
	const newest = readdirSync(versions).toSorted((a, b) => Number(a) - Number(b)).at(-1);
	if (newest === undefined) throw new Error(`no PostgreSQL in ${versions}: apt-get install postgresql`);
	return join(versions, newest, 'bin');
};

const idOf = async (flag: string): Promise<number> => Number((await run('id', [flag, 'postgres'])).stdout.trim());

const asPostgres = (argv: readonly string[]): Promise<unknown> => run('setpriv', ['--reuid=postgres', '--regid=postgres', '--clear-groups', ...argv]);

/** A fresh cluster's data folder, owned by the postgres account: the server refuses to run as root. */
export const makeCluster = async (): Promise<{ readonly folder: string; readonly data: string; readonly uid: number; readonly gid: number }> => {
	const [uid, gid] = [await idOf('-u'), await idOf('-g')];
	const folder = mkdtempSync(join(tmpdir(), 'sitrep-pg-'));
	const data = join(folder, 'data');
	mkdirSync(data, { mode: 0o700 });
	chownSync(folder, uid, gid);
	chownSync(data, uid, gid);
	await asPostgres([join(postgresPrograms(), 'initdb'), '-D', data, '-U', 'postgres', '--auth=trust', '--no-sync', '-E', 'UTF8']);
	return { folder, data, uid, gid };
};

/** A real server on this machine, on a port of its own. */
export const startPostgres = async (): Promise<{ readonly port: number; stop(): Promise<void> }> => {
	const { folder, data } = await makeCluster();
	const port = await freePort();
	const control = join(postgresPrograms(), 'pg_ctl');
	await asPostgres([control, '-D', data, '-w', '-l', join(folder, 'log'), '-o', `-p ${port} -h 127.0.0.1 -k ${folder} -c fsync=off`, 'start']);
	return {
		port,
		async stop() {
			await asPostgres([control, '-D', data, '-m', 'immediate', 'stop']);
			rmSync(folder, { recursive: true, force: true });
		},
	};
};
