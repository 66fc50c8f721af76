import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { candidatesFor, initConfig } from '../../src/config/init.ts';
import { parseConfig } from '../../src/config/load.ts';
import type { Service } from '../../src/domain/service.ts';
import { container } from '../judge/facts.ts';

const service = (changes: Parameters<typeof container>[0], id = 'web'): Service => ({ id, name: id, manager: 'none', configured: false, containers: [container(changes)] });
const port = (host: number, inner: number) => ({ host, container: inner, protocol: 'tcp' as const });

describe('candidatesFor', () => {
	it('asks published ports that may speak HTTP, of what runs', () => {
		const urls = candidatesFor([service({ ports: [port(8000, 8000), port(5432, 5432)] })]).map((each) => each.url);
		expect(urls).toEqual(['/health', '/healthz', '/ready', '/readyz', '/', '/metrics'].map((path) => `http://127.0.0.1:8000${path}`));
		expect(candidatesFor([service({ state: 'exited', ports: [port(8000, 8000)] }), service({ ports: [{ container: 80, protocol: 'tcp' }] })])).toEqual([]);
	});
});

describe('initConfig', () => {
	it('writes what was found, and holds without change', () => {
		const services = [
			service({ name: 'cloud-native-poc', ports: [port(8000, 8000)], mounts: [{ kind: 'bind', source: '/srv/poc', target: '/data', readOnly: false }] }, 'cloud-native-poc'),
			service({ name: 'shop-db-1', group: 'shop', service: 'db', ports: [port(15_432, 5432)] }, 'shop/db'),
		];
		const base = 'http://127.0.0.1:8000';
		const text = initConfig(services, [
			{ serviceId: 'cloud-native-poc', kind: 'http', url: `${base}/`, status: 200 },
			{ serviceId: 'cloud-native-poc', kind: 'http', url: `${base}/healthz`, status: 404 },
			{ serviceId: 'cloud-native-poc', kind: 'http', url: `${base}/health`, status: 200, json: { status: 'healthy' } },
			{ serviceId: 'cloud-native-poc', kind: 'prometheus', url: `${base}/metrics`, status: 200, body: '# HELP a b\na 1\n' },
		]);
		const config = parseConfig(text, 'sitrep.yaml');
		expect(config.services).toEqual({
			'cloud-native-poc': {
				container: 'cloud-native-poc',
				probes: [
					{ name: 'health', kind: 'http', url: `${base}/health`, expect: 'status == 200 && json.status == "healthy"', interval: 10_000 },
					{ name: 'metrics', kind: 'prometheus', url: `${base}/metrics`, interval: 10_000 },
				],
			},
			'shop-db': { compose: 'shop/db', probes: [{ name: 'port-15432', kind: 'tcp', port: 15_432 }] },
		});
		expect(text).toContain('#   - {name: disk, kind: disk, path: /srv/poc}');
	});

	it('does not take a page for metrics that is none', () => {
		const text = initConfig([service({ ports: [port(80, 80)] })], [{ serviceId: 'web', kind: 'prometheus', url: 'http://127.0.0.1:80/metrics', status: 200, body: '<html>' }]);
		expect(text).not.toContain('prometheus');
	});

	it('says where nothing runs', () => {
		expect(parseConfig(initConfig([], []), 'x')).toEqual({ schemaVersion: 1 });
	});

	it('holds for any names', () => {
		fc.assert(
			fc.property(fc.array(fc.record({ id: fc.string({ minLength: 1 }), name: fc.string({ minLength: 1 }), image: fc.string() }), { maxLength: 5 }), (all) => {
				const services = all.map((each) => service({ name: each.name, image: each.image }, each.id));
				const config = parseConfig(initConfig(services, []), 'sitrep.yaml');
				// Keys that look like numbers come first in any object.
				const found = Object.values(config.services ?? {}).map((each) => each.container);
				expect(found).toHaveLength(all.length);
				expect(found).toEqual(expect.arrayContaining(all.map((each) => each.name)));
			}),
		);
	});
});
