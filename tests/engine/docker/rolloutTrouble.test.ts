import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ContainerCreateOptions } from 'dockerode';
import { EngineError } from '../../../src/domain/engine.ts';
import type { RolloutEngine, RolloutOutcome, RolloutPlan } from '../../../src/domain/rollout.ts';
import type { openDocker } from '../../../src/engines/docker/index.ts';
import { freePort } from '../../support/freePort.ts';
import { openEngine, testEngineAddress } from '../../support/engine.ts';
import { RolloutBench, type Version } from './rolloutHarness.ts';

const address = testEngineAddress();
const bench = new RolloutBench(address, 'trouble');
const quick = { steadyMs: 600, proveWithinMs: 60_000 } as const;
let engine: ReturnType<typeof openDocker>;
let rollout: RolloutEngine;
let count = 0;

beforeAll(async () => {
	engine = await openEngine(address);
	({ rollout } = engine);
	await bench.setUp();
});

afterAll(async () => {
	await bench.tearDown();
	await engine.close();
});

async function make(options: Partial<ContainerCreateOptions> = {}, start = true): Promise<{ readonly id: string; readonly name: string }> {
	const name = `${bench.prefix}-${count++}`;
	const id = await bench.create(name, 'old', options);
	if (start) {
		await bench.docker.getContainer(id).start();
	}
	return { id, name };
}

const planTo = async (subject: { readonly id: string; readonly name: string }, version: Version | 'absent'): Promise<RolloutPlan> => rollout.plan(subject, version === 'absent' ? `${bench.prefix}:absent` : bench.image(version), quick);

const refused = (plan: RolloutPlan) => plan.findings.filter(({ level }) => level === 'refuse').map(({ what, why }) => `${what}: ${why}`);

async function expectBack(subject: { readonly id: string; readonly name: string }, outcome: RolloutOutcome): Promise<void> {
	const found = await bench.docker.getContainer(subject.name).inspect();
	expect(found.Id).toBe(subject.id);
	expect(found.State.Running).toBe(true);
	expect(found.HostConfig.RestartPolicy?.Name).toBe('always');
	expect(await rollout.examine(outcome.state)).toMatchObject({ stage: 'undone', serving: 'old' });
}

describe('a new version that is no good', () => {
	const always = { HostConfig: { RestartPolicy: { Name: 'always' } } };

	it.each([
		{ version: 'broken' as const, words: /ended with 3|ended and was started again/ },
		{ version: 'sick' as const, words: /unhealthy: no database/ },
	])('brings the old one back by itself: $version', async ({ version, words }) => {
		const subject = await make(always);
		const outcome = await rollout.swap(await planTo(subject, version));
		expect(outcome).toMatchObject({ end: 'restored', words: expect.stringMatching(words) as string, gapMs: expect.any(Number) as number });
		await expectBack(subject, outcome);
	});

	it('brings it back where the service\'s own probes are not content', async () => {
		const subject = await make(always);
		const plan = await rollout.plan(subject, bench.image('new'), { steadyMs: 50, proveWithinMs: 4000 });
		const asked: string[] = [];
		const outcome = await rollout.swap(plan, {
			prove: async (fresh) => {
				asked.push(fresh.name);
				return { ok: false, words: 'ready answers 503' };
			},
		});
		expect(new Set(asked)).toEqual(new Set([subject.name]));
		expect(outcome).toMatchObject({ end: 'restored', words: expect.stringContaining('ready answers 503') as string });
		await expectBack(subject, outcome);
	});

	it('brings it back where it was called off', async () => {
		const subject = await make(always);
		const abort = new AbortController();
		const outcome = await rollout.swap(await planTo(subject, 'new'), {
			signal: abort.signal,
			after: async ({ id }) => {
				if (id === 'start') {
					abort.abort();
				}
			},
		});
		expect(outcome).toMatchObject({ end: 'restored', words: expect.stringMatching(/^it was called off\. /) as string });
		await expectBack(subject, outcome);
	});

	it('brings it back where its port is taken between the two', async () => {
		const port = await freePort();
		const { network } = await bench.places();
		const subject = await make({ ExposedPorts: { '7000/tcp': {} }, HostConfig: { NetworkMode: network, RestartPolicy: { Name: 'always' }, PortBindings: { '7000/tcp': [{ HostIp: '127.0.0.1', HostPort: String(port) }] } } });
		let squatter: Server | undefined;
		const outcome = await rollout.swap(await planTo(subject, 'new'), {
			after: async ({ id }) => {
				if (id === 'stop') {
					squatter = await new Promise((resolve) => {
						const server = createServer().listen(port, '127.0.0.1', () => resolve(server));
					});
				}
			},
			before: async ({ id }) => {
				if (id === 'restart') {
					await new Promise((resolve) => squatter?.close(resolve));
				}
			},
		});
		expect(outcome).toMatchObject({ end: 'restored', words: expect.stringMatching(/already allocated|already in use/) as string });
		await expectBack(subject, outcome);
	});

	it('is told from one that could be started with nothing left to go back to', async () => {
		const subject = await make(always);
		const outcome = await rollout.swap(await planTo(subject, 'broken'), {
			before: async ({ id }) => {
				if (id === 'back') {
					await bench.docker.getContainer(subject.id).remove({ force: true });
				}
			},
		});
		expect(outcome).toMatchObject({ end: 'stuck', words: expect.stringContaining('is gone') as string });
		expect(await rollout.examine(outcome.state)).toMatchObject({ stage: 'gone', serving: 'nobody', undo: { possible: false } });
	});
});

