import { describe, expect, it } from 'vitest';
import type { ContainerSummary } from '../../src/domain/container.ts';
import type { ContainerHistory, Service } from '../../src/domain/service.ts';
import type { Expected } from '../../src/judge/standing.ts';
import { currentContainers, standingOf } from '../../src/judge/standing.ts';
import { container, detail, noon } from './facts.ts';

const stand = (
	changes: Partial<ContainerSummary>,
	options: { history?: Partial<ContainerHistory>; service?: Partial<Service>; expected?: Expected } = {},
) => {
	const it = container(changes);
	const service: Service = { id: 'web', name: 'web', manager: 'none', containers: [it], configured: false, ...options.service };
	const history = options.history === undefined ? undefined : { containerId: it.id, starts: [], ends: [], ...options.history };
	return standingOf(it, service, history, options.expected, noon);
};

const end = (secondsAgo: number, exitCode: number, more: { oom?: boolean; asked?: boolean } = {}) => ({
	at: noon - secondsAgo * 1000,
	exitCode,
	oom: more.oom ?? false,
	asked: more.asked ?? false,
});

const exited = (exitCode: number, secondsAgo = 42): Partial<ContainerSummary> => ({
	state: 'exited',
	exitCode,
	finishedAt: noon - secondsAgo * 1000,
});

describe('a container that ended', () => {
	it('is down where it failed', () => {
		expect(stand({ ...exited(1), detail: detail() }).kind).toBe('down');
	});

	it.each([0, 137, 143, 1])('is stopped on request where the events say so, whatever its code (%d)', (code) => {
		expect(stand({ ...exited(code), detail: detail({ restartPolicy: 'always' }) }, { history: { ends: [end(42, code, { asked: true })] } }).kind).toBe(
			'stopped',
		);
	});

	it('is down where the events say nobody asked, even with the code of a stop', () => {
		expect(stand({ ...exited(143), detail: detail() }, { history: { ends: [end(42, 143)] } }).kind).toBe('down');
	});

	it('is a finished job with exit 0, no policy, no port, no health check', () => {
		expect(stand({ ...exited(0), detail: detail() }).kind).toBe('completed');
	});

	it.each([
		['a health check', { detail: detail({ healthCheck: { test: ['true'], intervalMs: 1, timeoutMs: 1, retries: 1 } }) }],
		['a published port', { ports: [{ container: 80, host: 8080, protocol: 'tcp' as const }], detail: detail() }],
	])('is down with exit 0 where it has %s', (_what, changes) => {
		expect(stand({ ...exited(0), ...changes }).kind).toBe('down');
	});

	it('was stopped by hand where its policy would have brought it back', () => {
		expect(stand({ ...exited(137), detail: detail({ restartPolicy: 'unless-stopped' }) }).kind).toBe('stopped');
	});

	it('is down where its policy would have brought it back but it cannot start', () => {
		expect(stand({ ...exited(127), detail: detail({ restartPolicy: 'always', error: 'port is already allocated' }) }).kind).toBe('down');
	});

	it('is down after a memory kill that no event told of', () => {
		const standing = stand({ ...exited(137), detail: detail({ oomKilled: true }) });
		expect([standing.kind, standing.oomKilled]).toEqual(['down', true]);
	});

	it('takes an unexplained 137 for trouble and an unexplained 143 for a stop', () => {
		expect(stand({ ...exited(137), detail: detail() }).kind).toBe('down');
		expect(stand({ ...exited(143), detail: detail() }).kind).toBe('stopped');
	});

	it('is history after a day where nobody claims it', () => {
		const old = { ...exited(1, 90_000), detail: detail() };
		expect(stand(old).kind).toBe('old');
		expect(stand(old, { service: { configured: true } }).kind).toBe('down');
		expect(stand(old, { service: { manager: 'compose' } }).kind).toBe('down');
	});

	it('follows what sitrep.yaml expects', () => {
		const asked = { history: { ends: [end(42, 0, { asked: true })] } };
		expect(stand(exited(0), { ...asked, expected: 'running' }).kind).toBe('down');
		expect(stand(exited(1), { expected: 'stopped' }).kind).toBe('stopped');
		expect(stand(exited(0), { expected: 'completed' }).kind).toBe('completed');
		expect(stand(exited(1), { expected: 'completed', history: { ends: [end(42, 1)] } }).kind).toBe('down');
	});

	it('does not take the end of an earlier container of its name for its own', () => {
		const standing = stand(
			{ ...exited(1, 2), createdAt: noon - 60_000, detail: detail() },
			{ history: { ends: [end(300, 0, { asked: true })] } },
		);
		expect(standing.kind).toBe('down');
		expect(standing.lastEnd).toBeUndefined();
	});
});

describe('a container that runs', () => {
	it('counts restarts, and not its very first start', () => {
		const starts = [noon - 300_000, noon - 200_000];
		expect(stand({ createdAt: noon - 301_000 }, { history: { starts } }).restarts).toBe(1);
		expect(stand({}, { history: { starts } }).restarts).toBe(2);
		expect(stand({}, { history: { starts: [noon - 601_000] } }).restarts).toBe(0);
	});

	it('is down while it loops, though it is up for moments', () => {
		const ends = [end(40, 1), end(20, 1), end(3, 1)];
		expect(stand({ startedAt: noon - 2000 }, { history: { ends } }).kind).toBe('down');
		expect(stand({ startedAt: noon - 11_000 }, { history: { ends } }).kind).toBe('up');
	});

	it('knows since when it is unhealthy, also beyond the results that the engine keeps', () => {
		const results = [1, 2, 3, 4, 5].map((index) => ({ startedAt: noon - (6 - index) * 10_000, durationMs: 5, exitCode: 1, output: '' }));
		const check = { test: ['x'], intervalMs: 10_000, timeoutMs: 1000, retries: 3 };
		const unhealthy = (failingStreak: number) =>
			stand({ health: 'unhealthy', detail: detail({ healthLog: results, failingStreak, healthCheck: check }) }).since;
		expect(unhealthy(5)).toBe(noon - 50_000);
		expect(unhealthy(12)).toBe(noon - 10_000 - 110_000);
	});

	it.each([
		[{ health: 'starting' as const }, 'starting'],
		[{ health: 'healthy' as const }, 'up'],
		[{ state: 'paused' as const }, 'paused'],
		[{ state: 'restarting' as const, exitCode: 1 }, 'down'],
		[{ state: 'created' as const }, 'idle'],
		[{ state: 'created' as const, detail: detail({ error: 'no such file' }) }, 'down'],
		[{ state: 'removing' as const }, 'idle'],
		[{ state: 'dead' as const, exitCode: 1 }, 'down'],
	])('%o stands %s', (changes, kind) => {
		expect(stand(changes).kind).toBe(kind);
	});
});

describe('currentContainers', () => {
	it('keeps the newest of each replica number', () => {
		const containers = [
			container({ id: 'new1', replica: 1 }),
			container({ id: 'new2', replica: 2 }),
			container({ id: 'old1', replica: 1, state: 'exited' }),
		];
		const ids = currentContainers({ id: 's', name: 's', manager: 'swarm', containers, configured: false }).map((each) => each.id);
		expect(ids).toEqual(['new1', 'new2']);
	});
});
