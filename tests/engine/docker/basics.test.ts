import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine, EngineEvent } from '../../../src/domain/engine.ts';
import { Containers, eventually, openEngine, testEngineAddress } from '../../support/engine.ts';
import { healthCheckTimeoutNs, patienceMs, testLimitMs } from '../../support/patience.ts';

const address = testEngineAddress();
const containers = new Containers(address);
let engine: Engine;

beforeAll(async () => {
	engine = await openEngine(address);
});

afterAll(async () => {
	await containers.removeAll();
	await engine.close();
});

describe('an engine', () => {
	it('tells what it is, at the version it speaks itself', async () => {
		const own = await containers.docker.version();
		const info = await engine.info();
		expect(info).toMatchObject({ product: 'Docker', version: own.Version, target: { kind: 'docker', origin: '--host' } });
		expect(info.cpus).toBeGreaterThan(0);
		expect(info.memoryBytes).toBeGreaterThan(1e8);
		expect(['v1', 'v2']).toContain(info.cgroup);
		// Same machine, same clock; the time an answer takes is part of what is measured.
		expect(Math.abs(info.clockSkewMs)).toBeLessThan(5000);
	});

	it('measures how far its clock is from ours', async () => {
		const ahead = 3_600_000;
		const skewed = await openEngine(address, { clock: { now: () => Date.now() + ahead, monotonic: () => performance.now(), after: () => () => {}, every: () => () => {} } });
		const info = await skewed.info();
		expect(info.clockSkewMs + ahead).toBeGreaterThan(-5000);
		expect(info.clockSkewMs + ahead).toBeLessThan(5000);
		await skewed.close();
	});

	it('agrees in its list and its inspect', async () => {
		const id = await containers.run('sleep 1000', {
			host: { Memory: 64 * 1024 * 1024, NanoCpus: 500_000_000, PidsLimit: 32, RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 3 }, Binds: ['/tmp:/data:ro'] },
			create: {
				ExposedPorts: { '8000/tcp': {} },
				Labels: { 'com.docker.compose.project': 'shop', 'com.docker.compose.service': 'api', 'com.docker.compose.container-number': '2' },
				Healthcheck: { Test: ['CMD-SHELL', 'echo all well; exit 0'], Interval: 200_000_000, Timeout: healthCheckTimeoutNs, Retries: 2 },
			},
		});
		const healthy = await eventually('healthy', async () => {
			const found = await engine.inspect(id);
			return found?.health === 'healthy' ? found : undefined;
		});
		const listed = (await engine.list()).find((one) => one.id === id);
		expect(listed).toMatchObject({ name: healthy.name, state: 'running', health: 'healthy', manager: 'compose', group: 'shop', service: 'api', replica: 2 });
		expect(listed?.mounts).toEqual([{ kind: 'bind', source: '/tmp', target: '/data', readOnly: true }]);
		expect(healthy.detail).toMatchObject({
			memoryLimit: 64 * 1024 * 1024,
			cpuLimit: 0.5,
			pidsLimit: 32,
			restartPolicy: 'on-failure:3',
			autoRemove: false,
			tty: false,
			healthCheck: { test: ['CMD-SHELL', 'echo all well; exit 0'], intervalMs: 200, timeoutMs: healthCheckTimeoutNs / 1e6, retries: 2 },
		});
		expect(healthy.detail.healthLog[0]).toMatchObject({ exitCode: 0, output: 'all well\n' });
		expect(healthy.detail.imageCreatedAt).toBeGreaterThan(0);
		expect(healthy.ports).toEqual([{ container: 8000, protocol: 'tcp' }]);
	});

	it('says what a container ended with', async () => {
		const id = await containers.run('exit 41');
		const over = await eventually('exited', async () => (await engine.list()).find((one) => one.id === id && one.state === 'exited'));
		expect(over.exitCode).toBe(41);
		expect((await engine.inspect(id))?.exitCode).toBe(41);
	});

	it('tells an out-of-memory kill', async () => {
		// The runtime's word of the kill is lost where the container is gone before it comes, and the engine then never
		// learns of it: so the shell outlives what was killed, and the longer, the busier the machine is.
		let oomKilled = false;
		for (let seconds = 1; !oomKilled && seconds < patienceMs / 1000; seconds *= 4) {
			const id = await containers.run(`tail /dev/zero; code=$?; sleep ${seconds}; exit $code`, { host: { Memory: 8 * 1024 * 1024, MemorySwap: 8 * 1024 * 1024 } });
			const over = await eventually('killed', async () => {
				const found = await engine.inspect(id);
				return found?.state === 'exited' ? found : undefined;
			});
			expect(over.exitCode).toBe(137);
			({ oomKilled } = over.detail);
		}
		expect(oomKilled).toBe(true);
	});

	it('knows nothing of a container that is not there', async () => {
		expect(await engine.inspect('f'.repeat(64))).toBeUndefined();
		await expect(engine.start('f'.repeat(64))).rejects.toMatchObject({ name: 'EngineError', kind: 'not-found' });
	});
});

