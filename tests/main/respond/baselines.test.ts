import { describe, expect, it } from 'vitest';
import type { VersionRecord } from '../../../src/domain/journal.ts';
import { Baselines, readBaselines } from '../../../src/main/respond/baselines.ts';
import type { Alert } from '../../../src/domain/rule.ts';
import type { ServiceStatus } from '../../../src/domain/situation.ts';
import { factsOf } from '../../../src/main/respond/facts.ts';
import { groupServices } from '../../../src/observe/services.ts';
import { SignalStore } from '../../../src/observe/signals.ts';
import { container } from '../../support/fakeEngine.ts';
import { engine } from './support.ts';

const api = { id: 'shop/api', name: 'api' };

const version = (name: string, firstSeenAt: number, p95?: number, provedAt = firstSeenAt + 10): VersionRecord => ({
	service: 'shop/api',
	engine,
	image: `api:${name}`,
	imageId: name,
	firstSeenAt,
	lastSeenAt: provedAt,
	healthyMs: 1,
	words: '',
	...(p95 === undefined ? {} : { provedAt, figures: { 'http.p95': p95 } }),
});

const p95Of = (current: string | undefined, ...records: readonly VersionRecord[]): unknown => {
	const baselines = new Baselines();
	baselines.set('shop/api', records);
	return baselines.of(api, current, 'http.p95');
};

describe('the baseline of a service', () => {
	it('is of the newest proved version before the one that runs', () => {
		expect(p95Of('v3', version('v1', 100, 10), version('v2', 200, 20), version('v3', 300))).toBe(20);
		expect(p95Of('v3', version('v1', 100, 10), version('v2', 200, 20), version('v3', 300, 30))).toBe(20);
		expect(p95Of('v3', version('v1', 100, 10, 900), version('v2', 200, 20), version('v3', 300, 30))).toBe(10);
	});

	it('is its own where no other was proved', () => {
		expect(p95Of('v2', version('v1', 100), version('v2', 200, 20))).toBe(20);
	});

	it('is its own after the service went back to it: the newer one is what it went back from', () => {
		expect(p95Of('v1', version('v0', 50, 5), version('v1', 100, 10), version('v2', 200, 99))).toBe(10);
		expect(p95Of('v1', version('v0', 50, 5), version('v1', 100), version('v2', 200, 99))).toBe(5);
	});

	it('is of any proved one where nothing runs, or what runs was never seen', () => {
		expect(p95Of(undefined, version('v1', 100, 10), version('v2', 200, 20))).toBe(20);
		expect(p95Of('v9', version('v1', 100, 10))).toBe(10);
	});

	it('says why where there is none', () => {
		expect(p95Of('v1', version('v1', 100))).toEqual({ missing: 'no version of api was seen healthy long enough for a baseline' });
		expect(new Baselines().of(api, 'v1', 'http.p95')).toEqual({ missing: 'no version of api was seen healthy long enough for a baseline' });
		const baselines = new Baselines();
		baselines.set('shop/api', [version('v1', 100, 10)]);
		expect(baselines.of(api, 'v1', 'cpu.percent')).toEqual({ missing: 'no baseline of cpu.percent: it was not measured while api was healthy' });
	});

	it('is read from a journal; one that cannot be read has none', async () => {
		const baselines = new Baselines();
		await readBaselines(baselines, { versions: (service) => Promise.resolve(service === 'shop/api' ? [version('v1', 100, 10)] : []) }, ['shop/api', 'db'], engine);
		expect(baselines.of(api, 'v1', 'http.p95')).toBe(10);
		const none = new Baselines();
		await readBaselines(none, { versions: () => Promise.reject(new Error('full')) }, ['shop/api'], engine);
		expect(none.of(api, 'v1', 'http.p95')).toMatchObject({ missing: expect.any(String) });
	});
});

describe('firing() of a run', () => {
	const services = groupServices([container('shop-api-1', { group: 'shop', service: 'api' })]);
	const alert = (severity: Alert['severity'], state: Alert['state']): Alert => ({ ruleId: severity, serviceId: 'shop/api', severity, state, since: 0, reason: '' });
	const status = (alerts: readonly Alert[]): readonly ServiceStatus[] => services.map((service) => ({ service, mark: 'ok', reason: '', alerts, inconclusive: [], restarts: 0, probes: [] }));
	const firing = (own: string | undefined, alerts: readonly Alert[], severity: Alert['severity']) => factsOf({ services, statuses: status(alerts), signalsOf: (id) => new SignalStore().of(id) }, () => 0, new Baselines())(own).firing?.(severity);

	it('counts what fires and is as severe, or more so', () => {
		const alerts = [alert('P0', 'firing'), alert('P1', 'firing'), alert('P1', 'pending'), alert('P2', 'firing')];
		expect([firing('shop/api', alerts, 'P0'), firing('shop/api', alerts, 'P1'), firing('shop/api', alerts, 'P3'), firing('shop/api', [], 'P1')]).toEqual([1, 2, 3, 0]);
	});

	it('cannot be told where the run is about no service', () => {
		expect(firing(undefined, [], 'P1')).toMatchObject({ missing: expect.any(String) as string });
	});
});

describe('baseline() of a run', () => {
	const signals = new SignalStore();
	const factsFor = (own: string | undefined, ...containers: readonly ReturnType<typeof container>[]) => {
		const baselines = new Baselines();
		baselines.set('shop/api', [version('v1', 100, 10), version('v2', 200, 20)]);
		const services = groupServices(containers);
		return factsOf({ services, statuses: [], signalsOf: (id) => signals.of(id) }, () => 0, baselines)(own);
	};
	const replica = (name: string, imageId: string) => container(name, { imageId, group: 'shop', service: 'api' });

	it('is of the service of the run, or of another one by id, name or container', () => {
		expect(factsFor('shop/api', replica('shop-api-1', 'v2')).baseline?.('http.p95')).toBe(10);
		for (const name of ['shop/api', 'api', 'shop-api-1']) expect(factsFor('db', replica('shop-api-1', 'v2')).baseline?.('http.p95', name)).toBe(10);
		expect(factsFor(undefined, replica('shop-api-1', 'v2')).baseline?.('http.p95')).toEqual({ missing: 'the run is about no service' });
	});

	it('does not take a container of a move for what runs', () => {
		expect(factsFor('shop/api', replica('shop-api-1', 'v2'), replica('shop-api-1-sitrep-new-p1', 'v1')).baseline?.('http.p95')).toBe(10);
	});

	it('is known while the service is moved and not there', () => {
		expect(factsFor('shop/api').baseline?.('http.p95')).toBe(20);
	});
});
