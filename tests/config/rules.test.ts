import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/load.ts';
import { rulesFromConfig } from '../../src/config/rules.ts';
import { configNamesOf, configuredIds, judgeOptions, matches, paramsOf, watchWindowOf } from '../../src/config/services.ts';
import { builtInRules } from '../../src/judge/builtInRules.ts';
import { createJudge } from '../../src/judge/judge.ts';
import { container, detail, facts, noon } from '../judge/facts.ts';

const config = parseConfig(
	`schemaVersion: 1
thresholds: {diskPercent: 70}
services:
  api:
    container: shop-api-*
    expected: running
    thresholds: {memoryPercent: 50}
    probes:
      - {name: ready, kind: http, url: 'http://127.0.0.1:1', interval: 30s, for: 5s}
      - {name: db, kind: sqlite, path: /x.db, severity: P1}
    rules:
      - {id: many-pids, title: Many processes, severity: P3, when: signal("pids") > 100}
  shop/worker: {}
  batch:
    image: 'shop/batch:*'
rules:
  - {id: network, title: Traffic, severity: P3, when: 'signal("network.rxBytesPerSecond") > 5', for: 1m, services: [api]}
  - {id: paused, title: Asleep, severity: P1, when: replicas.paused > 0}
builtInRules:
  cpu-high: {disabled: true}
  memory-high: {severity: P2, for: 1m}
`,
	'sitrep.yaml',
);
const rules = rulesFromConfig(config);
const find = (id: string, service?: string) => rules.find((rule) => rule.id === id && (service === undefined ? rule.services === undefined : rule.services?.includes(service)));

const api = { id: 'shop/api', name: 'api', group: 'shop', configured: true, containers: [container({ name: 'shop-api-1', detail: detail() })] };

describe('rulesFromConfig', () => {
	it('is the built-in rules where there is nothing else', () => {
		expect(rulesFromConfig({ schemaVersion: 1 })).toEqual(builtInRules());
	});

	it('changes, drops and replaces built-in rules', () => {
		expect(find('cpu-high')).toBeUndefined();
		expect(find('memory-high')).toMatchObject({ severity: 'P2', forSeconds: 60 });
		expect(find('paused')).toMatchObject({ severity: 'P1', title: 'Asleep' });
		expect(find('disk-usage')?.when).toContain('> 70.0');
	});

	it('gives a service with thresholds of its own a variant of just those rules', () => {
		const own = rules.filter((rule) => rule.source.includes('services.api.thresholds'));
		expect(own.map((rule) => [rule.id, rule.services])).toEqual([['memory-high', ['api']]]);
		expect(own[0]).toMatchObject({ severity: 'P2', forSeconds: 60 });
		expect(own[0]?.when).toContain('> 50.0');
	});

	it('makes a rule for each probe', () => {
		expect(find('probe:ready', 'api')).toMatchObject({ severity: 'P0', forSeconds: 5, when: '!probe("ready").ok' });
		expect(find('probe:db', 'api')).toMatchObject({ severity: 'P1', forSeconds: 0 });
	});

	it('judges a service by the name it has in the file', () => {
		const judge = createJudge(rules, judgeOptions(config));
		const probe = { probe: 'ready', at: noon - 60_000, durationMs: 5, ok: false, words: 'connection refused (127.0.0.1:1)', figures: {} };
		const verdict = judge.evaluate(facts({ service: api, containers: api.containers, probes: [probe], signals: { pids: 101, 'memory.percent': 60, 'network.rxBytesPerSecond': 9 } }), noon);
		expect(verdict.alerts.map((alert) => [alert.ruleId, alert.state])).toEqual([
			['many-pids', 'firing'],
			['probe:ready', 'pending'],
			['memory-high', 'pending'],
			['network', 'pending'],
		]);
		expect(verdict.alerts[1]?.reason).toBe('ready failing 0 s: connection refused (127.0.0.1:1)');
		expect(verdict.inconclusive.map((each) => each.ruleId)).toEqual(['probe:db']);
	});

	it('lets a result be three intervals old, and takes an asked stop for trouble where running is expected', () => {
		const options = judgeOptions(config);
		const service = { manager: 'compose' as const, ...api };
		expect(options.maxAgeMs?.(service, 'probe.ready.ok')).toBe(95_000);
		expect(options.maxAgeMs?.(service, 'http.p95')).toBe(95_000);
		expect(options.maxAgeMs?.(service, 'memory.percent')).toBeUndefined();
		expect(options.expected?.(service)).toBe('running');
	});
});

describe('services of the file', () => {
	it('say values of parameters for playbooks, for all and for one', () => {
		const file = parseConfig('schemaVersion: 1\nparams: {teller: /opt/tell, tickets: 2}\nservices:\n  api: {params: {teller: /opt/page, ask: false}}\n', 'sitrep.yaml');
		const of = (id: string) => ({ id, name: id, manager: 'none' as const, containers: [], configured: true });
		expect(paramsOf(file, of('api'))).toEqual({ teller: '/opt/page', tickets: '2', ask: 'false' });
		expect(paramsOf(file, of('web'))).toEqual({ teller: '/opt/tell', tickets: '2' });
		expect(() => parseConfig('schemaVersion: 1\nparams: {teller: [a, b]}\n', 'sitrep.yaml')).toThrow('params.teller');
	});

	it('say how long a version is watched until it counts as good, for all and for one', () => {
		const file = parseConfig('schemaVersion: 1\nwatchWindow: 30m\nservices:\n  api: {watchWindow: 2m}\n  web: {}\n', 'sitrep.yaml');
		const of = (id: string) => ({ id, name: id, manager: 'none' as const, containers: [], configured: true });
		expect(['api', 'web', 'other'].map((id) => watchWindowOf(file, of(id)))).toEqual([120_000, 1_800_000, 1_800_000]);
		expect(watchWindowOf({ schemaVersion: 1 }, of('api'))).toBeUndefined();
		expect(() => parseConfig('schemaVersion: 1\nwatchWindow: 30s\n', 'sitrep.yaml')).toThrow('watchWindow');
	});

	it.each([
		['web', 'web', true],
		['web', 'web1', false],
		['shop-api-*', 'shop-api-12', true],
		['*', '', true],
		['a*b*c', 'a-b-b-c', true],
		['a*b*c', 'a-c-b', false],
		['ab*ba', 'aba', false],
		['*:v1', 'shop/api:v1', true],
	])('%s against %s: %s', (pattern, text, fits) => {
		expect(matches(pattern, text)).toBe(fits);
	});

	it('are found by name, by project and service, by image', () => {
		const named = (changes: Parameters<typeof container>[0], id: string) =>
			configNamesOf(config, { id, name: id, manager: 'none', configured: false, containers: [container(changes)] });
		expect(named({ name: 'shop-api-7' }, 'x')).toEqual(['api']);
		expect(named({ name: 'shop-worker-1', group: 'shop', service: 'worker' }, 'shop/worker')).toEqual(['shop/worker']);
		expect(named({ name: 'n', image: 'shop/batch:3' }, 'n')).toEqual(['batch']);
		expect(named({ name: 'other' }, 'other')).toEqual([]);
		expect(configuredIds(config)).toEqual(new Set(['shop/worker']));
	});
});
