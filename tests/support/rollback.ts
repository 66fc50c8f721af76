import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type Docker from 'dockerode';
import type { Actor, VersionEvent } from '../../src/domain/journal.ts';
import { openJournal } from '../../src/record/journal.ts';
import { actorOf } from '../../src/record/session.ts';
import { Containers } from './engine.ts';
import type { RunHome } from './runHome.ts';
import { keys, type TestTerminal } from './terminal.ts';

const second = 1e9;
/** Ends at once, or as long after it is asked to as SLOW_STOP says, s: time in which somebody can come in between. */
const stay = 'trap "sleep ${SLOW_STOP:-0}; exit 0" TERM; while :; do sleep 0.1; done';
const healthy = { Test: ['CMD', 'true'], Interval: 0.2 * second, Timeout: 60 * second, Retries: 5 };

const versions = {
	'1.0': { Env: ['VERSION=1.0', 'ONLY_IN_1=yes'], Cmd: ['sh', '-c', 'trap "exit 0" TERM; while :; do sleep 0.1; done'], Healthcheck: healthy },
	'2.0': { Env: ['VERSION=2.0'], Cmd: ['sh', '-c', stay], Healthcheck: healthy },
	/** Ends by itself. */
	crash: { Env: ['VERSION=crash'], Cmd: ['sh', '-c', 'echo no database; sleep 0.2; exit 3'] },
} as const;

export type Version = keyof typeof versions;

/** What a container is, as far as a rollback must keep it or change it. */
export interface Seen {
	readonly id: string;
	readonly image: string;
	readonly running: boolean;
	readonly startedAt: string;
	readonly env: readonly string[];
	/** `volume:/place`. */
	readonly mounts: readonly string[];
	readonly restartPolicy: string;
	readonly memory: number;
}

/** Services of one test file with the versions they can run, all of which are gone after `tearDown`. */
export class RollbackBench {
	readonly docker: Docker;
	readonly prefix: string;
	readonly address: string;
	readonly #containers: Containers;
	readonly #volumes: string[] = [];
	#count = 0;

	/** @param name of the test file; short, as the names of its services begin with it */
	constructor(address: string, name: string) {
		this.address = address;
		this.#containers = new Containers(address);
		this.docker = this.#containers.docker;
		this.prefix = `${name}${process.pid}`;
	}

	async setUp(): Promise<void> {
		const base = this.docker.getContainer(await this.#containers.create('true'));
		for (const [tag, config] of Object.entries(versions)) await base.commit({ _query: { container: base.id, repo: this.prefix, tag }, _body: config });
	}

	image(version: Version): string {
		return `${this.prefix}:${version}`;
	}

	/** A service that runs 2.0, with much that was set by hand. Returns its name. */
	async service(slowStop = 0): Promise<string> {
		const name = `${this.prefix}-${this.#count++}`;
		this.#volumes.push(`${name}-data`);
		await this.#containers.run('', {
			name,
			image: this.image('2.0'),
			argv: [...versions['2.0'].Cmd],
			create: { Env: ['BY_HAND=kept', `SLOW_STOP=${slowStop}`] },
			host: { Binds: [`${name}-data:/data`], RestartPolicy: { Name: 'unless-stopped' }, Memory: 64 * 1024 * 1024 },
		});
		return name;
	}

	/** @throws Error where there is no such container */
	async see(name: string): Promise<Seen> {
		const { Id, Config, State, Mounts, HostConfig } = await this.docker.getContainer(name).inspect();
		return {
			id: Id,
			image: Config.Image,
			running: State.Running,
			startedAt: State.StartedAt,
			env: Config.Env.toSorted(),
			mounts: Mounts.map((mount) => `${mount.Name ?? ''}:${mount.Destination}`),
			restartPolicy: HostConfig.RestartPolicy?.Name ?? '',
			memory: HostConfig.Memory ?? 0,
		};
	}

	/** Every container and image that has to do with a service: what a look must not change. */
	async everything(name: string): Promise<readonly string[]> {
		const containers = (await this.docker.listContainers({ all: true })).filter(({ Names }) => Names.some((each) => each.startsWith(`/${name}`)));
		const images = (await this.docker.listImages()).flatMap(({ Id, RepoTags }) => (RepoTags ?? []).map((tag) => `${tag} ${Id}`)).filter((each) => each.startsWith(`${this.prefix}:`) || each.startsWith(`sitrep-pin/${name}`));
		const seen = await Promise.all(containers.map(async ({ Id }) => JSON.stringify(await this.see(Id))));
		return [...seen, ...images].toSorted();
	}

	/** Brings an act to its end that a move was lost in: the engine may have been asked for it, or not yet. */
	async stopped(name: string): Promise<void> {
		await this.docker.getContainer(name).stop().catch(() => undefined);
		if ((await this.see(name)).running) throw new Error(`${name} does not stop`);
	}

	/** Containers that a move has kept or left of a service. */
	async kept(name: string): Promise<readonly string[]> {
		return (await this.docker.listContainers({ all: true })).flatMap(({ Names }) => Names).filter((each) => each.startsWith(`/${name}-`));
	}

	/** Writes into the record that 1.0 was good: it ran before, and was healthy for its watch window. */
	async proved(home: RunHome, service: string): Promise<void> {
		await mkdir(home.state, { recursive: true, mode: 0o700 });
		const journal = await openJournal(home.journal);
		const actor: Actor = actorOf();
		const { Id } = await this.docker.getImage(this.image('1.0')).inspect();
		const about = { service, engine: this.address, image: this.image('1.0'), imageId: Id, since: Date.now() - 86_400_000, healthyMs: 80_000_000, words: 'healthy for 22 h' };
		const event = (kind: VersionEvent['kind']): { readonly actor: Actor; readonly event: VersionEvent } => ({ actor, event: { kind, ...about } });
		try {
			await journal.append([event('version_seen'), event('version_proved'), event('version_left')]);
		} finally {
			await journal.close();
		}
	}

	/** Everything of ours, whatever became of it. */
	async tearDown(): Promise<void> {
		for (const { Id, Names } of await this.docker.listContainers({ all: true })) {
			if (Names.some((name) => name.startsWith(`/${this.prefix}-`))) await this.docker.getContainer(Id).remove({ force: true, v: true });
		}
		await this.#containers.removeAll();
		for (const volume of this.#volumes) await this.docker.getVolume(volume).remove().catch(() => undefined);
		for (const { RepoTags } of await this.docker.listImages()) {
			for (const tag of (RepoTags ?? []).filter((name) => name.startsWith(`${this.prefix}:`) || name.startsWith(`sitrep-pin/${this.prefix}-`))) {
				await this.docker.getImage(tag).remove({ force: true });
			}
		}
	}
}

