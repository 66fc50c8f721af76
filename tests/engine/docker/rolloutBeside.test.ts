import type Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RolloutEngine, RolloutState } from '../../../src/domain/rollout.ts';
import type { openDocker } from '../../../src/engines/docker/index.ts';
import { eventually, openEngine, testEngineAddress } from '../../support/engine.ts';
import { imageRepository } from '../../../src/drill/rangeNames.ts';
import { testLabel } from '../../support/images.ts';
import { removeNetwork } from '../../support/removeNetwork.ts';
import { RolloutBench } from './rolloutHarness.ts';

const address = testEngineAddress();
const bench = new RolloutBench(address, 'beside');
let engine: ReturnType<typeof openDocker>;
let rollout: RolloutEngine;
const networks: Docker.Network[] = [];

beforeAll(async () => {
	engine = await openEngine(address);
	({ rollout } = engine);
	await bench.setUp();
});

afterAll(async () => {
	await bench.tearDown();
	await Promise.all(networks.map(async (network) => removeNetwork(network)));
	await engine.close();
});

/** The smallest images that can look names up. */
const versions = { old: `${imageRepository}:1.0.0`, new: `${imageRepository}:1.1.0` } as const;

/** Answers each request after 5 ms. Asked to end, it ends as one that is well made does: what is asked last is told that the connection closes. */
const serve = `const server = require('node:http').createServer((request, response) => setTimeout(() => response.end('ok'), 5)).listen(7000);
let ending = false;
server.on('request', (request, response) => { if (ending) response.setHeader('Connection', 'close'); });
process.on('SIGTERM', () => { ending = true; setTimeout(() => process.exit(0), 500); })`;

const check = `fetch('http://127.0.0.1:7000/').then(() => process.exit(0), () => process.exit(1))`;

/** Asks over and over by a name, on a connection of its own each time or on one that is kept open; a line for each answer, with which connection it came on. */
const asking = (name: string, keep: boolean): string =>
	`const http = require('node:http'); const agent = ${keep ? 'new http.Agent({ keepAlive: true, maxSockets: 1 })' : 'false'}; let opened = 0; const ask = () => { const request = http.get({ host: '${name}', port: 7000, agent, timeout: 3000 }, (response) => response.resume().on('end', () => { if (!request.reusedSocket) opened++; console.log('on ' + opened + ' ok'); setTimeout(ask, 5); })); request.on('timeout', () => request.destroy(new Error('no answer'))).on('error', (error) => { console.log('failed ' + error.message); setTimeout(ask, 5); }); }; ask()`;

interface Answers {
	readonly ok: number;
	readonly failed: number;
	readonly why: string;
	/** Connections that were opened. */
	readonly opened: number;
}

async function answers(id: string): Promise<Answers> {
	const log = String(await bench.docker.getContainer(id).logs({ stdout: true, stderr: false, follow: false }));
	const failures = log.match(/failed .*$/gm) ?? [];
	return { ok: (log.match(/ok$/gm) ?? []).length, failed: failures.length, why: failures.join('; '), opened: Number([...log.matchAll(/on (\d+) ok/g)].at(-1)?.[1] ?? 0) };
}

interface Served {
	readonly name: string;
	readonly id: string;
	/** One asks on connections of their own, the other on one that it keeps open. */
	readonly clients: readonly string[];
}

/** A service, and who asks it. */
async function served(name: string, network: string, alias?: string): Promise<Served> {
	const id = await bench.create(name, 'old', {
		Image: versions.old,
		Entrypoint: ['node'],
		Cmd: ['-e', serve],
		Healthcheck: { Test: ['CMD', 'node', '-e', check], Interval: 1_000_000_000, Timeout: 60_000_000_000, Retries: 50 },
		HostConfig: { NetworkMode: network },
		...(alias === undefined ? {} : { NetworkingConfig: { EndpointsConfig: { [network]: { Aliases: [alias] } } } }),
	});
	await bench.docker.getContainer(id).start();
	await eventually('healthy', async () => (await bench.docker.getContainer(id).inspect()).State.Health?.Status === 'healthy');
	const clients: string[] = [];
	for (const keep of [false, true]) {
		const client = await bench.containers.run('', { image: versions.old, argv: ['-e', asking(alias ?? name, keep)], host: { NetworkMode: network }, create: { Entrypoint: ['node'] } });
		await eventually('requests are answered', async () => (await answers(client)).ok > 20);
		clients.push(client);
	}
	return { name, id, clients };
}

/** Nobody who asks is left without an answer, before it and for some requests after it. */
async function expectNoneLost({ clients }: Served): Promise<void> {
	for (const client of clients) {
		const { ok } = await answers(client);
		await eventually('more is answered', async () => (await answers(client)).ok > ok + 20);
		const { failed, why } = await answers(client);
		expect(failed, why).toBe(0);
	}
}

