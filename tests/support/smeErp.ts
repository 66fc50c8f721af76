import { chmodSync, existsSync, mkdirSync, writeFileSync, appendFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { actorOf } from '../../src/record/session.ts';
import { openJournal } from '../../src/record/journal.ts';
import { ComposeBench, type ComposeProject, type ComposeVersion } from './compose.ts';
import { Containers, eventually } from './engine.ts';
import { freePort } from './freePort.ts';
import { makeCluster, postgresPrograms } from './postgres.ts';
import type { RunHome } from './runHome.ts';

/**
 * What the runbook of SME-ERP asks of its application, answered from the real database. Version b is bad.
 */
const handler = `#!/bin/sh
read -r method path rest
while read -r line; do [ "\${#line}" -le 1 ] && break; done
ask() { psql -h postgres -U postgres -d sme_erp -v ON_ERROR_STOP=1 -qAtc "$1" >/dev/null 2>&1; }
code=404
case $path in
/health) code=200; [ "$VERSION" = b ] && code=503 ;;
/health/database) code=503; ask 'SELECT name FROM items LIMIT 1' && code=200 ;;
/api/v1/auth/verify) code=401 ;;
/api/v1/inventory/items*) code=500; ask 'SELECT name FROM items LIMIT 1' && code=200 ;;
esac
printf 'HTTP/1.1 %s -\\r\\nContent-Length: 2\\r\\nConnection: close\\r\\n\\r\\nok' "$code"
`;

const user = 'postgres';

/** The application and its PostgreSQL as one project of compose, on a real engine: a container each, a network between them. */
export class SmeErp implements AsyncDisposable {
	readonly project: ComposeProject;
	readonly url: string;
	readonly backups: string;
	readonly #bench: ComposeBench;
	readonly #containers: Containers;
	readonly #cluster: Awaited<ReturnType<typeof makeCluster>>;

	private constructor(bench: ComposeBench, project: ComposeProject, port: number, cluster: Awaited<ReturnType<typeof makeCluster>>) {
		this.#bench = bench;
		this.project = project;
		this.url = `http://127.0.0.1:${port}`;
		this.backups = join(project.folder, 'backups');
		this.#containers = new Containers(bench.address);
		this.#cluster = cluster;
	}

	/** Starts it on a version, with a database of 50 items. */
	static async start(bench: ComposeBench, version: ComposeVersion): Promise<SmeErp> {
		const cluster = await makeCluster();
		appendFileSync(join(cluster.data, 'pg_hba.conf'), 'host all all all trust\n');
		const port = await freePort();
		const project = bench.project({});
		const sme = new SmeErp(bench, project, port, cluster);
		const app = join(project.folder, 'app');
		mkdirSync(app);
		mkdirSync(sme.backups);
		writeFileSync(join(app, 'handler'), handler);
		chmodSync(join(app, 'handler'), 0o755);
		const host = ['/usr', '/lib', '/lib64', '/etc/ssl', '/etc/passwd', '/etc/postgresql-common'].filter(existsSync).map((path) => `${path}:${path}:ro`);
		const PATH = `/bin:${postgresPrograms()}:/usr/bin`;
		project.write(
			{},
			{
				services: {
					app: { image: bench.image(version), command: ['nc', '-ll', '-p', '8000', '-e', '/app/handler'], ports: [`127.0.0.1:${port}:8000`], volumes: [...host, `${app}:/app:ro`], environment: { PATH }, init: true },
					postgres: {
						image: bench.image('a'),
						command: [join(postgresPrograms(), 'postgres'), '-D', '/pgdata', '-k', '/var/run/postgresql', '-h', '0.0.0.0', '-c', 'fsync=off'],
						user: `${cluster.uid}:${cluster.gid}`,
						volumes: [...host, `${cluster.data}:/pgdata`],
						tmpfs: ['/var/run/postgresql:mode=1777'],
						environment: { PATH },
					},
				},
			},
		);
		await project.compose('up', '-d');
		await eventually('PostgreSQL answers', () => sme.sql('SELECT 1', 'postgres').then(() => true, () => false));
		await sme.sql('CREATE DATABASE sme_erp', 'postgres');
		await sme.sql("CREATE TABLE items (id serial PRIMARY KEY, name text); INSERT INTO items (name) SELECT 'item ' || n FROM generate_series(1, 50) n; CREATE TABLE alembic_version (version_num text); INSERT INTO alembic_version VALUES ('0001')");
		await eventually('the application has its database', () => sme.status('/health/database').then((code) => code === 200));
		return sme;
	}

	get service(): string {
		return `${this.project.name}/app`;
	}

	/** What the application answers; 0 where it does not. */
	async status(path: string): Promise<number> {
		return fetch(`${this.url}${path}`, { signal: AbortSignal.timeout(5000) }).then(
			(answer) => answer.status,
			() => 0,
		);
	}

	/** Asks the database, in its container. @throws Error with what psql says */
	async sql(text: string, database = 'sme_erp'): Promise<string> {
		return this.project.compose('exec', '-T', 'postgres', 'psql', '-U', user, '-d', database, '-v', 'ON_ERROR_STOP=1', '-qAtc', text).then((said) => said.trim());
	}

	/** A backup as the team makes it. */
	async dump(name: string): Promise<string> {
		const file = join(this.backups, name);
		writeFileSync(file, await this.project.compose('exec', '-T', 'postgres', 'pg_dump', '-U', user, '-d', 'sme_erp'));
		return file;
	}

	async app(): Promise<Docker.ContainerInspectInfo> {
		const found = (await this.project.containers()).find(({ Config }) => Config.Labels['com.docker.compose.service'] === 'app');
		if (found === undefined) throw new Error('the application has no container');
		return found;
	}

	/** Writes into the record that a version was good. */
	async proved(home: RunHome, version: ComposeVersion): Promise<void> {
		mkdirSync(home.state, { recursive: true, mode: 0o700 });
		const journal = await openJournal(home.journal);
		const image = this.#bench.image(version);
		const { Id: imageId } = await this.#containers.docker.getImage(image).inspect();
		const about = { service: this.service, engine: this.#bench.address, image, imageId, since: Date.now() - 86_400_000, healthyMs: 80_000_000, words: 'healthy for 22 h' };
		try {
			await journal.append((['version_seen', 'version_proved', 'version_left'] as const).map((kind) => ({ actor: actorOf(), event: { kind, ...about } })));
		} finally {
			await journal.close();
		}
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.project.remove();
		rmSync(this.#cluster.folder, { recursive: true, force: true });
	}
}
