import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import type { Engine } from '../../src/domain/engine.ts';
import { systemClock } from '../../src/domain/systemClock.ts';
import { openDocker } from '../../src/engines/docker/index.ts';

export interface Fake {
	readonly engine: Engine;
	readonly asked: string[];
}

const cleanUps: (() => Promise<void>)[] = [];

/** Closes every server and engine of a test. */
export async function closeServers(): Promise<void> {
	for (const cleanUp of cleanUps.splice(0)) {
		await cleanUp();
	}
}

export type Answer = (path: string, response: ServerResponse, request: IncomingMessage) => void;

/** An engine that speaks a range of API versions and answers as recorded. */
export async function fake(versions: { least: string; most: string; server: string; headers?: Record<string, string> }, answers: Record<string, Answer>): Promise<Fake> {
	const asked: string[] = [];
	const server: Server = createServer((request, response) => {
		const { pathname } = new URL(request.url ?? '', 'http://x');
		asked.push(`${request.method} ${request.url}`);
		response.setHeader('Server', versions.server);
		const [, version, path = pathname] = /^\/v(\d+\.\d+)(\/.*)$/.exec(pathname) ?? [];
		if (pathname === '/_ping') {
			response.writeHead(200, { ...(versions.most === '' ? {} : { 'Api-Version': versions.most }), ...versions.headers }).end('OK');
		} else if (version !== undefined && Number(version.slice(2)) > Number(versions.most.slice(2) || 24)) {
			response.writeHead(400, { 'Content-Type': 'application/json' }).end(JSON.stringify({ message: `client version ${version} is too new. Maximum supported API version is ${versions.most}` }));
		} else if (version !== undefined && Number(version.slice(2)) < Number(versions.least.slice(2))) {
			response.writeHead(400, { 'Content-Type': 'text/plain' }).end(`client version ${version} is too old. Minimum supported API version is ${versions.least}\n`);
		} else if (answers[path] === undefined) {
			response.writeHead(404, { 'Content-Type': 'application/json' }).end('{"message":"page not found"}');
		} else {
			answers[path]?.(path, response, request);
		}
	});
	const dir = await mkdtemp(join(tmpdir(), 'sitrep-fake-'));
	const path = join(dir, 's');
	await new Promise<void>((resolve) => server.listen(path, resolve));
	const engine = openDocker({ name: 'fake', kind: 'docker', address: `unix://${path}`, origin: 'test', transport: { kind: 'unix', path } }, { clock: systemClock });
	cleanUps.push(async () => {
		await engine.close();
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
		await rm(dir, { recursive: true });
	});
	return { engine, asked };
}

/** Answers with a document. */
export const json =
	(body: unknown): Answer =>
	(_path, response) =>
		void response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));

