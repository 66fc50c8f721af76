import { EngineError, type CallOptions } from '../../../../domain/engine.ts';
import type { FoundSubject } from '../../../../domain/rollout.ts';
import { fields, isFields, stringMap, strings, text, type Fields } from '../../narrow.ts';
import type { SwarmCalls } from './calls.ts';
import { readService, type SwarmService } from './service.ts';
import { readTask } from './tasks.ts';

export const subjectPrefix = 'swarm:';

export const serviceIdOf = (subjectId: string): string => subjectId.slice(subjectPrefix.length);

/**
 * A service of the cluster by its name, whole or within its stack, or by the name of a container of one of its tasks.
 * @throws EngineError of kind `conflict` where the name is that of several, `unsupported` where this engine may not change it
 */
export async function findService(calls: SwarmCalls, name: string, options?: CallOptions): Promise<FoundSubject | undefined> {
	const { role, managers } = await calls.part(options);
	if (role === 'none') {
		return undefined;
	}
	const local = (await calls.engine.containers(options)).map(readLocal);
	const task = local.find((container) => container.name === name && container.serviceId !== undefined);
	if (role === 'worker') {
		const owned = task ?? local.find((container) => container.names.includes(name));
		if (owned !== undefined) {
			throw new EngineError('unsupported', `${name} is a service of a swarm, and this engine is a worker of it`, { advice: `Only a manager may change it: run the same against ${managers.length === 0 ? 'one' : managers.map((address) => address.replace(/:\d+$/, '')).join(' or ')}.` });
		}
		return undefined;
	}
	// A container that the cluster knows nothing of can be moved while the cluster cannot be asked.
	const alone = local.find((container) => container.name === name && container.serviceId === undefined);
	const services = await listServices(calls, alone !== undefined, options);
	const found = task === undefined ? await byName(calls, services, name, options) : services.filter(({ id }) => id === task.serviceId);
	const [first, second] = found;
	// The container has the very name; the service has it within its stack only, and can be named whole.
	if (first === undefined || (alone !== undefined && found.every((service) => service.name !== name))) {
		return undefined;
	}
	if (second !== undefined || alone !== undefined) {
		const all = [...found.map((service) => `the Swarm service ${service.name}`), ...(alone === undefined ? [] : [`the container ${name}`])];
		throw new EngineError('conflict', `${name} is ${all.join(' and ')}`, { advice: found.length > 1 ? 'Name one of them whole, with its stack.' : `Name the service ${subjectPrefix}${first.id}, or rename the container.` });
	}
	return { id: `${subjectPrefix}${first.id}`, name: first.name, kind: 'Swarm service', containers: await containersOf(calls, first, options) };
}

interface Local {
	readonly name: string;
	/** Its service's, in every form. */
	readonly names: readonly string[];
	readonly serviceId: string | undefined;
}

function readLocal(container: Fields): Local {
	const labels = stringMap(container['Labels']);
	const service = labels['com.docker.swarm.service.name'];
	const stack = labels['com.docker.stack.namespace'];
	const short = service !== undefined && stack !== undefined && service.startsWith(`${stack}_`) ? service.slice(stack.length + 1) : undefined;
	return {
		name: strings(container['Names']).map((each) => each.replace(/^\//, '')).find((each) => !each.includes('/')) ?? '',
		names: [...(service === undefined ? [] : [service]), ...(short === undefined ? [] : [short, `${stack}/${short}`])],
		serviceId: labels['com.docker.swarm.service.id'],
	};
}

async function listServices(calls: SwarmCalls, mayFail: boolean, options?: CallOptions): Promise<readonly SwarmService[]> {
	try {
		return (await calls.services(options)).flatMap((reply) => readService(reply) ?? []);
	} catch (error) {
		if (mayFail && error instanceof EngineError && error.kind === 'engine') {
			return [];
		}
		throw error;
	}
}

async function byName(calls: SwarmCalls, services: readonly SwarmService[], name: string, options?: CallOptions): Promise<readonly SwarmService[]> {
	const whole = services.filter((service) => service.name === name || `${subjectPrefix}${service.id}` === name || (service.group !== undefined && `${service.group}/${service.shortName}` === name));
	if (whole.length > 0) {
		return whole;
	}
	const short = services.filter(({ shortName }) => shortName === name);
	if (short.length > 0) {
		return short;
	}
	// The container may be on another node: its name ends in the task's id.
	const taskId = /\.([a-z0-9]{25})$/.exec(name)?.[1];
	const task = taskId === undefined ? undefined : await calls.task(taskId, options);
	return task === undefined ? [] : services.filter((service) => service.id === text(task['ServiceID']) && name.startsWith(`${service.name}.`));
}

async function containersOf(calls: SwarmCalls, service: SwarmService, options?: CallOptions): Promise<readonly string[]> {
	const tasks = (await calls.tasks(service.id, options)).filter((reply) => isFields(reply) && fields(reply)['DesiredState'] === 'running').map(readTask);
	return tasks.filter(({ containerId }) => containerId !== undefined).map(({ place, id }) => `${service.name}.${place}.${id}`).sort();
}
