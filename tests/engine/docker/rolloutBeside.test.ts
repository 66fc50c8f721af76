import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RolloutEngine } from '../../../src/domain/rollout.ts';
import type { openDocker } from '../../../src/engines/docker/index.ts';
import { eventually, openEngine, testEngineAddress } from '../../support/engine.ts';
import { imageRepository } from '../../../src/drill/rangeNames.ts';
import { RolloutBench } from './rolloutHarness.ts';

const address = testEngineAddress();
const bench = new RolloutBench(address, 'beside');
let engine: ReturnType<typeof openDocker>;
let rollout: RolloutEngine;

beforeAll(async () => {
	engine = await openEngine(address);
	({ rollout } = engine);
	await bench.setUp();
});

afterAll(async () => {
	await bench.tearDown();
	await engine.close();
});

/** The smallest images that can look names up. */
const versions = { old: `${imageRepository}:1.0.0`, new: `${imageRepository}:1.1.0` } as const;

/** Answers each request after 5 ms, and ends at once when asked to. */
const serve = `require('node:http').createServer((request, response) => setTimeout(() => response.end('ok'), 5)).listen(7000); process.on('SIGTERM', () => process.exit(0))`;

const check = `fetch('http://127.0.0.1:7000/').then(() => process.exit(0), () => process.exit(1))`;

/** Asks over and over by a name, each time on a connection of its own; a line for each answer. */
const asking = (name: string): string =>
	`const ask = () => { const request = require('node:http').get({ host: '${name}', port: 7000, agent: false, timeout: 3000 }, (response) => response.resume().on('end', () => { console.log('ok'); setTimeout(ask, 5); })); request.on('timeout', () => request.destroy(new Error('no answer'))).on('error', (error) => { console.log('failed ' + error.message); setTimeout(ask, 5); }); }; ask()`;

async function answers(id: string): Promise<{ readonly ok: number; readonly failed: number; readonly why: string }> {
	const log = String(await bench.docker.getContainer(id).logs({ stdout: true, stderr: false, follow: false }));
	return { ok: (log.match(/ok$/gm) ?? []).length, failed: (log.match(/failed .*$/gm) ?? []).length, why: (log.match(/failed .*$/gm) ?? []).join('; ') };
}

describe('a swap with both side by side', () => {
	it.each([
		{ by: 'its name', most: 0 },
		// Names on a network are taken off together with the network: what is under way at that moment is cut.
		{ by: 'an alias', most: 1 },
	])('loses at most $most requests by $by', async ({ by, most }) => {
		const name = `${bench.prefix}-${by.replaceAll(' ', '-')}`;
		const { network } = await bench.places();
		const aliased = by === 'an alias';
		const id = await bench.create(name, 'old', {
			Image: versions.old,
			Entrypoint: ['node'],
			Cmd: ['-e', serve],
			Healthcheck: { Test: ['CMD', 'node', '-e', check], Interval: 1_000_000_000, Timeout: 60_000_000_000, Retries: 50 },
			HostConfig: { NetworkMode: network },
			...(aliased ? { NetworkingConfig: { EndpointsConfig: { [network]: { Aliases: [`${name}-api`] } } } } : {}),
		});
		await bench.docker.getContainer(id).start();
		await eventually('healthy', async () => (await bench.docker.getContainer(id).inspect()).State.Health?.Status === 'healthy');
		const client = await bench.containers.run('', { image: versions.old, argv: ['-e', asking(aliased ? `${name}-api` : name)], host: { NetworkMode: network }, create: { Entrypoint: ['node'] } });
		await eventually('requests are answered', async () => (await answers(client)).ok > 20);
		const plan = await rollout.plan({ id, name }, versions.new, { proveWithinMs: 60_000 });
		expect(plan).toMatchObject({ way: 'start-first', downtime: { expectedMs: 0 } });
		const outcome = await rollout.swap(plan);
		expect(outcome).toMatchObject({ end: 'swapped' });
		expect(outcome.gapMs).toBeUndefined();
		const after = (await answers(client)).ok;
		await eventually('the new one answers', async () => (await answers(client)).ok > after + 20);
		const counted = await answers(client);
		expect(counted.failed, `${counted.failed} of ${counted.ok + counted.failed}: ${counted.why}`).toBeLessThanOrEqual(most);
		// And back again, the same way.
		const back = await rollout.undo(outcome.state);
		expect(back).toMatchObject({ end: 'restored' });
		const soFar = (await answers(client)).ok;
		await eventually('the old one answers', async () => (await answers(client)).ok > soFar + 20);
		const atEnd = await answers(client);
		expect(atEnd.failed - counted.failed, atEnd.why).toBeLessThanOrEqual(1);
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
