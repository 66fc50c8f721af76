import type { CounterValues } from './counters.ts';
import { increase, p95Of, seriesKey, valuesOf } from './counters.ts';
import type { MetricSample } from './exposition.ts';
import { parseExposition } from './exposition.ts';

/** Which metrics to read. */
export interface TrafficNames {
	readonly requests?: string;
	readonly statusLabel?: string;
	readonly duration?: string;
	readonly errorPattern: RegExp;
}

/** Request counters of common instrumentations, in the order in which they are looked for. */
const requestNames = [
	'http_requests_total',
	'http_server_requests_total',
	'fastapi_requests_total',
	'starlette_requests_total',
	'flask_http_request_total',
	'request_count_total',
	'http_request_duration_seconds_count',
	'http_server_request_duration_seconds_count',
	'http_server_requests_seconds_count',
] as const;

/** Duration histograms, the finest first: one has many buckets and no labels beside the coarse one with labels. */
const durationNames = [
	'http_request_duration_highr_seconds',
	'http_request_duration_seconds',
	'http_server_request_duration_seconds',
	'http_server_requests_seconds',
	'fastapi_requests_duration_seconds',
	'starlette_request_duration_seconds',
	'flask_http_request_duration_seconds',
] as const;

const statusLabels = ['status', 'status_code', 'code', 'http_status', 'http_response_status_code'] as const;
const pathLabels = ['handler', 'path', 'route', 'endpoint', 'uri', 'http_route'] as const;
/** What watchers ask is no user's traffic, and would hide errors behind many good answers. */
const watched = /^\/(?:metrics|health|healthz|ready|readyz|live|livez|ping)\/?$/;

/** Figures look so far back, ms: as short as this where enough was asked … */
const shortMs = 60_000;
/** … and as long as this where little was. */
const longMs = 5 * 60_000;
const enough = 20;

interface Slice {
	/** Monotonic ms of its end. */
	readonly at: number;
	readonly ms: number;
	readonly requests: number;
	readonly errors: number;
	/** Increase by upper bound, seconds. */
	readonly buckets: ReadonlyMap<number, number>;
}

export interface TrafficFigures {
	readonly requestRate: number;
	readonly requests: number;
	readonly errors: number;
	/** Percent; absent where the counter has no status label. */
	readonly errorRate?: number;
	/** ms; absent where there is no histogram or nobody asked. */
	readonly p95?: number;
}

export type Traffic =
	| { readonly kind: 'first' }
	| { readonly kind: 'nothing'; readonly why: string }
	| { readonly kind: 'figures'; readonly figures: TrafficFigures; readonly unreadable: number };

const isUserTraffic = (sample: MetricSample): boolean => {
	const path = pathLabels.map((name) => sample.labels[name]).find((each) => each !== undefined);
	return path === undefined || !watched.test(path);
};

/** Turns readings of a metrics page into rates over the last minute, or up to five where little is asked. */
export class TrafficWindow {
	readonly #names: TrafficNames;
	readonly #requestNames: readonly string[];
	readonly #durationNames: readonly string[];
	#before: { readonly at: number; readonly values: CounterValues } | undefined;
	#slices: Slice[] = [];

	constructor(names: TrafficNames) {
		this.#names = names;
		this.#requestNames = names.requests === undefined ? requestNames : [names.requests];
		this.#durationNames = (names.duration === undefined ? durationNames : [names.duration]).map((name) => `${name}_bucket`);
	}

	/** @param at monotonic ms */
	take(page: string, at: number): Traffic {
		const wanted = new Set([...this.#requestNames, ...this.#durationNames]);
		const { samples, unreadable } = parseExposition(page, (name) => wanted.has(name));
		const present = new Set(samples.map((sample) => sample.name));
		const requestName = this.#requestNames.find((name) => present.has(name));
		const durationName = this.#durationNames.find((name) => present.has(name));
		if (requestName === undefined && durationName === undefined) {
			// A service that nobody has asked yet often shows no counter at all: that is no failure once it is known.
			if (this.#before === undefined) return { kind: 'nothing', why: `no counter of requests on the page (looked for ${this.#requestNames[0] ?? ''} and its kin)` };
		}
		const requests = samples.filter((sample) => sample.name === requestName && isUserTraffic(sample));
		const buckets = samples.filter((sample) => sample.name === durationName && isUserTraffic(sample));
		const statusLabel = this.#names.statusLabel ?? statusLabels.find((name) => requests.some((sample) => name in sample.labels));
		const before = this.#before;
		this.#before = { at, values: valuesOf([...requests, ...buckets]) };
		if (before === undefined) return { kind: 'first' };
		this.#slices.push(this.#slice(requests, buckets, statusLabel, before, at));
		this.#slices = this.#slices.filter((slice) => slice.at > at - longMs).slice(-600);
		return { kind: 'figures', figures: this.#figures(at, statusLabel !== undefined || requests.length === 0), unreadable };
	}

	#slice(requests: readonly MetricSample[], buckets: readonly MetricSample[], statusLabel: string | undefined, before: { at: number; values: CounterValues }, at: number): Slice {
		let asked = 0;
		let errors = 0;
		for (const sample of requests) {
			const more = increase(before.values.get(seriesKey(sample)), sample.value);
			asked += more;
			if (statusLabel !== undefined && this.#names.errorPattern.test(sample.labels[statusLabel] ?? '')) errors += more;
		}
		const byBound = new Map<number, number>();
		for (const sample of buckets) {
			const bound = sample.labels['le'] === '+Inf' ? Number.POSITIVE_INFINITY : Number(sample.labels['le']);
			if (Number.isNaN(bound)) continue;
			byBound.set(bound, (byBound.get(bound) ?? 0) + increase(before.values.get(seriesKey(sample)), sample.value));
		}
		// A page without a request counter still has the histogram's own count.
		if (requests.length === 0) asked = byBound.get(Number.POSITIVE_INFINITY) ?? 0;
		return { at, ms: Math.max(1, at - before.at), requests: asked, errors, buckets: byBound };
	}

	/** The last minute, and further back until enough was asked. */
	#figures(at: number, knowsStatus: boolean): TrafficFigures {
		let ms = 0;
		let requests = 0;
		let errors = 0;
		const byBound = new Map<number, number>();
		for (let index = this.#slices.length - 1; index >= 0; index--) {
			const slice = this.#slices[index];
			if (slice === undefined || (slice.at <= at - shortMs && requests >= enough)) break;
			ms += slice.ms;
			requests += slice.requests;
			errors += slice.errors;
			for (const [bound, count] of slice.buckets) byBound.set(bound, (byBound.get(bound) ?? 0) + count);
		}
		const buckets = [...byBound].sort(([a], [b]) => a - b).map(([bound, count]) => ({ bound, count }));
		const p95 = p95Of(buckets);
		return {
			requestRate: ms === 0 ? 0 : requests / (ms / 1000),
			requests,
			errors,
			...(knowsStatus ? { errorRate: requests === 0 ? 0 : (errors / requests) * 100 } : {}),
			...(p95 === undefined ? {} : { p95: p95 * 1000 }),
		};
	}
}
