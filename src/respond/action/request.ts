import { formatLatency } from '../../domain/duration.ts';
import type { HttpAction } from '../../domain/playbook/step.ts';
import type { ResolvedAction, RunningAction } from '../../domain/run/action.ts';
import { secretsOf, type StartOptions } from './command.ts';
import { endOf, maxTextBytes, parseJson, withSaid } from './endWords.ts';
import { startWork, type WorkEnd } from './inProcess.ts';
import type { ActionPorts } from './ports.ts';
import { redactor, secretMark } from './redact.ts';

/** Bound of what is read of an answer, bytes. */
const maxBodyBytes = 1024 * 1024;
const maxRedirects = 5;

/** Whether a request only reads (RFC 9110, section 9.2.1). */
export const isSafe = (action: HttpAction): boolean => action.method === 'GET' || action.method === 'HEAD';

interface Answer {
	readonly response: Response;
	readonly body: Buffer;
	readonly cut: boolean;
}

const readBody = async (response: Response): Promise<{ readonly body: Buffer; readonly cut: boolean }> => {
	if (response.body === null) return { body: Buffer.alloc(0), cut: false };
	const pieces: Buffer[] = [];
	let length = 0;
	for await (const chunk of response.body) {
		const piece = Buffer.from(chunk);
		pieces.push(piece);
		length += piece.length;
		// Leaving the loop cancels the rest.
		if (length > maxBodyBytes) break;
	}
	return { body: Buffer.concat(pieces).subarray(0, maxBodyBytes), cut: length > maxBodyBytes };
};

const bodyOf = (action: HttpAction): { readonly body?: string; readonly headers: Headers } => {
	const headers = new Headers(action.headers);
	if (action.body !== undefined) return { body: action.body, headers };
	if (action.json === undefined) return { headers };
	if (!headers.has('content-type')) headers.set('content-type', 'application/json');
	return { body: JSON.stringify(action.json), headers };
};

/** Says why a redirect was not followed. */
class RedirectRefused extends Error {
	override readonly name = 'RedirectRefused';
}

const ask = async (action: HttpAction, signal: AbortSignal, fetching: typeof fetch): Promise<Answer> => {
	const sent = bodyOf(action);
	let url = action.url;
	let method: string = action.method;
	let { body } = sent;
	for (let count = 0; ; count++) {
		const response = await fetching(url, { method, headers: sent.headers, redirect: 'manual', signal, ...(body === undefined ? {} : { body }) });
		const location = response.headers.get('location');
		if (!action.followRedirects || location === null || ![301, 302, 303, 307, 308].includes(response.status)) return { response, ...(await readBody(response)) };
		await response.body?.cancel();
		const next = URL.canParse(location, url) ? new URL(location, url) : undefined;
		if (next === undefined) throw new RedirectRefused('it redirects to what is no address');
		if (next.origin !== new URL(url).origin) throw new RedirectRefused(`it redirects to ${next.origin}, which is another place: not followed`);
		if (count >= maxRedirects) throw new RedirectRefused(`it redirects more than ${maxRedirects} times`);
		// As every client does: 307 and 308 repeat the request, the others read what is there (RFC 9110, section 15.4).
		if (response.status !== 307 && response.status !== 308 && method !== 'HEAD') {
			method = 'GET';
			body = undefined;
		}
		url = next.href;
	}
};

const causes: Readonly<Record<string, string>> = {
	ECONNREFUSED: 'connection refused',
	ECONNRESET: 'the connection was cut',
	ENOTFOUND: 'there is no such host',
	EAI_AGAIN: 'the host name cannot be looked up now',
	EHOSTUNREACH: 'the host cannot be reached',
	ETIMEDOUT: 'no connection within the time',
	UND_ERR_SOCKET: 'the connection was cut',
	UND_ERR_CONNECT_TIMEOUT: 'no connection within the time',
};

const failureWords = (error: unknown): string => {
	if (!(error instanceof Error)) return String(error);
	const cause = error.cause instanceof Error ? error.cause : error;
	const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
	return causes[code] ?? cause.message;
};

/** What a session cookie opens stays out of every record. */
const headersOf = (response: Response): Readonly<Record<string, string>> =>
	Object.fromEntries([...response.headers].map(([name, value]) => [name, name === 'set-cookie' ? secretMark : value]));

const firstLine = (body: string): string => {
	const line = body.trim().split('\n')[0]?.trim() ?? '';
	return line.length > 200 ? `${line.slice(0, 200)}…` : line;
};

/**
 * Asks an address. An answer from 400 on is a failure. Redirects are followed within the same origin only, where the step says so.
 * At most 1 MiB of the answer is read; the result's `body` is its last 64 KiB, `json` is all of it.
 */
export const startRequest = (action: HttpAction, resolved: ResolvedAction, options: StartOptions, ports: ActionPorts): RunningAction => {
	const { clock } = ports;
	const secrets = secretsOf(resolved, options.secrets);
	const redact = redactor(secrets);
	const where = new URL(action.url).host;
	const run = async (signal: AbortSignal): Promise<WorkEnd> => {
		const began = clock.monotonic();
		const { response, body, cut } = await ask(action, signal, ports.fetch);
		const durationMs = clock.monotonic() - began;
		const text = body.toString('utf8');
		const output = await ports.files.keep(options.folder, body.length === 0 ? [] : [{ stream: 'stdout', bytes: body }], { secrets, hide: options.hideOutput });
		const json = cut ? undefined : parseJson(text);
		const failed = response.status >= 400;
		const location = response.status >= 300 && response.status < 400 ? response.headers.get('location') : null;
		const came = `${response.status} in ${formatLatency(durationMs)}${location === null ? '' : `, to ${location}`}${cut ? ', of a longer answer the first 1 MiB' : ''}`;
		return {
			outcome: failed ? 'failed' : 'done',
			words: redact.text(failed && !options.hideOutput ? withSaid(came, firstLine(text)) : came),
			output,
			result: redact.record({
				status: response.status,
				headers: headersOf(response),
				body: endOf(text, maxTextBytes),
				...(json === undefined ? {} : { json }),
				durationMs,
				...(cut ? { cut: true } : {}),
			}),
		};
	};
	return startWork(
		{
			timeoutMs: options.timeoutMs,
			afterwards: isSafe(action) ? '' : '; whether it was carried out is not known',
			run,
			failure: (error) => ({ outcome: 'failed', words: redact.text(`${failureWords(error)} (${where})`), result: {} }),
		},
		clock,
	);
};
