import { describe, expect, it } from 'vitest';
import { parseEvent } from '../../../src/engines/docker/events.ts';
import { parseImage, parseInspect } from '../../../src/engines/docker/inspect.ts';
import { JsonLines } from '../../../src/engines/docker/jsonLines.ts';
import { ownership } from '../../../src/engines/docker/labels.ts';
import { parseList } from '../../../src/engines/docker/list.ts';
import { readState, readStatus } from '../../../src/engines/docker/statusWords.ts';

const now = Date.UTC(2026, 10, 21, 3, 14, 7);
const id = 'a'.repeat(64);

describe('a list', () => {
	it('is read', () => {
		const [summary] = parseList(
			[
				{
					Id: id,
					Names: ['/gateway/db', '/db'],
					Image: 'postgres:16',
					ImageID: 'sha256:1',
					Created: 1_763_000_000,
					State: 'exited',
					Status: 'Exited (137) 3 minutes ago',
					Ports: [
						{ PrivatePort: 5432, Type: 'tcp' },
						{ IP: '127.0.0.1', PrivatePort: 53, PublicPort: 5353, Type: 'udp' },
					],
					Labels: { a: 'b' },
					Mounts: [
						{ Type: 'volume', Name: 'data', Source: '/var/lib/docker/volumes/data/_data', Destination: '/data', RW: true },
						{ Type: 'npipe', Source: 'x', Destination: 'y', RW: false },
					],
					NetworkSettings: { Networks: { backend: {} } },
				},
			],
			now,
		);
		expect(summary).toEqual({
			id,
			name: 'db',
			image: 'postgres:16',
			imageId: 'sha256:1',
			createdAt: 1_763_000_000_000,
			state: 'exited',
			health: 'none',
			exitCode: 137,
			finishedAt: now - 180_000,
			ports: [
				{ container: 53, protocol: 'udp', host: 5353, hostIp: '127.0.0.1' },
				{ container: 5432, protocol: 'tcp' },
			],
			mounts: [
				{ kind: 'volume', source: 'data', target: '/data', readOnly: false },
				{ kind: 'other', source: 'x', target: 'y', readOnly: true },
			],
			networks: ['backend'],
			labels: { a: 'b' },
			manager: 'none',
		});
	});

	it.each([undefined, null, {}, [null], [{}], 'x'])('survives %j', (body) => {
		expect(parseList(body, now)).toEqual([]);
	});

	it('survives an entry with nothing but an id', () => {
		expect(parseList([{ Id: id, Labels: null, Mounts: null, Ports: null, Names: null }], now)).toMatchObject([{ id, name: 'a'.repeat(12), state: 'created', health: 'none' }]);
	});
});

describe('status words', () => {
	it.each([
		['Up 5 seconds (healthy)', { health: 'healthy', agoMs: 5000 }],
		['Up About an hour (unhealthy)', { health: 'unhealthy', agoMs: 3_600_000 }],
		['Up Less than a second (health: starting)', { health: 'starting', agoMs: 0 }],
		['Up 3 weeks (Paused)', { health: 'none', agoMs: 3 * 604_800_000 }],
		['Exited (0) 2 months ago', { health: 'none', exitCode: 0, agoMs: 2 * 2_592_000_000 }],
		['Restarting (1) 12 seconds ago', { health: 'none', exitCode: 1, agoMs: 12_000 }],
		['Created', { health: 'none' }],
		['', { health: 'none' }],
	])('%j', (words, read) => {
		expect(readStatus(words)).toEqual(read);
	});

	it.each([
		['running', '', 'running'],
		['Stopped', '', 'exited'],
		['configured', '', 'created'],
		[undefined, 'Up 3 minutes', 'running'],
		[undefined, 'Up 3 minutes (Paused)', 'paused'],
		[undefined, 'Exited (1) now', 'exited'],
		[undefined, 'Dead', 'dead'],
	])('tell the state of %j, %j', (word, status, state) => {
		expect(readState(word, status)).toBe(state);
	});
});

