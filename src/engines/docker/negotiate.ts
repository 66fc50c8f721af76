import type { IncomingMessage } from 'node:http';
import { EngineError } from '../../domain/engine.ts';
import type { Connection } from './connection.ts';
import { fields, text } from './narrow.ts';

/** What an engine says of itself before anything else is asked. */
export interface Negotiated {
	/** API version in use, such as `1.41`. */
	readonly version: string;
	readonly kind: 'docker' | 'podman';
	/** Product and version from the Server header, such as `Docker/28.2.2`; empty where it sends none. */
	readonly server: string;
}

/** The newest API whose replies were seen; a newer engine is asked to speak it. */
const newestKnown = '1.52';
/** The oldest an engine may speak: Docker 1.12 (2016), the first whose events and list carry what is needed. */
const oldestKnown = '1.24';

/**
 * Agrees on an API version: the engine's own where we know it, else the newest we know if the engine still
 * speaks that, else the oldest it speaks. An engine that names none predates the header.
 * @throws EngineError of kind `version` where there is none in common
 */
export async function negotiate(connection: Connection): Promise<Negotiated> {
	const { response } = await connection.callAt(undefined, { method: 'GET', path: '/_ping', what: 'ping' }, { timeoutMs: 5000 });
	const own = header(response, 'api-version') ?? oldestKnown;
	const server = header(response, 'server') ?? '';
	const kind = server.startsWith('Libpod/') || header(response, 'libpod-api-version') !== undefined ? 'podman' : 'docker';
	if (compareVersions(own, oldestKnown) < 0) {
		throw new EngineError('version', `the engine speaks API ${own}; ${oldestKnown} is the oldest that works here`, {
			advice: 'Upgrade the engine to Docker 1.12 or newer.',
		});
	}
	if (compareVersions(own, newestKnown) <= 0) {
		return { version: own, kind, server };
	}
	const { body } = await connection.callAt(undefined, { method: 'GET', path: '/version', what: 'agree on the API version' });
	const minimum = text(fields(body)['MinAPIVersion']);
	const version = minimum !== undefined && compareVersions(minimum, newestKnown) > 0 ? minimum : newestKnown;
	return { version, kind, server };
}

function header(response: IncomingMessage, name: string): string | undefined {
	const value = response.headers[name];
	return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Negative where `a` is older than `b`. */
export function compareVersions(a: string, b: string): number {
	const [aMajor = 0, aMinor = 0] = a.split('.').map(Number);
	const [bMajor = 0, bMinor = 0] = b.split('.').map(Number);
	return aMajor - bMajor || aMinor - bMinor;
}

export function atLeast(version: string, wanted: string): boolean {
	return compareVersions(version, wanted) >= 0;
}
