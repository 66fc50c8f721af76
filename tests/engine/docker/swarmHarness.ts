import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { startPrivateEngine, type PrivateEngine } from '../../../src/drill/privateEngine.ts';
import { freePort } from '../../support/freePort.ts';
import { eventually, openEngine } from '../../support/engine.ts';
import { patienceMs } from '../../support/patience.ts';
import { RolloutBench, type Version } from './rolloutHarness.ts';

type Json = Record<string, unknown>;

/** A service as the cluster describes it, the parts that tests look at. */
export interface Found {
	readonly ID: string;
	readonly Version: { readonly Index: number };
	readonly Spec: Json & { readonly TaskTemplate: Json & { readonly ContainerSpec: Json & { readonly Image: string } } };
	readonly PreviousSpec?: Json;
	readonly UpdateStatus?: { readonly State: string };
}

export interface ServiceOptions {
	readonly replicas?: number;
	readonly order?: 'start-first' | 'stop-first';
	readonly failure?: 'rollback' | 'pause' | 'continue';
	readonly stack?: string;
	readonly image?: string;
	readonly env?: readonly string[];
	/** How long Swarm watches a new task, ms. */
	readonly monitorMs?: number;
}

const isRunning = (task: Json): boolean => task['DesiredState'] === 'running' && (task['Status'] as { readonly State: string }).State === 'running';
const imageOf = (task: Json): string => (task['Spec'] as { readonly ContainerSpec: { readonly Image: string } }).ContainerSpec.Image;

/** A cluster of one node on an engine of its own. */
export class SwarmBench {
	readonly own: PrivateEngine;
	readonly engine: Awaited<ReturnType<typeof openEngine>>;
	readonly images: RolloutBench;
	readonly #folder: string;

	static async start(): Promise<SwarmBench> {
		const folder = mkdtempSync(join(tmpdir(), 'sitrep-swarm-'));
		const own = await startPrivateEngine({ dir: join(folder, 'e'), readyTimeoutMs: patienceMs });
		const images = new RolloutBench(own.host, 'swarm');
		await images.setUp();
		// Made by Swarm itself it would get a name on the machine that another engine's Swarm may have already.
		const bridge = `strp-gw${process.pid}`.slice(0, 15);
		await images.docker.createNetwork({ Name: 'docker_gwbridge', Driver: 'bridge', Options: { 'com.docker.network.bridge.name': bridge, 'com.docker.network.bridge.enable_icc': 'false' } });
		const address = `127.0.0.1:${await freePort()}`;
		await images.docker.swarmInit({ ListenAddr: address, AdvertiseAddr: address, ForceNewCluster: false });
		return new SwarmBench(folder, own, images, await openEngine(own.host));
	}

	private constructor(folder: string, own: PrivateEngine, images: RolloutBench, engine: Awaited<ReturnType<typeof openEngine>>) {
		this.#folder = folder;
		this.own = own;
		this.images = images;
		this.engine = engine;
	}

	get docker(): Docker {
		return this.images.docker;
	}

	/** Makes a service and waits until all of it runs. Returns its id. */
	async create(name: string, options: ServiceOptions = {}): Promise<string> {
		const { replicas = 1, order = 'stop-first', failure = 'pause', stack, image = this.images.image('old'), env = [], monitorMs = 400 } = options;
		const settings = { Parallelism: 1, Monitor: monitorMs * 1e6, MaxFailureRatio: 0, Order: order };
		const made = await this.docker.createService({
			Name: stack === undefined ? name : `${stack}_${name}`,
			Labels: stack === undefined ? {} : { 'com.docker.stack.namespace': stack },
			TaskTemplate: {
				// What the image says of volumes takes the engine time, and is not what is tried here.
				ContainerSpec: { Image: image, Env: [...env], StopGracePeriod: 2e9, ...(stack === undefined ? {} : { Labels: { 'com.docker.stack.namespace': stack } }) },
				RestartPolicy: { Condition: 'any', Delay: 100e6 },
				Networks: [{ Target: 'host' }],
			},
			Mode: { Replicated: { Replicas: replicas } },
			UpdateConfig: { ...settings, FailureAction: failure },
			RollbackConfig: { ...settings, FailureAction: 'pause' },
		} as Docker.CreateServiceOptions);
		const { id } = made as unknown as { readonly id: string };
		await eventually(`${name} runs`, async () => (await this.running(id)) === replicas);
		return id;
	}

	async inspect(id: string): Promise<Found> {
		return (await this.docker.getService(id).inspect()) as Found;
	}

	/** Changes it as a person would with `docker service update`, and waits for the cluster to be done. */
	async update(id: string, change: (spec: Found['Spec']) => Json): Promise<void> {
		const { Spec, Version } = await this.inspect(id);
		await this.docker.getService(id).update({ version: Version.Index, ...change(structuredClone(Spec)) });
		await eventually('the update is completed', async () => {
			const found = await this.inspect(id);
			const image = found.Spec.TaskTemplate.ContainerSpec.Image;
			const running = (await this.tasks(id)).filter(isRunning);
			return ['completed', undefined].includes(found.UpdateStatus?.State) && running.length > 0 && running.every((task) => imageOf(task) === image);
		});
	}

	withImage(spec: Found['Spec'], version: Version): Found['Spec'] {
		return { ...spec, TaskTemplate: { ...spec.TaskTemplate, ContainerSpec: { ...spec.TaskTemplate.ContainerSpec, Image: this.images.image(version) } } };
	}

	async tasks(id: string): Promise<readonly Json[]> {
		return (await this.docker.listTasks({ filters: JSON.stringify({ service: [id] }) })) as Json[];
	}

	/** Tasks that run and are meant to. @param version counts those of one only */
	async running(id: string, version?: Version): Promise<number> {
		return (await this.tasks(id)).filter((task) => isRunning(task) && (version === undefined || imageOf(task) === this.images.image(version))).length;
	}

	/** Ends all services. */
	async clear(): Promise<void> {
		for (const found of await this.docker.listServices()) {
			await this.docker.getService((found as { readonly ID: string }).ID).remove();
		}
		await eventually('all tasks are gone', async () => (await this.docker.listContainers()).every(({ Labels }) => Labels['com.docker.swarm.service.id'] === undefined));
	}

	async end(): Promise<void> {
		await this.engine.close();
		await this.own.destroy();
		rmSync(this.#folder, { recursive: true, force: true });
	}
}
