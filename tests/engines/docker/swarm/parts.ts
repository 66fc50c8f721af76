import type { Fields } from '../../../../src/engines/docker/narrow.ts';
import type { SwarmFacts } from '../../../../src/engines/docker/rollout/swarm/facts.ts';
import { readService, type SwarmService } from '../../../../src/engines/docker/rollout/swarm/service.ts';
import { readTask, type SwarmTask } from '../../../../src/engines/docker/rollout/swarm/tasks.ts';

export interface SpecOptions {
	readonly image?: string;
	readonly force?: number;
	readonly replicas?: number;
	readonly container?: Fields;
	readonly more?: Fields;
}

export function spec({ image = 'api:1', force = 0, replicas = 2, container = {}, more = {} }: SpecOptions = {}): Fields {
	return {
		Name: 'api',
		Labels: {},
		TaskTemplate: { ContainerSpec: { Image: image, ...container }, ForceUpdate: force, Networks: [{ Target: 'net' }] },
		Mode: { Replicated: { Replicas: replicas } },
		UpdateConfig: { Parallelism: 1, Monitor: 1e9, FailureAction: 'rollback', Order: 'start-first' },
		RollbackConfig: { Parallelism: 1, Monitor: 1e9, FailureAction: 'pause', Order: 'start-first' },
		EndpointSpec: { Mode: 'vip' },
		...more,
	};
}

export interface ServiceParts {
	readonly spec?: Fields;
	readonly previous?: Fields | undefined;
	readonly state?: string;
	readonly startedAt?: string;
	readonly message?: string;
	readonly version?: number;
}

/** The reply of `/services/{id}`. */
export function serviceReply(parts: ServiceParts = {}): Fields {
	return {
		ID: 'service1',
		Version: { Index: parts.version ?? 7 },
		Spec: parts.spec ?? spec(),
		...(parts.previous === undefined ? {} : { PreviousSpec: parts.previous }),
		...(parts.state === undefined ? {} : { UpdateStatus: { State: parts.state, StartedAt: parts.startedAt ?? '2026-11-21T10:00:00Z', Message: parts.message ?? '' } }),
	};
}

export function service(parts: ServiceParts = {}): SwarmService {
	const read = readService(serviceReply(parts));
	if (read === undefined) {
		throw new Error('it reads as no service');
	}
	return read;
}

export interface TaskOptions {
	readonly slot?: number;
	readonly image?: string;
	readonly force?: number;
	readonly desired?: string;
	readonly state?: string;
	readonly error?: string;
	readonly node?: string;
}

let count = 0;

/** One of the reply of `/tasks`. */
export function taskReply({ slot = 1, image = 'api:1', force = 0, desired = 'running', state = 'running', error, node }: TaskOptions = {}): Fields {
	return {
		ID: `task${count++}`,
		...(node === undefined ? { Slot: slot } : { NodeID: node }),
		Spec: { ContainerSpec: { Image: image }, ForceUpdate: force },
		DesiredState: desired,
		Status: { State: state, Timestamp: '2026-11-21T10:00:01Z', ...(error === undefined ? {} : { Err: error }) },
	};
}

export const task = (options: TaskOptions = {}): SwarmTask => readTask(taskReply(options));

/** Two tasks of `api:1` on one node, and `api:2` beside it. */
export function facts(parts: Partial<SwarmFacts> = {}): SwarmFacts {
	return {
		service: service(),
		tasks: [task({ slot: 1 }), task({ slot: 2 })],
		source: { image: 'api:1', imageId: 'sha256:old', reference: 'api:1', found: { Config: { Env: ['V=1'] } }, moved: false },
		target: { reference: 'api:2', imageId: 'sha256:new', found: { Config: { Env: ['V=2'] } }, isPrevious: false, known: 'here' },
		nodes: { ready: 1, down: [] },
		gone: [],
		...parts,
	};
}
