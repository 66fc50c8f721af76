import type { ContainerDetail, ContainerSummary } from '../../domain/container.ts';
import { EngineError, type CallOptions, type Engine, type EngineEvent, type EngineInfo, type EngineTarget, type ExecRequest, type ExecResult, type FileUpload } from '../../domain/engine.ts';
import type { FiguresFollower, FiguresSink } from '../../domain/figures.ts';
import type { LogEnd, LogRequest, LogSink } from '../../domain/log.ts';
import type { RolloutEngine } from '../../domain/rollout.ts';
import { killContainer, pauseContainer, restartContainer, startContainer, stopContainer, unpauseContainer } from './actions.ts';
import { createKernelFiles } from './cgroup/files.ts';
import { CgroupReader } from './cgroup/reader.ts';
import { Connection } from './connection.ts';
import { Endings } from './endings.ts';
import { runExec } from './exec/exec.ts';
import { createEngineSource } from './figures/engineSource.ts';
import { createFollower } from './figures/follower.ts';
import { followEvents, readPastEvents } from './followEvents.ts';
import { parseInfo } from './info.ts';
import { parseImage, parseInspect, type ImageFacts } from './inspect.ts';
import { parseList } from './list.ts';
import { readLogs } from './logs.ts';
import { podmanHealth } from './podmanHealth.ts';
import { PodmanStops } from './podmanStops.ts';
import { putFile } from './putFile.ts';
import { kernelRoots, type DockerPorts } from './ports.ts';
import { LazyRollouts } from './rollout/lazyRollouts.ts';
import type { DockerTarget } from './target.ts';

/** Facts kept of so many images and quotas of so many containers; the oldest go first. */
const maxKept = 2000;
/** A hung engine must be noticed soon, and a busy one not be called hung. */
const pingTimeoutMs = 3000;

/** An engine that speaks Docker's API. */
export class DockerEngine implements Engine {
	readonly #connection: Connection;
	readonly #images = new Map<string, ImageFacts>();
	readonly #quotas = new Map<string, number | undefined>();
	readonly #stops: PodmanStops;
	#target: EngineTarget;
	#info: EngineInfo | undefined;
	#endings: Endings | undefined;
	#rollout: RolloutEngine | undefined;

	constructor(target: DockerTarget, ports: DockerPorts) {
		this.#connection = new Connection(target, ports);
		this.#stops = new PodmanStops(ports.clock);
		const { transport: _, ...shown } = target;
		this.#target = shown;
	}

	get target(): EngineTarget {
		return this.#target;
	}

	async info(options: CallOptions = {}): Promise<EngineInfo> {
		// Another engine may answer here since the last time, after an upgrade.
		this.#connection.forget();
		const agreed = await this.#connection.negotiated(options);
		const { clock } = this.#connection.ports;
		const began = clock.now();
		const { body, response } = await this.#connection.callAt(agreed.version, { method: 'GET', path: '/info', what: 'read the engine\'s facts' }, options);
		const midpoint = began + (clock.now() - began) / 2;
		this.#info = parseInfo(body, this.#connection.target, agreed, midpoint, response.headers.date);
		this.#target = this.#info.target;
		return this.#info;
	}

	async ping(options: CallOptions = {}): Promise<void> {
		await this.#connection.callAt(undefined, { method: 'GET', path: '/_ping', what: 'ping' }, { timeoutMs: pingTimeoutMs, ...options });
	}

