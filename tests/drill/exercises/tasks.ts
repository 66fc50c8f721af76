import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Exercise } from '../exercise.ts';
import type { Ground } from '../ground.ts';
import { filesOf, hasGoodBackup, insist, makeOldFiles, values } from './work.ts';

const logFolder = (ground: Ground): string => values(ground)['logs'] ?? '';

const started = async (ground: Ground): Promise<number> => Date.parse((await ground.inspect())?.State.StartedAt ?? '');

/** When a container had started before the exercise: by the range's name. */
const startedBefore = new Map<string, number>();

/** Rows that were deleted and leave free pages behind. */
const leaveHoles = (ground: Ground): Promise<void> =>
	Promise.resolve(
		ground.sqlite((database) => {
			database.exec(`CREATE TABLE holes (text); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) INSERT INTO holes SELECT hex(zeroblob(500)) FROM n; DROP TABLE holes`);
		}),
	);

const isMaintained = (ground: Ground): Promise<void> =>
	Promise.resolve(
		ground.sqlite((database) => {
			insist(Number(database.pragma('freelist_count', { simple: true })) < 20, 'the vacuum gave no room back');
			insist(Number(database.prepare("SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'items'").pluck().get()) > 0, 'there are no statistics of the table');
			insist(database.pragma('integrity_check', { simple: true }) === 'ok', 'the database is not sound');
		}),
	);

const isExported = async (ground: Ground): Promise<void> => {
	const [log] = await filesOf(logFolder(ground), /^app-.*\.log$/);
	const [json] = await filesOf(logFolder(ground), /^app-.*\.json$/);
	insist(log !== undefined && (await readFile(log, 'utf8')).includes('listens on port 8000'), 'the log was not exported');
	const lines = json === undefined ? [] : (await readFile(json, 'utf8')).trim().split('\n');
	insist(lines.length > 5 && lines.every((line) => typeof JSON.parse(line) === 'object'), 'the JSON lines were not exported');
};

/** Tasks of the P09 runbook on a service that is well. */
export const taskExercises: readonly Exercise[] = [
	{ id: 'status-check', title: 'look at everything', playbook: 'p09-status-check', values },
	{ id: 'logs-view', title: 'view the logs', playbook: 'p09-logs-view', values },
	{
		id: 'restart',
		title: 'restart it',
		playbook: 'p09-container-restart',
		prepare: async (ground) => void startedBefore.set(ground.name, await started(ground)),
		async effect(ground) {
			insist((await started(ground)) > (startedBefore.get(ground.name) ?? Number.NaN), 'it was not restarted');
			await ground.engineAgrees();
		},
		values,
	},
	{
		id: 'stop',
		title: 'stop it',
		playbook: 'p09-container-stop',
		async standing(ground) {
			const state = (await ground.inspect())?.State;
			return { well: state?.Status === 'exited', words: state?.Status ?? 'gone' };
		},
		values,
	},
	{ id: 'backup', title: 'back up the database', playbook: 'p09-database-backup', effect: hasGoodBackup, values },
	{ id: 'maintenance', title: 'maintain the database', playbook: 'p09-database-maintenance', prepare: leaveHoles, effect: isMaintained, values },
	{ id: 'logs-export', title: 'export the logs', playbook: 'p09-logs-export', effect: isExported, values },
	{ id: 'daily', title: 'daily tasks', playbook: 'p09-daily-tasks', effect: hasGoodBackup, values },
	{
		id: 'weekly',
		title: 'weekly tasks',
		playbook: 'p09-weekly-tasks',
		prepare: leaveHoles,
		async effect(ground) {
			await isMaintained(ground);
			await isExported(ground);
		},
		values,
		skip: ['Look for updates of the base image'],
	},
	{
		id: 'monthly',
		title: 'monthly tasks',
		playbook: 'p09-monthly-tasks',
		async prepare(ground) {
			await leaveHoles(ground);
			await makeOldFiles(ground);
		},
		async effect(ground) {
			await isMaintained(ground);
			const [archive] = await filesOf(logFolder(ground), /^archive-[\d-]+\.tar\.gz$/);
			const { stdout } = await promisify(execFile)('tar', ['-tzf', archive ?? '']);
			insist(stdout.includes('app-old.log') && stdout.includes('app-new.log'), `the archive holds ${stdout}`);
			insist((await filesOf(logFolder(ground), /^app-old\.log$/)).length === 0, 'the old log is still there');
			insist((await filesOf(logFolder(ground), /^app-new\.log$/)).length === 1, 'the new log is gone');
			insist((await filesOf(join(ground.folder, 'backups'), /^app-20200101/)).length === 0, 'the old backup is still there');
			insist((await filesOf(join(ground.folder, 'backups'), /^app-first\.db$/)).length === 1, 'the first backup is gone');
		},
		values,
		byHand: { 'Bring dependencies up to date': () => Promise.resolve() },
	},
];