describe('the preflight', () => {
	it('refuses what cannot go well, and the swap then changes nothing', async () => {
		const temporary = await make({ HostConfig: { AutoRemove: true } });
		const plan = await planTo(temporary, 'new');
		expect(refused(plan)).toEqual([expect.stringContaining('--rm')]);
		await expect(rollout.swap(plan)).rejects.toThrow(EngineError);
		expect((await bench.docker.getContainer(temporary.id).inspect()).State.Running).toBe(true);
		expect(refused(await planTo(await make(), 'absent'))).toEqual([expect.stringContaining('is not on this engine')]);
		expect(refused(await planTo(await make(), 'old'))).toEqual([expect.stringContaining('nothing would change')]);
		await expect(rollout.plan({ id: '0'.repeat(64), name: 'no-such-container' }, bench.image('new'))).rejects.toMatchObject({ kind: 'not-found' });
	});

	it('finds who depends on it, and who holds its port', async () => {
		const { network } = await bench.places();
		const subject = await make({ HostConfig: { NetworkMode: network } });
		const dependent = `${bench.prefix}-${count++}`;
		await bench.docker.getContainer(await bench.create(dependent, 'old', { HostConfig: { NetworkMode: `container:${subject.name}` } })).start();
		expect(refused(await planTo(subject, 'new'))).toEqual([`${dependent}: shares its network, and would be left without one`]);
		const port = await freePort();
		const published = { ExposedPorts: { '7000/tcp': {} }, HostConfig: { NetworkMode: network, PortBindings: { '7000/tcp': [{ HostIp: '127.0.0.1', HostPort: String(port) }] } } };
		const holder = await make(published);
		expect(refused(await planTo(await make(published, false), 'new'))).toEqual([`port ${port}/tcp: ${holder.name} holds it`]);
	});

	it('names what is lost and what stays', async () => {
		const subject = await make();
		const exec = await bench.docker.getContainer(subject.id).exec({ Cmd: ['sh', '-c', 'mkdir -p /srv/state && echo x > /srv/state/only-here; echo y > /old-data/kept; echo z > /tmp/passing'], AttachStdout: true });
		const stream = await exec.start({});
		await new Promise((resolve) => stream.on('end', resolve).resume());
		const plan = await planTo(subject, 'new');
		expect(plan.lost).toContain('1 file it wrote beside its volumes: /srv/state/only-here');
		expect(plan.kept).toContain('volumes without a name: /old-data');
		expect(plan.changes).toEqual(
			expect.arrayContaining([
				{ field: 'environment', key: 'OLD_ONLY', before: '1' },
				{ field: 'environment', key: 'NEW_ONLY', after: '1' },
				{ field: 'environment', key: 'COMMON', before: 'old', after: 'new' },
				{ field: 'ports', key: '9000/tcp', after: 'exposed' },
				{ field: 'volumes', key: '/old-data', before: 'declared' },
				{ field: 'stop signal', before: 'SIGTERM', after: 'SIGINT' },
			]),
		);
		const outcome = await rollout.swap(plan);
		expect(outcome.end).toBe('swapped');
		const kept = await bench.docker.getContainer(subject.name).exec({ Cmd: ['cat', '/old-data/kept'], AttachStdout: true, Tty: true });
		const chunks: string[] = [];
		for await (const chunk of await kept.start({ Tty: true })) {
			chunks.push(String(chunk));
		}
		expect(chunks.join('').trim()).toBe('y');
		// The new one goes with its volumes when it is taken back; the data of the old one must not.
		const back = await rollout.undo(outcome.state);
		expect(back.end).toBe('restored');
		expect((await bench.docker.getContainer(subject.name).inspect()).Mounts.map(({ Destination }) => Destination)).toContain('/old-data');
		expect(await bench.docker.getContainer(subject.name).getArchive({ path: '/old-data/kept' })).toBeDefined();
	});

	it('refuses while an earlier rollout is half done', async () => {
		const subject = await make();
		const plan = await planTo(subject, 'new');
		await expect(rollout.swap(plan, { before: async ({ id }) => (id === 'stop' ? Promise.reject(new Error('killed')) : undefined) })).rejects.toThrow('killed');
		expect(refused(await planTo(subject, 'new'))).toEqual([expect.stringContaining('was left half done')]);
		expect(await rollout.undo({ plan })).toMatchObject({ end: 'restored' });
		expect(refused(await planTo(subject, 'new'))).toEqual([]);
	});

	it('refuses a plan whose container was made anew since', async () => {
		const subject = await make();
		const plan = await planTo(subject, 'new');
		await bench.docker.getContainer(subject.id).remove({ force: true });
		await bench.create(subject.name, 'old');
		await expect(rollout.swap(plan)).rejects.toMatchObject({ kind: 'conflict' });
	});
});

