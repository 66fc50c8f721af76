import { afterEach, describe, expect, it } from 'vitest';
import { containerName } from '../../../src/drill/rangeNames.ts';
import { patienceMs } from '../../support/patience.ts';
import { TestRange } from './rangeHarness.ts';

describe('faults that use something up', () => {
	const range = new TestRange('faults-resources');
	// Fails where the service does not become healthy and ready again.
	afterEach(async () => range.heal());

	const lines = async (pattern: RegExp, tail: number) => (await range.log('api', tail)).split('\n').filter((line) => pattern.test(line)).length;

	it('disk-full: no room for a write', async () => {
		await range.break('disk-full');
		await range.sees('full', async () => /database or disk is full/.test(await range.log('api', 200)));
		expect(await range.log('worker')).toContain('ENOSPC');
	});

	it('memory-leak: above 90 % of the limit, and still alive', async () => {
		const stats = async () => range.docker.getContainer(containerName(range.name, 'api')).stats({ stream: false });
		await range.break('memory-leak');
		await range.sees('90 %', async () => {
			const { memory_stats: memory } = await stats();
			const cache = memory.stats['total_inactive_file'] ?? memory.stats.inactive_file ?? 0;
			return (memory.usage - cache) / memory.limit > 0.9;
		});
		const { Health } = await range.state();
		const seen = Health?.Log.length === 0 ? undefined : Health?.Log.at(-1)?.End;
		await range.sees('one more health check', async () => (await range.state()).Health?.Log.at(-1)?.End !== seen);
		expect(await range.state()).toMatchObject({ Running: true, OOMKilled: false });
	});

	it('cpu-burn: the quota is used up and throttled', async () => {
		const stats = async () => range.docker.getContainer(containerName(range.name, 'api')).stats({ stream: false });
		await range.break('cpu-burn');
		const before = (await stats()).cpu_stats.throttling_data.throttled_periods;
		expect(await range.sees('throttled', async () => (await stats()).cpu_stats.throttling_data.throttled_periods >= before + 10, 3 * patienceMs)).toBe(true);
	});

	it('log-errors: errors with stack traces', async () => {
		await range.break('log-errors');
		expect(await range.sees('60 errors', async () => (await lines(/payment provider refused: Error: connection reset\\n {4}at /, 100)) >= 60)).toBe(true);
	});

	it('log-flood: thousands of lines', async () => {
		await range.break('log-flood');
		expect(await range.sees('5,000 lines', async () => (await lines(/cache lookup/, 10_000)) >= 5000)).toBe(true);
	});
});
