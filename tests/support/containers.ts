import type { ContainerDetail, ContainerSummary } from '../../src/domain/container.ts';

/** 2026-03-14 03:14:07 UTC. */
export const now = Date.UTC(2026, 2, 14, 3, 14, 7);

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

const detail = (over: Partial<ContainerDetail> = {}): ContainerDetail => ({
	at: now - 1200,
	command: ['node', 'server.js', '--port', '8000'],
	pid: 40_213,
	oomKilled: false,
	policyRestarts: 0,
	restartPolicy: 'unless-stopped',
	autoRemove: false,
	tty: false,
	logDriver: 'json-file',
	imageDigest: 'sha256:9b2c0d1e4f5a6b7c8d9e0f1a2b3c4d5e6f7a8b9c0d1e2f3a4b5c6d7e8f9a0b1c',
	imageCreatedAt: now - 2 * day - 3 * hour,
	memoryLimit: 64 * 1024 * 1024,
	cpuLimit: 0.5,
	pidsLimit: 128,
	healthCheck: { test: ['CMD', 'wget', '-qO-', 'http://localhost:8000/health'], intervalMs: 5000, timeoutMs: 3000, retries: 3 },
	healthLog: [
		{ startedAt: now - 21_000, durationMs: 34, exitCode: 0, output: '{"status":"healthy","db":"ok"}' },
		{ startedAt: now - 16_000, durationMs: 41, exitCode: 0, output: '{"status":"healthy","db":"ok"}' },
		{ startedAt: now - 11_000, durationMs: 38, exitCode: 0, output: '{"status":"healthy","db":"ok"}' },
		{ startedAt: now - 6000, durationMs: 36, exitCode: 0, output: '{"status":"healthy","db":"ok"}' },
	],
	failingStreak: 0,
	addresses: { shop_default: '172.20.0.4' },
	...over,
});

/** A healthy container; `over` changes what a test is about. */
export const container = (name: string, over: Partial<ContainerSummary> = {}, detailOver: Partial<ContainerDetail> = {}): ContainerSummary => ({
	id: '4f1c2a7be01d5c98f2e7a6b3d4c1908f7a6e5d4c3b2a1908f7e6d5c4b3a29180',
	name,
	image: 'registry.example.org/shop/api:1.8.2',
	imageId: 'sha256:1f2e3d4c5b6a79880f1e2d3c4b5a69788f1e2d3c4b5a69788f1e2d3c4b5a6978',
	createdAt: now - 3 * day,
	state: 'running',
	health: 'healthy',
	startedAt: now - 3 * day - 2 * hour,
	ports: [
		{ container: 8000, protocol: 'tcp', host: 8080, hostIp: '127.0.0.1' },
		{ container: 9100, protocol: 'tcp' },
	],
	mounts: [
		{ kind: 'volume', source: 'shop_data', target: '/data', readOnly: false },
		{ kind: 'bind', source: '/etc/shop/config.yaml', target: '/app/config.yaml', readOnly: true },
	],
	networks: ['shop_default'],
	labels: {},
	manager: 'compose',
	group: 'shop',
	service: name,
	detail: detail(detailOver),
	...over,
});

/** Killed for memory, for the third time. */
export const crashed = container(
	'cloud-native-poc',
	{ state: 'exited', health: 'unhealthy', exitCode: 137, finishedAt: now - 42_000, image: 'cloud-native-poc:1.1.0' },
	{
		oomKilled: true,
		pid: 0,
		failingStreak: 3,
		healthLog: [
			{ startedAt: now - 68_000, durationMs: 36, exitCode: 0, output: '{"status":"healthy"}' },
			{ startedAt: now - 58_000, durationMs: 912, exitCode: 1, output: 'wget: server returned error: HTTP/1.1 503 Service Unavailable' },
			{ startedAt: now - 53_000, durationMs: 3000, exitCode: -1, output: 'Health check exceeded timeout (3s)\nwget: connecting to localhost:8000\n\tat probe (/app/health.js:14:9)\n' },
			{ startedAt: now - 48_000, durationMs: 3000, exitCode: -1, output: 'Health check exceeded timeout (3s)' },
		],
	},
);
