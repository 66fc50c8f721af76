import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../../src/domain/engine.ts';
import { systemClock } from '../../../src/domain/systemClock.ts';
import { builtInRules } from '../../../src/judge/builtInRules.ts';
import { createJudge } from '../../../src/judge/judge.ts';
import { describeService } from '../../../src/judge/words.ts';
import { Inventory } from '../../../src/observe/inventory.ts';
import { groupServices } from '../../../src/observe/services.ts';
import { Containers, eventually, openEngine, testEngineAddress } from '../../support/engine.ts';
import { healthCheckTimeoutNs } from '../../support/patience.ts';

const address = testEngineAddress();
const containers = new Containers(address);
const judge = createJudge(builtInRules().filter((rule) => !rule.id.startsWith('memory-')));
const end = new AbortController();
let engine: Engine;
let inventory: Inventory;

beforeAll(async () => {
	engine = await openEngine(address);
	inventory = new Inventory(engine, systemClock);
	void inventory.run(end.signal);
	await eventually('the first list', () => inventory.listed);
});

afterAll(async () => {
	end.abort();
	await containers.removeAll();
	await engine.close();
});

/** Mark and words of one container's service, once they are these. */
const reads = (id: string, pattern: RegExp): Promise<string> => {
	let last = 'nothing';
	return eventually(String(pattern), () => {
		const container = inventory.containers.get(id);
		const service = container === undefined ? undefined : groupServices([container])[0];
		if (service === undefined) return false;
		const verdict = judge.evaluate(
			{
				service,
				history: (containerId) => inventory.history(containerId),
				signals: { latest: () => undefined, range: () => [], names: () => [] },
				probes: [],
				freshAt: inventory.freshAt,
			},
			Date.now(),
		);
		const { mark, reason } = describeService(verdict);
		last = `${mark} ${reason}`;
		return pattern.test(last) ? last : false;
	}).catch((error: unknown) => {
		throw new Error(`${String(error)}; last it read: ${last}`);
	});
};

describe('what the judge says of real containers', () => {
	it('up, killed, back, and stopped on request', async () => {
		const id = await containers.run('trap "exit 0" TERM; while :; do sleep 1; done');
		await expect(reads(id, /^ok up \d+ s, no health check$/)).resolves.toBeDefined();
		await engine.kill(id, 'SIGKILL');
		await expect(reads(id, /^P0 down \d+ s: exited 137, killed$/)).resolves.toBeDefined();
		await engine.start(id);
		await expect(reads(id, /^ok up /)).resolves.toBeDefined();
		await engine.stop(id, 5);
		await expect(reads(id, /^- stopped on request \d+ s ago$/)).resolves.toBeDefined();
	});

	it('a job that ends, and one that fails', async () => {
		const good = await containers.run('exit 0');
		await expect(reads(good, /^- completed 0, \d+ s ago$/)).resolves.toBeDefined();
		const bad = await containers.run('exit 3');
		await expect(reads(bad, /^P0 down \d+ s: exited 3$/)).resolves.toBeDefined();
	});

	it('a restart loop', async () => {
		const id = await containers.run('exit 1', { host: { RestartPolicy: { Name: 'always', MaximumRetryCount: 0 } } });
		await expect(reads(id, /^P0 restart(?:ing| loop): exited 1, (?:3rd|\d+th) time in 10 min$/)).resolves.toBeDefined();
	});

	it('a failing health check, in its own words', async () => {
		const id = await containers.run('sleep 1000', {
			create: { Healthcheck: { Test: ['CMD-SHELL', 'echo "connection refused"; exit 1'], Interval: 500_000_000, Timeout: healthCheckTimeoutNs, Retries: 2 } },
		});
		await expect(reads(id, /^P0 unhealthy \d+ s: connection refused$/)).resolves.toBeDefined();
	});

	it('a pause', async () => {
		const id = await containers.run('sleep 1000');
		await engine.pause(id);
		await expect(reads(id, /^P2 paused$/)).resolves.toBeDefined();
		await engine.unpause(id);
		await expect(reads(id, /^ok up /)).resolves.toBeDefined();
	});
});
