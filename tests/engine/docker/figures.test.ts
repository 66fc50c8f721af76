import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../../src/domain/engine.ts';
import type { Figures } from '../../../src/domain/figures.ts';
import { Containers, eventually, openEngine, testEngineAddress } from '../../support/engine.ts';
import { patienceMs, promised } from '../../support/patience.ts';

const address = testEngineAddress();
const containers = new Containers(address);
const farAway = { roots: { cgroup: '/nonexistent', proc: '/nonexistent' } };
let near: Engine;
let far: Engine;
let busy: string;
let holder: string;

beforeAll(async () => {
	near = await openEngine(address);
	far = await openEngine(address, farAway);
	await far.info();
	busy = await containers.run('while :; do :; done', { host: { NanoCpus: 500_000_000, Memory: 32 * 1024 * 1024 } });
	// Holds some 20 MiB: a shell variable of that size.
	holder = await containers.run("x=$(yes 0123456789 | head -c 10000000); echo held; while :; do sleep 1; done", { host: { Memory: 64 * 1024 * 1024 } });
	await eventually('the memory is held', async () => String(await containers.docker.getContainer(holder).logs({ stdout: true })).includes('held'));
});

afterAll(async () => {
	await containers.removeAll();
	await near.close();
	await far.close();
});

/** Collects figures by container until enough have come. */
async function collect(engine: Engine, ids: readonly string[], count: number): Promise<{ seen: Map<string, Figures[]>; words: string; firstCpuMs: number }> {
	const seen = new Map<string, Figures[]>(ids.map((id) => [id, []]));
	const began = performance.now();
	let firstCpuMs = Infinity;
	const follower = engine.figures((batch) => {
		for (const figures of batch) {
			seen.get(figures.containerId)?.push(figures);
			if (figures.cpuPercent !== undefined) {
				firstCpuMs = Math.min(firstCpuMs, performance.now() - began);
			}
		}
	});
	try {
		follower.follow(ids, []);
		await eventually('figures of all', () => [...seen.values()].every((list) => list.length >= count));
		return { seen, words: follower.describe(), firstCpuMs };
	} finally {
		follower.close();
	}
}

/** What `docker stats` itself shows. */
async function dockerStats(id: string): Promise<{ cpu: number; memory: number; limit: number; pids: number }> {
	const { stdout } = await promisify(execFile)('docker', ['--host', address, 'stats', '--no-stream', '--format', '{{.CPUPerc}} {{.MemUsage}} {{.PIDs}}', id]);
	const [cpu, memory, , limit, pids] = stdout.trim().split(' ');
	return { cpu: Number.parseFloat(cpu ?? ''), memory: bytes(memory ?? ''), limit: bytes(limit ?? ''), pids: Number(pids) };
}

function bytes(words: string): number {
	const unit = { B: 1, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 }[/[A-Za-z]+$/.exec(words)?.[0] ?? ''] ?? Number.NaN;
	return Number.parseFloat(words) * unit;
}

describe.each([
	['from the kernel', () => near, /^cgroup files \(v[12]\)$/],
	['through the engine', () => far, /^engine, /],
])('figures %s', (_way, engine, words) => {
	it('agree with docker stats', async () => {
		// The two look at different windows of a busy machine, so they are compared until they agree; a wrong formula never does.
		const { seen, holderStats } = await eventually(
			'both show the same CPU',
			async () => {
				const [{ seen, words: said }, busyStats, holderStats] = await Promise.all([collect(engine(), [busy, holder], 4), dockerStats(busy), dockerStats(holder)]);
				expect(said).toMatch(words);
				const cpu = seen.get(busy)?.flatMap((figures) => figures.cpuPercent ?? []) ?? [];
				const average = cpu.reduce((sum, value) => sum + value, 0) / cpu.length;
				return average > 1 && Math.abs(average - busyStats.cpu) < Math.max(3, busyStats.cpu * 0.15) && { seen, holderStats };
			},
			2 * patienceMs,
		);
		const held = seen.get(holder)?.at(-1);
		expect(Math.abs((held?.memoryBytes ?? 0) - holderStats.memory)).toBeLessThan(1.5 * 1024 * 1024);
		expect(held?.memoryLimitBytes).toBe(64 * 1024 * 1024);
		expect(holderStats.limit).toBe(64 * 1024 * 1024);
		expect(held?.pids).toBeGreaterThanOrEqual(1);
		expect(held?.memoryPercent).toBeCloseTo(((held?.memoryBytes ?? 0) / (64 * 1024 * 1024)) * 100, 5);
		// It has a quota, so its throttled periods are told; how many there are depends on what else the machine does.
		const throttled = seen.get(busy)?.flatMap((figures) => figures.throttledPercent ?? []) ?? [];
		expect(throttled.length).toBeGreaterThan(0);
		expect(throttled.every((percent) => percent >= 0 && percent <= 100)).toBe(true);
	});

	it('give nothing for a container that does not run', async () => {
		const stopped = await containers.create('true');
		const { seen } = await collectWith(engine(), stopped, busy);
		expect(seen.get(stopped)).toEqual([]);
	});
});

async function collectWith(engine: Engine, idle: string, running: string): Promise<{ seen: Map<string, Figures[]> }> {
	const seen = new Map<string, Figures[]>([
		[idle, []],
		[running, []],
	]);
	const follower = engine.figures((batch) => batch.forEach((figures) => seen.get(figures.containerId)?.push(figures)));
	follower.follow([idle, running], []);
	await eventually('figures of the running one', () => (seen.get(running)?.length ?? 0) >= 2);
	follower.close();
	return { seen };
}

describe('figures', () => {
	it('show CPU before a whole second has passed, where the kernel can be read', async () => {
		expect((await collect(near, [busy], 2)).firstCpuMs).toBeLessThan(await promised(950));
	});

	it('take up a container again after a restart', async () => {
		const id = await containers.run('while :; do sleep 1; done');
		let count = 0;
		const follower = near.figures((batch) => {
			count += batch.filter((figures) => figures.containerId === id).length;
		});
		follower.follow([id], []);
		await eventually('figures', () => count > 1);
		await near.restart(id, 0);
		const before = count;
		await eventually('figures after the restart', () => count > before + 1);
		expect(follower.describe()).toMatch(/^cgroup files/);
		follower.close();
	});

	it('know a quota once the container was inspected, through the engine too', async () => {
		await far.inspect(busy);
		const { seen } = await collect(far, [busy], 3);
		const last = seen.get(busy)?.at(-1);
		expect(last?.cpuQuotaPercent).toBeCloseTo((last?.cpuPercent ?? 0) / 0.5, 6);
	});
});
