import { EngineError, type CallOptions } from '../../../domain/engine.ts';
import type { Connection, Request } from '../connection.ts';
import { fields, isFields, list, strings, text, type Fields } from '../narrow.ts';

/** Creating and changing wait for disk and networks. */
const changeTimeoutMs = 60_000;
/** Looking takes 0.3 ms; an engine that is just coming up may take a call and never answer it. */
const lookTimeoutMs = 5000;
/** The kill, and taking network and files down, after the grace. */
const afterGraceMs = 20_000;

/** The engine's calls that a move needs, as JSON. All reject with EngineError. */
export class RolloutCalls {
	readonly connection: Connection;

	constructor(connection: Connection) {
		this.connection = connection;
	}

	async container(id: string, options?: CallOptions): Promise<Fields | undefined> {
		return this.#optional(`/containers/${encodeURIComponent(id)}/json`, `inspect ${id.slice(0, 40)}`, { timeoutMs: lookTimeoutMs, ...options });
	}

	/** The engine also takes the beginning of an id for a name; only the very name counts here. */
	async named(name: string, options?: CallOptions): Promise<Fields | undefined> {
		const found = await this.container(name, options);
		return found !== undefined && nameOf(found) === name ? found : undefined;
	}

	async image(reference: string, options?: CallOptions): Promise<Fields | undefined> {
		return this.#optional(`/images/${encodeURIComponent(reference)}/json`, `inspect image ${reference}`, options);
	}

	async network(id: string, options?: CallOptions): Promise<Fields | undefined> {
		return this.#optional(`/networks/${encodeURIComponent(id)}`, `inspect network ${id.slice(0, 12)}`, options);
	}

	async containers(options?: CallOptions): Promise<readonly Fields[]> {
		return list(await this.#get('/containers/json', { all: 1 }, 'list containers', options)).filter(isFields);
	}

	async images(options?: CallOptions): Promise<readonly Fields[]> {
		return list(await this.#get('/images/json', { digests: 1 }, 'list images', options)).filter(isFields);
	}

	/** Files changed in a container's own layer: `{Path, Kind}`. */
	async changedFiles(id: string, options?: CallOptions): Promise<readonly Fields[]> {
		return list(await this.#get(`/containers/${id}/changes`, {}, `list changed files of ${id.slice(0, 12)}`, options)).filter(isFields);
	}

	/** @returns its id, and what the engine warned of */
	async create(name: string, body: Fields, options?: CallOptions): Promise<{ readonly id: string; readonly warnings: readonly string[] }> {
		const reply = fields(await this.#change({ method: 'POST', path: '/containers/create', query: { name }, body, what: `create ${name}` }, options));
		const id = text(reply['Id']);
		if (id === undefined) {
			throw new EngineError('engine', `create ${name}: the engine named no container`);
		}
		return { id, warnings: strings(reply['Warnings']) };
	}

	async rename(id: string, name: string, options?: CallOptions): Promise<void> {
		await this.#change({ method: 'POST', path: `/containers/${id}/rename`, query: { name }, what: `rename ${id.slice(0, 12)} to ${name}` }, options);
	}

	async setRestartPolicy(id: string, policy: Fields, options?: CallOptions): Promise<void> {
		await this.#change({ method: 'POST', path: `/containers/${id}/update`, body: { RestartPolicy: policy }, what: `set the restart policy of ${id.slice(0, 12)}` }, options);
	}

	async start(id: string, options?: CallOptions): Promise<void> {
		await this.#change({ method: 'POST', path: `/containers/${id}/start`, what: `start ${id.slice(0, 12)}` }, options);
	}

	/** With the container's own signal and grace. @param graceSeconds of it, for the deadline */
	async stop(id: string, graceSeconds: number, options?: CallOptions): Promise<void> {
		await this.#change(
			{ method: 'POST', path: `/containers/${id}/stop`, what: `stop ${id.slice(0, 12)}` },
			{ timeoutMs: Math.max(0, graceSeconds) * 1000 + afterGraceMs, ...options },
		);
	}

	/** @param volumes also those without a name of their own that nobody else uses */
	async remove(id: string, volumes: boolean, options?: CallOptions): Promise<void> {
		await this.#gone({ method: 'DELETE', path: `/containers/${id}`, query: { v: volumes ? 1 : 0, force: 1 }, what: `remove ${id.slice(0, 12)}` }, options);
	}

	async connect(network: string, container: string, endpoint: Fields, options?: CallOptions): Promise<void> {
		await this.#change(
			{ method: 'POST', path: `/networks/${network}/connect`, body: { Container: container, EndpointConfig: endpoint }, what: `connect ${container.slice(0, 12)} to network ${network.slice(0, 12)}` },
			options,
		);
	}

	async disconnect(network: string, container: string, options?: CallOptions): Promise<void> {
		await this.#change(
			{ method: 'POST', path: `/networks/${network}/disconnect`, body: { Container: container }, what: `disconnect ${container.slice(0, 12)} from network ${network.slice(0, 12)}` },
			options,
		);
	}

	async tag(imageId: string, repository: string, tag: string, options?: CallOptions): Promise<void> {
		await this.#change({ method: 'POST', path: `/images/${encodeURIComponent(imageId)}/tag`, query: { repo: repository, tag }, what: `tag ${imageId.slice(0, 19)} as ${repository}:${tag}` }, options);
	}

	/** Takes a name off an image. The image goes with its last name, unless a container uses it. */
	async untag(reference: string, options?: CallOptions): Promise<void> {
		await this.#gone({ method: 'DELETE', path: `/images/${encodeURIComponent(reference)}`, what: `untag ${reference}` }, options);
	}

	async #get(path: string, query: NonNullable<Request['query']>, what: string, options: CallOptions = {}): Promise<unknown> {
		return this.connection.call({ method: 'GET', path, query, what }, options);
	}

	async #change(request: Request, options: CallOptions = {}): Promise<unknown> {
		return this.connection.call(request, { timeoutMs: changeTimeoutMs, ...options });
	}

	/** What is gone already needs no removing. */
	async #gone(request: Request, options?: CallOptions): Promise<void> {
		try {
			await this.#change(request, options);
		} catch (error) {
			if (!(error instanceof EngineError) || error.kind !== 'not-found') {
				throw error;
			}
		}
	}

	async #optional(path: string, what: string, options: CallOptions = {}): Promise<Fields | undefined> {
		try {
			const body = await this.connection.call({ method: 'GET', path, what }, options);
			return isFields(body) ? body : undefined;
		} catch (error) {
			if (error instanceof EngineError && error.kind === 'not-found') {
				return undefined;
			}
			throw error;
		}
	}
}

/** A container's own name, without its slash. */
export const nameOf = (container: Fields): string => (text(container['Name']) ?? '').replace(/^\//, '');
