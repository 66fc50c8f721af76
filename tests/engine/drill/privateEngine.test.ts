import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answers, engineClient } from '../../../src/drill/engineClient.ts';
import { destroyPrivateEngine, startPrivateEngine, type PrivateEngine } from '../../../src/drill/privateEngine.ts';
import { allProcesses, untilGone, usersOf } from '../../../src/drill/processes.ts';
import { freePort } from '../../support/freePort.ts';

const mountsBelow = (dir: string) => readFileSync('/proc/self/mountinfo', 'utf8').split('\n').filter((line) => line.includes(`${dir}/`));

describe('a private engine', () => {
	let base: string;
	let engine: PrivateEngine;
	beforeAll(async () => {
		base = mkdtempSync(join(tmpdir(), 'sitrep-pe-'));
		engine = await startPrivateEngine({ dir: join(base, 'a') });
	});
	afterAll(async () => {
		await destroyPrivateEngine(join(base, 'a'));
		rmSync(base, { recursive: true, force: true });
	});

	it('answers on its own socket', async () => {
		expect(engine.host).toBe(`unix://${base}/a/docker.sock`);
		expect(await answers(engine.host, 2000)).toBe(true);
	});

	it('is taken over, not started twice, by the next one who asks for the same folder', async () => {
		const again = await startPrivateEngine({ dir: engine.dir });
		expect(again.pid).toBe(engine.pid);
	});

	it('runs beside another one, and takes every trace of that one away', async () => {
		const dir = join(base, 'b');
		const other = await startPrivateEngine({ dir });
		expect(other.pid).not.toBe(engine.pid);
		expect(await answers(other.host, 2000)).toBe(true);
		await other.destroy();
		expect(existsSync(dir)).toBe(false);
		expect(usersOf(await allProcesses(), dir)).toEqual([]);
		expect(mountsBelow(dir)).toEqual([]);
		expect(await answers(engine.host, 2000)).toBe(true);
	});

	it('takes away what it made for a cluster, its bridge on the machine too', async () => {
		const dir = join(base, 's');
		const other = await startPrivateEngine({ dir });
		const docker = engineClient(other.host);
		// Under a name of its own, for another engine of the machine may be in a cluster.
		const bridge = `strp-gx${process.pid}`.slice(0, 15);
		const onMachine = () => existsSync(`/sys/class/net/${bridge}`);
		await docker.createNetwork({ Name: 'docker_gwbridge', Driver: 'bridge', Options: { 'com.docker.network.bridge.name': bridge, 'com.docker.network.bridge.enable_icc': 'false' } });
		const address = `127.0.0.1:${await freePort()}`;
		await docker.swarmInit({ ListenAddr: address, AdvertiseAddr: address, ForceNewCluster: false });
		expect(onMachine()).toBe(true);
		await other.destroy();
		expect(onMachine()).toBe(false);
		expect(existsSync(dir)).toBe(false);
	});

	it('hangs without a word while it is paused, and answers again afterwards', async () => {
		engine.pause();
		expect(await answers(engine.host, 300)).toBe(false);
		engine.resume();
		expect(await answers(engine.host, 5000)).toBe(true);
	});

	it('comes back under a new number after it was killed', async () => {
		const before = engine.pid;
		engine.kill('SIGKILL');
		await untilGone(before, 5000);
		expect(await answers(engine.host, 500)).toBe(false);
		await engine.restart();
		expect(engine.pid).not.toBe(before);
		expect(await answers(engine.host, 2000)).toBe(true);
	});

	it('can be destroyed after a crash that left its pid file', async () => {
		const dir = join(base, 'c');
		const crashed = await startPrivateEngine({ dir });
		crashed.kill('SIGKILL');
		await untilGone(crashed.pid, 5000);
		expect(existsSync(join(dir, 'engine.pid'))).toBe(true);
		await destroyPrivateEngine(dir);
		expect(existsSync(dir)).toBe(false);
		expect(usersOf(await allProcesses(), dir)).toEqual([]);
	});

	it('says with the engine’s own words why it did not come up', async () => {
		const dir = join(base, 'd');
		await expect(startPrivateEngine({ dir, extra: ['--no-such-option'] })).rejects.toThrow(/dockerd ended at once[^]*unknown flag: --no-such-option/);
		expect(usersOf(await allProcesses(), dir)).toEqual([]);
	});

	it('leaves the firewall of the machine alone', () => {
		const rules = execFileSync('iptables', ['-S'], { encoding: 'utf8', env: { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin:/sbin` } });
		expect(rules).not.toContain('10.213.');
	});
});
