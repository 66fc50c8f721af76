import { afterEach, describe, expect, it } from 'vitest';
import { containerName } from '../../../src/drill/rangeNames.ts';
import { sample, TestRange } from './rangeHarness.ts';

describe('faults of requests and of the database', () => {
	const range = new TestRange('faults-requests');
	// Fails where the service does not become healthy and ready again.
	afterEach(async () => range.heal());

	const failed = (text: string) => sample(text, /^http_requests_total\{.*status="500"/);
	const answered = (text: string) => sample(text, /^http_requests_total\{.*path="\/api/);
	const metrics = async () => (await range.get('/metrics')).text;

	it('bad-release: healthy, but four requests in ten fail', async () => {
		await range.break('bad-release');
		await range.sees('healthy', async () => (await range.state()).Health?.Status === 'healthy');
		await range.sees('40 requests', async () => answered(await metrics()) >= 40);
		const text = await metrics();
		expect(failed(text) / answered(text)).toBeGreaterThan(0.1);
		expect(text).toContain('app_info{version="1.3.0"} 1');
	});

	it('errors: half of the requests fail, with an error in the log', async () => {
		await range.break('errors');
		await range.sees('10 failures', async () => failed(await metrics()) >= 10);
		expect(await range.log()).toMatch(/"level":"ERROR".*"status_code":500/);
	});

	it('latency: every request takes 1.5 s longer', async () => {
		await range.break('latency');
		expect(await range.sees('slow requests', async () => {
			const text = await metrics();
			const path = String.raw`^http_request_duration_seconds_bucket\{path="/api/items/\{id\}",le=`;
			return sample(text, new RegExp(`${path}"2.5"`)) - sample(text, new RegExp(`${path}"1"`)) >= 5;
		})).toBe(true);
	});

	it('database-lock: writes and readiness fail, reads go on', async () => {
		await range.break('database-lock');
		await range.sees('not ready', async () => (await range.get('/ready')).status === 503);
		expect((await range.get('/ready')).text).toContain('database is locked');
		expect(await range.get('/api/items/1')).toMatchObject({ status: 200 });
		await range.sees('failed writes', async () => (await range.log()).includes('"message":"database is locked","method":"POST"'));
	});

	it('database-corrupt: the database is malformed, for good until it is restored', async () => {
		await range.break('database-corrupt');
		await range.sees('not ready', async () => (await range.get('/ready')).text.includes('malformed'));
		await range.docker.getContainer(containerName(range.name, 'api')).restart({ t: 2 });
		expect(await range.sees('still malformed', async () => (await range.get('/ready')).text.includes('malformed'))).toBe(true);
	});
});