	async list(options: CallOptions = {}): Promise<readonly ContainerSummary[]> {
		const { kind } = await this.#connection.negotiated(options);
		const [body, health] = await Promise.all([
			this.#connection.call({ method: 'GET', path: '/containers/json', query: { all: 1 }, what: 'list containers' }, options),
			kind === 'podman' ? podmanHealth(this.#connection, options) : undefined,
		]);
		return parseList(body, this.#engineNow(), health);
	}

	async inspect(id: string, options: CallOptions = {}): Promise<(ContainerSummary & { detail: ContainerDetail }) | undefined> {
		const body = await this.#optional(`/containers/${encodeURIComponent(id)}/json`, `inspect ${id.slice(0, 12)}`, options);
		const plain = parseInspect(body, {}, this.#connection.ports.clock.now());
		if (plain === undefined) {
			return undefined;
		}
		keep(this.#quotas, plain.id, plain.detail.cpuLimit);
		const image = await this.#image(plain.imageId, options);
		return parseInspect(body, image, plain.detail.at);
	}

	events(sink: (event: EngineEvent) => void, signal: AbortSignal): { ready: Promise<void>; ended: Promise<void> } {
		this.#endings = new Endings(this.#connection.ports.clock);
		return followEvents(this.#connection, this.#endings, this.#stops, sink, signal);
	}

	async pastEvents(fromMs: number, toMs: number, options: CallOptions = {}): Promise<readonly EngineEvent[]> {
		const deadline = AbortSignal.timeout(options.timeoutMs ?? 3000);
		const events = await readPastEvents(this.#connection, fromMs, toMs, options.signal === undefined ? deadline : AbortSignal.any([deadline, options.signal]));
		this.#endings?.past(events);
		return events;
	}

	figures(sink: FiguresSink): FiguresFollower {
		const { clock, roots = kernelRoots } = this.#connection.ports;
		const connection = this.#connection;
		return createFollower(
			{
				clock,
				// A unix socket may still lead elsewhere; the control groups decide that container by container.
				...(connection.target.transport.kind === 'unix' ? { local: new CgroupReader(createKernelFiles(), roots, clock) } : {}),
				engine: (publish) =>
					createEngineSource({ connection, quotaOf: (id) => this.#quotas.get(id), hostMemoryBytes: () => this.#info?.memoryBytes ?? 0 }, publish),
				pidOf: async (id) => (await this.inspect(id))?.detail.pid,
			},
			sink,
		);
	}

	async logs(id: string, request: LogRequest, sink: LogSink): Promise<LogEnd> {
		return readLogs(this.#connection, id, request, sink);
	}

	async start(id: string, options?: CallOptions): Promise<void> {
		await startContainer(this.#connection, id, options);
	}

	async stop(id: string, graceSeconds: number, options?: CallOptions): Promise<void> {
		this.#stops.ask(id, graceSeconds);
		await stopContainer(this.#connection, id, graceSeconds, options);
	}

	async restart(id: string, graceSeconds: number, options?: CallOptions): Promise<void> {
		this.#stops.ask(id, graceSeconds);
		await restartContainer(this.#connection, id, graceSeconds, options);
	}

	async pause(id: string, options?: CallOptions): Promise<void> {
		await pauseContainer(this.#connection, id, options);
	}

	async unpause(id: string, options?: CallOptions): Promise<void> {
		await unpauseContainer(this.#connection, id, options);
	}

	async kill(id: string, signalName: string, options?: CallOptions): Promise<void> {
		await killContainer(this.#connection, id, signalName, options);
	}

	async exec(id: string, request: ExecRequest): Promise<ExecResult> {
		return runExec(this.#connection, id, request);
	}

	async putFile(id: string, file: FileUpload, options?: CallOptions): Promise<void> {
		await putFile(this.#connection, id, file, options);
	}

	/** Moves containers between images. */
	get rollout(): RolloutEngine {
		return (this.#rollout ??= new LazyRollouts(this.#connection));
	}

	async close(): Promise<void> {
		await this.#connection.close();
	}

	/** Now, by the engine's clock as far as it is known. */
	#engineNow(): number {
		return this.#connection.ports.clock.now() + (this.#info?.clockSkewMs ?? 0);
	}

	/** Images do not change, so each is asked for once. An image that was removed under its container has no facts. */
	async #image(imageId: string, options: CallOptions): Promise<ImageFacts> {
		const known = this.#images.get(imageId);
		if (known !== undefined || imageId === '') {
			return known ?? {};
		}
		const body = await this.#optional(`/images/${encodeURIComponent(imageId)}/json`, `inspect image ${imageId.slice(0, 19)}`, options);
		const facts = parseImage(body);
		keep(this.#images, imageId, facts);
		return facts;
	}

	async #optional(path: string, what: string, options: CallOptions): Promise<unknown> {
		try {
			return await this.#connection.call({ method: 'GET', path, what }, options);
		} catch (error) {
			if (error instanceof EngineError && error.kind === 'not-found') {
				return undefined;
			}
			throw error;
		}
	}
}

function keep<T>(map: Map<string, T>, key: string, value: T): void {
	map.delete(key);
	map.set(key, value);
	const oldest = map.size > maxKept ? map.keys().next() : undefined;
	if (oldest !== undefined && oldest.done !== true) {
		map.delete(oldest.value);
	}
}
