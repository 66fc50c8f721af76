import { afterEach, describe, expect, it } from 'vitest';
import { httpProbe } from '../../../src/observe/probes/http.ts';
import type { TestServer } from './setup.ts';
import { calm, ports, serve, settings } from './setup.ts';

let server: TestServer | undefined;
afterEach(async () => {
	await server?.close();
	server = undefined;
});

const probe = (fields: Record<string, unknown>, environment: Record<string, string> = {}) => httpProbe(...settings('http', fields), { ...ports, environment });

describe('http probe', () => {
	it('is ok on an answer below 400, and measures it', async () => {
		server = await serve((_request, response) => response.end('fine'));
		const result = await probe({ url: server.url }).run(calm());
		expect(result).toMatchObject({ probe: 'it', ok: true, figures: { status: 200, availability: 100 } });
		expect(result.words).toMatch(/^200 in [\d.]+ ms$/);
		expect(result.figures['latencyMs']).toBeGreaterThan(0);
	});

	it('fails on a server error and says what the server said, made harmless', async () => {
		server = await serve((_request, response) => {
			response.statusCode = 503;
			response.end('{"status":"unhealthy"}\u001b[2J\nsecond');
		});
		const result = await probe({ url: server.url }).run(calm());
		expect(result.ok).toBe(false);
		expect(result.words).toMatch(/^503 in [\d.]+ ms: \{"status":"unhealthy"\}/);
		expect(result.words).not.toContain('\u001b');
		expect(result.words).not.toContain('\n');
	});

	it.each([
		['status == 200 && json.status == "healthy"', true],
		['json.count == 3 && json.items[1] > 1', true],
		['json.count + 1 == 4', true],
		['body.contains("nothing")', false],
		['headers["content-type"].startsWith("application/json")', true],
		['latencyMs < 5000', true],
		['json.missing == 1', false],
	])('judges by CEL: %s', async (expectText, ok) => {
		server = await serve((_request, response) => {
			response.setHeader('content-type', 'application/json');
			response.end('{"status":"healthy","count":3,"items":[1,2.5]}');
		});
		expect((await probe({ url: server.url, expect: expectText }).run(calm())).ok).toBe(ok);
	});

	it('says that nobody listens', async () => {
		server = await serve((_request, response) => response.end());
		const { url, port } = server;
		await server.close();
		server = undefined;
		expect(await probe({ url }).run(calm())).toMatchObject({ ok: false, words: `connection refused (127.0.0.1:${port})` });
	});

	it('ends within its timeout where the server accepts and never answers, also in the middle of a body', async () => {
		server = await serve((request, response) => {
			if (request.url === '/slow') response.write('begin');
		});
		for (const path of ['/never', '/slow']) {
			const result = await probe({ url: server.url + path, timeout: '150ms' }).run(calm());
			expect(result).toMatchObject({ ok: false, words: 'no answer within 150 ms' });
			expect(result.durationMs).toBeLessThan(1000);
		}
	});

	it('says where the answer is no HTTP', async () => {
		const { createServer } = await import('node:net');
		const raw = createServer((socket) => {
			socket.on('error', () => undefined);
			socket.resume().end('SSH-2.0-x\r\n');
		});
		await new Promise<void>((resolve) => raw.listen(0, '127.0.0.1', resolve));
		const address = raw.address();
		const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
		const result = await probe({ url: `http://127.0.0.1:${port}` }).run(calm());
		expect(result.words).toBe(`the answer is no HTTP (127.0.0.1:${port})`);
		await new Promise((resolve) => raw.close(resolve));
	});

	it('refuses a body without an end', async () => {
		server = await serve((_request, response) => {
			const pour = (): void => {
				while (!response.destroyed && response.write(Buffer.alloc(65_536, 'x')));
				response.once('drain', pour);
			};
			pour();
		});
		const result = await probe({ url: server.url }).run(calm());
		expect(result.words).toContain('answer larger than 1048576 bytes');
	});

	it('follows redirects only where it is told to, and keeps credentials with their host', async () => {
		const seen: (string | undefined)[] = [];
		const other = await serve((request, response) => {
			seen.push(request.headers.authorization);
			response.end();
		});
		server = await serve((_request, response) => {
			response.statusCode = 302;
			response.setHeader('location', other.url);
			response.end();
		});
		const headers = { Authorization: { env: 'TOKEN', prefix: 'Bearer ' } };
		const environment = { TOKEN: 'secret' };
		expect((await probe({ url: server.url, headers }, environment).run(calm())).figures['status']).toBe(302);
		expect((await probe({ url: server.url, headers, redirects: 1 }, environment).run(calm())).figures['status']).toBe(200);
		expect(seen).toEqual([undefined]);
		await other.close();
	});

	it('takes a header from the environment, and says which variable is missing', async () => {
		let got: string | undefined;
		server = await serve((request, response) => {
			got = request.headers.authorization;
			response.end();
		});
		const fields = { url: server.url, headers: { Authorization: { env: 'TOKEN', prefix: 'Bearer ' } } };
		await probe(fields, { TOKEN: 'secret' }).run(calm());
		expect(got).toBe('Bearer secret');
		expect((await probe(fields).run(calm())).words).toContain('environment variable TOKEN for header Authorization is not set');
	});

	it('gives a p95 after five answers, and counts failures in its availability', async () => {
		let count = 0;
		server = await serve((_request, response) => {
			count++;
			response.statusCode = count % 2 === 0 ? 500 : 200;
			response.end();
		});
		const it = probe({ url: server.url });
		let result = await it.run(calm());
		for (let turn = 0; turn < 3; turn++) result = await it.run(calm());
		expect(result.figures).not.toHaveProperty('p95');
		result = await it.run(calm());
		expect(result.figures['p95']).toBeGreaterThan(0);
		expect(result.figures['availability']).toBe(60);
	});

	it('lets go at once when it is cancelled', async () => {
		server = await serve(() => undefined);
		const controller = new AbortController();
		const running = probe({ url: server.url }).run(controller.signal);
		controller.abort();
		expect(await running).toMatchObject({ ok: false, words: 'cancelled' });
	});
});
