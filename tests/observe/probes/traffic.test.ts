import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { increase, p95Of } from '../../../src/observe/probes/counters.ts';
import { TrafficWindow } from '../../../src/observe/probes/traffic.ts';

const errorPattern = /^5/;

/** Feeds pages ten seconds apart and gives what the last one told. */
const feed = (...pages: readonly string[]) => {
	const traffic = new TrafficWindow({ errorPattern });
	let seen = traffic.take(pages[0] ?? '', 0);
	pages.slice(1).forEach((page, index) => {
		seen = traffic.take(page, (index + 1) * 10_000);
	});
	return seen;
};

const counts = (good: number, bad: number, extra = ''): string => `http_requests_total{status="200",path="/a"} ${good}\nhttp_requests_total{status="503",path="/a"} ${bad}\n${extra}`;

describe('TrafficWindow', () => {
	it('needs two readings', () => {
		expect(feed(counts(100, 5))).toEqual({ kind: 'first' });
	});

	it('gives rate and errors from the difference', () => {
		expect(feed(counts(100, 5), counts(190, 15))).toMatchObject({ kind: 'figures', figures: { requestRate: 10, requests: 100, errors: 10, errorRate: 10 } });
	});

	it('takes a fall for a restart, and a new series for new', () => {
		expect(feed(counts(100, 5), counts(40, 10))).toMatchObject({ figures: { requests: 45, errors: 5 } });
		expect(feed('http_requests_total{status="200"} 10', 'http_requests_total{status="200"} 20\nhttp_requests_total{status="500"} 10')).toMatchObject({
			figures: { requests: 20, errors: 10, errorRate: 50 },
		});
	});

	it.each(['status_code', 'code', 'http_response_status_code'])('finds the status in %s', (label) => {
		const page = (bad: number): string => `http_server_request_duration_seconds_count{${label}="500"} ${bad}`;
		expect(feed(page(0), page(10))).toMatchObject({ figures: { errorRate: 100 } });
	});

	it('reads grouped statuses as instrumentators write them', () => {
		const page = (good: number, bad: number): string => `http_requests_total{handler="/a",status="2xx"} ${good}\nhttp_requests_total{handler="/a",status="5xx"} ${bad}`;
		expect(feed(page(0, 0), page(90, 10))).toMatchObject({ figures: { errorRate: 10 } });
	});

	it('leaves out what watchers ask', () => {
		const page = (health: number): string => counts(0, 10, `http_requests_total{status="200",path="/health"} ${health}\n`);
		expect(feed(page(0).replace('} 10', '} 0'), page(1000))).toMatchObject({ figures: { requests: 10, errorRate: 100 } });
	});

	it('says nothing of errors where no status is told', () => {
		const seen = feed('http_requests_total 1', 'http_requests_total 100');
		expect(seen).toMatchObject({ figures: { requests: 99 } });
		expect(seen.kind === 'figures' ? seen.figures.errorRate : 0).toBeUndefined();
	});

	it('says that there is no traffic, with no p95 and no errors', () => {
		expect(feed(counts(5, 5), counts(5, 5))).toMatchObject({ figures: { requestRate: 0, errorRate: 0 } });
	});

	it('says what it looked for on a page without requests', () => {
		expect(feed('process_cpu_seconds_total 5')).toMatchObject({ kind: 'nothing' });
	});

	it('looks back one minute where enough is asked, further where little is', () => {
		const busy = Array.from({ length: 20 }, (_, index) => counts(index * 100, 0));
		expect(feed(...busy)).toMatchObject({ figures: { requests: 600 } });
		const calm = Array.from({ length: 20 }, (_, index) => counts(index, 0));
		expect(feed(...calm)).toMatchObject({ figures: { requests: 19 } });
	});

	it('adds up the buckets of all label sets', () => {
		const bucket = (path: string, fast: number, slow: number): string =>
			`http_request_duration_seconds_bucket{path="${path}",le="0.1"} ${fast}\nhttp_request_duration_seconds_bucket{path="${path}",le="1"} ${slow}\nhttp_request_duration_seconds_bucket{path="${path}",le="+Inf"} ${slow}`;
		const seen = feed(`${bucket('/a', 0, 0)}\n${bucket('/b', 0, 0)}`, `${bucket('/a', 90, 90)}\n${bucket('/b', 0, 10)}`);
		// 90 of 100 below 100 ms, ten between 100 ms and 1 s: the 95th lies half way into that bucket.
		expect(seen.kind === 'figures' ? seen.figures.p95 : 0).toBeCloseTo(550);
	});
});

describe('increase', () => {
	it.each([
		[10, 15, 5],
		[15, 10, 10],
		[undefined, 4, 4],
		[3, Number.NaN, 0],
	])('from %s to %s is %s', (before, now, more) => {
		expect(increase(before, now)).toBe(more);
	});
});

describe('p95Of', () => {
	it('interpolates within the bucket, and stops at the highest finite bound', () => {
		expect(p95Of([{ bound: 1, count: 100 }])).toBeCloseTo(0.95);
		expect(p95Of([{ bound: 1, count: 50 }, { bound: Number.POSITIVE_INFINITY, count: 100 }])).toBe(1);
		expect(p95Of([])).toBeUndefined();
		expect(p95Of([{ bound: 1, count: 0 }])).toBeUndefined();
	});

	it('does not take one slow request among few for the service', () => {
		const buckets = (slow: number) => [{ bound: 0.1, count: 9 }, { bound: 5, count: 9 + slow }, { bound: Number.POSITIVE_INFINITY, count: 9 + slow }];
		expect(p95Of(buckets(1))).toBeLessThanOrEqual(0.1);
		expect(p95Of(buckets(2))).toBeGreaterThan(0.1);
	});

	it('lies between the bounds and never falls as requests get slower', () => {
		fc.assert(
			fc.property(fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 2, maxLength: 12 }), (more) => {
				let count = 0;
				const buckets = more.map((each, index) => ({ bound: index + 1, count: (count += each) }));
				const p95 = p95Of(buckets);
				expect(p95).toBeGreaterThanOrEqual(0);
				expect(p95).toBeLessThanOrEqual(more.length);
				const slower = [...buckets.slice(0, -1), { bound: more.length, count: count + 1000 }];
				expect(p95Of(slower) ?? 0).toBeGreaterThanOrEqual((p95 ?? 0) - 1e-9);
			}),
		);
	});
});