describe('ownership', () => {
	it.each([
		[{}, { manager: 'none' }],
		[{ 'com.docker.compose.project': 'shop', 'com.docker.compose.service': 'api', 'com.docker.compose.container-number': '3' }, { manager: 'compose', group: 'shop', service: 'api', replica: 3 }],
		[
			{ 'com.docker.stack.namespace': 'shop', 'com.docker.swarm.service.name': 'shop_api', 'com.docker.swarm.task.name': 'shop_api.2.x7y' },
			{ manager: 'swarm', group: 'shop', service: 'api', replica: 2 },
		],
		[{ 'com.docker.swarm.service.name': 'agent', 'com.docker.swarm.task.name': 'agent.n0de1d.x7y' }, { manager: 'swarm', service: 'agent' }],
	])('of %j', (labels, owner) => {
		expect(ownership(labels)).toEqual(owner);
	});
});

describe('an inspect', () => {
	const body = {
		Id: id,
		Name: '/api',
		Created: '2026-11-20T00:00:00.5Z',
		Path: 'node',
		Args: ['main.js'],
		Image: 'sha256:1',
		RestartCount: 4,
		State: {
			Status: 'exited',
			Running: false,
			ExitCode: 137,
			OOMKilled: true,
			Error: 'driver failed: port is already allocated',
			Pid: 0,
			StartedAt: '2026-11-21T03:00:00Z',
			FinishedAt: '2026-11-21T03:13:25Z',
			Health: { Status: 'unhealthy', FailingStreak: 3, Log: [{ Start: '2026-11-21T03:13:00Z', End: '2026-11-21T03:13:03.5Z', ExitCode: -1, Output: 'Health check exceeded timeout (3s)' }] },
		},
		Config: { Image: 'api:1', Tty: true, Labels: { x: 'y' }, ExposedPorts: { '9100/tcp': {} }, Healthcheck: { Test: ['CMD', 'x'], Interval: 5_000_000_000 } },
		HostConfig: { AutoRemove: true, Memory: 1024, CpuQuota: 150_000, CpuPeriod: 100_000, PidsLimit: -1, LogConfig: { Type: 'local' }, RestartPolicy: { Name: 'always' }, Tmpfs: { '/tmp': '' }, PortBindings: { '8000/tcp': [{ HostIp: '0.0.0.0', HostPort: '80' }] } },
		NetworkSettings: { Ports: {}, Networks: { a: { IPAddress: '172.18.0.2' }, b: { IPAddress: '' } } },
		Mounts: [],
	};

	it('is read', () => {
		expect(parseInspect(body, parseImage({ RepoDigests: ['api@sha256:abc'], Created: '2026-11-01T00:00:00Z' }), now)).toMatchObject({
			name: 'api',
			state: 'exited',
			health: 'unhealthy',
			exitCode: 137,
			startedAt: Date.UTC(2026, 10, 21, 3),
			finishedAt: Date.UTC(2026, 10, 21, 3, 13, 25),
			ports: [
				{ container: 8000, protocol: 'tcp', host: 80, hostIp: '0.0.0.0' },
				{ container: 9100, protocol: 'tcp' },
			],
			mounts: [{ kind: 'tmpfs', target: '/tmp' }],
			networks: ['a', 'b'],
			detail: {
				command: ['node', 'main.js'],
				oomKilled: true,
				error: 'driver failed: port is already allocated',
				policyRestarts: 4,
				restartPolicy: 'always',
				autoRemove: true,
				tty: true,
				logDriver: 'local',
				imageDigest: 'sha256:abc',
				imageCreatedAt: Date.UTC(2026, 10, 1),
				memoryLimit: 1024,
				cpuLimit: 1.5,
				healthCheck: { intervalMs: 5000, timeoutMs: 30_000, retries: 3 },
				healthLog: [{ durationMs: 3500, exitCode: -1, output: 'Health check exceeded timeout (3s)' }],
				failingStreak: 3,
				addresses: { a: '172.18.0.2' },
			},
		});
	});

	it('has no limits and no health where none are set', () => {
		const plain = parseInspect({ Id: id, State: { Running: true, StartedAt: '0001-01-01T00:00:00Z', FinishedAt: '0001-01-01T00:00:00Z' } }, {}, now);
		expect(plain).toMatchObject({ state: 'running', health: 'none' });
		expect(plain).not.toHaveProperty('startedAt');
		expect(plain?.detail).not.toHaveProperty('memoryLimit');
		expect(plain?.detail).not.toHaveProperty('healthCheck');
		expect(parseInspect('x', {}, now)).toBeUndefined();
	});

	it('has the ports that it has where it runs, and those that it was given where it does not', () => {
		const ports = (running: boolean) => parseInspect({ Id: id, State: { Status: running ? 'running' : 'exited', Running: running }, HostConfig: { PortBindings: { '80/tcp': [{ HostIp: '', HostPort: '0' }] } }, NetworkSettings: { Ports: running ? { '80/tcp': [{ HostIp: '0.0.0.0', HostPort: '32768' }] } : {} } }, {}, now)?.ports;
		expect(ports(true)).toEqual([{ container: 80, protocol: 'tcp', host: 32_768, hostIp: '0.0.0.0' }]);
		// Which one the engine will choose is not known before.
		expect(ports(false)).toEqual([{ container: 80, protocol: 'tcp' }]);
	});

	it("reads Podman's early name for health", () => {
		expect(parseInspect({ Id: id, State: { Status: 'running', Healthcheck: { Status: 'starting' } } }, {}, now)?.health).toBe('starting');
	});
});

