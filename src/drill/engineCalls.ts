import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import { EngineError } from '../domain/engine.ts';

/** The HTTP status of an engine's refusal; `undefined` for any other error. */
export function statusOf(error: unknown): number | undefined {
	return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : undefined;
}

/** The engine's own words without what the client writes before them. */
export function engineWords(error: unknown): string {
	const json: unknown = error instanceof Error && 'json' in error ? error.json : undefined;
	if (typeof json === 'object' && json !== null && 'message' in json && typeof json.message === 'string') {
		return json.message;
	}
	return error instanceof Error ? error.message : String(error);
}

/** Runs a call for which "is not there" and "is so already" are fine. */
export async function tolerant(call: () => Promise<unknown>, fine: readonly number[] = [304, 404]): Promise<void> {
	try {
		await call();
	} catch (error) {
		if (!fine.includes(statusOf(error) ?? 0)) {
			throw error;
		}
	}
}

/**
 * What a runtime says of a container that starts, ends, or has its health checked at this very moment, and an engine of a network whose
 * last container it has not yet let go of.
 */
const passing = /container not running|cannot update a stopped container|unable to freeze|has active endpoints/;
const attempts = 40;
const betweenMs = 250;

/** Repeats a call that the engine refuses only because the container is between two states. */
export async function settled<T>(call: () => Promise<T>): Promise<T> {
	for (let attempt = 1; ; attempt++) {
		try {
			return await call();
		} catch (error) {
			if (attempt === attempts || !passing.test(engineWords(error))) {
				throw error;
			}
			await sleep(betweenMs);
		}
	}
}

/** A container's inspection; `undefined` where there is none of this name. */
export async function inspectContainer(docker: Docker, name: string): Promise<Docker.ContainerInspectInfo | undefined> {
	try {
		return await docker.getContainer(name).inspect();
	} catch (error) {
		if (statusOf(error) === 404) {
			return undefined;
		}
		throw error;
	}
}

/** Turns a failure of the client into one that says what was tried on which engine. */
export async function explained<T>(host: string, what: string, call: () => Promise<T>): Promise<T> {
	try {
		return await call();
	} catch (error) {
		const code = error instanceof Error && 'code' in error ? error.code : undefined;
		if (code === 'ENOENT' || code === 'ECONNREFUSED') {
			throw new EngineError('unreachable', `${what}: no engine answers at ${host}`, { advice: 'Start it, or say where it is: DOCKER_HOST or --host.', cause: error });
		}
		if (code === 'EACCES') {
			throw new EngineError('permission', `${what}: ${host} may not be used by this user`, { advice: 'Join the group that owns the socket, or use sudo.', cause: error });
		}
		if (statusOf(error) !== undefined) {
			throw new EngineError('engine', `${what} on ${host}: ${engineWords(error)}`, { cause: error });
		}
		throw error;
	}
}
