import { chmod, chown, copyFile, mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { settled } from '../../../src/drill/engineCalls.ts';
import { order } from '../../../src/drill/rangeBreak.ts';
import { until } from '../../../src/drill/until.ts';
import { patienceMs } from '../../support/patience.ts';
import type { Ground } from '../ground.ts';

/** Values that every form of the packs may ask for, as they are on this range. */
export const values = (ground: Ground): Readonly<Record<string, string>> => ({
	url: ground.url,
	port: ground.port,
	keep: ground.aside,
	logs: join(ground.aside, 'logs'),
});

/** The same where a database is restored, and others write to it. */
export const valuesToRestore = (ground: Ground): Readonly<Record<string, string>> => ({ ...values(ground), writer: ground.container('worker') });

/** What somebody would mend: the setting that the service misses at its start. */
export const mendSetting = async (ground: Ground): Promise<void> => {
	await order(ground.docker, ground.name, 'api', { name: 'nothing' }, true);
	await order(ground.docker, ground.name, 'api', { name: 'nothing' }, false);
};

/** A backup as the hourly script makes it. */
export const backUp = async (ground: Ground): Promise<void> => {
	const file = join(ground.folder, 'backups', 'app-20300101-0000.db');
	ground.sqlite((database) => database.prepare('VACUUM INTO ?').run(file));
};

/** The same, packed. */
export const backUpPacked = async (ground: Ground): Promise<void> => {
	await backUp(ground);
	const [file = ''] = await filesOf(join(ground.folder, 'backups'), /^app-2030/);
	await writeFile(`${file}.gz`, gzipSync(await readFile(file)));
	await rm(file);
};

/** The database is corrupt, and the service crashes on it. */
export const crashCorrupt = async (ground: Ground): Promise<void> => {
	await ground.break('database-corrupt');
	// One order at a time: the next one takes its place.
	await until(async () => /malformed/.test((await ground.standing()).words), { timeoutMs: patienceMs, everyMs: 100, what: 'the database to be corrupt' });
	await ground.break('crash');
};

/** The data are lost: both writers end, and the database goes. */
export const loseData = async (ground: Ground): Promise<void> => {
	for (const part of ['api', 'worker'] as const) await settled(async () => ground.docker.getContainer(ground.container(part)).kill());
	for (const end of ['', '-wal', '-shm']) await rm(`${ground.database}${end}`, { force: true });
};

/** The image loses its name, as after a prune or a wrong tag, and the service ends. */
export const loseImage = async (ground: Ground): Promise<void> => {
	const image = (await ground.inspect())?.Config.Image ?? '';
	await ground.docker.getImage(image).remove({ force: true });
	await settled(async () => ground.docker.getContainer(ground.api).kill());
};

/** The service runs as somebody who may not do everything, as most images have it. */
export const runAsUser = async (ground: Ground): Promise<void> => {
	const { docker, api } = ground;
	const inspected = await ground.inspect();
	if (inspected === undefined) throw new Error(`${api} is gone`);
	await docker.getContainer(ground.container('worker')).stop({ t: 2 });
	await docker.getContainer(api).remove({ force: true });
	const made = await docker.createContainer({
		...inspected.Config,
		name: api,
		User: '1000:1000',
		HostConfig: { ...inspected.HostConfig, Tmpfs: { '/control': 'mode=1777' } },
		NetworkingConfig: { EndpointsConfig: { [`${ground.name}-net`]: { Aliases: ['api'] } } },
	});
	await chownAll(ground, 1000);
	await made.start();
};

const chownAll = async (ground: Ground, id: number): Promise<void> => {
	await chown(ground.folder, id, id);
	for (const name of await readdir(ground.folder, { recursive: true })) await chown(join(ground.folder, name), id, id);
};

/** Somebody restored a file as root and left it like that. */
export const takeDatabaseAway = async (ground: Ground): Promise<void> => {
	await settled(async () => ground.docker.getContainer(ground.api).stop({ t: 2 }));
	ground.sqlite((database) => void database.pragma('wal_checkpoint(TRUNCATE)'));
	const copy = `${ground.database}.copy`;
	await copyFile(ground.database, copy);
	for (const end of ['', '-wal', '-shm']) await rm(`${ground.database}${end}`, { force: true });
	await copyFile(copy, ground.database);
	await rm(copy);
	await chmod(ground.database, 0o600);
	await ground.docker.getContainer(ground.api).start();
};

/** Rows that nobody meant to delete. */
export const deleteRows = (ground: Ground): Promise<void> => Promise.resolve(ground.sqlite((database) => void database.exec('DELETE FROM items WHERE id <= 50')));

/** @throws Error */
export const insist = (holds: boolean, what: string): void => {
	if (!holds) throw new Error(what);
};

/** Files of a folder whose names match, newest first; none where there is no folder. */
export const filesOf = async (folder: string, pattern: RegExp): Promise<readonly string[]> => {
	const names = await readdir(folder).catch(() => []);
	const found = await Promise.all(names.filter((name) => pattern.test(name)).map(async (name) => ({ path: join(folder, name), at: (await stat(join(folder, name))).mtimeMs })));
	return found.sort((a, b) => b.at - a.at).map(({ path }) => path);
};

/** A backup was made that can be unpacked and opened, and holds what was written last. */
export const hasGoodBackup = async (ground: Ground): Promise<void> => {
	const [newest] = await filesOf(join(ground.folder, 'backups'), /^app-\d{8}-\d{6}\.db\.gz$/);
	insist(newest !== undefined, 'no packed backup was made');
	const file = join(ground.aside, 'opened.db');
	await writeFile(file, gunzipSync(await readFile(newest ?? '')));
	const { sound, last } = ground.sqlite(
		(database) => ({ sound: database.pragma('integrity_check', { simple: true }), last: database.prepare("SELECT count(*) FROM items WHERE name = 'written before the fault'").pluck().get() }),
		file,
	);
	insist(sound === 'ok', `the backup is not sound: ${String(sound)}`);
	insist(last === 1, 'the backup misses the row that was written last');
};

/** Files that are as old as those the monthly tasks remove. */
export const makeOldFiles = async (ground: Ground): Promise<void> => {
	const logs = values(ground)['logs'] ?? '';
	await mkdir(logs, { recursive: true });
	const long = new Date(Date.now() - 40 * 86_400_000);
	for (const file of [join(logs, 'app-old.log'), join(ground.folder, 'backups', 'app-20200101-0000.db.gz')]) {
		await writeFile(file, 'old\n');
		await utimes(file, long, long);
	}
	await writeFile(join(logs, 'app-new.log'), 'new\n');
};
