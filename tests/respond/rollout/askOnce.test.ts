import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { askOnce } from '../../../src/respond/rollout/askOnce.ts';

let server: Server;
let at: string;
let connections = 0;

beforeAll(async () => {
	server = createServer((request, response) => {
		if (request.url === '/silent') return;
		if (request.url === '/broken') {
			response.writeHead(200, { 'content-length': '10' }).write('abc', () => response.destroy());
			return;
		}
		response.writeHead(Number(request.url?.slice(1)) || 200).end('hello');
	});
	server.on('connection', () => connections++);
	await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
	at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
	server.closeAllConnections();
	server.close();
});

it.each([
	['/200', 'answered'],
	['/404', 'answered'],
	['/500', 'failed'],
	['/503', 'failed'],
	['/broken', 'failed'],
	['/silent', 'failed'],
])('%s is %s', async (path, end) => {
	expect(await askOnce(`${at}${path}`, 300)).toBe(end);
});

it('takes a connection of its own each time', async () => {
	const before = connections;
	await askOnce(`${at}/200`, 1000);
	await askOnce(`${at}/200`, 1000);
	expect(connections - before).toBe(2);
});

it('has failed where nobody listens, or the address is none', async () => {
	expect(await askOnce('http://127.0.0.1:1/', 1000)).toBe('failed');
	expect(await askOnce('no address', 1000)).toBe('failed');
});
