import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { EngineError, type Engine } from '../../../src/domain/engine.ts';
import { systemClock } from '../../../src/domain/systemClock.ts';
import { Inventory } from '../../../src/observe/inventory.ts';
import { Containers, eventually, openEngine, testEngineAddress } from '../../support/engine.ts';
import { LineCollector } from '../../support/logLines.ts';
import { patienceMs } from '../../support/patience.ts';
import { SshServer, type KnownHosts } from '../../support/sshServer.ts';

const socket = testEngineAddress().replace('unix://', '');
const containers = new Containers(testEngineAddress());
const opened: Engine[] = [];
let dir: string;
let server: SshServer;
let usualPath: string | undefined;

beforeAll(async () => {
	dir = await mkdtemp(join(tmpdir(), 'sitrep-ssh-'));
	server = new SshServer(dir);
	await server.setUp();
	usualPath = process.env['PATH'];
});

afterEach(async () => {
	await Promise.all(opened.splice(0).map(async (engine) => engine.close()));
	process.env['PATH'] = usualPath;
});

afterAll(async () => {
	await server.stop();
	await containers.removeAll();
	await rm(dir, { recursive: true, force: true });
});

/** The engine beyond a real sshd, by the system's real ssh. */
const reach = async (known: KnownHosts = 'right'): Promise<Engine> => {
	process.env['PATH'] = server.path(known);
	const engine = await openEngine(server.address(socket));
	opened.push(engine);
	return engine;
};

describe('an engine beyond a real sshd', () => {
	it('is reached: tells what it is, lists, hands over logs, runs commands', async () => {
		const id = await containers.run('for i in 1 2 3; do echo $i; done; while :; do sleep 0.1; done');
		const engine = await reach();
		await engine.ping({ timeoutMs: patienceMs });
		expect(await engine.info()).toMatchObject({ product: 'Docker', target: { address: server.address(socket) } });
		expect(await engine.list()).toContainEqual(expect.objectContaining({ id, state: 'running' }));
		const abort = new AbortController();
		const sink = new LineCollector();
		const logs = engine.logs(id, { follow: true, signal: abort.signal }, sink);
		await eventually('lines', () => sink.texts.length === 3);
		abort.abort();
		await logs;
		expect(await engine.exec(id, { argv: ['sh', '-c', 'exit 5'], timeoutMs: patienceMs })).toMatchObject({ exitCode: 5, lost: false });
	});

	it('gives many logs at once, without the logins that sshd turns away when they are too many', async () => {
		const id = await containers.run('echo here; while :; do sleep 0.1; done');
		const engine = await reach();
		await engine.ping({ timeoutMs: patienceMs });
		const abort = new AbortController();
		const sinks = Array.from({ length: 20 }, () => new LineCollector());
		const follow = async (sink: LineCollector): Promise<void> => {
			try {
				await engine.logs(id, { follow: true, signal: abort.signal }, sink);
			} catch (error) {
				// On a busy machine the logins take longer than a call may: whoever follows a log then tries again.
				if (!(error instanceof EngineError && error.kind === 'unresponsive')) throw error;
				await follow(sink);
			}
		};
		const logs = sinks.map(follow);
		const failed = Promise.all(logs).then(() => new Promise<never>(() => {}));
		await Promise.race([failed, eventually('every log', () => sinks.every((sink) => sink.texts.length === 1))]);
		abort.abort();
		await Promise.all(logs);
		expect(sinks.map((sink) => sink.texts)).toEqual(sinks.map(() => ['here']));
	});

	it.each([
		['unknown', 'none'],
		['another one', 'wrong'],
	] as const)('whose host key is %s is refused with ssh’s own words', async (_case, known) => {
		const engine = await reach(known);
		await expect(engine.ping({ timeoutMs: patienceMs })).rejects.toMatchObject({
			kind: 'unreachable',
			message: expect.stringContaining('Host key verification failed'),
			advice: expect.stringMatching(/check the host key/),
		});
	});

	it('is lost when the connection is cut, and comes back by itself', async () => {
		const engine = await reach();
		const inventory = new Inventory(engine, systemClock);
		const end = new AbortController();
		const seen: string[] = [];
		inventory.onChange((change) => {
			if (change.kind === 'liveness') seen.push(inventory.liveness.kind);
		});
		const running = inventory.run(end.signal);
		await eventually('live', () => inventory.liveness.kind === 'live');
		await server.drop();
		await eventually('the loss', () => seen.includes('reconnecting'));
		await eventually('live again', () => inventory.liveness.kind === 'live');
		await server.stop();
		await eventually('the loss of the server', () => (inventory.liveness.kind === 'reconnecting' ? /onnection refused/.test(inventory.liveness.why) : false));
		await server.start();
		await eventually('live once more', () => inventory.liveness.kind === 'live');
		expect((await engine.list()).length).toBeGreaterThanOrEqual(0);
		end.abort();
		await running;
	});

	it('leaves no connection behind', async () => {
		const engine = await reach();
		await engine.ping({ timeoutMs: patienceMs });
		expect(await server.connections()).toBeGreaterThan(0);
		await engine.close();
		await eventually('sshd has no connection', async () => (await server.connections()) === 0);
	});
});
