import { describe, expect, it } from 'vitest';
import type { Service } from '../../../src/domain/service.ts';
import { prefillFrom, serviceFor } from '../../../src/main/respond/prefill.ts';
import { loadPlaybook } from '../../../src/respond/playbook/load.ts';

const service = (id: string, name: string, container: string, host: number): Service => ({
	id,
	name,
	manager: 'compose',
	configured: false,
	containers: [{ id: container, name: container, image: 'shop/api:2', imageId: 'i', createdAt: 0, state: 'running', health: 'none', ports: [{ container: 8000, host, protocol: 'tcp' }], mounts: [], networks: [], labels: {}, manager: 'compose' }],
});
const services = [service('shop/api', 'api', 'shop-api-1', 18_000), service('api', 'api', 'api-1', 28_000)];

const { loaded } = loadPlaybook(
	"schemaVersion: 1\nid: p\nversion: 1.0.0\nkind: incident\ntitle: p\nparams:\n  container: {type: container, default: other}\n  url: {type: url, default: 'http://127.0.0.1:8000'}\n  word: {type: text, default: x}\nsteps: [{id: a, of: x}]\n",
	'p.yaml',
	'own',
);
if (loaded === undefined) throw new Error('no playbook');

describe('what the service of a run gives', () => {
	it('is its container and its address, and nothing for the rest', () => {
		expect(prefillFrom(() => services)(loaded, 'shop/api')).toEqual({ container: 'shop-api-1', url: 'http://127.0.0.1:18000' });
	});

	it('is nothing without a service, or where it is not there now', () => {
		expect(prefillFrom(() => services)(loaded, undefined)).toEqual({});
		expect(prefillFrom(() => [])(loaded, 'shop/api')).toEqual({});
	});

	it('is found by its id before its name, and by a container', () => {
		expect(serviceFor(services, 'api')?.id).toBe('api');
		expect(serviceFor(services, 'shop-api-1')?.id).toBe('shop/api');
	});
});