describe('an event', () => {
	const event = (action: string, attributes: object = {}, more: object = {}) => parseEvent({ Type: 'container', Action: action, Actor: { ID: id, Attributes: { name: 'api', ...attributes } }, time: 1_763_700_000, timeNano: 1_763_700_000_123_456_800, ...more });

	it.each([
		['die', { exitCode: '137' }, { kind: 'died', exitCode: 137 }],
		['died', { containerExitCode: '1' }, { kind: 'died', exitCode: 1 }],
		['kill', { signal: '15' }, { kind: 'stopping', signal: 'SIGTERM' }],
		['kill', { signal: '9' }, { kind: 'killed', signal: 'SIGKILL' }],
		['destroy', {}, { kind: 'removed' }],
		['remove', {}, { kind: 'removed' }],
		['health_status: unhealthy', {}, { kind: 'health', attributes: { health: 'unhealthy' } }],
		['attach', {}, { kind: 'other', action: 'attach' }],
	])('%s', (action, attributes, read) => {
		expect(event(action, attributes)).toMatchObject({ containerId: id, name: 'api', at: 1_763_700_000_123, ...read });
	});

	it.each(['exec_create: sh', 'exec_start: sh', 'exec_die', 'exec', 'exec_died'])('%s is none of a container', (action) => {
		expect(event(action)).toBeUndefined();
	});

	it("in Podman's words has its health beside it", () => {
		expect(event('health_status', {}, { HealthStatus: 'healthy' })).toMatchObject({ kind: 'health', action: 'health_status: healthy', attributes: { health: 'healthy' } });
		expect(event('health_status', { health_status: 'unhealthy' })).toMatchObject({ attributes: { health: 'unhealthy' } });
	});

	it('of a network that a container leaves is one of the container: a start that fails has no other', () => {
		expect(parseEvent({ Type: 'network', Action: 'disconnect', Actor: { ID: 'n', Attributes: { container: id, name: 'bridge', type: 'bridge' } }, time: 1_763_700_000 })).toEqual({ kind: 'detached', containerId: id, action: 'network disconnect', name: '', at: 1_763_700_000_000, attributes: {} });
	});

	it('of something else, or of nothing, is none', () => {
		expect(parseEvent({ Type: 'network', Action: 'connect', Actor: { ID: 'n' } })).toBeUndefined();
		expect(parseEvent(null)).toBeUndefined();
	});
});

describe('JSON lines', () => {
	it('are whole documents however they are cut, and count what is none', () => {
		const seen: unknown[] = [];
		const lines = new JsonLines((document) => seen.push(document));
		for (const byte of Buffer.from('{"a":"ü}{"}\n\nnonsense\n{"b":2}\n')) {
			lines.push(Uint8Array.of(byte));
		}
		expect(seen).toEqual([{ a: 'ü}{' }, { b: 2 }]);
		expect(lines.malformed).toBe(1);
	});
});