describe('versions', () => {
	it('are those of the same repository, and a pinned one survives the loss of its name', async () => {
		const subject = await make();
		const found = await rollout.versions([subject]);
		expect(found.map(({ image }) => image).sort()).toEqual(['broken', 'new', 'old', 'sick'].map((tag) => `${bench.prefix}:${tag}`));
		expect(found.find(({ current }) => current)).toMatchObject({ image: bench.image('old'), runs: [subject.name], pinned: false });
		const image = await bench.docker.getImage(bench.image('sick')).inspect();
		const pin = await rollout.pin(subject.name, image.Id);
		expect(pin).toBe(`sitrep-pin/${subject.name}:${image.Id.slice(7, 19)}`);
		expect(await rollout.pins(subject.name)).toEqual([{ name: pin, imageId: image.Id }]);
		await bench.docker.getImage(bench.image('sick')).remove();
		expect(await rollout.versions([subject])).toContainEqual(expect.objectContaining({ image: image.Id, imageId: image.Id, tags: [], pinned: true }));
		await bench.docker.getImage(pin).tag({ repo: bench.prefix, tag: 'sick' });
		await rollout.unpin(subject.name, image.Id);
		await rollout.unpin(subject.name, image.Id);
		expect(await rollout.pins(subject.name)).toEqual([]);
	});

	it('that cannot be fetched say so', async () => {
		await expect(rollout.fetch('127.0.0.1:9/nobody/there:1', () => {}, AbortSignal.timeout(30_000))).rejects.toThrow(EngineError);
	});
});

describe('a stop-first swap', () => {
	it('is hardly longer without an answer than the engine\'s own stop and start', async () => {
		// Ends at once when asked to, so that the engine's own time is what is measured.
		const subject = await make({ Entrypoint: ['/bin/sleep'], Cmd: ['1000'], HostConfig: { Init: true } });
		const rounds: { readonly own: number; readonly gap: number }[] = [];
		let end: RolloutOutcome | undefined;
		for (let round = 0; round < 4; round++) {
			const running = await bench.docker.getContainer(subject.name).inspect();
			const began = performance.now();
			await bench.docker.getContainer(running.Id).stop();
			await bench.docker.getContainer(running.Id).start();
			const own = performance.now() - began;
			end = await rollout.swap(await planTo({ id: running.Id, name: subject.name }, round % 2 === 0 ? 'new' : 'old'));
			expect(end).toMatchObject({ end: 'swapped', gapMs: expect.any(Number) as number });
			rounds.push({ own, gap: end.gapMs ?? Number.NaN });
		}
		const best = Math.min(...rounds.map(({ own, gap }) => gap / own));
		expect(best, JSON.stringify(rounds)).toBeLessThan(1.2);
	});
});
