import { tolerant } from '../../../src/drill/engineCalls.ts';
import { order } from '../../../src/drill/rangeBreak.ts';
import { defaultRange, goodVersion, imageRepository, networkName, rangeLabel, squatterName } from '../../../src/drill/rangeNames.ts';
import { replaceContainer } from '../../../src/drill/rangeUp.ts';
import { until } from '../../../src/drill/until.ts';
import { patienceMs } from '../../support/patience.ts';
import { field } from '../field.ts';
import type { Ground, Standing } from '../ground.ts';
import { backUp, insist, valuesToRestore } from '../exercises/work.ts';
import type { RollbackCase } from './case.ts';

/** Well only on a good version: errors and slowness that come and go cannot be told by one look. */
const onVersion =
	(version: string) =>
	async (ground: Ground): Promise<Standing> => {
		const standing = await ground.standing();
		if (!standing.well) return standing;
		const runs = String(field((await ground.get('/health')).body, 'version'));
		return runs === version ? standing : { well: false, words: `version ${runs} answers` };
	};

/** Healthy first: the trouble of such a version begins once it serves. */
const deployed = async (ground: Ground, fault: string): Promise<void> => {
	await ground.break(fault);
	await ground.engineAgrees();
};

const untilDown = async (ground: Ground): Promise<void> =>
	void (await until(async () => (await ground.inspect())?.State.Running === false, { timeoutMs: 2 * patienceMs, everyMs: 100, what: 'the new version to end' }));

/**
 * SOP, rollback steps 1 to 4, with the names of the range; no registry stands by, so nothing is pulled. What the SOP deploys is made with --rm, and gone once it is
 * stopped: here it is removed. The network and the label are the range's: it has no network of its own accord, and is cleaned up by its label.
 */
const written = [
	'docker stop cloud-native-poc',
	'docker rm cloud-native-poc',
	`docker run -d --rm --network ${networkName(defaultRange)} --label ${rangeLabel}=${defaultRange} --name cloud-native-poc -p 127.0.0.1:8000:8000 ${imageRepository}:${goodVersion}`,
	'curl -f http://localhost:8000/health',
	'curl -f http://localhost:8000/ready',
	`ITEM_ID=$(curl -sf -X POST http://localhost:8000/api/items -H 'Content-Type: application/json' -d '{"name":"probe","price":1.99}' | jq -r '.id'); curl -sf http://localhost:8000/api/items/$ITEM_ID`,
] as const;

/** The same with step 3, which restores the database. */
const writtenWithRestore = [
	...written.slice(0, 3),
	'docker stop cloud-native-poc',
	'cp backups/app-20300101-0000.db data/app.db',
	'docker start cloud-native-poc',
	...written.slice(3),
] as const;

const differs = 'runs the image without the volume, the alias and the limits';

/** Where the machine is busy with other things, figures take longer to settle: one looks again. */
const patience = { 'Error rate and p95 are back at the baseline': { choose: 'Try it again' }, 'They stay so for 30 s': { choose: 'Try it again' } } as const;

const usual = {
	playbook: 'p09-rollback',
	ranWell: [goodVersion],
	endsOn: goodVersion,
	standing: onVersion(goodVersion),
	choose: { 'Roll back?': ['Roll back'], 'Does the database have to go back as well': ['No'] },
	written: { commands: written, differs },
	byHand: { 'Tell those who wait for it': () => Promise.resolve() },
	failed: patience,
	values: valuesToRestore,
} as const;

