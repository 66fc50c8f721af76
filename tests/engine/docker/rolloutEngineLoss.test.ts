import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPrivateEngine, type PrivateEngine } from '../../../src/drill/privateEngine.ts';
import type { openDocker } from '../../../src/engines/docker/index.ts';
import { openEngine } from '../../support/engine.ts';
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
