import { describe, expect, it } from 'vitest';
import { fields } from '../../../../src/engines/docker/narrow.ts';
import { configChanges, healthWords } from '../../../../src/engines/docker/rollout/changes.ts';
import { createBody, plainLink } from '../../../../src/engines/docker/rollout/createBody.ts';
import { dependence } from '../../../../src/engines/docker/rollout/facts.ts';
import { attachments } from '../../../../src/engines/docker/rollout/networks.ts';
import { getsAddressAgain } from '../../../../src/engines/docker/rollout/names.ts';
import { pinRepository } from '../../../../src/engines/docker/rollout/pins.ts';
import { proofOf } from '../../../../src/engines/docker/rollout/proof.ts';
import { parseReference } from '../../../../src/engines/docker/rollout/reference.ts';
import { selectVersions } from '../../../../src/engines/docker/rollout/versions.ts';
import { carryVolumes } from '../../../../src/engines/docker/rollout/volumes.ts';

const id = 'abcdef0123456789'.repeat(4);
const hash = '0123456789abcdef'.repeat(4);

describe('volumes', () => {
	it('without a name are bound by the name the engine gave them, wherever they come from', () => {
		const carried = carryVolumes({
			Config: { Volumes: { '/image': {}, '/own/': {}, '/named': {} } },
			HostConfig: { Binds: ['kept:/named', '/alone', '/host:/host:ro'], Mounts: [{ Type: 'volume', Target: '/mounted' }, { Type: 'volume', Source: 'x', Target: '/sourced' }] },
			Mounts: [
				{ Type: 'volume', Name: 'v-image', Destination: '/image', RW: true },
				{ Type: 'volume', Name: 'v-own', Destination: '/own', RW: false },
				{ Type: 'volume', Name: 'kept', Destination: '/named', RW: true },
				{ Type: 'volume', Name: 'v-alone', Destination: '/alone', RW: true },
				{ Type: 'volume', Name: 'v-mounted', Destination: '/mounted', RW: true },
				{ Type: 'volume', Name: 'from-another', Destination: '/elsewhere', RW: true },
				{ Type: 'bind', Source: '/host', Destination: '/host', RW: false },
			],
		});
		expect(carried.binds).toEqual(['kept:/named', 'v-alone:/alone', '/host:/host:ro', 'v-image:/image', 'v-own:/own/:ro']);
		expect(carried.mounts).toEqual([{ Type: 'volume', Target: '/mounted', Source: 'v-mounted' }, { Type: 'volume', Source: 'x', Target: '/sourced' }]);
		expect(carried.rebound.map(({ volume }) => volume)).toEqual(['v-alone', 'v-mounted', 'v-image', 'v-own']);
	});
});

describe('networks', () => {
	const container = (network: object, mode = 'shop') => ({ Id: id, HostConfig: { NetworkMode: mode }, NetworkSettings: { Networks: { back: { NetworkID: 'n2' }, shop: { NetworkID: 'n1', ...network } } } });

	it('keep what was asked of them, less the short id, the primary one first', () => {
		expect(attachments(container({ Aliases: ['api', id.slice(0, 12)], IPAMConfig: { IPv4Address: '10.0.0.9' }, Links: ['db:db'], DriverOpts: { a: 'b' }, MacAddress: '02:42:0a:00:00:09', IPAddress: '10.0.0.9' }), '1.41')).toEqual([
			{ id: 'n1', name: 'shop', endpoint: { IPAMConfig: { IPv4Address: '10.0.0.9' }, Links: ['db:db'], DriverOpts: { a: 'b' } }, aliases: ['api'], primary: true, address: '10.0.0.9' },
			{ id: 'n2', name: 'back', endpoint: {}, aliases: [], primary: false },
		]);
	});

	it.each([
		{ version: '1.43', mac: '02:42:ac:11:00:02', kept: undefined },
		{ version: '1.44', mac: '02:42:ac:11:00:02', kept: undefined },
		{ version: '1.44', mac: '52:54:00:12:34:56', kept: '52:54:00:12:34:56' },
		{ version: '1.52', mac: '52:54:00:12:34:56', kept: '52:54:00:12:34:56' },
	])('have a hardware address of their own from API 1.44 on ($version, $mac)', ({ version, mac, kept }) => {
		const [first] = attachments(container({ MacAddress: mac, IPAddress: '172.17.0.2' }), version);
		expect(first?.endpoint['MacAddress']).toBe(kept);
	});

	it('are asked for under the very word of the mode, and the address of hardware stands where the API wants it', () => {
		const found = { ...container({ Aliases: ['api'] }), Config: { MacAddress: '02:00:00:00:00:01' } };
		const parts = { container: found, image: {}, volumes: carryVolumes(found), nameless: false };
		const old = createBody({ ...parts, attachments: attachments(found, '1.41'), apiVersion: '1.41' });
		expect(old).toMatchObject({ MacAddress: '02:00:00:00:00:01', NetworkingConfig: { EndpointsConfig: { shop: { Aliases: ['api'] } } } });
		expect(createBody({ ...parts, attachments: attachments(found, '1.44'), apiVersion: '1.44' })['MacAddress']).toBeUndefined();
		expect(fields(createBody({ ...parts, nameless: true, attachments: attachments(found, '1.41'), apiVersion: '1.41' })['NetworkingConfig'])).toEqual({ EndpointsConfig: { shop: {} } });
		const shared = { ...found, HostConfig: { NetworkMode: 'container:x' } };
		expect(createBody({ ...parts, container: shared, attachments: [], apiVersion: '1.41' })['NetworkingConfig']).toBeUndefined();
	});

	it('passes every other option of the host on as it is', () => {
		const host = { NetworkMode: 'none', Privileged: true, Memory: 5, Links: ['/db:/own/alias', 'plain:p'], MaskedPaths: null, Future: { option: 1 } };
		const found = { Id: id, Config: {}, HostConfig: host };
		expect(createBody({ container: found, image: {}, volumes: carryVolumes(found), attachments: [], apiVersion: '1.41', nameless: false })['HostConfig']).toEqual({ ...host, Binds: null, Links: ['db:alias', 'plain:p'] });
		expect(plainLink('/db:/own/alias')).toBe('db:alias');
	});
});

