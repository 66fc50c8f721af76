import Docker from 'dockerode';
import { EngineError } from '../domain/engine.ts';
import { AddressError, parseAddress } from '../engines/docker/target.ts';

/** The address of an engine as a person types it: `unix:///path` or `tcp://host:port`. */
export type EngineHost = string;

/**
 * A client of a local engine for the range, which makes and removes what the adapter of the console never would.
 * @param timeoutMs limit of every call
 * @throws EngineError for an address on another machine: the range runs where its ports are local
 */
export function engineClient(host: EngineHost, timeoutMs?: number): Docker {
	const transport = parse(host);
	const limit = timeoutMs === undefined ? {} : { timeout: timeoutMs };
	switch (transport.kind) {
		case 'unix':
			return clientWith({ socketPath: transport.path, ...limit });
		case 'tcp':
			if (transport.tls === undefined && isThisMachine(transport.host)) {
				return clientWith({ host: transport.host, port: transport.port, protocol: 'http', ...limit });
			}
			break;
		case 'ssh':
			break;
	}
	throw new EngineError('unsupported', `the range cannot be made on ${host}`, {
		advice: 'It publishes on 127.0.0.1 only: log in there and run the command on that machine.',
	});
}

function isThisMachine(name: string): boolean {
	return name === 'localhost' || name === '::1' || name.startsWith('127.');
}

/** The client reads DOCKER_HOST by itself and lets it win over what it is given: it is hidden while the client is made. */
function clientWith(options: Docker.DockerOptions): Docker {
	const saved = process.env['DOCKER_HOST'];
	delete process.env['DOCKER_HOST'];
	try {
		return new Docker(options);
	} finally {
		if (saved !== undefined) {
			process.env['DOCKER_HOST'] = saved;
		}
	}
}

function parse(host: EngineHost) {
	try {
		return parseAddress(host);
	} catch (error) {
		if (error instanceof AddressError) {
			throw new EngineError('invalid', error.message);
		}
		throw error;
	}
}

/** Whether an engine answers there within the time given. */
export async function answers(host: EngineHost, timeoutMs: number): Promise<boolean> {
	try {
		await engineClient(host, timeoutMs).ping();
		return true;
	} catch {
		return false;
	}
}

/** Whether the range can be made there at all: what it publishes must be on this machine. */
export function isLocal(host: EngineHost): boolean {
	try {
		engineClient(host);
		return true;
	} catch {
		return false;
	}
}
