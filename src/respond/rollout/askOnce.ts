import process from 'node:process';
import { request as secure } from 'node:https';
import type { RequestEnd } from './ports.ts';

// An import of node:http reads all that it exports, and for some of that the runtime loads an HTTP client of its own: 35 ms of the start.
const { request: plain } = process.getBuiltinModule('node:http');

/**
 * One GET on a connection of its own, so that a server that takes nobody new is noticed. A certificate is not checked: nothing secret is
 * sent, and what is counted is whether somebody answers. Never rejects.
 */
export const askOnce = (url: string, timeoutMs: number): Promise<RequestEnd> =>
	new Promise((resolve) => {
		try {
			const asked = (url.startsWith('https:') ? secure : plain)(
				url,
				{ agent: false, rejectUnauthorized: false, headers: { 'user-agent': 'sitrep', accept: '*/*', connection: 'close' }, signal: AbortSignal.timeout(timeoutMs) },
				(answer) => {
					answer.on('error', () => resolve('failed'));
					// An answer that breaks off is none.
					answer.on('close', () => resolve(answer.complete && (answer.statusCode ?? 0) < 500 ? 'answered' : 'failed'));
					answer.resume();
				},
			);
			asked.on('error', () => resolve('failed'));
			asked.end();
		} catch {
			// No address that can be asked at all.
			resolve('failed');
		}
	});