describe('the address of one that leaves a network and comes back', () => {
	const network = (taken: readonly string[], config: object = { Subnet: '172.18.0.0/16', Gateway: '172.18.0.1' }) => ({ IPAM: { Config: [config] }, Containers: Object.fromEntries(taken.map((address, index) => [`c${index}`, { IPv4Address: `${address}/16` }])) });
	const on = (IPAddress: string) => ({ NetworkSettings: { Networks: { shop: { IPAddress } } } });
	it.each([
		{ own: '172.18.0.2', taken: ['172.18.0.2', '172.18.0.9'], again: true },
		{ own: '172.18.0.3', taken: ['172.18.0.3'], again: true },
		{ own: '172.18.0.4', taken: ['172.18.0.4', '172.18.0.3'], again: true },
		{ own: '172.18.0.4', taken: ['172.18.0.4'], again: false },
		{ own: '172.18.1.0', taken: ['172.18.1.0'], again: false },
	])('is $own again beside $taken: $again', ({ own, taken, again }) => {
		expect(getsAddressAgain(network(taken), on(own), 'shop')).toBe(again);
	});

	it('is not known where the engine does not tell of addresses', () => {
		expect(getsAddressAgain({}, on('172.18.0.2'), 'shop')).toBe(false);
		expect(getsAddressAgain(network([]), on(''), 'shop')).toBe(false);
		expect(getsAddressAgain(network(['10.1.0.2'], { Subnet: '10.1.0.0/24' }), on('10.1.0.2'), 'shop')).toBe(true);
	});
});

describe('changes', () => {
	it('are named one by one, and secrets are not spelt out', () => {
		const before = { Env: ['A=1', 'DB_PASSWORD=old'], Cmd: ['a b'], Healthcheck: { Test: ['CMD', 'x'] } };
		const after = { Env: ['A=2', 'DB_PASSWORD=new', 'N=1'], Cmd: ['a b'], Entrypoint: ['/e'] };
		expect(configChanges(before, after)).toEqual([
			{ field: 'environment', key: 'A', before: '1', after: '2' },
			{ field: 'environment', key: 'DB_PASSWORD', before: '(secret)', after: '(secret)' },
			{ field: 'environment', key: 'N', after: '1' },
			{ field: 'entrypoint', after: '/e' },
			{ field: 'health check', before: 'x every 30 s, 30 s long, 3 in a row' },
		]);
		expect(healthWords({ Test: ['NONE'] })).toBe('none');
	});
});

describe('who depends on a container', () => {
	const subject = { Id: id, Name: '/api' };
	it.each([
		{ host: { NetworkMode: `container:${id}` }, kind: 'network' },
		{ host: { NetworkMode: 'container:api' }, kind: 'network' },
		{ host: { PidMode: `container:${id.slice(0, 12)}` }, kind: 'pid' },
		{ host: { IpcMode: 'container:api' }, kind: 'ipc' },
		{ host: { Links: ['/api:/web/db'] }, kind: 'link' },
		{ host: { VolumesFrom: ['api:ro'] }, kind: 'volumes' },
		{ host: { NetworkMode: 'api', VolumesFrom: ['other'], Links: ['/apis:/web/db'] }, kind: undefined },
	])('is told by $host', ({ host, kind }) => {
		expect(dependence({ HostConfig: host }, subject)).toBe(kind);
	});
});

