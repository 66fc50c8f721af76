import type Docker from 'dockerode';
import { systemClock } from '../../src/domain/systemClock.ts';
import type { Engine } from '../../src/domain/engine.ts';
import type { RolloutEngine } from '../../src/domain/rollout.ts';
import { openDocker, resolveTarget, systemProbes } from '../../src/engines/docker/index.ts';
import { until } from '../../src/drill/until.ts';
import { freePort } from '../support/freePort.ts';
import { busyboxImage } from '../support/images.ts';
import type { Bench } from './bench.ts';

const label = 'sitrep.bench';
const second = 1e9;
const waitMs = 60_000;

const repository = 'sitrep-bench-swap';
/** Names of all services here begin like this. */
export const serviceNames = 'bench-swap-';
/** A container that is small and starts at once: what a move takes is then the move's own. */
const serve = 'mkdir -p /tmp/www; echo ok > /tmp/www/index.html; trap "exit 0" TERM; busybox httpd -f -p 8080 -h /tmp/www & wait $!';

export interface SwapServiceOptions {
	/** Begins with `serviceNames`. */
	readonly name: string;
	/** With a published port, which two cannot hold at once. */
	readonly published?: boolean;
}

/** Small services in two versions, and what they need. Everything goes with it. */
export class SwapServices implements AsyncDisposable {
	readonly images: readonly [string, string] = [`${repository}:1`, `${repository}:2`];
	readonly engine: Engine & { readonly rollout: RolloutEngine };
	readonly docker: Docker;
	/** Id of a network of their own. */
	readonly network: string;

	private constructor(bench: Bench, engine: Engine & { readonly rollout: RolloutEngine }, network: string) {
		this.docker = bench.docker;
		this.engine = engine;
		this.network = network;
	}

	static async open(bench: Bench): Promise<SwapServices> {
		const { docker } = bench;
		const base = await docker.createContainer({ Image: await busyboxImage(bench.host), Cmd: ['true'], Labels: { [label]: 'own' }, HostConfig: { NetworkMode: 'none' } });
		for (const version of ['1', '2']) {
			const config = {
				Cmd: ['sh', '-c', serve],
				Env: [`VERSION=${version}`],
				Labels: { 'org.opencontainers.image.version': version },
				ExposedPorts: { '8080/tcp': {} },
				Healthcheck: { Test: ['CMD', 'busybox', 'wget', '-q', '-O', '/dev/null', 'http://127.0.0.1:8080/'], Interval: 0.2 * second, Timeout: 10 * second, Retries: 20 },
			};
			await base.commit({ _query: { container: base.id, repo: repository, tag: version }, _body: config });
		}
		await base.remove({ force: true });
		const resolution = await resolveTarget({ host: bench.host, env: {}, homeDir: '/nonexistent', uid: process.getuid?.() ?? 0, ...systemProbes });
		if (resolution.kind === 'failed') throw new Error(resolution.message);
		const network = await docker.createNetwork({ Name: `${repository}-${process.pid}`, Driver: 'bridge' });
		return new SwapServices(bench, openDocker(resolution.target, { clock: systemClock }), network.id);
	}

	/** Makes one of the first version, and waits until it is healthy. @returns where it answers, where it publishes a port */
	async make({ name, published = false }: SwapServiceOptions): Promise<{ readonly id: string; readonly url: string }> {
		const port = await freePort();
		const made = await this.docker.createContainer({
			Image: this.images[0],
			name,
			Labels: { [label]: 'own' },
			HostConfig: {
				NetworkMode: this.network,
				RestartPolicy: { Name: 'unless-stopped' },
				...(published ? { PortBindings: { '8080/tcp': [{ HostIp: '127.0.0.1', HostPort: String(port) }] } } : {}),
			},
		});
		await made.start();
		await this.healthy(name);
		return { id: made.id, url: `http://127.0.0.1:${port}/` };
	}

	/** Waits until its own health check is content, looking every few ms. @returns when, `performance.now()` */
	async healthy(name: string): Promise<number> {
		await until(async () => (await this.docker.getContainer(name).inspect()).State.Health?.Status === 'healthy', { timeoutMs: waitMs, everyMs: 5, what: `${name} to be healthy` });
		return performance.now();
	}

	/** Index of the version that has the service's name and runs; -1 where none does. */
	async versionOf(name: string): Promise<number> {
		const [found, ...images] = await Promise.all([this.docker.getContainer(name).inspect(), ...this.images.map((image) => this.docker.getImage(image).inspect())]);
		return found.State.Running ? images.findIndex(({ Id }) => Id === found.Image) : -1;
	}

	/** Names of all containers that begin with a name. */
	async namesLike(name: string): Promise<readonly string[]> {
		const all = await this.docker.listContainers({ all: true });
		return all.flatMap(({ Names }) => Names.map((each) => each.slice(1))).filter((each) => each.startsWith(name));
	}

	/** Moves a service with the engine's own calls, without a console. @returns what came of it */
	async swap(name: string, to: string): Promise<Awaited<ReturnType<RolloutEngine['swap']>>> {
		const { rollout } = this.engine;
		const outcome = await rollout.swap(await rollout.plan(await rollout.subject(name), to, { proveWithinMs: waitMs }));
		if (outcome.end !== 'swapped') throw new Error(`${name} was not moved to ${to}: ${outcome.words}`);
		await rollout.retire(outcome.state);
		return outcome;
	}

	/** Stops and starts a container with the engine's bare calls, one right after the other. @returns how long the two took, ms */
	async stopAndStart(name: string): Promise<number> {
		const container = this.docker.getContainer(name);
		const began = performance.now();
		await container.stop();
		await container.start();
		return performance.now() - began;
	}

	async [Symbol.asyncDispose](): Promise<void> {
		await this.engine.close();
		const mine = await this.docker.listContainers({ all: true, filters: { network: [this.network] } });
		await Promise.all(mine.map(async ({ Id }) => this.docker.getContainer(Id).remove({ force: true, v: true })));
		for (const { Id } of await this.docker.listContainers({ all: true, filters: { ancestor: [...this.images] } })) await this.docker.getContainer(Id).remove({ force: true, v: true });
		await this.docker.getNetwork(this.network).remove();
		for (const { RepoTags } of await this.docker.listImages()) {
			for (const tag of (RepoTags ?? []).filter((each) => each.startsWith(`${repository}:`) || each.startsWith(`sitrep-pin/${serviceNames}`))) await this.docker.getImage(tag).remove({ force: true });
		}
	}
}
