import type { Exercise } from '../exercise.ts';
import { fast, withCpu, withMemory, withoutErrors, withRoom } from './standings.ts';
import { backUp, backUpPacked, crashCorrupt, deleteRows, insist, loseData, loseImage, mendSetting, runAsUser, takeDatabaseAway, values, valuesToRestore } from './work.ts';

/** P0: Container Crashed, immediate actions and verification. */
const crashed = [
	'docker ps -a | grep cloud-native-poc',
	"docker inspect cloud-native-poc | jq '.[0].State'",
	'docker logs --tail 200 cloud-native-poc',
	'docker start cloud-native-poc',
	'curl http://localhost:8000/health',
];

/** Faults, each with the playbook of the P09 runbook that answers it and that runbook's own commands. */
export const faultExercises: readonly Exercise[] = [
	{
		id: 'crash',
		title: 'crashed, exit code 3',
		playbook: 'p09-p0-container-crashed',
		trouble: (ground) => ground.break('crash'),
		values,
		written: { commands: crashed, differs: 'its only check is a curl in the same second, which is refused; nothing waits, nothing looks for the cause' },
	},
	{
		id: 'out-of-memory',
		title: 'killed for memory',
		playbook: 'p09-p0-container-crashed',
		trouble: (ground) => ground.break('out-of-memory'),
		values,
		async effect(ground) {
			const limit = (await ground.inspect())?.HostConfig.Memory ?? 0;
			insist(limit === 768 * 1024 * 1024, `the memory limit is ${limit}`);
		},
		written: { commands: [...crashed, 'dmesg | grep -i oom'], differs: 'starts it with the limit that killed it; a larger one takes an editor and a build' },
	},
	{
		id: 'crash-corrupt',
		title: 'crashed on a corrupt database',
		playbook: 'p09-p0-container-crashed',
		trouble: crashCorrupt,
		values: valuesToRestore,
		mayLoseRows: true,
		written: {
			commands: [...crashed, 'sqlite3 data/app.db "PRAGMA integrity_check;"', 'docker stop cloud-native-poc', 'cp backups/app-first.db data/app.db', 'docker start cloud-native-poc', 'curl http://localhost:8000/health', 'curl http://localhost:8000/api/items'],
			differs: 'copies over a file that the worker has open, with its old write-ahead log beside it',
		},
	},
	{
		id: 'bad-deploy',
		title: 'a new version crashes at its start',
		playbook: 'p09-p0-container-crashed',
		trouble: (ground) => ground.break('bad-deploy'),
		values,
		byHand: { 'Tell those who wait for it': () => Promise.resolve() },
		written: { commands: crashed, differs: 'to roll back it builds an earlier commit, which takes minutes and a checkout: not in this drill' },
	},
	{
		id: 'health-failing',
		title: 'health check fails',
		playbook: 'p09-p0-health-failing',
		trouble: (ground) => ground.break('health-failing'),
		values,
		written: {
			commands: ['curl -v http://localhost:8000/health', 'curl -v http://localhost:8000/ready', 'docker logs --tail 50 cloud-native-poc', 'docker exec cloud-native-poc sqlite3 /data/app.db "SELECT 1;"', 'docker exec cloud-native-poc ps aux', 'docker restart cloud-native-poc'],
			differs: 'two of its looks need programs that the image has not; nothing verifies',
		},
	},
	{
		id: 'health-hanging',
		title: 'health check hangs',
		playbook: 'p09-p0-health-failing',
		trouble: (ground) => ground.break('health-hanging'),
		values,
		written: { commands: ['curl -v http://localhost:8000/health', 'curl -v http://localhost:8000/ready', 'docker logs --tail 50 cloud-native-poc', 'docker restart cloud-native-poc'], differs: 'a curl without a time limit waits for ever at its first line' },
	},
	{
		id: 'database-lock',
		title: 'database locked by another container',
		playbook: 'p09-p2-database-locked',
		trouble: (ground) => ground.break('database-lock'),
		values,
		written: {
			commands: ['ls -la data/app.db-*', 'fuser data/app.db', 'sqlite3 data/app.db "PRAGMA locking_mode;"', 'docker stop cloud-native-poc', 'rm data/app.db-shm data/app.db-wal', 'docker start cloud-native-poc'],
			differs: 'removes the write-ahead log, and leaves alone who holds the lock',
		},
	},
	{
		id: 'database-corrupt',
		title: 'database corrupt',
		playbook: 'p09-restore-database',
		trouble: (ground) => ground.break('database-corrupt'),
		values: valuesToRestore,
		mayLoseRows: true,
		written: {
			commands: ['cp backups/app-first.db data/app.db && docker restart cloud-native-poc'],
			differs: 'nothing is kept of what was there, nobody else who writes is stopped, the old write-ahead log stays',
		},
	},
	{
		id: 'rows-deleted',
		title: 'rows deleted by mistake',
		playbook: 'p09-restore-database',
		prepare: backUp,
		trouble: deleteRows,
		silent: true,
		standing: async (ground) => {
			const standing = await ground.standing();
			if (!standing.well) return standing;
			const { status } = await ground.get('/api/items/7');
			return status === 200 ? standing : { well: false, words: `/api/items/7 answers ${status}` };
		},
		values: valuesToRestore,
		written: {
			commands: ['docker stop cloud-native-poc', 'cp data/app.db data/app.db.before-restore', 'cp backups/app-20300101-0000.db data/app.db', 'sqlite3 data/app.db "PRAGMA integrity_check;"', 'docker start cloud-native-poc', 'curl http://localhost:8000/api/items'],
			differs: 'with the old write-ahead log beside the copy, SQLite may play it back into it',
		},
	},
	{
		id: 'data-lost',
		title: 'database file gone',
		playbook: 'p09-disaster-data-loss',
		prepare: backUpPacked,
		trouble: loseData,
		values: valuesToRestore,
		async effect(ground) {
			insist((await ground.keepsLastRow()) === true, 'the row of the backup is not back');
			insist((await ground.inspect('worker'))?.State.Running === true, 'the worker was left stopped');
		},
		written: {
			commands: ['docker stop cloud-native-poc', 'gunzip -c backups/app-20300101-0000.db.gz > data/app.db', 'sqlite3 data/app.db "PRAGMA integrity_check;"', 'chmod 644 data/app.db', 'docker start cloud-native-poc', 'curl http://localhost:8000/health', 'curl http://localhost:8000/api/items'],
			differs: 'names app-latest.db.gz, which its own backup script never writes (the drill takes the one that is there)',
		},
	},
	{
		id: 'permissions',
		title: 'database file of another owner',
		playbook: 'p09-database-permissions',
		prepare: runAsUser,
		trouble: takeDatabaseAway,
		values,
		written: {
			commands: ['ls -l data/app.db', 'chmod 644 data/app.db', 'chown 1000:1000 data/app.db', 'docker restart cloud-native-poc'],
			differs: 'the number of the owner is that of one image',
		},
	},
	{
		id: 'port-taken',
		title: 'port taken by another container',
		playbook: 'p09-port-in-use',
		trouble: (ground) => ground.break('port-taken'),
		values,
		written: {
			commands: ['lsof -i :8000', 'kill $(lsof -ti :8000)', 'docker start cloud-native-poc', 'curl http://localhost:8000/health'],
			differs: 'kills whatever lsof names: the proxy of the engine, and who else has a connection to that port',
		},
	},
	{
		id: 'stopped',
		title: 'stopped on request',
		playbook: 'p09-container-start',
		trouble: (ground) => ground.break('stopped'),
		silent: true,
		values,
		written: { commands: ['docker start cloud-native-poc', 'docker ps | grep cloud-native-poc', 'curl http://localhost:8000/health'], differs: 'the curl is refused in the same second' },
	},
	{
		id: 'wont-start',
		title: 'crashes on every start',
		playbook: 'p09-container-wont-start',
		trouble: (ground) => ground.break('restart-loop'),
		values,
		byHand: { 'Mend what it starts with': mendSetting },
		written: {
			commands: ['docker logs cloud-native-poc', 'lsof -i :8000', "docker inspect cloud-native-poc | jq '.[0].Mounts'", 'docker images cloud-native-poc', 'docker rm -f cloud-native-poc', 'docker volume ls', 'docker volume rm cloud-native-poc_data'],
			differs: 'removes the container, and with it the record of its mounts, and then the volume with the database',
			patienceMs: 2000,
		},
	},
	{
		id: 'image-lost',
		title: 'image gone from its name',
		playbook: 'p09-disaster-image-loss',
		trouble: loseImage,
		values,
		async effect(ground) {
			insist((await ground.docker.listImages({ filters: { reference: ['sitrep-range/cloud-native-poc:1.0.0'] } })).length === 1, 'the image has not got its name back');
		},
		written: { commands: ['git pull origin main', 'docker-compose build', 'docker-compose up -d', 'curl http://localhost:8000/health'], differs: 'builds from a checkout, minutes long, and not what ran before: not in this drill', patienceMs: 2000 },
	},
	{
		id: 'errors',
		title: 'half of the requests fail',
		playbook: 'p09-p1-high-error-rate',
		trouble: (ground) => ground.break('errors'),
		standing: withoutErrors,
		values,
		written: {
			commands: [
				`docker logs cloud-native-poc --since 1h 2>&1 | jq -r 'select(.level == "ERROR") | .message' | sort | uniq -c`,
				`docker logs cloud-native-poc 2>&1 | jq 'select(.level == "ERROR")' | head -5`,
				`docker logs cloud-native-poc 2>&1 | jq -r 'select(.status_code >= 500) | .path' | sort | uniq -c`,
				'curl -v http://localhost:8000/api/items/999',
				'docker restart cloud-native-poc',
			],
			differs: 'nothing looks whether requests are answered afterwards',
		},
	},
	{
		id: 'bad-release',
		title: 'a new version fails requests',
		playbook: 'p09-api-returns-500',
		trouble: (ground) => ground.break('bad-release'),
		standing: withoutErrors,
		values,
		// The restart, which is tried first, does not help: asked again, the version is to blame.
		choose: { 'Where the errors come from': ['', 'The version that was deployed is bad'] },
		byHand: { 'Tell those who wait for it': () => Promise.resolve() },
		written: {
			commands: ['docker logs --tail 50 cloud-native-poc', 'curl http://localhost:8000/health', 'docker logs cloud-native-poc 2>&1 | grep -i "traceback"', 'docker restart cloud-native-poc'],
			differs: 'the restart brings the bad version back, and nothing notices; the rollback is a build',
			patienceMs: 10_000,
		},
	},
	{
		id: 'latency',
		title: 'every request takes 1.5 s longer',
		playbook: 'p09-p1-high-latency',
		trouble: (ground) => ground.break('latency'),
		standing: fast,
		values,
		written: {
			commands: ['time curl http://localhost:8000/api/items', 'docker stats cloud-native-poc --no-stream', 'ls -lh data/app.db', `docker logs cloud-native-poc 2>&1 | jq -r 'select(.duration_ms != null) | .duration_ms' | awk '{sum+=$1; count++} END {print "Avg:", sum/count "ms"}'`, 'docker restart cloud-native-poc'],
			differs: 'nothing measures afterwards',
		},
	},
	{
		id: 'cpu',
		title: 'a loop uses up the processor',
		playbook: 'p09-p2-performance-degradation',
		trouble: (ground) => ground.break('cpu-burn'),
		standing: withCpu,
		values,
		written: {
			commands: ['time curl http://localhost:8000/api/items', 'docker stats cloud-native-poc --no-stream', 'ls -lh data/app.db', 'sqlite3 data/app.db "VACUUM; ANALYZE; REINDEX;"', 'docker restart cloud-native-poc'],
			differs: 'vacuums under load before anything was found out',
		},
	},
	{
		id: 'memory',
		title: 'memory at 92 % of its limit',
		playbook: 'p09-p3-memory-usage',
		trouble: (ground) => ground.break('memory-leak'),
		standing: withMemory,
		values,
		written: { commands: ['docker stats cloud-native-poc --no-stream', 'docker restart cloud-native-poc'], differs: 'the runbook has no procedure for it but "restart container to clear memory"' },
	},
	{
		id: 'disk-full',
		title: 'disk full',
		playbook: 'p09-p2-disk-usage',
		trouble: (ground) => ground.break('disk-full'),
		standing: withRoom,
		values,
		written: {
			commands: ['df -h data/', 'tar -czf logs/archive-$(date +%Y%m).tar.gz data/logs/*.log', 'find data/logs/ -name "*.log" -mtime +30 -delete'],
			differs: 'removes logs older than 30 days only, and the one that fills the disk is new',
			patienceMs: 5000,
		},
	},
];
