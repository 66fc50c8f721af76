import type { HealthStatus } from '../../domain/container.ts';
import type { CallOptions } from '../../domain/engine.ts';
import type { Connection } from './connection.ts';
import { fields, list, text } from './narrow.ts';

/**
 * Results of the health checks by container id, from Podman's own list: its Docker-compatible one does not tell them, so that a container that
 * fails its check would stand there as one without a check.
 * @throws EngineError
 */
export async function podmanHealth(connection: Connection, options: CallOptions): Promise<ReadonlyMap<string, HealthStatus>> {
	return parsePodmanHealth(await connection.call({ method: 'GET', path: '/libpod/containers/json', query: { all: true }, what: 'list health checks' }, options));
}

/** Containers without a check have an empty word, and are left out. */
export function parsePodmanHealth(body: unknown): ReadonlyMap<string, HealthStatus> {
	const health = new Map<string, HealthStatus>();
	for (const item of list(body)) {
		const entry = fields(item);
		const id = text(entry['Id']);
		const said = text(entry['Status']);
		if (id !== undefined && (said === 'healthy' || said === 'unhealthy' || said === 'starting')) {
			health.set(id, said);
		}
	}
	return health;
}
