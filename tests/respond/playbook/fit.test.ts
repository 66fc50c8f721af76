import { describe, expect, it } from 'vitest';
import type { ContainerSummary } from '../../../src/domain/container.ts';
import type { LoadedPlaybook } from '../../../src/domain/playbook/playbook.ts';
import type { Alert } from '../../../src/domain/rule.ts';
import type { Service } from '../../../src/domain/service.ts';
import { fitPlaybooks } from '../../../src/respond/playbook/fit.ts';
import { loadPlaybook } from '../../../src/respond/playbook/load.ts';

const playbook = (id: string, more = '', kind = 'incident'): LoadedPlaybook => {
	const { loaded, problems } = loadPlaybook(`schemaVersion: 1\nid: ${id}\nversion: 1.0.0\nkind: ${kind}\ntitle: ${id}\n${more}\nsteps: [{id: a, of: x}]\n`, `${id}.yaml`, 'own');
	if (loaded === undefined) throw new Error(problems.map((each) => each.message).join());
	return loaded;
};

const container = (name: string, more: Partial<ContainerSummary> = {}): ContainerSummary => ({ id: name, name, image: 'shop/api:2', imageId: 'i', createdAt: 0, state: 'running', health: 'none', ports: [], mounts: [], networks: [], labels: {}, manager: 'none', ...more });
const service: Service = { id: 'shop/api', name: 'api', group: 'shop', manager: 'compose', containers: [container('shop-api-2'), container('shop-api-1', { state: 'exited' })], configured: false };
const alert = (ruleId: string, more: Partial<Alert> = {}): Alert => ({ ruleId, serviceId: 'shop/api', severity: 'P1', state: 'firing', since: 0, reason: 'exited 137', ...more });

const down = playbook('down', 'triggers: [{rule: container-down}]');
const slow = playbook('slow', 'triggers: [{rule: response-time}]');
const own = playbook('own', 'appliesTo: {service: shop/*}');
const image = playbook('image', "appliesTo: {image: ['shop/api:*', other]}");
const other = playbook('other', 'appliesTo: {service: [web, db]}\ntriggers: [{rule: container-down}]');
const draft = playbook('draft', 'draft: true');
const deploy = playbook('deploy', '', 'deploy');

const fits = (alerts: readonly Alert[]) => fitPlaybooks([deploy, draft, other, image, own, slow, down], service, alerts);

describe('fitPlaybooks', () => {
	it('leaves out those for other services', () => {
		expect(fits([alert('container-down')]).map((each) => each.loaded.playbook.id)).not.toContain('other');
	});

	it('puts those first whose triggers fire, the worst first, with why', () => {
		const found = fits([alert('response-time'), alert('container-down', { severity: 'P0' })]);
		expect(found.map((each) => each.loaded.playbook.id)).toEqual(['down', 'slow', 'image', 'own', 'deploy', 'draft']);
		expect(found.map((each) => each.why)).toEqual(['container-down fires: exited 137', 'response-time fires: exited 137', 'for the image shop/api:*', 'for shop/*', 'for any service', 'for any service']);
	});

	it('leads an address on this machine to the port that the container is published on', () => {
		const asking = playbook('asking', "params: {u: {type: url, default: 'http://127.0.0.1:8000/api'}, v: {type: url, default: 'http://localhost'}, w: {type: url, default: 'https://shop.example.com'}, x: {type: url, optional: true}}");
		const at = (...ports: readonly ContainerSummary['ports'][number][]) => fitPlaybooks([asking], { ...service, containers: [container('web', { ports })] }, [])[0]?.params;
		const tcp = (inside: number, host?: number) => ({ container: inside, protocol: 'tcp', ...(host === undefined ? {} : { host }) }) as const;
		expect(at()).toEqual({});
		expect(at(tcp(8000))).toEqual({});
		expect(at(tcp(8000, 32_768))).toEqual({ u: 'http://127.0.0.1:32768/api', v: 'http://localhost:32768' });
		expect(at(tcp(8000, 8001), tcp(80, 8080))).toEqual({ u: 'http://127.0.0.1:8001/api', v: 'http://localhost:8080' });
		expect(at(tcp(9000, 9000), tcp(9001, 9001))).toEqual({});
	});

	it('puts what is about to fire behind what fires', () => {
		const found = fits([alert('response-time', { severity: 'P2' }), alert('container-down', { severity: 'P0', state: 'pending' })]);
		expect(found.slice(0, 2).map((each) => each.why)).toEqual(['response-time fires: exited 137', 'container-down is about to fire: exited 137']);
	});

	it('minds no alert of another service', () => {
		expect(fits([alert('container-down', { serviceId: 'web' })]).every((each) => each.alert === undefined)).toBe(true);
	});

	it('fills in what the service gives: its id, and the container that is not well', () => {
		const asking = playbook('asking', 'params: {c: {type: container, default: x}, s: {type: service}, t: {type: text}}');
		expect(fitPlaybooks([asking], service, [])[0]?.params).toEqual({ c: 'shop-api-1', s: 'shop/api' });
		expect(fitPlaybooks([asking], { ...service, containers: [] }, [])[0]?.params).toEqual({ s: 'shop/api' });
	});

	it('takes what was set up before what is found out, but not for the service itself, nor for a secret', () => {
		const asking = playbook('asking', 'params: {c: {type: container, default: x}, s: {type: service}, t: {type: text}, k: {type: secret}}');
		expect(fitPlaybooks([asking], service, [], { c: 'mine', s: 'other', t: 'said', k: 'hunter22', toString: 'x', u: 'nobody asks' })[0]?.params).toEqual({ c: 'mine', s: 'shop/api', t: 'said' });
	});
});
