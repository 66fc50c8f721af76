import process from 'node:process';
import type { IncomingMessage, RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { HeaderConfig } from '../../config/probeSchema.ts';

// An import of node:http reads all that it exports, and for some of that the runtime loads an HTTP client of its own: 35 ms of the start.
const { request: httpRequest } = process.getBuiltinModule('node:http');

export interface FetchRequest {
	readonly url: string;
	readonly method: string;
	readonly headers: Readonly<Record<string, string>>;
	readonly insecure: boolean;
	readonly redirects: number;
	/** Bytes of the body that are kept; more than this is an error. */
	readonly maxBytes: number;
	readonly signal: AbortSignal;
}

export interface FetchAnswer {
	readonly status: number;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string;
}

/** Takes values that stand in the environment. @throws Error that names a variable which is not set */
export const resolveHeaders = (headers: HeaderConfig | undefined, environment: Readonly<Record<string, string | undefined>>): Record<string, string> => {
	const resolved: Record<string, string> = {};
	for (const [name, value] of Object.entries(headers ?? {})) {
		if (typeof value === 'string') {
			resolved[name] = value;
			continue;
		}
		const secret = environment[value.env];
		if (secret === undefined || secret === '') throw new Error(`environment variable ${value.env} for header ${name} is not set`);
		resolved[name] = `${value.prefix ?? ''}${secret}`;
	}
	return resolved;
};

/**
 * One request on a connection of its own, so that a server which accepts nobody new is noticed. No proxy is asked: a
 * probe must see the service, not what stands before it.
 */
export const fetchText = async (request: FetchRequest): Promise<FetchAnswer> => {
	let { url, headers } = request;
	for (let left = request.redirects; ; left--) {
		const answer = await fetchOnce({ ...request, url, headers });
		const location = answer.headers['location'];
		if (answer.status < 300 || answer.status > 399 || location === undefined || left <= 0) return answer;
		const next = new URL(location, url);
		if (!/^https?:$/.test(next.protocol)) return answer;
		// Credentials stay with the host they were meant for.
		if (next.origin !== new URL(url).origin) headers = {};
		url = next.href;
	}
};

const fetchOnce = (request: FetchRequest): Promise<FetchAnswer> =>
	new Promise((resolve, reject) => {
		const url = new URL(request.url);
		const secure = url.protocol === 'https:';
		const options: RequestOptions & { rejectUnauthorized?: boolean } = {
			method: request.method,
			headers: { 'user-agent': 'sitrep', accept: '*/*', ...request.headers },
			agent: false,
			signal: request.signal,
			...(secure ? { rejectUnauthorized: !request.insecure } : {}),
		};
		const outgoing = (secure ? httpsRequest : httpRequest)(url, options, (answer) => {
			readBody(answer, request.maxBytes).then(
				(body) => resolve({ status: answer.statusCode ?? 0, headers: plainHeaders(answer), body }),
				reject,
			);
		});
		outgoing.on('error', reject);
		outgoing.end();
	});

const plainHeaders = (answer: IncomingMessage): Record<string, string> => {
	const headers: Record<string, string> = {};
	for (const [name, value] of Object.entries(answer.headers)) if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
	return headers;
};

const readBody = async (answer: IncomingMessage, maxBytes: number): Promise<string> => {
	const chunks: Buffer[] = [];
	let length = 0;
	for await (const chunk of answer as AsyncIterable<Buffer>) {
		length += chunk.length;
		if (length > maxBytes) {
			answer.destroy();
			throw new Error(`answer larger than ${maxBytes} bytes`);
		}
		chunks.push(chunk);
	}
	return Buffer.concat(chunks).toString('utf8');
};
