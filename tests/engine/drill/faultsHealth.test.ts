import { afterEach, describe, expect, it } from 'vitest';
import { TestRange } from './rangeHarness.ts';

describe('faults of health, and healing', () => {
	const range = new TestRange('faults-health');
	// Fails where the service does not become healthy and ready again.
	afterEach(async () => range.heal());

	/** Newest result of a health check, once the service counts as unhealthy; checks go on, and on a busy machine one may also time out. */
	const result = async (pattern: RegExp) =>
		range.sees(String(pattern), async () => {
			const { Health } = await range.state();
			return Health?.Status === 'unhealthy' && pattern.test(Health.Log.at(-1)?.Output ?? '');
		});

	it('health-failing: unhealthy with the answer in the result', async () => {
		await range.break('health-failing');
		expect(await result(/503 \{"status":"unhealthy"/)).toBe(true);
	});

	it('health-hanging: unhealthy for taking too long', async () => {
		await range.break('health-hanging');
		expect(await result(/timeout/i)).toBe(true);
	});

	it('paused: frozen, and requests through the gateway fail', async () => {
		await range.break('paused');
		expect((await range.state()).Paused).toBe(true);
		await range.sees('failed requests', async () => (await range.log('loadgen', 5)).includes('requests fail'));
	});

	it('heal: healthy again, as if nothing had been', async () => {
		await range.break('restart-loop');
		await range.break('bad-deploy');
		await range.break('paused');
		await range.heal();
		const { Running, Paused, Health } = await range.state();
		expect({ Running, Paused, health: Health?.Status }).toEqual({ Running: true, Paused: false, health: 'healthy' });
		expect(await range.get('/api/items/1')).toMatchObject({ status: 200 });
	});
});