const opened = async ({ clients }: Served): Promise<number> => (await answers(clients[1] ?? '')).opened;

/** Moves it to another version, wherever it is by now. */
async function moveOn({ name }: Served, image: string): Promise<RolloutState> {
	const { Id } = await bench.docker.getContainer(name).inspect();
	const plan = await rollout.plan({ id: Id, name }, image, { proveWithinMs: 60_000 });
	expect(plan).toMatchObject({ way: 'start-first', downtime: { expectedMs: 0 } });
	expect(plan.findings.find(({ what }) => what === 'names')?.level).not.toBe('warn');
	const outcome = await rollout.swap(plan);
	expect(outcome).toMatchObject({ end: 'swapped' });
	expect(outcome.words).not.toContain('cut');
	expect(outcome.gapMs).toBeUndefined();
	return outcome.state;
}

/** A network whose addresses the engine chooses by itself. */
async function plainNetwork(): Promise<string> {
	const Name = `${bench.prefix}-plain${networks.length}`;
	networks.push(await bench.docker.createNetwork({ Name, Driver: 'bridge', Labels: { [testLabel]: '1' } }));
	return Name;
}

describe('a swap with both side by side', () => {
	it.each([
		{ by: 'its name', subnet: 'chosen' },
		{ by: 'an alias', subnet: 'chosen' },
		{ by: 'its name', subnet: 'given by the engine' },
	])('loses no request by $by, the subnet $subnet, however often it is moved', async ({ by, subnet }) => {
		const network = subnet === 'chosen' ? (await bench.places()).network : await plainNetwork();
		const name = `${bench.prefix}-${`${by} ${subnet}`.replaceAll(' ', '-')}`;
		const service = await served(name, network, by === 'an alias' ? `${name}-api` : undefined);
		for (const image of [versions.new, versions.old, versions.new]) {
			await moveOn(service, image);
			await expectNoneLost(service);
		}
		// Back again, and once more on from there.
		const last = await moveOn(service, versions.old);
		expect(await rollout.undo(last)).toMatchObject({ end: 'restored', words: expect.not.stringContaining('cut') as string });
		await expectNoneLost(service);
		await moveOn(service, versions.old);
		await expectNoneLost(service);
		// What is kept open went on until its service closed it, as a rule once in each move.
		expect(await opened(service)).toBeLessThanOrEqual(8);
		const made = await bench.docker.getContainer(name).inspect();
		expect(made.NetworkSettings.Networks[network]?.IPAMConfig ?? {}).toEqual({});
	});

	it('says before it that kept connections may be cut, where the one that leaves may not get its address again', async () => {
		const network = await plainNetwork();
		const name = `${bench.prefix}-holes`;
		const low = await Promise.all([1, 2].map(async () => bench.containers.run('sleep 1000', { host: { NetworkMode: network } })));
		const id = await bench.create(name, 'broken', { Cmd: ['-c', 'sleep 1000'], HostConfig: { NetworkMode: network }, NetworkingConfig: { EndpointsConfig: { [network]: { Aliases: ['other'] } } } });
		await bench.docker.getContainer(id).start();
		const found = async () => (await rollout.plan({ id, name }, bench.image('new'))).findings.find(({ what }) => what === 'names');
		expect(await found()).toMatchObject({ level: 'fine', why: expect.stringContaining('other') as string });
		await Promise.all(low.map(async (each) => bench.docker.getContainer(each).remove({ force: true })));
		expect(await found()).toMatchObject({ level: 'warn', why: expect.stringContaining(`on ${network} lower ones are free`) as string });
	});

	it('is not chosen where two would write to the same data, or a port is held', async () => {
		const { network, volume, port } = await bench.places();
		const name = `${bench.prefix}-shared`;
		const id = await bench.create(name, 'broken', { Cmd: ['-c', 'sleep 1000'], HostConfig: { NetworkMode: network, Binds: [`${volume}:/store`] } });
		await bench.docker.getContainer(id).start();
		expect(await rollout.plan({ id, name }, bench.image('new'))).toMatchObject({ way: 'stop-first', wayWhy: expect.stringContaining('/store') as string });
		expect((await rollout.plan({ id, name }, bench.image('new'), { way: 'start-first' })).findings).toContainEqual({ level: 'warn', what: 'volumes', why: 'both write to /store at the same time for a while' });
		const holder = await bench.create(`${name}-port`, 'broken', { Cmd: ['-c', 'sleep 1000'], ExposedPorts: { '7000/tcp': {} }, HostConfig: { NetworkMode: network, PortBindings: { '7000/tcp': [{ HostIp: '127.0.0.1', HostPort: String(port) }] } } });
		await bench.docker.getContainer(holder).start();
		expect((await rollout.plan({ id: holder, name: `${name}-port` }, bench.image('new'), { way: 'start-first' })).findings).toContainEqual({ level: 'refuse', what: 'way', why: 'both cannot run at once: it holds a port of the host' });
	});
});
