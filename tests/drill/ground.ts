import { mkdtemp, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type Docker from 'dockerode';
import { inspectContainer } from '../../src/drill/engineCalls.ts';
import { engineClient } from '../../src/drill/engineClient.ts';
import { breakRange } from '../../src/drill/rangeBreak.ts';
import { down } from '../../src/drill/rangeDown.ts';
import { containerName, volumeName, type Part } from '../../src/drill/rangeNames.ts';
import { up } from '../../src/drill/rangeUp.ts';
import { until } from '../../src/drill/until.ts';
import { patienceMs } from '../support/patience.ts';
import { field } from './field.ts';

/** How the service stands, as a caller and the engine see it. */
export interface Standing {
	readonly well: boolean;
	/** What is not well, or what was seen; one line. */
	readonly words: string;
}

interface Answer {
	readonly status: number;
	readonly body: unknown;
	readonly durationMs: number;
}

/** Longer than the service may take where it is slow on purpose. */
const answerMs = 3000;

/** A range made anew for one exercise, with the folder of its data in reach. */
export class Ground {
	readonly host: string;
	readonly name: string;
	readonly docker: Docker;
	readonly url: string;
	/** Folder of the service's data on this machine. */
	readonly folder: string;
	/** A folder on another disk, for what a procedure writes. */
	readonly aside: string;
	/** Id of a row that was written last before anything happened. */
	readonly #row: number;

	private constructor(host: string, name: string, docker: Docker, url: string, folder: string, aside: string, row: number) {
		this.host = host;
		this.name = name;
		this.docker = docker;
		this.url = url;
		this.folder = folder;
		this.aside = aside;
		this.#row = row;
	}

	/** Makes a fresh range, and waits until it is well. */
	static async open(host: string, name: string, signal?: AbortSignal): Promise<Ground> {
		const docker = engineClient(host);
		await down(docker, name, true);
		const { url } = await up(docker, name, () => {}, signal);
		const { Mountpoint: folder } = await docker.getVolume(volumeName(name)).inspect();
		await until(async () => (await fetch(`${url}/ready`, { signal: AbortSignal.timeout(answerMs) })).ok, { timeoutMs: patienceMs, what: 'the service to be ready', signal });
		const row = await writeRow(url);
		return new Ground(host, name, docker, url, folder, await mkdtemp(join(tmpdir(), 'sitrep-aside-')), row);
	}

	async close(): Promise<void> {
		await rm(this.aside, { recursive: true, force: true });
		await down(this.docker, this.name, true);
	}

	get port(): string {
		return new URL(this.url).port;
	}

	/** Container of the service; the console lists the service by the same name. */
	get api(): string {
		return this.container('api');
	}

	get database(): string {
		return join(this.folder, 'app.db');
	}

	container(part: Part): string {
		return containerName(this.name, part);
	}

	async break(fault: string): Promise<void> {
		await breakRange(this.docker, this.name, fault);
	}

	async inspect(part: Part = 'api'): Promise<Docker.ContainerInspectInfo | undefined> {
		return inspectContainer(this.docker, this.container(part));
	}

	/** @throws Error where nothing answers in time */
	async get(path: string): Promise<Answer> {
		const began = performance.now();
		const response = await fetch(`${this.url}${path}`, { signal: AbortSignal.timeout(answerMs) });
		const text = await response.text();
		return { status: response.status, body: parsed(text), durationMs: performance.now() - began };
	}

	/** Whether it runs, answers that it is healthy and ready, and serves items. */
	async standing(): Promise<Standing> {
		const state = (await this.inspect())?.State;
		if (state === undefined) return { well: false, words: 'the container is gone' };
		if (!state.Running || state.Paused) return { well: false, words: `${state.Status}, exit code ${state.ExitCode}` };
		try {
			const health = await this.get('/health');
			if (health.status !== 200 || field(health.body, 'status') !== 'healthy') return { well: false, words: `/health answers ${health.status}` };
			const ready = await this.get('/ready');
			if (ready.status !== 200 || field(ready.body, 'database') !== 'connected') return { well: false, words: `/ready answers ${ready.status}: ${String(field(ready.body, 'database'))}` };
			const items = await this.get('/api/items');
			if (items.status !== 200 || !Array.isArray(items.body) || items.body.length === 0) return { well: false, words: `/api/items answers ${items.status}` };
			return { well: true, words: 'healthy, ready, serves items' };
		} catch (error) {
			return { well: false, words: `no answer: ${error instanceof Error ? error.message : String(error)}` };
		}
	}

	/** Waits until the engine's own check agrees. */
	async engineAgrees(): Promise<void> {
		await until(async () => (await this.inspect())?.State.Health?.Status === 'healthy', { timeoutMs: patienceMs, everyMs: 200, what: `${this.api} to be healthy for the engine` });
	}

	/** Whether the row that was written last is still there; `undefined` where nobody can tell. */
	async keepsLastRow(): Promise<boolean | undefined> {
		try {
			return (await this.get(`/api/items/${this.#row}`)).status === 200;
		} catch {
			return undefined;
		}
	}

	/** Works on the database from this machine. */
	sqlite<T>(work: (database: Database.Database) => T, file = this.database): T {
		const database = new Database(file, { timeout: 5000 });
		try {
			return work(database);
		} finally {
			database.close();
		}
	}

	/** How full the disk of the data is, percent, as df counts it. */
	async diskPercent(): Promise<number> {
		const { blocks, bfree, bavail } = await statfs(this.folder);
		const used = blocks - bfree;
		return (100 * used) / (used + bavail);
	}

	/** CPU in percent of a core, and memory in percent of its limit, over the last second or two. */
	async usage(): Promise<{ readonly cpuPercent: number; readonly memoryPercent: number }> {
		const { cpu_stats: cpu, precpu_stats: before, memory_stats: memory } = await this.docker.getContainer(this.api).stats({ stream: false });
		const total = cpu.cpu_usage.total_usage - before.cpu_usage.total_usage;
		const system = cpu.system_cpu_usage - before.system_cpu_usage;
		const stats: Readonly<Record<string, number | undefined>> = { ...memory.stats };
		const cached = stats['total_inactive_file'] ?? stats['inactive_file'] ?? 0;
		return { cpuPercent: system > 0 ? (total / system) * cpu.online_cpus * 100 : 0, memoryPercent: (100 * (memory.usage - cached)) / memory.limit };
	}

	/** What the service has written to its log in the last seconds. */
	async log(seconds: number): Promise<string> {
		return (await this.docker.getContainer(this.api).logs({ stdout: true, stderr: true, tail: 500, since: Date.now() / 1000 - seconds })).toString('utf8');
	}
}

const writeRow = async (url: string): Promise<number> => {
	const response = await fetch(`${url}/api/items`, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify({ name: 'written before the fault', price: 1 }),
		signal: AbortSignal.timeout(patienceMs),
	});
	const id = field(await response.json(), 'id');
	if (typeof id !== 'number') throw new Error(`the service did not take a row: ${response.status}`);
	return id;
};

const parsed = (text: string): unknown => {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
};
