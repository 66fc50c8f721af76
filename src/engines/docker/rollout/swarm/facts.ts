import { EngineError, type CallOptions } from '../../../../domain/engine.ts';
import type { RolloutSubject } from '../../../../domain/rollout.ts';
import { fields, list, text, type Fields } from '../../narrow.ts';
import type { SwarmCalls } from './calls.ts';
import { serviceIdOf } from './find.ts';
import { containerOf, readService, type SwarmService } from './service.ts';
import { findSource, findTarget, type Source, type Target } from './target.ts';
import { readTask, type SwarmTask } from './tasks.ts';

/** Everything a plan is worked out from. */
export interface SwarmFacts {
	readonly service: SwarmService;
	readonly tasks: readonly SwarmTask[];
	readonly source: Source;
	readonly target: Target;
	/** Nodes that take tasks, and those that should and do not. */
	readonly nodes: { readonly ready: number; readonly down: readonly string[] };
	/** Secrets and configs of the spec to go back to that are gone. */
	readonly gone: readonly string[];
}

/** @throws EngineError */
export async function gatherSwarmFacts(calls: SwarmCalls, subject: RolloutSubject, toImage: string, options: CallOptions): Promise<SwarmFacts> {
	const service = await neededService(calls, serviceIdOf(subject.id), subject.name, options);
	const [tasks, nodes] = await Promise.all([readTasks(calls, service.id, options), calls.nodes(options)]);
	const ready = nodes.filter((node) => fields(node['Status'])['State'] === 'ready' && fields(node['Spec'])['Availability'] === 'active').length;
	const down = nodes.filter((node) => fields(node['Status'])['State'] !== 'ready').map((node) => text(fields(node['Description'])['Hostname']) ?? 'a node');
	const source = await findSource(calls, service, tasks, options);
	const target = await findTarget(calls, service, toImage, ready > 1, options);
	const gone = target.isPrevious && service.previous !== undefined ? await goneParts(calls, service.previous, options) : [];
	return { service, tasks, source, target, nodes: { ready, down }, gone };
}

/** @throws EngineError of kind `not-found` */
export async function neededService(calls: SwarmCalls, id: string, name: string, options?: CallOptions): Promise<SwarmService> {
	const service = readService((await calls.service(id, options)) ?? {});
	if (service === undefined) {
		throw new EngineError('not-found', `there is no Swarm service ${name}`, { advice: 'Look at what is there with `docker service ls`.' });
	}
	return service;
}

export const readTasks = async (calls: SwarmCalls, serviceId: string, options?: CallOptions): Promise<readonly SwarmTask[]> => (await calls.tasks(serviceId, options)).map(readTask);

/** A spec that was replaced does not keep its secrets and configs from being removed. */
async function goneParts(calls: SwarmCalls, spec: Fields, options: CallOptions): Promise<readonly string[]> {
	const gone: string[] = [];
	for (const [kind, part] of [['secrets', 'Secret'], ['configs', 'Config']] as const) {
		for (const each of list(containerOf(spec)[`${part}s`]).map(fields)) {
			const id = text(each[`${part}ID`]);
			if (id !== undefined && !(await calls.has(kind, id, options))) {
				gone.push(`${part.toLowerCase()} ${text(each[`${part}Name`]) ?? id}`);
			}
		}
	}
	return gone;
}
