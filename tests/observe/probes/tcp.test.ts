import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { tcpProbe } from '../../../src/observe/probes/tcp.ts';
import { calm, ports, settings } from './setup.ts';

const servers: Server[] = [];
afterEach(async () => {
	for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

const listen = async (onSocket: (socket: Socket) => void): Promise<number> => {
	const server = createServer(onSocket);
	servers.push(server);
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const address = server.address();
	return typeof address === 'object' ? (address?.port ?? 0) : 0;
};

const run = (fields: Record<string, unknown>) => tcpProbe(...settings('tcp', fields), ports).run(calm());

describe('tcp probe', () => {
	it('is ok where somebody accepts', async () => {
		const port = await listen((socket) => socket.on('error', () => undefined));
		const result = await run({ port });
		expect(result.ok).toBe(true);
		expect(result.words).toMatch(/^open in /);
	});

	it('reads the banner, also in pieces', async () => {
		const port = await listen((socket) => {
			socket.on('error', () => undefined);
			socket.write('220 ma');
			setImmediate(() => socket.write('il ready\r\n'));
		});
		expect((await run({ port, banner: '220 mail' })).ok).toBe(true);
	});

	it('fails on silence, on an early end, on another banner', async () => {
		const silent = await listen((socket) => socket.on('error', () => undefined));
		expect(await run({ port: silent, banner: '220', timeout: '100ms' })).toMatchObject({ ok: false, words: 'no answer within 100 ms' });
		const ending = await listen((socket) => socket.end());
		expect((await run({ port: ending, banner: '220' })).words).toBe(`closed by 127.0.0.1:${ending} before its banner`);
		const other = await listen((socket) => {
			socket.on('error', () => undefined);
			socket.write('x'.repeat(5000));
		});
		expect((await run({ port: other, banner: '220' })).words).toMatch(/^another banner: x+/);
	});

	it('says that nobody listens', async () => {
		const port = await listen(() => undefined);
		for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
		expect((await run({ port })).words).toBe(`connection refused (127.0.0.1:${port})`);
	});
});
