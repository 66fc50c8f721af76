import { createServer, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HttpAction } from '../../../src/domain/playbook/step.ts';
import type { ActionEnd, RunningAction } from '../../../src/domain/run/action.ts';
import { resolveAction } from '../../../src/respond/action/resolve.ts';
import { makeActionRunner } from '../../../src/respond/action/runner.ts';
import { type FakePorts, fakePorts } from './fakes.ts';

interface Seen {
	readonly method: string;
	readonly url: string;
	readonly headers: Readonly<Record<string, unknown>>;
	readonly body: string;
}

let server: Server;
let base: string;
let seen: Seen[];
let answer: (response: ServerResponse, url: string) => void;

beforeEach(async () => {
	seen = [];
	server = createServer((request, response) => {
		let body = '';
		request.on('data', (chunk: Buffer) => (body += chunk.toString()));
		request.on('end', () => {
			seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
			answer(response, request.url ?? '');
		});
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
	server.closeAllConnections();
	await new Promise((resolve) => server.close(resolve));
});

function* endless(): Generator<Buffer> {
	for (;;) yield Buffer.alloc(64 * 1024, 'x');
}

const begin = (over: Partial<HttpAction>, ports: FakePorts = fakePorts(), hideOutput = false): Promise<RunningAction> => {
	const action: HttpAction = { kind: 'http', method: 'GET', url: `${base}/x`, headers: {}, followRedirects: false, ...over };
	return makeActionRunner(ports).start(resolveAction(action, { params: {}, values: {}, secrets: { 'params.token': 'hunter22' } }), { folder: '/f', timeoutMs: 5000, secrets: ['hunter22'], hideOutput });
};
const done = async (...args: Parameters<typeof begin>): Promise<ActionEnd> => (await begin(...args)).ended;
const json = (status: number, value: unknown, headers: Record<string, string> = {}): void => {
	answer = (response) => void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
};

describe('requests', () => {
	it('give status, headers, body and JSON', async () => {
		json(200, { status: 'healthy' });
		const ports = fakePorts();
		const end = await done({}, ports);
		expect(end).toMatchObject({ outcome: 'done', words: expect.stringMatching(/^200 in \d/) as string, result: { status: 200, body: '{"status":"healthy"}', json: { status: 'healthy' }, headers: { 'content-type': 'application/json' } } });
		expect(ports.files.kept).toMatchObject({ folder: '/f', text: '{"status":"healthy"}' });
	});

	it('send what they were given, secrets included, and show none', async () => {
		json(201, { echo: 'hunter22' }, { 'set-cookie': 'session=abc' });
		const end = await done({ method: 'POST', headers: { Authorization: 'Bearer ${{params.token}}' }, json: { a: 'it\'s\n$(x)' } });
		expect(seen).toEqual([expect.objectContaining({ method: 'POST', body: '{"a":"it\'s\\n$(x)"}', headers: expect.objectContaining({ authorization: 'Bearer hunter22', 'content-type': 'application/json' }) as unknown })]);
		expect(JSON.stringify(end)).not.toContain('hunter22');
		expect(JSON.stringify(end)).not.toContain('session=abc');
	});

	it('that are answered with an error are failures, with what was said', async () => {
		json(503, { status: 'unhealthy' });
		expect(await done({})).toMatchObject({ outcome: 'failed', words: expect.stringMatching(/^503 in .*: \{"status":"unhealthy"\}$/) as string, result: { status: 503 } });
		const hidden = await done({}, fakePorts(), true);
		expect(hidden.words).not.toContain('unhealthy');
	});

	it('that nobody answers are failures in words', async () => {
		const { port } = server.address() as AddressInfo;
		await new Promise((resolve) => server.close(resolve));
		expect(await done({})).toMatchObject({ outcome: 'failed', words: `connection refused (127.0.0.1:${port})`, result: {} });
		await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
	});

	it('follow redirects within the origin only, and only where they may', async () => {
		answer = (response, url) => {
			if (url === '/x') response.writeHead(302, { location: '/y' }).end();
			else if (url === '/away') response.writeHead(307, { location: 'http://localhost:1/z' }).end();
			else response.end('there');
		};
		expect(await done({})).toMatchObject({ outcome: 'done', words: expect.stringMatching(/^302 in .*, to \/y$/) as string, result: { status: 302 } });
		expect(await done({ followRedirects: true })).toMatchObject({ outcome: 'done', result: { status: 200, body: 'there' } });
		expect(await done({ url: `${base}/away`, followRedirects: true })).toMatchObject({ outcome: 'failed', words: expect.stringContaining('which is another place: not followed') as string });
		answer = (response) => void response.writeHead(302, { location: '/x' }).end();
		expect(await done({ followRedirects: true })).toMatchObject({ outcome: 'failed', words: expect.stringContaining('more than 5 times') as string });
	});

	it('read no more of an answer than its bound', async () => {
		let closed: Promise<unknown> | undefined;
		answer = (response) => {
			closed = once(response, 'close');
			Readable.from(endless()).pipe(response);
		};
		const end = await done({});
		expect(end.words).toContain('of a longer answer the first 1 MiB');
		expect(end.output?.bytes).toBe(1024 * 1024);
		expect((end.result['body'] as string).length).toBe(64 * 1024);
		await closed;
	});

	it('end after their time, and when they are cancelled', async () => {
		answer = () => undefined;
		const ports = fakePorts();
		const timed = await begin({ method: 'POST' }, ports);
		await expect.poll(() => seen.length).toBe(1);
		await ports.clock.advance(5000);
		expect(await timed.ended).toMatchObject({ outcome: 'timed-out', words: 'timed out after 5 s; whether it was carried out is not known' });
		const cancelled = await begin({});
		await expect.poll(() => seen.length).toBe(2);
		expect(await cancelled.cancel()).toMatchObject({ outcome: 'cancelled', words: 'cancelled' });
	});
});
