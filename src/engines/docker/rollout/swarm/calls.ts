import { EngineError, type CallOptions } from '../../../../domain/engine.ts';
import type { Request } from '../../connection.ts';
import { fields, isFields, list, strings, text, type Fields } from '../../narrow.ts';
import type { RolloutCalls } from '../calls.ts';

/** The managers agree among themselves before they answer. */
const changeTimeoutMs = 60_000;
/** A registry that does not answer must not hold up a plan for long. */
const registryTimeoutMs = 10_000;

/** What the engine says of its part in a cluster. */
export interface SwarmPart {
	/** `none`: it is in no cluster. */
	readonly role: 'manager' | 'worker' | 'none';
	/** Addresses of the managers it knows. */
	readonly managers: readonly string[];
}

/** The service API's calls that a move needs, as JSON. All reject with EngineError. */
export class SwarmCalls {
	readonly engine: RolloutCalls;

	constructor(engine: RolloutCalls) {
		this.engine = engine;
	}

	async part(options?: CallOptions): Promise<SwarmPart> {
		const swarm = fields(fields(await this.#get('/info', {}, 'read the engine\'s facts', options))['Swarm']);
		const inside = ['active', 'locked'].includes(text(swarm['LocalNodeState']) ?? '');
		const managers = list(swarm['RemoteManagers']).flatMap((manager) => text(fields(manager)['Addr']) ?? []);
		return { role: !inside ? 'none' : swarm['ControlAvailable'] === true ? 'manager' : 'worker', managers };
	}

	async services(options?: CallOptions): Promise<readonly Fields[]> {
		return list(await this.#get('/services', {}, 'list services', options)).filter(isFields);
	}

	async service(id: string, options?: CallOptions): Promise<Fields | undefined> {
		return this.#optional(`/services/${encodeURIComponent(id)}`, `inspect service ${id.slice(0, 40)}`, options);
	}

	async task(id: string, options?: CallOptions): Promise<Fields | undefined> {
		return this.#optional(`/tasks/${encodeURIComponent(id)}`, `inspect task ${id.slice(0, 40)}`, options);
	}

	/** Also those that are over, as far as the cluster keeps them. */
	async tasks(serviceId: string, options?: CallOptions): Promise<readonly Fields[]> {
		return list(await this.#get('/tasks', { filters: JSON.stringify({ service: [serviceId] }) }, `list tasks of ${serviceId.slice(0, 12)}`, options)).filter(isFields);
	}

	async nodes(options?: CallOptions): Promise<readonly Fields[]> {
		return list(await this.#get('/nodes', {}, 'list nodes', options)).filter(isFields);
	}

	/** Whether a secret or a config is there. */
	async has(kind: 'secrets' | 'configs', id: string, options?: CallOptions): Promise<boolean> {
		return (await this.#optional(`/${kind}/${encodeURIComponent(id)}`, `inspect ${kind.slice(0, -1)} ${id.slice(0, 12)}`, options)) !== undefined;
	}

	/** `sha256:…` of an image as its registry knows it; `undefined` where no registry tells. */
	async registryDigest(image: string, options?: CallOptions): Promise<string | undefined> {
		try {
			const path = `/distribution/${image.split('/').map(encodeURIComponent).join('/')}/json`;
			return text(fields(fields(await this.#get(path, {}, `ask the registry for ${image}`, { timeoutMs: registryTimeoutMs, ...options }))['Descriptor'])['digest']);
		} catch (error) {
			// No registry, no access and no such image all come to the same: nothing is known.
			if (error instanceof EngineError && error.kind !== 'unreachable') {
				return undefined;
			}
			throw error;
		}
	}

	/**
	 * @param version of the service that the spec was read at: another one is refused, see `isOutOfSequence`
	 * @param back has the cluster put back the spec it remembers; `spec` is then only looked at
	 * @returns what the engine warned of
	 */
	async update(service: { readonly id: string; readonly name: string; readonly version: number }, spec: Fields, back: boolean, options?: CallOptions): Promise<readonly string[]> {
		const request: Request = {
			method: 'POST',
			path: `/services/${encodeURIComponent(service.id)}/update`,
			query: { version: service.version, ...(back ? { rollback: 'previous' } : {}) },
			body: spec,
			what: `${back ? 'roll back' : 'update'} ${service.name}`,
		};
		return strings(fields(await this.engine.connection.call(request, { timeoutMs: changeTimeoutMs, ...options }))['Warnings']);
	}

	async #get(path: string, query: NonNullable<Request['query']>, what: string, options: CallOptions = {}): Promise<unknown> {
		return this.engine.connection.call({ method: 'GET', path, query, what }, options);
	}

	async #optional(path: string, what: string, options?: CallOptions): Promise<Fields | undefined> {
		try {
			const body = await this.#get(path, {}, what, options);
			return isFields(body) ? body : undefined;
		} catch (error) {
			if (error instanceof EngineError && error.kind === 'not-found') {
				return undefined;
			}
			throw error;
		}
	}
}

/** The service was changed since it was read, if only by the cluster itself: its new version has to be read first. */
export const isOutOfSequence = (error: unknown): boolean => error instanceof EngineError && /update out of sequence/i.test(error.message);

/** No manager answers for now: one that was restarted takes calls before its cluster is there. */
export const isAway = (error: unknown): boolean =>
	error instanceof EngineError && (error.kind === 'unreachable' || error.kind === 'unresponsive' || /swarm does not have a leader|not a swarm manager|context deadline exceeded|connection error/i.test(error.message));
