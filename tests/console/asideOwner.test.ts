import { describe, expect, it } from 'vitest';
import { isAside, ownerOf } from '../../src/console/asideOwner.ts';
import type { ServiceStatus } from '../../src/domain/situation.ts';
import { groupServices } from '../../src/observe/services.ts';
import { container } from '../support/containers.ts';

const { labels: _labels, service: _service, group: _group, ...lone } = container('web');
const alone = (name: string) => ({ ...lone, name, labels: {} });

const statusesOf = (...containers: Parameters<typeof groupServices>[0][]): ReadonlyMap<string, ServiceStatus> =>
	new Map(groupServices(containers.flatMap((each) => [...each])).map((service) => [service.id, { service, mark: 'ok', reason: '', alerts: [] } as unknown as ServiceStatus]));

const ownerId = (id: string, byId: ReadonlyMap<string, ServiceStatus>): string | undefined => ownerOf(byId.get(id), byId)?.service.id;

describe('whose place a row stands in', () => {
	it('is its own where no move put it aside', () => {
		const byId = statusesOf([alone('web'), container('api')]);
		expect(ownerId('web', byId)).toBe('web');
		expect(ownerId('shop/api', byId)).toBe('shop/api');
		expect(ownerId('gone', byId)).toBeUndefined();
		expect(isAside('web')).toBe(false);
	});

	it('is the service of what a move put aside, of a lone container and of one that compose made', () => {
		const replica = { ...container('api'), name: 'shop-api-1' };
		const byId = statusesOf([alone('web'), alone('web-sitrep-old-4f1c2a7b'), replica, { ...replica, name: 'shop-api-1-sitrep-new-4f1c2a7b' }]);
		expect(isAside('web-sitrep-old-4f1c2a7b')).toBe(true);
		expect(ownerOf(byId.get('web-sitrep-old-4f1c2a7b'), byId)).toBe(byId.get('web'));
		expect(ownerOf(byId.get('shop-api-1-sitrep-new-4f1c2a7b'), byId)).toBe(byId.get('shop/api'));
	});

	it('is the service also where no container has its name now', () => {
		const byId = statusesOf([alone('web-sitrep-old-4f1c2a7b')]);
		expect(ownerOf(byId.get('web-sitrep-old-4f1c2a7b'), byId)?.service).toMatchObject({ id: 'web', name: 'web' });
	});
});