describe('events', () => {
	it('tell every action, and no command run inside', async () => {
		const events: EngineEvent[] = [];
		const abort = new AbortController();
		const id = await containers.create('trap "exit 7" TERM; trap "exit 3" HUP; echo ready; while :; do sleep 0.05; done');
		// A signal that comes before its trap is set is lost.
		const trapsSet = async (starts: number) =>
			eventually('its traps are set', async () => String(await containers.docker.getContainer(id).logs({ stdout: true })).split('ready').length > starts);
		const { ready, ended } = engine.events((event) => {
			if (event.containerId === id) {
				events.push(event);
			}
		}, abort.signal);
		await ready;
		await engine.start(id);
		await trapsSet(1);
		await engine.exec(id, { argv: ['true'], timeoutMs: patienceMs });
		await engine.pause(id);
		await engine.unpause(id);
		await engine.restart(id, patienceMs / 1000);
		await trapsSet(2);
		await engine.kill(id, 'SIGHUP');
		await eventually('ended by the signal', () => events.some((event) => event.kind === 'died' && event.exitCode === 3));
		await engine.start(id);
		await trapsSet(3);
		await engine.stop(id, patienceMs / 1000);
		await eventually('stopped', () => events.at(-1)?.kind === 'stopped');
		abort.abort();
		await ended;
		// A busy engine tells of a pause twice: for the call, and once more when its runtime's word comes late.
		const acts = events.filter((event) => event.kind !== 'detached');
		const kinds = acts.map((event) => event.kind).filter((kind, at, all) => !(kind.endsWith('paused') && kind === all[at - 2]));
		expect(kinds).toEqual(['started', 'paused', 'unpaused', 'stopping', 'died', 'stopped', 'started', 'restarted', 'killed', 'died', 'started', 'stopping', 'died', 'stopped']);
		expect(acts.at(-2)).toMatchObject({ exitCode: 7 });
		// Each end takes it off its network.
		expect(events.filter((event) => event.kind === 'detached')).toHaveLength(3);
		expect(Math.abs((events[0]?.at ?? 0) - Date.now())).toBeLessThan(testLimitMs);
	});

	it('tell health by its result', async () => {
		const events: EngineEvent[] = [];
		const abort = new AbortController();
		const { ready, ended } = engine.events((event) => events.push(event), abort.signal);
		await ready;
		const id = await containers.run('sleep 1000', { create: { Healthcheck: { Test: ['CMD-SHELL', 'exit 1'], Interval: 100_000_000, Timeout: healthCheckTimeoutNs, Retries: 1 } } });
		const event = await eventually('unhealthy', () => events.find((one) => one.containerId === id && one.kind === 'health'));
		expect(event.attributes['health']).toBe('unhealthy');
		abort.abort();
		await ended;
	});
});
