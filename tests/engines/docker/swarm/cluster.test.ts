import type { IncomingMessage } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import type { RolloutEngine } from '../../../../src/domain/rollout.ts';
import { isFields, type Fields } from '../../../../src/engines/docker/narrow.ts';
import { closeServers, fake, json, type Answer } from '../../../support/dockerServer.ts';
import { serviceReply, spec, taskReply } from './parts.ts';

afterEach(closeServers);

const versions = { least: '1.24', most: '1.41', server: 'Docker/20.10.24 (linux)' };

async function body(request: IncomingMessage): Promise<Fields> {
	const chunks: Buffer[] = [];
	for await (const chunk of request) {
		chunks.push(chunk as Buffer);
	}
	const read: unknown = JSON.parse(Buffer.concat(chunks).toString());
	return isFields(read) ? read : {};
}

const fails = (status: number, message: string): Answer => (_path, response) => void response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify({ message }));

const info = (swarm: Fields): Answer => json({ Swarm: swarm });
const manager = info({ LocalNodeState: 'active', ControlAvailable: true });
const image = (id: string): Answer => json({ Id: id, Config: {} });

/** A cluster that does at once what it is told, and refuses so many changes first. */
async function cluster(stale: number): Promise<{ readonly rollout: RolloutEngine; readonly updates: string[]; readonly set: () => string }> {
	let [now, previous, version] = [spec(), undefined as Fields | undefined, 7];
	let left = stale;
	const updates: string[] = [];
	const imageOf = (of: Fields): string => ((of['TaskTemplate'] as Fields)['ContainerSpec'] as Fields)['Image'] as string;
	const update = async (...[, response, request]: Parameters<Answer>): Promise<void> => {
		const sent = await body(request);
		const query = new URL(request.url ?? '', 'http://x').searchParams;
		updates.push(query.toString());
		if (left-- > 0 || query.get('version') !== String(version)) {
			version++;
			fails(500, 'rpc error: code = Unknown desc = update out of sequence')('', response, request);
			return;
		}
		[previous, now] = [now, query.get('rollback') === 'previous' && previous !== undefined ? previous : sent];
		version++;
		json({ Warnings: null })('', response, request);
	};
	const { engine } = await fake(versions, {
		'/info': manager,
		'/containers/json': json([]),
		'/services': (path, response, request) => json([serviceReply({ spec: now, previous, version })])(path, response, request),
		'/services/service1': (path, response, request) => json(serviceReply({ spec: now, previous, version, ...(previous === undefined ? {} : { state: 'completed' }) }))(path, response, request),
		'/services/service1/update': (...call) => void update(...call),
		'/tasks': (path, response, request) => json([1, 2].map((slot) => taskReply({ slot, image: imageOf(now) })))(path, response, request),
		'/nodes': json([{ Status: { State: 'ready' }, Spec: { Availability: 'active' } }]),
		'/images/api%3A1/json': image('sha256:old'),
		'/images/api%3A2/json': image('sha256:new'),
		'/images/sha256%3Aold/tag': json({}),
		'/images/sha256%3Anew/tag': json({}),
		'/images/sha256%3Aold/json': image('sha256:old'),
		'/images/sha256%3Anew/json': image('sha256:new'),
	});
	return { rollout: engine.rollout as RolloutEngine, updates, set: () => imageOf(now) };
}

const quick = { steadyMs: 0 } as const;

describe('a service that changes while it is read', () => {
	it('is read again and changed at its new version', async () => {
		const { rollout, updates, set } = await cluster(3);
		const plan = await rollout.plan(await rollout.subject('api'), 'api:2', quick);
		expect(await rollout.swap(plan)).toMatchObject({ end: 'swapped' });
		expect(updates).toEqual(['version=7', 'version=8', 'version=9', 'version=10']);
		expect(set()).toBe('api:2');
	});

	it('is left alone where that never ends', async () => {
		const { rollout, updates, set } = await cluster(1000);
		const plan = await rollout.plan(await rollout.subject('api'), 'api:2', quick);
		expect(await rollout.swap(plan)).toMatchObject({ end: 'restored', words: expect.stringContaining('update out of sequence') as string });
		expect(updates).toHaveLength(20);
		expect(set()).toBe('api:1');
	});
});

describe('the probes of a service', () => {
	it('have the last word after Swarm', async () => {
		const { rollout, set } = await cluster(0);
		const plan = await rollout.plan(await rollout.subject('api'), 'api:2', { ...quick, proveWithinMs: 300 });
		let asked = 0;
		const outcome = await rollout.swap(plan, { prove: async () => ({ ok: ++asked > 100, words: 'GET /ready: 503' }) });
		expect(outcome).toMatchObject({ end: 'restored', words: expect.stringContaining('2 of 2 tasks run 2, but not within 0.3 s: GET /ready: 503. api is back on api:1') as string });
		expect(asked).toBeGreaterThan(1);
		expect(set()).toBe('api:1');
	});
});

describe('a service by its name', () => {
	const labels = { 'com.docker.swarm.service.name': 'shop_api', 'com.docker.swarm.service.id': 'service1', 'com.docker.stack.namespace': 'shop' };
	const containers = json([{ Id: 'a'.repeat(64), Names: ['/shop_api.1.t1'], Labels: labels }, { Id: 'b'.repeat(64), Names: ['/db'], Labels: {} }]);
	const subject = async (answers: Record<string, Answer>, name: string) => (await fake(versions, { '/containers/json': containers, ...answers })).engine.rollout?.subject(name);

	it.each(['shop_api.1.t1', 'shop_api', 'shop/api', 'api'])('is not moved on a worker (%s), which says where it is', async (name) => {
		const worker = info({ LocalNodeState: 'active', ControlAvailable: false, RemoteManagers: [{ Addr: '10.0.0.1:2377' }, { Addr: '10.0.0.2:2377' }] });
		await expect(subject({ '/info': worker }, name)).rejects.toMatchObject({ kind: 'unsupported', message: `${name} is a service of a swarm, and this engine is a worker of it`, advice: 'Only a manager may change it: run the same against 10.0.0.1 or 10.0.0.2.' });
	});

	it('leaves other containers to themselves, also where the cluster does not answer', async () => {
		const lost = fails(500, 'rpc error: code = Unknown desc = The swarm does not have a leader');
		expect(await subject({ '/info': manager, '/services': lost }, 'db')).toMatchObject({ kind: 'container', name: 'db' });
		await expect(subject({ '/info': manager, '/services': lost }, 'shop_api')).rejects.toMatchObject({ message: expect.stringContaining('does not have a leader') as string });
	});

	it('is not mistaken for a container of the same name', async () => {
		const services = json([serviceReply({ spec: spec({ more: { Name: 'db' } }) })]);
		await expect(subject({ '/info': manager, '/services': services }, 'db')).rejects.toMatchObject({ kind: 'conflict', message: 'db is the Swarm service db and the container db' });
		// Within a stack it can be told apart.
		const stack = json([serviceReply({ spec: spec({ more: { Name: 'shop_db', Labels: { 'com.docker.stack.namespace': 'shop' } } }) })]);
		expect(await subject({ '/info': manager, '/services': stack }, 'db')).toMatchObject({ kind: 'container', name: 'db' });
		expect(await subject({ '/info': manager, '/services': stack, '/tasks': json([]) }, 'shop/db')).toMatchObject({ kind: 'Swarm service', name: 'shop_db' });
	});
});
