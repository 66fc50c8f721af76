import { describe, expect, it } from 'vitest';
import type { KernelFiles } from '../../../../src/engines/docker/cgroup/files.ts';
import { CgroupReader } from '../../../../src/engines/docker/cgroup/reader.ts';
import { ManualClock } from '../../../support/manualClock.ts';

const id = 'ab'.repeat(32);
const roots = { cgroup: '/cg', proc: '/proc' };

/** A tree of files held in memory. */
function tree(files: Record<string, string>, links: Record<string, string> = {}): KernelFiles & { files: Record<string, string> } {
	return {
		files,
		read: (path) => files[path],
		exists: (path) => Object.keys(files).some((file) => file === path || file.startsWith(`${path}/`)),
		folders: (path) => [...new Set(Object.keys(files).filter((file) => file.startsWith(`${path}/`)).map((file) => file.slice(path.length + 1)))].filter((rest) => rest.includes('/')).map((rest) => rest.split('/')[0] ?? ''),
		link: (path) => links[path],
	};
}

const netDev = (name: string) => `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:     999       0    0    0    0     0          0         0      999       0    0    0    0     0       0          0
${name}:    1234       5    0    0    0     0          0         0     5678       9    0    0    0     0       0          0
`;
const machine = {
	'/proc/meminfo': 'MemTotal:        1000000 kB\nMemFree: 1 kB\n',
	'/proc/stat': 'cpu  100 1 50 800 9 5 5 30 0 0\ncpu0 1 2 3 4 5 6 7 8 9 10\ncpu1 1 2 3 4 5 6 7 8 9 10\nintr 1\n',
	'/proc/42/net/dev': netDev('eth0'),
	'/proc/self/net/dev': netDev('ens5'),
};

function v1(path: string): Record<string, string> {
	return {
		[`/cg/memory/${path}/memory.usage_in_bytes`]: '5000000\n',
		[`/cg/memory/${path}/memory.stat`]: 'cache 1\ninactive_file 2\ntotal_cache 2000000\ntotal_inactive_file 1000000\n',
		[`/cg/memory/${path}/memory.limit_in_bytes`]: '9223372036854771712\n',
		[`/cg/memory/${path}/cgroup.procs`]: '42\n43\n',
		[`/cg/cpuacct/${path}/cpuacct.usage`]: '7000000000\n',
		[`/cg/cpu/${path}/cpu.stat`]: 'nr_periods 10\nnr_throttled 4\nthrottled_time 1\n',
		[`/cg/cpu/${path}/cpu.cfs_quota_us`]: '50000\n',
		[`/cg/cpu/${path}/cpu.cfs_period_us`]: '100000\n',
		[`/cg/blkio/${path}/blkio.bfq.io_service_bytes_recursive`]: 'Total 0\n',
		[`/cg/blkio/${path}/blkio.throttle.io_service_bytes_recursive`]: '8:0 Read 10\n8:0 Write 20\n8:16 Read 1\nTotal 31\n',
		[`/cg/pids/${path}/pids.current`]: '2\n',
	};
}

function v2(path: string): Record<string, string> {
	return {
		'/cg/cgroup.controllers': 'cpu memory io pids\n',
		[`/cg/${path}/memory.current`]: '5000000\n',
		[`/cg/${path}/memory.stat`]: 'anon 1\nfile 2000000\ninactive_anon 3\ninactive_file 1000000\n',
		[`/cg/${path}/memory.max`]: '8000000\n',
		[`/cg/${path}/cpu.stat`]: 'usage_usec 7000000\nuser_usec 1\nnr_periods 10\nnr_throttled 4\n',
		[`/cg/${path}/cpu.max`]: '50000 100000\n',
		[`/cg/${path}/io.stat`]: '8:0 rbytes=10 wbytes=20 rios=1 wios=2\n8:16 rbytes=1 wbytes=0 rios=1 wios=0\n',
		[`/cg/${path}/pids.current`]: '2\n',
	};
}

const expected = {
	cpuNs: 7e9,
	// user to softirq: 970 ticks of 10 ms, without the 30 that were stolen.
	systemNs: 9.7e9,
	onlineCpus: 2,
	quotaCores: 0.5,
	periods: 10,
	throttledPeriods: 4,
	memoryBytes: 5_000_000,
	inactiveFileBytes: 1_000_000,
	cacheBytes: 2_000_000,
	rxBytes: 1234,
	txBytes: 5678,
	readBytes: 11,
	writeBytes: 20,
	pids: 2,
};