describe('a proof', () => {
	it('has the time that a health check has until it fails', () => {
		expect(proofOf({ Healthcheck: { Test: ['CMD', 'x'], Interval: 5e9, Timeout: 2e9, Retries: 4, StartPeriod: 10e9 } }, {})).toEqual({ kind: 'health', withinMs: 43_000, steadyMs: 5000 });
		expect(proofOf({ Healthcheck: { Test: ['CMD', 'x'] } }, {}).withinMs).toBe(185_000);
		expect(proofOf({ Healthcheck: { Test: ['NONE'] } }, { steadyMs: 20_000 })).toEqual({ kind: 'steady', withinMs: 25_000, steadyMs: 20_000 });
		expect(proofOf({}, { proveWithinMs: 7 }).withinMs).toBe(7);
	});
});

describe('names of images', () => {
	it.each([
		{ image: 'api', parts: { repository: 'api' } },
		{ image: 'docker.io/library/redis:7', parts: { repository: 'redis', tag: '7' } },
		{ image: 'registry:5000/shop/api', parts: { repository: 'registry:5000/shop/api' } },
		{ image: `registry:5000/shop/api:1.2@sha256:${hash}`, parts: { repository: 'registry:5000/shop/api', tag: '1.2', digest: `sha256:${hash}` } },
		{ image: `sha256:${hash}`, parts: undefined },
	])('$image', ({ image, parts }) => {
		expect(parseReference(image)).toEqual(parts);
	});

	it('of pins are ones a repository may have, and differ where services do', () => {
		expect(pinRepository('shop-api_1')).toBe('sitrep-pin/shop-api_1');
		const [upper, lower] = [pinRepository('Shop.API'), pinRepository('shop api')];
		expect(upper).toMatch(/^sitrep-pin\/shop-api-[0-9a-f]{8}$/);
		expect(lower).toMatch(/^sitrep-pin\/shop-api-[0-9a-f]{8}$/);
		expect(upper).not.toBe(lower);
		expect(pinRepository('***')).toMatch(/^sitrep-pin\/[0-9a-f]{8}$/);
	});
});

describe('versions', () => {
	const image = (n: number, tags: readonly string[], digests: readonly string[] = []) => ({ Id: `sha256:${String(n).repeat(64)}`, RepoTags: tags, RepoDigests: digests, Created: n, Size: n * 100, Labels: { v: String(n) } });
	const images = [
		image(1, ['shop/api:1', 'sitrep-pin/api:111111111111']),
		image(2, ['shop/api:2', 'shop/api:latest']),
		image(3, ['<none>:<none>'], [`shop/api@sha256:${hash}`]),
		image(4, ['other/api:1']),
		image(5, ['sitrep-pin/api:555555555555']),
		image(6, ['sitrep-pin/worker:666666666666']),
	];

	it('are those of the repository, untagged and pinned ones too, newest first', () => {
		const found = selectVersions(images, [{ name: 'api', image: 'shop/api:2', imageId: `sha256:${'2'.repeat(64)}` }]);
		expect(found.map(({ createdAt }) => createdAt)).toEqual([5000, 3000, 2000, 1000]);
		expect(found[0]).toEqual({ image: `sha256:${'5'.repeat(64)}`, imageId: `sha256:${'5'.repeat(64)}`, tags: [], createdAt: 5000, sizeBytes: 500, runs: [], current: false, pinned: true, labels: { v: '5' } });
		expect(found[1]).toMatchObject({ digest: `sha256:${hash}`, tags: [] });
		expect(found[2]).toMatchObject({ image: 'shop/api:2', current: true, runs: ['api'], pinned: false });
		expect(found[3]).toMatchObject({ image: 'shop/api:1', tags: ['shop/api:1'], pinned: true });
	});

	it('are found for one that was made from an id, and is listed where its tag has moved on', () => {
		expect(selectVersions(images, [{ name: 'x', image: `sha256:${'4'.repeat(64)}`, imageId: `sha256:${'4'.repeat(64)}` }]).map(({ image }) => image)).toEqual(['other/api:1']);
		expect(selectVersions([image(7, []), image(8, ['shop/web:latest'])], [{ name: 'web', image: 'shop/web:latest', imageId: `sha256:${'7'.repeat(64)}` }]).map(({ current }) => current)).toEqual([false, true]);
	});
});