/** Every case of a rollback, in the order in which they are done and shown. */
export const rollbackCases: readonly RollbackCase[] = [
	{ ...usual, id: 'rollback-crash-0', title: 'crashes at its start', trouble: (ground) => ground.break('bad-deploy') },
	{
		...usual,
		id: 'rollback-crash-4',
		title: 'crashes after 4 s',
		async trouble(ground) {
			await ground.break('bad-deploy-soon');
			await untilDown(ground);
		},
	},
	{
		...usual,
		id: 'rollback-crash-60',
		title: 'crashes after 60 s',
		async trouble(ground) {
			await ground.break('bad-deploy-late');
			await untilDown(ground);
		},
	},
	{ ...usual, id: 'rollback-errors', title: 'healthy, and one request in twenty fails', silent: true, trouble: (ground) => deployed(ground, 'bad-deploy-errors') },
	{ ...usual, id: 'rollback-slow', title: 'healthy, and twice as slow', silent: true, trouble: (ground) => deployed(ground, 'bad-deploy-slow') },
	{
		...usual,
		id: 'rollback-migration',
		title: 'its migration breaks the database',
		prepare: backUp,
		trouble: (ground) => deployed(ground, 'bad-deploy-migration'),
		choose: { 'Roll back?': ['Roll back'], 'Does the database have to go back as well': ['Yes'] },
		// The newest one was made by the rollback itself, after the migration.
		offered: { 'Which backup is restored': 'app-20300101-0000.db' },
		mayLoseRows: true,
		async effect(ground) {
			insist((await ground.keepsLastRow()) === true, 'the row of the backup is not back');
			insist((await ground.inspect('worker'))?.State.Running === true, 'the worker was left stopped');
		},
		written: { commands: writtenWithRestore, differs: `${differs}; its stop removes the container, so that its start finds none; the copy leaves the old write-ahead log beside it` },
	},
	{
		...usual,
		id: 'rollback-memory',
		title: 'runs out of memory',
		async trouble(ground) {
			await ground.break('bad-deploy-leak');
			await untilDown(ground);
		},
	},
	{
		...usual,
		id: 'rollback-image-missing',
		title: 'the image of the last good version is gone',
		ranWell: [goodVersion, '1.1.0'],
		async trouble(ground) {
			await ground.break('bad-deploy');
			for (const name of await namesOf(ground, '1.1.0')) await ground.docker.getImage(name).remove({ force: true });
		},
		written: { commands: written.map((command) => command.replace(`:${goodVersion}`, ':1.1.0')), differs: `${differs}; there is no such image, and nothing says which other one is good` },
	},
	{
		...usual,
		id: 'rollback-port-taken',
		title: 'crashes, and its port is taken',
		trouble: (ground) => ground.break('bad-deploy-port'),
		failed: { ...patience, 'The plan, and what speaks against it': { work: freePort, choose: 'Try it again' }, 'Roll back': { work: freePort, choose: 'Try it again' } },
		written: { commands: written, differs: `${differs}; nothing looks for who holds the port` },
	},
	{
		...usual,
		id: 'rollback-disk-full',
		title: 'crashes, and the disk is full',
		async trouble(ground) {
			await ground.break('disk-full');
			await until(async () => (await ground.diskPercent()) > 99, { timeoutMs: patienceMs, everyMs: 100, what: 'the disk to be full' });
			await ground.break('bad-deploy');
		},
		failed: { ...patience, 'Back up the database': { work: cleanDisk, choose: 'Try it again' }, 'Create an item': { work: cleanDisk, choose: 'Try it again' }, 'The database is connected': { work: cleanDisk, choose: 'Try it again' } },
		written: { commands: written, differs: `${differs}; the disk stays full` },
	},
	{
		...usual,
		id: 'rollback-engine-restarted',
		title: 'one request in twenty fails, and the engine is killed and started again in the middle of the rollback',
		silent: true,
		trouble: (ground) => deployed(ground, 'bad-deploy-errors'),
		async meddle(ground, engine, signal) {
			await until(async () => (await ground.docker.listContainers({ all: true })).some(({ Names }) => Names.some((name) => name.startsWith(`/${ground.api}-sitrep-old-`))), { timeoutMs: 10 * patienceMs, everyMs: 20, what: 'the move to be in its middle', signal });
			await engine.killEngine();
			await startOthers(ground);
		},
		engineHelps: {
			'Roll back': {
				said: /no container has it/,
				async work(ground, engine) {
					await engine.restartEngine();
					await startOthers(ground);
				},
			},
		},
	},
	{ ...usual, id: 'rollback-any', title: 'crashes at its start; by the playbook that needs to know nothing of the service', playbook: 'generic-rollback', trouble: (ground) => ground.break('bad-deploy') },
];

const namesOf = async (ground: Ground, version: string): Promise<readonly string[]> => (await ground.docker.getImage(`${imageRepository}:${version}`).inspect()).RepoTags;

async function freePort(ground: Ground): Promise<void> {
	await tolerant(async () => ground.docker.getContainer(squatterName(ground.name)).remove({ force: true }));
}

async function cleanDisk(ground: Ground): Promise<void> {
	await order(ground.docker, ground.name, 'worker', { name: 'disk-clean' }, false);
	await until(async () => (await ground.diskPercent()) < 80, { timeoutMs: patienceMs, everyMs: 100, what: 'room on the disk' });
}

/** Whoever has a restart policy is back by itself once the engine is. */
async function startOthers(ground: Ground): Promise<void> {
	for (const part of ['worker', 'gateway', 'loadgen'] as const) await tolerant(async () => ground.docker.getContainer(ground.container(part)).start());
}

/** Puts the range's service on a version, as a deployment does. */
export const deploy = async (ground: Ground, version: string): Promise<void> => {
	await replaceContainer(ground.docker, ground.name, 'api', Number(ground.port), version);
	await ground.docker.getContainer(ground.api).start();
	await ground.engineAgrees();
};
