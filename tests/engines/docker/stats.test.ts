import { describe, expect, it } from 'vitest';
import type { Reading } from '../../../src/engines/docker/reading.ts';
import { toFigures } from '../../../src/engines/docker/statsFormula.ts';
import { readStats } from '../../../src/engines/docker/statsReply.ts';

const base: Reading = { cpuNs: 1e9, systemNs: 100e9, monotonicMs: 1000, onlineCpus: 4, memoryBytes: 1000, inactiveFileBytes: 0, memoryLimitBytes: 4000 };
const later = (over: Partial<Reading>): Reading => ({ ...base, monotonicMs: 2000, cpuNs: 2e9, systemNs: 104e9, ...over });
const id = 'c1';

describe('CPU', () => {
	it.each<[string, Reading, number | undefined]>([
		['is the share of the machine times its CPUs', later({}), 100],
		['is 0 where the container did nothing', later({ cpuNs: 1e9 }), 0],
		['is 0 where the machine did not move', later({ systemNs: 100e9 }), 0],
		['follows passed time over a short window', later({ monotonicMs: 1250, cpuNs: 1.125e9, systemNs: 100.01e9 }), 50],
	])('%s', (_what, now, percent) => {
		expect(toFigures(id, 0, now, base).cpuPercent).toBeCloseTo(percent ?? -1, 9);
	});

	it('follows passed time where the machine tells no time', () => {
		const { systemNs: _, ...untold } = later({});
		expect(toFigures(id, 0, untold, base).cpuPercent).toBeCloseTo(100, 9);
	});

	it('is absent on a first reading, and after a restart', () => {
		expect(toFigures(id, 0, later({ cpuNs: 5 }), base)).not.toHaveProperty('cpuPercent');
		expect(toFigures(id, 0, base, undefined)).not.toHaveProperty('cpuPercent');
	});

	it('has its share of the quota, and of throttled periods, beside it', () => {
		const before = { ...base, periods: 10, throttledPeriods: 5 };
		const now = later({ quotaCores: 0.5, cpuNs: 1.5e9, periods: 20, throttledPeriods: 13 });
		expect(toFigures(id, 0, now, before)).toMatchObject({ cpuPercent: 50, cpuQuotaPercent: 100, throttledPercent: 80 });
		expect(toFigures(id, 0, later({}), base)).not.toHaveProperty('throttledPercent');
	});
});

describe('memory', () => {
	it.each([
		[1000, 300, 700],
		[1000, 1000, 1000],
		[1000, 1200, 1000],
	])('of %d bytes with %d inactive is %d', (memoryBytes, inactiveFileBytes, used) => {
		const figures = toFigures(id, 0, { ...base, memoryBytes, inactiveFileBytes, cacheBytes: 400 }, undefined);
		expect(figures).toMatchObject({ memoryBytes: used, memoryWithoutCacheBytes: 600, memoryPercent: (used / 4000) * 100 });
	});
});

/** A frame of a stats stream of engine 20.10 on control groups v1, shortened. */
const frame = {
	read: '2026-11-21T03:14:08.000000000Z',
	preread: '2026-11-21T03:14:07.000000000Z',
	pids_stats: { current: 3 },
	blkio_stats: { io_service_bytes_recursive: [{ op: 'Read', value: 10 }, { op: 'Write', value: 20 }, { op: 'read', value: 1 }, { op: 'Total', value: 31 }] },
	cpu_stats: { cpu_usage: { total_usage: 2e9, percpu_usage: [1, 2] }, system_cpu_usage: 104e9, throttling_data: { periods: 20, throttled_periods: 10 } },
	precpu_stats: { cpu_usage: { total_usage: 1e9 }, system_cpu_usage: 100e9, throttling_data: { periods: 10, throttled_periods: 5 } },
	memory_stats: { usage: 1000, limit: 9_223_372_036_854_771_712, stats: { total_inactive_file: 300, total_cache: 500, inactive_file: 1 } },
	networks: { eth0: { rx_bytes: 1, tx_bytes: 2 }, eth1: { rx_bytes: 10, tx_bytes: 20 } },
};
const context = { monotonicMs: 5000, kind: 'docker', hostMemoryBytes: 8000 } as const;

describe('a stats reply', () => {
	it('is read, with the sample before it', () => {
		const reply = readStats(frame, context);
		expect(reply?.now).toEqual({
			cpuNs: 2e9,
			systemNs: 104e9,
			periods: 20,
			throttledPeriods: 10,
			monotonicMs: 5000,
			onlineCpus: 2,
			memoryBytes: 1000,
			inactiveFileBytes: 300,
			cacheBytes: 500,
			memoryLimitBytes: 8000,
			rxBytes: 11,
			txBytes: 22,
			readBytes: 11,
			writeBytes: 20,
			pids: 3,
		});
		expect(toFigures(id, 0, reply?.now ?? base, reply?.before)).toMatchObject({ cpuPercent: 50, throttledPercent: 50, memoryBytes: 700 });
	});

	it('of control groups v2 has its own names', () => {
		const reply = readStats({ ...frame, memory_stats: { usage: 1000, limit: 2000, stats: { inactive_file: 100, file: 400 } }, cpu_stats: { ...frame.cpu_stats, online_cpus: 8 } }, context);
		expect(reply?.now).toMatchObject({ inactiveFileBytes: 100, cacheBytes: 400, memoryLimitBytes: 2000, onlineCpus: 8 });
	});

	it.each([
		['of a container that does not run', { ...frame, read: '0001-01-01T00:00:00Z', memory_stats: {} }],
		['without memory', { ...frame, memory_stats: {} }],
		['that is none', 'x'],
	])('%s is no reading', (_what, body) => {
		expect(readStats(body, context)).toBeUndefined();
	});

	it('has no sample before it on the first frame, and none of zeroes', () => {
		expect(readStats({ ...frame, preread: '0001-01-01T00:00:00Z', precpu_stats: { cpu_usage: { total_usage: 0 } } }, context)).not.toHaveProperty('before');
	});

	it("of Podman goes by passed time, as its machine's time leaves idle out", () => {
		const first = readStats({ ...frame, precpu_stats: { cpu_usage: { total_usage: 0 }, system_cpu_usage: 0 } }, { ...context, kind: 'podman' });
		const second = readStats({ ...frame, cpu_stats: { ...frame.cpu_stats, cpu_usage: { total_usage: 2.5e9 }, system_cpu_usage: 104.6e9 } }, { ...context, kind: 'podman', monotonicMs: 6000 });
		expect(first).not.toHaveProperty('before');
		expect(toFigures(id, 0, second?.now ?? base, first?.now).cpuPercent).toBeCloseTo(50, 9);
	});

	it('on the network of the host has no counters of its own', () => {
		const { networks: _, ...rest } = frame;
		expect(readStats(rest, context)?.now).not.toHaveProperty('rxBytes');
	});
});
