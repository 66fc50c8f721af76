import { describe, expect, it } from 'vitest';
import { groupServices } from '../../src/observe/services.ts';
import { container } from '../support/fakeEngine.ts';

const labelled = { manager: 'compose', group: 'shop', service: 'api' } as const;

describe('groupServices', () => {
	it('takes the containers of one service together, newest first', () => {
		const [api] = groupServices([container('shop-api-1', { ...labelled, createdAt: 1 }), container('shop-api-2', { ...labelled, createdAt: 2 })]);
		expect([api?.id, api?.name, api?.containers.map((each) => each.name)]).toEqual(['shop/api', 'api', ['shop-api-2', 'shop-api-1']]);
	});

	it('takes what a move keeps aside for no replica, whatever its labels say', () => {
		const services = groupServices([container('shop-api-1', labelled), container('shop-api-1-sitrep-old-0a1b2c3d', { ...labelled, state: 'exited' })]);
		expect(services.map(({ id, name, manager, containers }) => [id, name, manager, containers.length])).toEqual([
			['shop/api', 'api', 'compose', 1],
			['shop-api-1-sitrep-old-0a1b2c3d', 'shop-api-1-sitrep-old-0a1b2c3d', 'none', 1],
		]);
	});

	it('says of what a move put aside whose place it is in, as long as that one has a container', () => {
		const old = container('shop-api-1-sitrep-old-0a1b2c3d', { ...labelled, state: 'exited' });
		const next = container('web-sitrep-new-0a1b2c3d');
		const asides = (...all: readonly ReturnType<typeof container>[]) => groupServices(all, new Set(['web'])).map(({ id, aside }) => [id, aside]);
		expect(asides(old, next)).toEqual([
			['web', undefined],
			[next.name, undefined],
			[old.name, undefined],
		]);
		expect(asides(old, next, container('shop-api-2', labelled), container('web'))).toEqual([
			['web', undefined],
			[next.name, { of: 'web', as: 'new' }],
			['shop/api', undefined],
			[old.name, { of: 'shop/api', as: 'old' }],
		]);
	});

	it('lists a configured service that has no container', () => {
		expect(groupServices([], new Set(['web']))).toMatchObject([{ id: 'web', name: 'web', containers: [], configured: true }]);
	});
});
