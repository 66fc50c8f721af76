import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPrivateEngine, type PrivateEngine } from '../../../src/drill/privateEngine.ts';
import type { openDocker } from '../../../src/engines/docker/index.ts';
import { openEngine } from '../../support/engine.ts';
import { freePort } from '../../support/freePort.ts';
import { RolloutBench } from './rolloutHarness.ts';

const dir = mkdtempSync(join(tmpdir(), 'sitrep-roll-'));
let own: PrivateEngine;
let bench: RolloutBench;
let engine: ReturnType<typeof openDocker>;

beforeAll(async () => {
	own = await startPrivateEngine({ dir: join(dir, 'e') });
	bench = new RolloutBench(own.host, 'loss');
	await bench.setUp();
	engine = await openEngine(own.host);
});

afterAll(async () => {
	await engine.close();
	await own.destroy();
	rmSync(dir, { recursive: true, force: true });
});

describe('an engine that is killed and comes back in the middle of a swap', () => {
	it.each(['create', 'aside', 'start', 'prove'])('before "%s": the swap goes on where it was', async (act) => {
		const name = `${bench.prefix}-${act}`;
		const id = await bench.create(name, 'old', { HostConfig: { RestartPolicy: { Name: 'always' } } });
		await bench.docker.getContainer(id).start();
		const plan = await engine.rollout.plan({ id, name }, bench.image('new'), { way: 'stop-first', proveWithinMs: 60_000 });
		let back: Promise<void> | undefined;
		const outcome = await engine.rollout.swap(plan, {
			before: async (begun) => {
				if (begun.id === act && back === undefined) {
					own.kill('SIGKILL');
					back = own.restart();
				}
			},
		});
		await back;
		expect(outcome).toMatchObject({ end: 'swapped' });
		const found = await bench.docker.getContainer(name).inspect();
		expect(found.State.Running).toBe(true);
		expect(found.HostConfig.RestartPolicy?.Name).toBe('always');
		expect(await engine.rollout.examine(outcome.state)).toMatchObject({ stage: 'done', serving: 'new' });
		await bench.docker.getContainer(name).remove({ force: true });
	});
});

describe('an engine that is killed while it starts one with a port', () => {
	// Docker 20.10 then keeps the port for a container that never ran, and nothing but a restart makes it let go.
	it('leaves a version that serves, or words that say what helps; and then the swap is finished', async () => {
		const name = `${bench.prefix}-port`;
		const port = await freePort();
		const { network } = await bench.places();
		const id = await bench.create(name, 'old', { ExposedPorts: { '7000/tcp': {} }, HostConfig: { NetworkMode: network, RestartPolicy: { Name: 'always' }, PortBindings: { '7000/tcp': [{ HostIp: '127.0.0.1', HostPort: String(port) }] } } });
		await bench.docker.getContainer(id).start();
		const plan = await engine.rollout.plan({ id, name }, bench.image('new'), { way: 'stop-first', proveWithinMs: 60_000 });
		let back: Promise<void> | undefined;
		const outcome = await engine.rollout.swap(plan, {
			before: async (begun) => {
				if (begun.id === 'start') {
					// In the middle of the engine's own work on the start that is asked for next.
					back ??= sleep(80).then(async () => {
						own.kill('SIGKILL');
						await own.restart();
					});
				}
			},
		});
		await back;
		const saysWhatHelps = [`port 127.0.0.1:${port} is already allocated, and no container has it`, 'Only restarting the engine frees it'].every((words) => outcome.words.includes(words));
		if (saysWhatHelps) await own.restart();
		const ended = saysWhatHelps ? await engine.rollout.finish(outcome.state) : outcome;
		expect(ended.end).toMatch(/^(swapped|restored)$/);
		expect((await bench.docker.getContainer(name).inspect()).State.Running).toBe(true);
		await bench.docker.getContainer(name).remove({ force: true });
	});
});
