import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import Docker from 'dockerode';
import { thisMachine } from '../../src/drill/engineInstall.ts';
import { busyboxImage, testLabel } from './images.ts';
import { eventually } from './engine.ts';

const run = promisify(execFile);

/** What has to be installed for tests on a real Podman (Debian's names). runc takes every layout of control groups, crun not a mixed one. */
export const podmanMissing = async (): Promise<readonly string[]> => [...((await thisMachine.has('podman')) ? [] : ['podman']), ...((await thisMachine.has('runc')) ? [] : ['runc'])];

/** Limits that any machine may set, also one that is a container itself. */
const settings = '[containers]\ndefault_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]\n';

/** A Podman of one test file's own: storage, containers and the service on its compatible socket are gone after `close`. */
export class TestPodman {
	readonly address: string;
	readonly docker: Docker;
	readonly #dir: string;
	readonly #service: ChildProcess;
	#image = '';

	private constructor(dir: string) {
		this.#dir = dir;
		this.address = `unix://${join(dir, 'p.sock')}`;
		this.docker = new Docker({ socketPath: join(dir, 'p.sock') });
		writeFileSync(join(dir, 'containers.conf'), settings);
		this.#service = spawn('podman', [...this.#options(), 'system', 'service', '--time=0', this.address], { env: this.#env(), stdio: ['ignore', 'ignore', 'pipe'] });
		this.#service.stderr?.pipe(createWriteStream(join(dir, 'log')));
	}

	/** @throws Error where Podman is not there and was not installed */
	static async start(): Promise<TestPodman> {
		const missing = await podmanMissing();
		if (missing.length > 0) {
			throw new Error(`${missing.join(' and ')} must be installed (Debian: apt-get install ${missing.join(' ')})`);
		}
		const podman = new TestPodman(mkdtempSync(join(tmpdir(), 'sitrep-podman-')));
		try {
			await eventually('podman answers', async () => podman.docker.ping().then(() => true, () => false));
			// Podman gives an imported image its own tag: it is known by its id.
			await busyboxImage(podman.address).catch(() => undefined);
			podman.#image = (await podman.docker.listImages())[0]?.Id ?? '';
			return podman;
		} catch (error) {
			await podman.close();
			throw error;
		}
	}

	/** Creates and starts a container that runs a shell script. @returns its id */
	async run(name: string, script: string, more: Partial<Docker.ContainerCreateOptions> = {}): Promise<string> {
		const container = await this.docker.createContainer({ Image: this.#image, name, Cmd: ['sh', '-c', script], Labels: { [testLabel]: '1' }, ...more, HostConfig: { NetworkMode: 'none', ...more.HostConfig } });
		await container.start();
		return container.id;
	}

	/** Runs the container's health check once: Podman leaves that to systemd's timers, which not every machine has. */
	async checkHealth(name: string): Promise<void> {
		// It fails where the check does.
		await run('podman', [...this.#options(), 'healthcheck', 'run', name], { env: this.#env() }).catch(() => undefined);
	}

	async close(): Promise<void> {
		await run('podman', [...this.#options(), 'rm', '--all', '--force', '--time', '0'], { env: this.#env() }).catch(() => undefined);
		if (this.#service.exitCode === null && this.#service.signalCode === null) {
			const ended = new Promise((resolve) => {
				this.#service.once('exit', resolve);
			});
			this.#service.kill('SIGTERM');
			await ended;
		}
		rmSync(this.#dir, { recursive: true, force: true });
	}

	#options(): readonly string[] {
		const folders = ['--root', join(this.#dir, 'root'), '--runroot', join(this.#dir, 'run'), '--tmpdir', join(this.#dir, 'tmp')];
		return [...folders, '--storage-driver', 'vfs', '--cgroup-manager', 'cgroupfs', '--events-backend', 'file', '--runtime', 'runc'];
	}

	#env(): NodeJS.ProcessEnv {
		return { PATH: process.env['PATH'], HOME: this.#dir, CONTAINERS_CONF: join(this.#dir, 'containers.conf') };
	}
}
