import { afterEach, describe, expect, it } from 'vitest';
import { prometheusProbe } from '../../../src/observe/probes/prometheus.ts';
import type { TestServer } from './setup.ts';
import { calm, ports, serve, settings } from './setup.ts';

let server: TestServer | undefined;
afterEach(() => server?.close());

const probe = (fields: Record<string, unknown>) => prometheusProbe(...settings('prometheus', fields), ports);

describe('prometheus probe', () => {
	it('reads what users got from two readings of a real page', async () => {
		let asked = 0;
		server = await serve((_request, response) => {
			asked += 100;
			response.end(
				`http_requests_total{handler="/a",status="200"} ${asked * 0.9}\nhttp_requests_total{handler="/a",status="500"} ${asked * 0.1}\n` +
					`http_request_duration_seconds_bucket{le="0.5"} ${asked}\nhttp_request_duration_seconds_bucket{le="+Inf"} ${asked}\n`,
			);
		});
		const it = probe({ url: `${server.url}/metrics` });
		expect((await it.run(calm())).words).toBe('first reading');
		const result = await it.run(calm());
		expect(result.ok).toBe(true);
		expect(result.figures['errorRate']).toBeCloseTo(10);
		expect(result.figures['p95']).toBeCloseTo(475);
		expect(result.words).toMatch(/requests\/s, 10\.0 % errors, p95 475 ms$/);
	});

	it('takes other names', async () => {
		let asked = 0;
		server = await serve((_request, response) => {
			asked += 10;
			response.end(`my_calls{result="failed"} ${asked}\n`);
		});
		const it = probe({ url: server.url, requests: 'my_calls', statusLabel: 'result', errorPattern: 'failed' });
		await it.run(calm());
		expect((await it.run(calm())).figures).toMatchObject({ errors: 10, errorRate: 100 });
	});

	it('fails on another answer, and on a page without requests', async () => {
		server = await serve((request, response) => {
			response.statusCode = request.url === '/none' ? 404 : 200;
			response.end('<html>');
		});
		expect((await probe({ url: `${server.url}/none` }).run(calm())).words).toBe('metrics page answers 404');
		expect((await probe({ url: server.url }).run(calm())).words).toMatch(/^no counter of requests on the page/);
	});
});
