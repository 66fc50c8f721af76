import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../src/config/load.ts';
import { ProbeSet, samplesOf } from '../../../src/observe/probes/create.ts';
import { container } from '../../judge/facts.ts';
import { ports } from './setup.ts';

const config = parseConfig(
	`schemaVersion: 1
services:
  api:
    compose: shop/api
    probes:
      - {name: ready, kind: http, url: 'http://127.0.0.1:1/ready'}
      - {name: metrics, kind: prometheus, url: 'http://127.0.0.1:1/metrics'}
      - {name: db, kind: sqlite, path: /data/app.db}
  any:
    container: 'job-*'
    probes: [{name: alive, kind: command, run: ['true']}]
`,
	'sitrep.yaml',
);

const service = (id: string, name: string, group?: string) => ({
	id,
	name,
	manager: 'compose' as const,
	configured: true,
	containers: [container({ name: `${name}-1`, service: name, ...(group === undefined ? {} : { group }) })],
});

describe('ProbeSet', () => {
	it('makes the probes of services that are there, and of those that should be', () => {
		const set = new ProbeSet(config, ports);
		expect(set.probesFor([]).map((probe) => [probe.serviceId, probe.name])).toEqual([
			['shop/api', 'ready'],
			['shop/api', 'metrics'],
			['shop/api', 'db'],
		]);
		const two = set.probesFor([{ ...service('job', 'job'), containers: [container({ name: 'job-1' })] }]);
		expect(two.map((probe) => [probe.serviceId, probe.name])).toContainEqual(['job', 'alive']);
	});

	it('keeps a probe of a service that stays', () => {
		const set = new ProbeSet(config, ports);
		const before = set.probesFor([service('shop/api', 'api', 'shop')]);
		const after = set.probesFor([service('shop/api', 'api', 'shop')]);
		expect(after[0]).toBe(before[0]);
	});

	it('gives a signal of the service from one probe: what the service counted goes first', () => {
		const [ready, metrics, db] = new ProbeSet(config, ports).probesFor([]);
		if (ready === undefined || metrics === undefined || db === undefined) throw new Error('three probes');
		const result = { probe: 'x', at: 1000, durationMs: 50, ok: true, words: '', figures: { p95: 120, availability: 99, errorRate: 1, locked: 0 } };
		const named = (probe: typeof ready) => Object.fromEntries(samplesOf(probe, result).map((sample) => [sample.name, sample.value]));
		expect(named(ready)).toMatchObject({ 'probe.ready.ok': 1, 'probe.ready.p95': 120, 'http.availability': 99 });
		expect(named(ready)).not.toHaveProperty(['http.p95']);
		expect(named(metrics)).toMatchObject({ 'http.p95': 120, 'http.errorRate': 1 });
		expect(named(db)).toMatchObject({ 'db.locked': 0 });
		expect(samplesOf(ready, result)[0]?.at).toBe(1050);
	});
});
