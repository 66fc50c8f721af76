import { afterEach, describe, expect, it } from 'vitest';
import { closeServers, fake, json } from '../../support/dockerServer.ts';

afterEach(closeServers);

const info = json({ ServerVersion: '1.12.6', Name: 'old', NCPU: 2, MemTotal: 4096, OperatingSystem: 'Some Linux' });

describe('the API version', () => {
	it('is the oldest we know where the engine names none', async () => {
		const { engine, asked } = await fake({ least: '1.12', most: '', server: 'Docker/1.12.6 (linux)' }, { '/info': info, '/containers/json': json([{ Id: 'a'.repeat(64), Names: ['/x'], Status: 'Up 3 seconds' }]) });
		expect(await engine.info()).toMatchObject({ apiVersion: '1.24', version: '1.12.6', cgroup: 'unknown', product: 'Docker' });
		expect(await engine.list()).toMatchObject([{ name: 'x', state: 'running' }]);
		expect(asked).toContain('GET /v1.24/containers/json?all=1');
	});

	it('is the engine\'s own where we know that', async () => {
		const { engine } = await fake({ least: '1.24', most: '1.47', server: 'Docker/27.3.1 (linux)' }, { '/info': json({ CgroupVersion: '2' }) });
		expect(await engine.info()).toMatchObject({ apiVersion: '1.47', version: '27.3.1', cgroup: 'v2' });
	});

	it('is the newest we know with a newer engine', async () => {
		const { engine } = await fake({ least: '1.44', most: '1.70', server: 'Docker/39.0.0 (linux)' }, { '/info': info, '/version': json({ ApiVersion: '1.70', MinAPIVersion: '1.44' }) });
		expect((await engine.info()).apiVersion).toBe('1.52');
	});

	it('is the oldest a much newer engine still speaks', async () => {
		const { engine } = await fake({ least: '1.60', most: '1.70', server: 'Docker/39.0.0 (linux)' }, { '/info': info, '/version': json({ ApiVersion: '1.70', MinAPIVersion: '1.60' }) });
		expect((await engine.info()).apiVersion).toBe('1.60');
	});

	it('is refused where it is older than anything we know', async () => {
		const { engine } = await fake({ least: '1.10', most: '1.20', server: 'Docker/1.8 (linux)' }, {});
		await expect(engine.info()).rejects.toMatchObject({ kind: 'version', message: expect.stringContaining('1.24 is the oldest') });
	});

	it('is agreed on anew after the engine was exchanged', async () => {
		const versions = { least: '1.24', most: '1.41', server: 'Docker/20.10.24 (linux)' };
		const { engine } = await fake(versions, { '/info': info });
		expect((await engine.info()).apiVersion).toBe('1.41');
		versions.most = '1.47';
		versions.least = '1.44';
		expect((await engine.info()).apiVersion).toBe('1.47');
	});

	it('is agreed on anew by a call that is refused for it', async () => {
		const versions = { least: '1.24', most: '1.41', server: 'Docker/20.10.24 (linux)' };
		const { engine } = await fake(versions, { '/info': info, '/containers/json': json([]) });
		await engine.list();
		versions.most = '1.47';
		versions.least = '1.44';
		expect(await engine.list()).toEqual([]);
	});
});

describe('what old engines cannot do', () => {
	it('is refused, not left out', async () => {
		const { engine } = await fake({ least: '1.12', most: '', server: 'Docker/1.12.6 (linux)' }, {});
		await expect(engine.exec('x', { argv: ['true'], env: { A: '1' }, timeoutMs: 1000 })).rejects.toMatchObject({ kind: 'unsupported' });
		await expect(engine.exec('x', { argv: ['true'], workingDir: '/', timeoutMs: 1000 })).rejects.toMatchObject({ kind: 'unsupported' });
	});
});

describe('Podman', () => {
	it('is known by its headers', async () => {
		const { engine } = await fake({ least: '1.24', most: '1.41', server: 'Libpod/4.9.3 (linux)', headers: { 'Libpod-API-Version': '4.9.3' } }, { '/info': json({ ServerVersion: '4.9.3', CgroupVersion: 'v2' }) });
		expect(await engine.info()).toMatchObject({ product: 'Podman', target: { kind: 'podman' }, version: '4.9.3', cgroup: 'v2' });
	});

	it('is asked for all events, and its bare health results are read', async () => {
		const { engine, asked } = await fake(
			{ least: '1.24', most: '1.41', server: 'Libpod/4.9.3 (linux)' },
			{
				'/events': (_path, response) =>
					void response.writeHead(200).write(
						`${JSON.stringify({ status: 'health_status', id: 'p1', Type: 'container', Action: 'health_status', HealthStatus: 'unhealthy', Actor: { ID: 'p1', Attributes: { name: 'db' } }, time: 1, timeNano: 1e9 })}\n${JSON.stringify({ Type: 'container', Action: 'died', Actor: { ID: 'p1', Attributes: { name: 'db', containerExitCode: '3' } }, timeNano: 2e9 })}\n`,
					),
			},
		);
		const seen: object[] = [];
		const abort = new AbortController();
		const { promise, resolve } = Promise.withResolvers<void>();
		const { ready, ended } = engine.events((event) => {
			seen.push(event);
			if (seen.length === 2) {
				resolve();
			}
		}, abort.signal);
		await ready;
		await promise;
		abort.abort();
		await ended;
		expect(seen).toMatchObject([{ kind: 'health', attributes: { health: 'unhealthy' } }, { kind: 'died', exitCode: 3 }]);
		expect(asked.find((line) => line.includes('/events'))).not.toContain('destroy');
	});
});
