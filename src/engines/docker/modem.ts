import process from 'node:process';
import type { IncomingMessage, Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Readable } from 'node:stream';
import { inspect } from 'node:util';
import type { DockerOptions } from 'dockerode';
import { systemSpawn, type DockerPorts } from './ports.ts';
import { createSshAgent } from './sshAgent.ts';
import type { Transport } from './target.ts';

// An import of node:http reads all that it exports, and for some of that the runtime loads an HTTP client of its own: 35 ms of the start.
const { IncomingMessage: Answer } = process.getBuiltinModule('node:http');

/** One request, ready to send. */
export interface Dial {
	readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
	readonly path: string;
	readonly query: Readonly<Record<string, string | number | boolean>>;
	readonly body?: object;
	readonly upload?: Readable;
	readonly signal: AbortSignal;
}

/** The HTTP client under everything. */
export interface Modem {
	/** Resolves once the headers have come, and rejects for any status that is no success. */
	dial(request: Dial): Promise<IncomingMessage>;
	close(): void;
}

/** 304: already so, such as the start of a running container. */
const successes = { 200: true, 201: true, 202: true, 204: true, 304: true } as const;

/**
 * Loads dockerode on first use: it and what it pulls in cost about 85 ms, and the first frame is drawn before.
 */
export async function createModem(transport: Transport, ports: DockerPorts): Promise<Modem> {
	const { default: Docker } = await import('dockerode');
	const { options, close } = modemOptions(transport, ports);
	const { modem } = withoutDockerEnvironment(() => new Docker(options));
	return {
		dial: async (request) =>
			new Promise((resolve, reject) => {
				const options = {
					method: request.method,
					path: `${request.path}?`,
					options: { _query: request.query, ...(request.method === 'POST' ? { _body: request.body ?? {} } : {}) },
					...(request.upload === undefined ? {} : { file: request.upload }),
					isStream: true,
					statusCodes: successes,
					abortSignal: request.signal,
				};
				withoutDeprecations(() => {
					modem.dial(options, (error, response) => {
						if (response instanceof Answer) {
							resolve(response);
						} else {
							reject(error ?? new Error('the engine sent no answer'));
						}
					});
				});
			}),
		close,
	};
}

/**
 * The client reads DOCKER_HOST by itself and mixes it into the options, which could lead to another engine
 * than the one chosen. It is hidden while the client is made, which happens without giving way.
 */
function withoutDockerEnvironment<T>(make: () => T): T {
	const saved = process.env['DOCKER_HOST'];
	delete process.env['DOCKER_HOST'];
	try {
		return make();
	} finally {
		if (saved !== undefined) {
			process.env['DOCKER_HOST'] = saved;
		}
	}
}

/**
 * For addresses other than sockets the client calls `url.parse`, of which Node warns on the terminal, over whatever
 * is drawn there. The call is made without giving way, so nobody else's warning is lost.
 */
function withoutDeprecations(act: () => void): void {
	const saved = process.noDeprecation;
	process.noDeprecation = true;
	try {
		act();
	} finally {
		process.noDeprecation = saved ?? false;
	}
}

function modemOptions(transport: Transport, ports: DockerPorts): { options: DockerOptions & { agent?: HttpAgent }; close: () => void } {
	if (transport.kind === 'unix') {
		return { options: { socketPath: transport.path }, close: () => {} };
	}
	if (transport.kind === 'ssh') {
		const agent = createSshAgent(transport, ports.spawn ?? systemSpawn);
		// Host and port only name the agent's pool: the connection is ssh's.
		return { options: { host: 'engine', port: 80, protocol: 'http', agent: uninspected(agent) }, close: () => agent.destroy() };
	}
	const { host, port, tls } = transport;
	if (tls === undefined) {
		return { options: { host, port, protocol: 'http' }, close: () => {} };
	}
	const material = { ca: tls.ca, cert: tls.cert, key: tls.key };
	if (tls.verify) {
		return { options: { host, port, protocol: 'https', ...material }, close: () => {} };
	}
	const agent = new HttpsAgent({ keepAlive: true, rejectUnauthorized: false, ...material });
	return { options: { host, port, protocol: 'https', agent: uninspected(agent), ...material }, close: () => agent.destroy() };
}

/**
 * The client describes its options with `util.inspect` at full depth on every request, even where nobody
 * listens; an agent holds every socket, and requests fell from 6,242 to 49 a second. Such an agent
 * describes itself in a word instead.
 */
function uninspected<T extends HttpAgent>(agent: T): T {
	Object.defineProperty(agent, inspect.custom, { value: () => 'agent' });
	return agent;
}
