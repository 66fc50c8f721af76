import type { ContainerDetail, ContainerSummary } from '../../src/domain/container.ts';
import {
	type CallOptions,
	type Engine,
	EngineError,
	type EngineEvent,
	type EngineInfo,
	type ExecResult,
} from '../../src/domain/engine.ts';
import type { FiguresFollower, FiguresSink } from '../../src/domain/figures.ts';
import type { LogEnd, LogRequest, LogSink } from '../../src/domain/log.ts';

/** A container as the tests want it; everything unsaid is unremarkable. */
export const container = (name: string, over: Partial<ContainerSummary> = {}): ContainerSummary => ({
	id: `id-${name}`,
	name,
	image: `${name}:1`,
	imageId: `sha256:${name}`,
	createdAt: 0,
	state: 'running',
	health: 'none',
	ports: [],
	mounts: [],
	networks: [],
	labels: {},
	manager: 'none',
	...over,
});

export const detail = (over: Partial<ContainerDetail> = {}): ContainerDetail => ({
	at: 0,
	command: ['app'],
	oomKilled: false,
	policyRestarts: 0,
	restartPolicy: 'no',
	autoRemove: false,
	tty: false,
	logDriver: 'json-file',
	healthLog: [],
	failingStreak: 0,
	addresses: {},
	...over,
});

/** An engine in memory. It can be made to go away, to hang, and to tell of events. */
export class FakeEngine implements Engine {
	readonly target = { name: 'fake', kind: 'docker', address: 'unix:///fake', origin: 'test' } as const;
	readonly containers = new Map<string, ContainerSummary>();
	readonly calls: string[] = [];
	down: EngineError | undefined;
	hanging = false;
	#sinks = new Set<{ tell: (event: EngineEvent) => void; fail: (error: Error) => void }>();
	figuresSink: FiguresSink | undefined;
	followed: { fast: readonly string[]; slow: readonly string[] } = { fast: [], slow: [] };

	add(...containers: readonly ContainerSummary[]): void {
		for (const each of containers) this.containers.set(each.id, each);
	}

	tell(event: Partial<EngineEvent> & Pick<EngineEvent, 'kind' | 'containerId' | 'at'>): void {
		const name = this.containers.get(event.containerId)?.name ?? event.containerId;
		for (const sink of this.#sinks) sink.tell({ action: event.kind, name, attributes: {}, ...event });
	}

	/** Every open event stream breaks, and the engine refuses calls until `back`. */
	goAway(): void {
		this.down = new EngineError('unreachable', 'connection refused', { advice: 'is it running?' });
		for (const sink of this.#sinks) sink.fail(this.down);
		this.#sinks.clear();
	}

	back(): void {
		this.down = undefined;
	}

	info(_options?: CallOptions): Promise<EngineInfo> {
		return this.#answer({
			target: this.target,
			product: 'Fake Engine',
			version: '1',
			apiVersion: '1.41',
			hostName: 'fake-host',
			cpus: 2,
			memoryBytes: 1024 ** 3,
			cgroup: 'v1',
			os: 'test',
			swarm: false,
			clockSkewMs: 0,
		});
	}

	ping(_options?: CallOptions): Promise<void> {
		if (this.hanging) return Promise.reject(new EngineError('unresponsive', 'engine unresponsive'));
		return this.#answer(undefined);
	}

	list(_options?: CallOptions): Promise<readonly ContainerSummary[]> {
		this.calls.push('list');
		return this.#answer([...this.containers.values()]);
	}

	inspect(id: string, _options?: CallOptions): Promise<(ContainerSummary & { detail: ContainerDetail }) | undefined> {
		this.calls.push(`inspect ${id}`);
		const found = this.containers.get(id);
		return this.#answer(found === undefined ? undefined : { ...found, detail: found.detail ?? detail() });
	}

	events(tell: (event: EngineEvent) => void, signal: AbortSignal): { ready: Promise<void>; ended: Promise<void> } {
		if (this.down !== undefined) return { ready: Promise.reject(this.down), ended: Promise.reject(this.down) };
		const ended = new Promise<void>((resolve, reject) => {
			const sink = { tell, fail: reject };
			this.#sinks.add(sink);
			signal.addEventListener('abort', () => {
				this.#sinks.delete(sink);
				resolve();
			});
		});
		return { ready: Promise.resolve(), ended };
	}

	past: readonly EngineEvent[] = [];

	pastEvents(fromMs: number, toMs: number): Promise<readonly EngineEvent[]> {
		return this.#answer(this.past.filter((event) => event.at >= fromMs && event.at <= toMs));
	}

	figures(sink: FiguresSink): FiguresFollower {
		this.figuresSink = sink;
		return {
			follow: (fast, slow) => {
				this.followed = { fast, slow };
			},
			describe: () => 'fake',
			close: () => {
				this.figuresSink = undefined;
			},
		};
	}

	logs(_id: string, request: LogRequest, _sink: LogSink): Promise<LogEnd> {
		if (!request.follow) return Promise.resolve({ kind: 'ended' });
		return new Promise((resolve) => {
			request.signal.addEventListener('abort', () => resolve({ kind: 'ended' }));
		});
	}

	start(id: string): Promise<void> {
		return this.#act(`start ${id}`);
	}
	stop(id: string, graceSeconds: number): Promise<void> {
		return this.#act(`stop ${id} ${graceSeconds}`);
	}
	restart(id: string, graceSeconds: number): Promise<void> {
		return this.#act(`restart ${id} ${graceSeconds}`);
	}
	pause(id: string): Promise<void> {
		return this.#act(`pause ${id}`);
	}
	unpause(id: string): Promise<void> {
		return this.#act(`unpause ${id}`);
	}
	kill(id: string, signalName: string): Promise<void> {
		return this.#act(`kill ${id} ${signalName}`);
	}

	exec(): Promise<ExecResult> {
		return Promise.reject(new EngineError('unsupported', 'no exec here'));
	}

	putFile(id: string, file: { readonly folder: string; readonly name: string }): Promise<void> {
		return this.#act(`put ${id} ${file.folder}/${file.name}`);
	}

	close(): Promise<void> {
		return Promise.resolve();
	}

	#act(call: string): Promise<void> {
		this.calls.push(call);
		return this.#answer(undefined);
	}

	#answer<T>(value: T): Promise<T> {
		return this.down === undefined ? Promise.resolve(value) : Promise.reject(this.down);
	}
}