describe('control groups', () => {
	it.each([
		['v1, cgroupfs', { ...v1(`docker/${id}`) }, undefined, 1_024_000_000],
		['v1, systemd', { ...v1(`system.slice/docker-${id}.scope`) }, undefined, 1_024_000_000],
		['v1, an engine within a container', { ...v1(`docker/outer/docker/${id}`), '/proc/42/cgroup': `5:memory:/docker/outer/docker/${id}\n4:cpu,cpuacct:/docker/outer/docker/${id}\n3:blkio:/docker/outer/docker/${id}\n2:pids:/docker/outer/docker/${id}\n` }, 42, 1_024_000_000],
		['v2, systemd', { ...v2(`system.slice/docker-${id}.scope`), [`/cg/system.slice/docker-${id}.scope/cgroup.procs`]: '42\n' }, undefined, 8_000_000],
		['v2, processes in a folder below', { ...v2(`machine.slice/libpod-${id}.scope`), [`/cg/machine.slice/libpod-${id}.scope/cgroup.procs`]: '', [`/cg/machine.slice/libpod-${id}.scope/container/cgroup.procs`]: '42\n' }, undefined, 8_000_000],
		['v2, rootless', { ...v2(`user.slice/u.service/app.slice/docker-${id}.scope`), [`/cg/user.slice/u.service/app.slice/docker-${id}.scope/cgroup.procs`]: '42\n', '/proc/42/cgroup': `0::/user.slice/u.service/app.slice/docker-${id}.scope/init\n` }, 42, 8_000_000],
	])('%s', (_layout, files, pid, memoryLimitBytes) => {
		const reader = new CgroupReader(tree({ ...machine, ...files }), roots, new ManualClock());
		expect(reader.read(id, pid)).toMatchObject({ ...expected, memoryLimitBytes });
	});

	it('on the network of the host give no counters of it', () => {
		const rooted = new CgroupReader(tree({ ...machine, ...v1(`docker/${id}`) }, { '/proc/42/ns/net': 'net:[1]', '/proc/1/ns/net': 'net:[1]' }), roots, new ManualClock());
		expect(rooted.read(id)).not.toHaveProperty('rxBytes');
		const unprivileged = new CgroupReader(tree({ ...machine, ...v1(`docker/${id}`), '/proc/self/net/dev': netDev('eth0') }), roots, new ManualClock());
		expect(unprivileged.read(id)).not.toHaveProperty('rxBytes');
	});

	it('are not there for a container of another machine, one that has ended, or a name', () => {
		const files = tree({ ...machine, ...v1(`docker/${id}`), '/proc/7/cgroup': '5:memory:/docker/another\n' });
		const reader = new CgroupReader(files, roots, new ManualClock());
		expect(reader.read('cd'.repeat(32))).toBeUndefined();
		expect(reader.read('cd'.repeat(32), 7)).toBeUndefined();
		expect(reader.read('../../etc')).toBeUndefined();
		expect(reader.read(id)).toBeDefined();
		for (const path of Object.keys(files.files)) {
			if (path.includes(id)) {
				delete files.files[path];
			}
		}
		expect(reader.read(id)).toBeUndefined();
	});

	it('show a changed limit within seconds', async () => {
		const clock = new ManualClock();
		const files = tree({ ...machine, ...v1(`docker/${id}`) });
		const reader = new CgroupReader(files, roots, clock);
		expect(reader.read(id)?.quotaCores).toBe(0.5);
		files.files[`/cg/cpu/docker/${id}/cpu.cfs_quota_us`] = '-1\n';
		await clock.advance(6000);
		expect(reader.read(id)).not.toHaveProperty('quotaCores');
	});

	it('are told by version', () => {
		expect(new CgroupReader(tree(v1('x')), roots, new ManualClock()).version).toBe('v1');
		expect(new CgroupReader(tree(v2('x')), roots, new ManualClock()).version).toBe('v2');
		expect(new CgroupReader(tree({}), roots, new ManualClock()).version).toBeUndefined();
	});
});