/** Presses `r` and waits for what it offers; the playbooks may still be being read. */
export const askToRollBack = async (terminal: TestTerminal, service: string): Promise<void> => {
	terminal.type('r');
	await terminal.waitFor(`─ Roll back ${service} ─`, { what: 'what r offers' });
};

/** Starts the walkthrough and decides for a rollback. Ends where a version is to be chosen. */
export const decideToRollBack = async (terminal: TestTerminal, service: string): Promise<void> => {
	await askToRollBack(terminal, service);
	terminal.type(keys.enter);
	await terminal.waitFor('Enter: decide');
	terminal.type(keys.enter);
	await terminal.waitFor('This speaks for none of the choices');
	// The first choice, whichever one is selected.
	terminal.type(`kk${keys.enter}`);
	await terminal.waitFor('Enter: choose', { what: 'the choice of a version' });
};

/** The same, with the version that is suggested. Ends where the move is to be confirmed. */
export const planRollBack = async (terminal: TestTerminal, service: string): Promise<void> => {
	await decideToRollBack(terminal, service);
	terminal.type(keys.enter);
	await terminal.waitFor('The one suggested is selected.');
	terminal.type(keys.enter);
	await terminal.waitFor('run it? CHANGE');
};

/** Confirms the change that a run waits with. @param button what the button says */
export const confirmMove = async (terminal: TestTerminal, button: string): Promise<void> => {
	await terminal.waitFor(/(run it|take it back)\? CHANGE/);
	terminal.type(keys.enter);
	await terminal.waitFor('> Cancel <');
	terminal.type(keys.tab);
	await terminal.waitFor(`> ${button} <`);
	terminal.type(keys.enter);
};

interface Pids {
	readonly supervisor: number;
	readonly tool: number;
}

/** Processes of the newest execution of a step, as its supervisor wrote them down. */
export const pidsOf = async (home: RunHome, step: string): Promise<Pids> => {
	const started = (await home.events('step_started')).findLast(({ data }) => data['step'] === step);
	const file = join(home.state, 'runs', started?.runId ?? '', String(started?.data['execution']), 'identity.json');
	const read: unknown = JSON.parse(await readFile(file, 'utf8'));
	if (!isIdentity(read)) throw new Error(`${file} names no processes: ${JSON.stringify(read)}`);
	return { supervisor: read.supervisor.pid, tool: read.child.pid };
};

const hasPid = (value: unknown): value is { readonly pid: number } => typeof value === 'object' && value !== null && 'pid' in value && typeof value.pid === 'number';

const isIdentity = (value: unknown): value is { readonly supervisor: { readonly pid: number }; readonly child: { readonly pid: number } } =>
	typeof value === 'object' && value !== null && 'supervisor' in value && hasPid(value.supervisor) && 'child' in value && hasPid(value.child);
