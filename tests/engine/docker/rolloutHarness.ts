import type Docker from 'dockerode';
import type { ContainerCreateOptions } from 'dockerode';
import { testLabel } from '../../support/images.ts';
import { freePort } from '../../support/freePort.ts';
import { removeNetwork } from '../../support/removeNetwork.ts';
import { Containers } from '../../support/engine.ts';
import type { KindPlaces } from './rolloutKinds.ts';

const stay = 'trap "exit 0" TERM INT; while :; do sleep 0.2; done';
const second = 1e9;

/** Two versions of one service whose every default differs, and some that both have; and two that are no good. */
const defaults = {
	old: {
		Env: ['OLD_ONLY=1', 'COMMON=old', 'SHARED=same'],
		Labels: { 'old.only': '1', common: 'old', shared: 'same' },
		Cmd: ['-c', stay],
		Entrypoint: ['/bin/sh'],
		ExposedPorts: { '8000/tcp': {}, '8001/udp': {} },
		Volumes: { '/old-data': {} },
		WorkingDir: '/data',
		StopSignal: 'SIGTERM',
		User: '0:0',
		Shell: ['/bin/sh', '-ec'],
		Healthcheck: { Test: ['CMD', 'true'], Interval: 0.3 * second, Timeout: 60 * second, Retries: 5 },
	},
	new: {
		Env: ['NEW_ONLY=1', 'COMMON=new', 'SHARED=same'],
		Labels: { 'new.only': '1', common: 'new', shared: 'same' },
		Cmd: ['-c', `: new; ${stay}`],
		Entrypoint: ['/bin/busybox', 'sh'],
		ExposedPorts: { '9000/tcp': {} },
		Volumes: { '/new-data': {} },
		WorkingDir: '/tmp',
		StopSignal: 'SIGINT',
		Healthcheck: { Test: ['CMD', '/bin/true'], Interval: 0.2 * second, Timeout: 50 * second, Retries: 4 },
	},
	/** Ends at once. */
	broken: { Cmd: ['-c', 'echo cannot start; sleep 0.3; exit 3'], Entrypoint: ['/bin/sh'] },
	/** Runs, and is never healthy. */
	sick: { Cmd: ['-c', stay], Entrypoint: ['/bin/sh'], Healthcheck: { Test: ['CMD-SHELL', 'echo no database; exit 1'], Interval: second / 10, Timeout: 60 * second, Retries: 1 } },
} as const;

export type Version = keyof typeof defaults;

/** Networks, images and containers of one test file. */
export class RolloutBench {
	readonly docker: Docker;
	readonly containers: Containers;
	readonly prefix: string;
	readonly #networks: Docker.Network[] = [];
	readonly #volumes = new Set<string>();
	#peer = '';
	#octet = 10;

	constructor(address: string, name: string) {
		this.containers = new Containers(address);
		this.docker = this.containers.docker;
		this.prefix = `ro-${name}-${process.pid}`;
	}

	image(version: Version): string {
		return `${this.prefix}:${version}`;
	}

	async setUp(): Promise<void> {
		const base = this.docker.getContainer(await this.containers.create('true'));
		for (const [tag, config] of Object.entries(defaults)) {
			await base.commit({ _query: { container: base.id, repo: this.prefix, tag }, _body: config });
		}
		for (const index of [0, 1]) {
			this.#networks.push(await this.#network(index));
		}
		this.#peer = `${this.prefix}-peer`;
		await this.containers.run('sleep 100000', { name: this.#peer, host: { NetworkMode: `${this.prefix}-net0`, IpcMode: 'shareable' }, create: { Volumes: { '/from-peer': {} } } });
	}

	async places(): Promise<KindPlaces> {
		const volume = `${this.prefix}-vol${this.#octet}`;
		this.#volumes.add(volume);
		return { network: `${this.prefix}-net0`, second: `${this.prefix}-net1`, address: this.#address(this.#octet++), peer: this.#peer, port: await freePort(), volume };
	}

	/** Makes one of a version. Returns its id. */
	async create(name: string, version: Version, options: Partial<ContainerCreateOptions> = {}): Promise<string> {
		const made = await this.docker.createContainer({ name, Image: this.image(version), ...options, HostConfig: { NetworkMode: 'none', ...options.HostConfig } });
		return made.id;
	}

	/** Everything of ours, whatever became of it. */
	async tearDown(): Promise<void> {
		for (const { Id, Names } of await this.docker.listContainers({ all: true })) {
			if (Names.some((name) => name.startsWith(`/${this.prefix}`))) {
				await this.docker.getContainer(Id).remove({ force: true, v: true });
			}
		}
		await this.containers.removeAll();
		await Promise.all(this.#networks.map(async (network) => removeNetwork(network)));
		for (const volume of this.#volumes) {
			await this.docker.getVolume(volume).remove().catch(() => undefined);
		}
		for (const image of await this.docker.listImages()) {
			for (const tag of (image.RepoTags ?? []).filter((name) => name.startsWith(`${this.prefix}:`) || name.startsWith(`sitrep-pin/${this.prefix}`))) {
				await this.docker.getImage(tag).remove({ force: true });
			}
		}
	}

	/** The first addresses go to whoever asks for none. */
	#address(last: number): string {
		return `${this.#subnet(0)}.${100 + last}`;
	}

	#subnet(index: number): string {
		return `10.${220 + (process.pid % 20)}.${((process.pid >> 4) * 2 + index) % 250}`;
	}

	async #network(index: number): Promise<Docker.Network> {
		const Name = `${this.prefix}-net${index}`;
		return this.docker.createNetwork({ Name, Driver: 'bridge', Labels: { [testLabel]: '1' }, IPAM: { Config: [{ Subnet: `${this.#subnet(index)}.0/24` }] } });
	}
}
