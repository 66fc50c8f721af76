import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../../src/domain/engine.ts';
import { systemClock } from '../../../src/domain/systemClock.ts';
import { createJudge, type Judge } from '../../../src/judge/judge.ts';
import { builtInRules } from '../../../src/judge/builtInRules.ts';
import { Inventory } from '../../../src/observe/inventory.ts';
import { groupServices } from '../../../src/observe/services.ts';
import { SignalStore } from '../../../src/observe/signals.ts';
import { Containers, eventually, openEngine, testEngineAddress } from '../../support/engine.ts';
import { removeNetwork } from '../../support/removeNetwork.ts';

let containers: Containers;
let engine: Engine;
let inventory: Inventory;
let stop: AbortController;

beforeAll(async () => {
	containers = new Containers(testEngineAddress());
	engine = await openEngine(testEngineAddress());
	inventory = new Inventory(engine, systemClock);
	stop = new AbortController();
	void inventory.run(stop.signal);
	await eventually('the first list', () => inventory.listed);
}, 60_000);

afterAll(async () => {
	stop.abort();
	await containers.removeAll();
	await engine.close();
}, 60_000);

/** Notes, at every change, which alerts of one container fire, until it is over. */
const watch = (id: string): { readonly fired: Set<string>; over(): void } => {
	const judge: Judge = createJudge(builtInRules());
	const signals = new SignalStore();
	const fired = new Set<string>();
	const look = (): void => {
		const service = groupServices(inventory.containers.values()).find((each) => each.containers.some((container) => container.id === id));
		if (service === undefined) return;
		const verdict = judge.evaluate({ service, history: (each) => inventory.history(each), signals: signals.of(service.id), probes: [], freshAt: systemClock.now() }, systemClock.now());
		for (const alert of verdict.alerts) if (alert.state === 'firing') fired.add(alert.ruleId);
	};
	look();
	const off = inventory.onChange(look);
	return { fired, over: off };
};

/** A container that the inventory has seen start. */
const run = async (script: string, options: Parameters<Containers['run']>[1] = {}): Promise<string> => {
	const id = await containers.run(script, options);
	await eventually('the container in the inventory', () => inventory.containers.get(id)?.state === 'running');
	return id;
};

const deaf = "trap '' TERM; while :; do sleep 0.1; done";
const obedient = 'sleep 1000 & trap "exit 0" TERM; wait';
const ended = async (id: string): Promise<unknown> =>
	eventually('the end', () => {
		const container = inventory.containers.get(id);
		return container === undefined || (container.state === 'exited' && container.detail !== undefined);
	});

describe('what a container ended of', () => {
	it('is an incident at once where it was killed', async () => {
		const id = await run(deaf);
		const seen = watch(id);
		await containers.docker.getContainer(id).kill();
		await ended(id);
		await inventory.settled();
		seen.over();
		expect([...seen.fired]).toEqual(['container-down']);
		expect(inventory.history(id)?.ends.at(-1)?.certain).toBe(true);
	});

	it('is an incident at once where it crashed', async () => {
		const id = await run('sleep 1; exit 3');
		const seen = watch(id);
		await ended(id);
		await inventory.settled();
		seen.over();
		expect([...seen.fired]).toEqual(['container-down']);
		expect(inventory.history(id)?.ends.at(-1)?.certain).toBe(true);
	});

	it.each<[string, string, Parameters<Containers['run']>[1], (id: string) => Promise<unknown>]>([
		['docker stop', obedient, {}, (id) => containers.docker.getContainer(id).stop({ t: 5 })],
		['docker stop that has to kill', deaf, {}, (id) => containers.docker.getContainer(id).stop({ t: 1 })],
		['docker stop without a grace', deaf, {}, (id) => containers.docker.getContainer(id).stop({ t: 0 })],
		['docker stop where the stop signal is KILL', deaf, { create: { StopSignal: 'SIGKILL' } }, (id) => containers.docker.getContainer(id).stop({ t: 5 })],
		['docker stop with another stop signal', 'trap "exit 0" USR2; while :; do sleep 0.1; done', { create: { StopSignal: 'SIGUSR2' } }, (id) => containers.docker.getContainer(id).stop({ t: 5 })],
		['docker rm -f', deaf, {}, (id) => containers.docker.getContainer(id).remove({ force: true, v: true })],
		['docker restart', deaf, {}, (id) => containers.docker.getContainer(id).restart({ t: 0 })],
		['the end of a --rm container', 'sleep 1; exit 3', { host: { AutoRemove: true } }, async (id) => eventually('its removal', () => !inventory.containers.has(id))],
	])('is no incident: %s', async (_what, script, options, act) => {
		const id = await run(script, options);
		const seen = watch(id);
		await act(id);
		await inventory.settled();
		seen.over();
		expect([...seen.fired]).toEqual([]);
	});

	it('is no loop where a person restarted it four times', async () => {
		const id = await run(obedient);
		const seen = watch(id);
		for (let turn = 1; turn <= 4; turn++) {
			await containers.docker.getContainer(id).restart({ t: 5 });
			await eventually('the start', () => inventory.history(id)?.starts.length === turn + 1);
		}
		await inventory.settled();
		seen.over();
		expect([...seen.fired]).toEqual([]);
		expect(inventory.history(id)?.ends.map((end) => end.asked)).toEqual([true, true, true, true]);
	});

	it('is a loop where it crashes and the engine brings it back', async () => {
		const id = await run('sleep 0.3; exit 1', { host: { RestartPolicy: { Name: 'always' } } });
		const seen = watch(id);
		const look = setInterval(() => inventory.want(id), 200);
		await eventually('the loop', () => seen.fired.has('restart-loop'), 30_000);
		clearInterval(look);
		seen.over();
		expect(inventory.history(id)?.ends.filter((end) => !end.asked).length).toBeGreaterThanOrEqual(3);
	});
});

describe('a start that fails', () => {
	const network = `sitrep-test-starts-${process.pid}`;
	beforeAll(async () => {
		await containers.docker.createNetwork({ Name: network });
	});
	afterAll(async () => {
		await containers.removeAll();
		await removeNetwork(containers.docker.getNetwork(network));
	});

	const published = (port: string): Parameters<Containers['run']>[1] => ({ create: { ExposedPorts: { '80/tcp': {} }, HostConfig: { NetworkMode: network, PortBindings: { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: port }] } } } });

	// The engine sends no event of the container itself, and a list tells nothing that was not known.
	it('tells why, and which port it will have, as soon as it has failed', async () => {
		const holder = await run('sleep 1000', published('0'));
		const port = await eventually('its port', () => {
			inventory.want(holder);
			return inventory.containers.get(holder)?.ports[0]?.host;
		});
		const id = await containers.create('sleep 1000', published(String(port)));
		await expect(containers.docker.getContainer(id).start()).rejects.toThrow('already allocated');
		await eventually('the reason', () => inventory.containers.get(id)?.detail?.error?.startsWith(`port 127.0.0.1:${port} is taken by another container`));
		expect(inventory.containers.get(id)?.ports).toEqual([{ container: 80, protocol: 'tcp', host: port, hostIp: '127.0.0.1' }]);
	});
});
