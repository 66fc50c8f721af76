import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import Docker from 'dockerode';
import { thisMachine } from '../../src/drill/engineInstall.ts';
import { Containers } from './engine.ts';
import { removeNetwork } from './removeNetwork.ts';

const run = promisify(execFile);

/** What has to be installed for tests that call compose (Debian's names). */
export const composeMissing = async (): Promise<readonly string[]> => ((await thisMachine.has('docker-compose')) ? [] : ['docker-compose']);

const second = 1e9;
const stay = 'trap "exit 0" TERM INT; while :; do sleep 0.1; done';
const healthy = { Test: ['CMD', 'true'], Interval: 0.2 * second, Timeout: 60 * second, Retries: 5 };

/** Versions of one service: two that are good, one that ends at once, one that is never healthy, and two that declare a volume. */
const versions = {
	a: { Env: ['VERSION=a', 'ONLY_A=1'], Cmd: ['sh', '-c', stay], Labels: { 'app.version': 'a' }, Healthcheck: healthy },
	b: { Env: ['VERSION=b'], Cmd: ['sh', '-c', stay], Labels: { 'app.version': 'b' }, Healthcheck: healthy },
	crash: { Env: ['VERSION=crash'], Cmd: ['sh', '-c', 'echo cannot start; exit 3'] },
	sick: { Env: ['VERSION=sick'], Cmd: ['sh', '-c', stay], Healthcheck: { Test: ['CMD-SHELL', 'echo no database; exit 1'], Interval: second / 10, Timeout: 60 * second, Retries: 1 } },
	volumeA: { Env: ['VERSION=a'], Cmd: ['sh', '-c', stay], Volumes: { '/store': {} } },
	volumeB: { Env: ['VERSION=b'], Cmd: ['sh', '-c', stay], Volumes: { '/store': {} } },
} as const;

export type ComposeVersion = keyof typeof versions;

/** Projects, images and state of one test file, all of which are gone after `tearDown`. */
export class ComposeBench {
	readonly docker: Docker;
	readonly address: string;
	readonly prefix: string;
	readonly folder = mkdtempSync(join(tmpdir(), 'sitrep-compose-test-'));
	readonly #containers: Containers;
	#count = 0;

	constructor(address: string, name: string) {
		this.address = address;
		this.docker = new Docker({ socketPath: address.replace('unix://', '') });
		this.prefix = `co${name}${process.pid}`;
		this.#containers = new Containers(address);
	}

	/** @throws Error where compose is not there and was not installed */
	async setUp(): Promise<void> {
		if ((await composeMissing()).length > 0) {
			throw new Error('docker-compose is not on the PATH: install it (Debian: apt-get install docker-compose)');
		}
		const base = this.docker.getContainer(await this.#containers.create('true'));
		for (const [tag, config] of Object.entries(versions)) {
			await base.commit({ _query: { container: base.id, repo: this.prefix, tag: tag.toLowerCase() }, _body: config });
		}
	}

	image(version: ComposeVersion): string {
		return `${this.prefix}:${version.toLowerCase()}`;
	}

	/** Where sitrep keeps its own files. */
	get overrideFolder(): string {
		return join(this.folder, 'state');
	}

	/** A project of its own. @param lines of the service `web`, without its name */
	project(service: Readonly<Record<string, unknown>>, more: Readonly<Record<string, unknown>> = {}): ComposeProject {
		const name = `${this.prefix}p${this.#count++}`;
		const folder = join(this.folder, name);
		mkdirSync(folder);
		const project = new ComposeProject(this, name, folder);
		project.write(service, more);
		return project;
	}

	async tearDown(): Promise<void> {
		await this.#containers.removeAll();
		const ours = <T extends { Labels?: unknown }>(all: readonly T[]) => all.filter(({ Labels }) => (Labels as Record<string, string> | null | undefined)?.['com.docker.compose.project']?.startsWith(this.prefix) === true);
		for (const { Id } of ours(await this.docker.listContainers({ all: true }))) {
			await this.docker.getContainer(Id).remove({ force: true, v: true });
		}
		for (const { Id } of ours(await this.docker.listNetworks())) {
			await removeNetwork(this.docker.getNetwork(Id));
		}
		for (const { Name } of ours((await this.docker.listVolumes()).Volumes)) {
			await this.docker.getVolume(Name).remove();
		}
		for (const image of await this.docker.listImages()) {
			for (const tag of (image.RepoTags ?? []).filter((name) => name.startsWith(`${this.prefix}:`) || name.startsWith(`sitrep-pin/${this.prefix}`))) {
				await this.docker.getImage(tag).remove({ force: true });
			}
		}
		rmSync(this.folder, { recursive: true, force: true });
	}
}

/** One project of compose with the service `web`. */
export class ComposeProject {
	readonly name: string;
	readonly folder: string;
	readonly #bench: ComposeBench;

	constructor(bench: ComposeBench, name: string, folder: string) {
		this.#bench = bench;
		this.name = name;
		this.folder = folder;
	}

	get file(): string {
		return join(this.folder, 'docker-compose.yml');
	}

	get override(): string {
		return join(this.#bench.overrideFolder, this.name, 'web.sitrep.yaml');
	}

	/** JSON is YAML. */
	write(service: Readonly<Record<string, unknown>>, more: Readonly<Record<string, unknown>> = {}): void {
		writeFileSync(this.file, `${JSON.stringify({ version: '2.4', services: { web: { network_mode: 'none', ...service } }, ...more }, undefined, 1)}\n`);
	}

	/** As the team calls it, in the project's folder. */
	async compose(...argv: readonly string[]): Promise<string> {
		const { stdout, stderr } = await run('docker-compose', ['-p', this.name, ...argv], { cwd: this.folder, env: { PATH: process.env['PATH'], HOME: process.env['HOME'], DOCKER_HOST: this.#bench.address } });
		return stdout + stderr;
	}

	/** Its containers, also stopped ones, by name. */
	async containers(): Promise<readonly Docker.ContainerInspectInfo[]> {
		const all = await this.#bench.docker.listContainers({ all: true, filters: { label: [`com.docker.compose.project=${this.name}`] } });
		const found = await Promise.all(all.map(async ({ Id }) => this.#bench.docker.getContainer(Id).inspect()));
		return found.sort((a, b) => a.Name.localeCompare(b.Name));
	}

	async remove(): Promise<void> {
		for (const { Id } of await this.containers()) {
			await this.#bench.docker.getContainer(Id).remove({ force: true, v: true });
		}
	}
}
