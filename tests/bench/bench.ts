import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Docker from 'dockerode';
import { startPrivateEngine, type PrivateEngine } from '../../src/drill/privateEngine.ts';
import { ensureBusybox } from '../support/programs.ts';
import { busyboxImage } from '../support/images.ts';
import { makeTestHome, type TestHome } from '../support/terminalHome.ts';
import { openTerminal, type OpenTerminal, type TestTerminal } from '../support/terminal.ts';
import { cpuOf, engineProcesses } from './processes.ts';

const label = 'sitrep.bench';
/** Containers made at once: more only makes the engine slower on few cores. */
const atOnce = 4;
const startMs = 30_000;

/** What every figure needs: an engine with containers, consoles in terminals, the docker command line. */
export class Bench {
	readonly docker: Docker;
	readonly host: string;
	readonly command: string;
	readonly #home: TestHome;
	readonly #engine: PrivateEngine | undefined;
	readonly #folder: string;

	private constructor(host: string, home: TestHome, folder: string, engine: PrivateEngine | undefined) {
		this.host = host;
		this.docker = new Docker({ socketPath: host.replace('unix://', '') });
		this.command = process.env['SITREP_BENCH_COMMAND'] ?? fileURLToPath(new URL('../../bin/sitrep', import.meta.url));
		this.#home = home;
		this.#folder = folder;
		this.#engine = engine;
	}

	/**
	 * On the engine of SITREP_BENCH_ENGINE, else on a private one that goes with the run. SITREP_BENCH_KEEP names a
	 * folder whose private engine stays with its containers, so that the next run need not make them.
	 */
	static async open(): Promise<Bench> {
		const folder = process.env['SITREP_BENCH_KEEP'] ?? (await mkdtemp(join(tmpdir(), 'sitrep-bench-')));
		const given = process.env['SITREP_BENCH_ENGINE'];
		await ensureBusybox((line) => console.error(line));
		const engine = given === undefined ? await startPrivateEngine({ dir: join(folder, 'e') }) : undefined;
		return new Bench(engine?.host ?? given ?? '', await makeTestHome(), folder, engine);
	}

	async close(): Promise<void> {
		await this.#home.remove();
		if (process.env['SITREP_BENCH_KEEP'] !== undefined) return this.removeOwn();
		await this.removeWhere(label);
		await this.#engine?.destroy();
		await rm(this.#folder, { recursive: true, force: true });
	}

	/** Makes sure that so many idle containers run, and none else of ours. They are kept between the figures. */
	async idle(count: number): Promise<void> {
		const image = await busyboxImage(this.host);
		const kept = await this.docker.listContainers({ all: true, filters: { label: [`${label}=idle`] } });
		const extra = kept.filter((each, index) => each.State !== 'running' || index >= count);
		await inTurns(extra, async ({ Id }) => this.remove(Id));
		const names = Array.from({ length: count }, (_, index) => `idle-${String(index).padStart(3, '0')}`);
		const taken = new Set(kept.filter((each) => !extra.includes(each)).flatMap((each) => each.Names.map((name) => name.slice(1))));
		const missing = count - (kept.length - extra.length);
		await inTurns(Array.from({ length: Math.max(0, missing) }), async () => {
			const name = names.find((each) => !taken.has(each)) ?? '';
			taken.add(name);
			const container = await this.docker.createContainer({
				Image: image,
				name,
				Cmd: ['sleep', '1000000'],
				Labels: { [label]: 'idle' },
				HostConfig: { NetworkMode: 'none', RestartPolicy: { Name: 'no' } },
			});
			await container.start();
		});
	}

	/** Starts a container that runs a shell script. */
	async run(name: string, script: string, host: Docker.HostConfig = {}): Promise<Docker.Container> {
		const container = await this.docker.createContainer({
			Image: await busyboxImage(this.host),
			name,
			Cmd: ['sh', '-c', script],
			Labels: { [label]: 'own' },
			HostConfig: { NetworkMode: 'none', ...host },
		});
		await container.start();
		return container;
	}

	/** Removes a container, if it is still there. */
	async remove(id: string): Promise<void> {
		try {
			await this.docker.getContainer(id).remove({ force: true, v: true });
		} catch (error) {
			if (!(error instanceof Error && 'statusCode' in error && (error.statusCode === 404 || error.statusCode === 409))) throw error;
		}
	}

	/** Removes what figures made beside the idle containers. */
	async removeOwn(): Promise<void> {
		await this.removeWhere(`${label}=own`);
	}

	private async removeWhere(wanted: string): Promise<void> {
		const found = await this.docker.listContainers({ all: true, filters: { label: [wanted] } });
		await inTurns(found, async ({ Id }) => this.remove(Id));
	}

	/** The console in a terminal; the home folder, and with it the cache of compiled code, is the same for all. */
	async console(options: Partial<OpenTerminal> = {}): Promise<TestTerminal & AsyncDisposable> {
		return openTerminal({ command: this.command, home: this.#home, ...options, env: { DOCKER_HOST: this.host, ...options.env } });
	}

	/** The same, once it is live. */
	async live(options: Partial<OpenTerminal> = {}): Promise<TestTerminal & AsyncDisposable> {
		const terminal = await this.console(options);
		await terminal.waitFor(/^ sitrep .* live /m, { timeout: startMs });
		return terminal;
	}

	/** Runs the docker command line to its end, its output thrown away. @returns how long it took, ms */
	async timeDocker(...args: readonly string[]): Promise<number> {
		return this.timeCommand('docker', ...args);
	}

	/** Runs a program to its end. @returns how long it took, ms @throws Error where it fails */
	async timeCommand(command: string, ...args: readonly string[]): Promise<number> {
		const began = performance.now();
		await ended(spawn(command, args, { env: { ...this.#home.env, DOCKER_HOST: this.host }, stdio: ['ignore', 'ignore', 'inherit'] }));
		return performance.now() - began;
	}

	/** CPU time that the engine with its runtime and shims has used, seconds; `undefined` for an engine that is not ours. */
	async engineCpu(): Promise<number | undefined> {
		if (this.#engine === undefined) return undefined;
		return cpuOf(await engineProcesses(this.#engine.pid, this.#folder));
	}

	/** Other programs to compare with, from SITREP_BENCH_PEERS. */
	get peers(): readonly string[] {
		return (process.env['SITREP_BENCH_PEERS'] ?? '').split(/[:,\s]+/).filter((path) => path !== '');
	}
}

/** @throws Error where the program fails */
const ended = async (child: ChildProcess): Promise<void> =>
	new Promise((resolve, reject) => {
		child.once('error', reject);
		child.once('close', (code, signal) => (code === 0 ? resolve() : reject(new Error(`${child.spawnargs.join(' ')} ended with ${signal ?? code}`))));
	});

const inTurns = async <T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> => {
	const left = items.values();
	const worker = async (): Promise<void> => {
		for (const item of left) await work(item);
	};
	await Promise.all(Array.from({ length: atOnce }, worker));
};
