import { afterEach, describe, expect, it } from 'vitest';
import { containerName } from '../../../src/drill/rangeNames.ts';
import { readStats, turnStats } from '../../drill/loadStats.ts';
import { patienceMs } from '../../support/patience.ts';
import { TestRange } from './rangeHarness.ts';

/** What every answer of the service waits for, ms: `pricesMs` of src/drill/service/api.mjs. */
const pricesMs = 20;

describe('deployments of bad versions', () => {
	const range = new TestRange('faults-deploy');
	// Fails where the service does not become healthy and ready again.
	afterEach(async () => range.heal());

	const healthy = async () => range.sees('healthy', async () => (await range.state()).Health?.Status === 'healthy', 2 * patienceMs);
	const ranMs = async () => {
		const { StartedAt, FinishedAt } = await range.state();
		return Date.parse(FinishedAt) - Date.parse(StartedAt);
	};

	it('bad-deploy-soon: crashes 4 s after its start', async () => {
		await range.break('bad-deploy-soon');
		await range.sees('the end', async () => !(await range.state()).Running, 2 * patienceMs);
		expect((await range.state()).ExitCode).toBe(1);
		expect(await ranMs()).toBeGreaterThan(3500);
		expect(await range.log()).toContain('listens on port 8000');
	});

	it('bad-deploy-leak: healthy first, then killed for memory', async () => {
		await range.break('bad-deploy-leak');
		await healthy();
		await range.sees('the end', async () => !(await range.state()).Running, 4 * patienceMs);
		expect((await range.state()).ExitCode).toBe(137);
	});

	it('bad-deploy-errors: some requests fail, and the load generator has counted each', async () => {
		const { docker, name } = range;
		await range.break('bad-deploy-errors');
		await healthy();
		await turnStats(docker, name);
		await range.sees('failures', async () => (await readStats(docker, name)).failed >= 3, 3 * patienceMs);
		const { id } = await turnStats(docker, name);
		expect(await range.sees('every request to be over', async () => (await readStats(docker, name, id)).underWay === 0)).toBe(true);
		const { sent, ok, failed, reasons, over } = await readStats(docker, name, id);
		expect({ sum: ok + failed, over, reasons: Object.keys(reasons) }).toEqual({ sum: sent, over: true, reasons: ['status 500'] });
		expect(failed / sent).toBeLessThan(0.4);
	});

	it('bad-deploy-slow: twice as slow', async () => {
		const fastest = async (): Promise<number> => {
			const times: number[] = [];
			for (let index = 0; index < 8; index++) {
				const began = performance.now();
				expect((await range.get('/api/items/1')).status).toBe(200);
				times.push(performance.now() - began);
			}
			return Math.min(...times);
		};
		// A timer may end a moment early; nothing else makes an answer come sooner than the service's own waits, however busy the machine is.
		const twiceMs = 2 * pricesMs - 2;
		await range.sees('answers at the usual pace', async () => (await fastest()) < twiceMs, 2 * patienceMs);
		await range.break('bad-deploy-slow');
		await healthy();
		expect(await fastest()).toBeGreaterThanOrEqual(twiceMs);
	});

	it('bad-deploy-migration: the old version cannot use the database either', async () => {
		await range.break('bad-deploy-migration');
		await healthy();
		expect((await range.get('/ready')).text).toContain('no such table: prices');
		expect((await range.get('/api/items/1')).status).toBe(500);
		await range.deploy('1.0.0');
		await healthy();
		const { status, text } = await range.get('/ready');
		expect(status).toBe(503);
		expect(text).toContain('schema 0002, and this version needs 0001: no such column: price');
		expect((await range.get('/api/items/1')).status).toBe(500);
	});

	it('heal resets limits that were changed on the container as it stands', async () => {
		const api = range.docker.getContainer(containerName(range.name, 'api'));
		const { Memory } = (await api.inspect()).HostConfig;
		await api.update({ Memory: (Memory ?? 0) * 2, MemorySwap: (Memory ?? 0) * 2 });
		await range.heal();
		expect((await api.inspect()).HostConfig.Memory).toBe(Memory);
	});
});
