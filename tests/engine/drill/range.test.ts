import { describe, expect, it } from 'vitest';
import { drillDown, drillUp } from '../../../src/drill/command.ts';
import { engineClient } from '../../../src/drill/engineClient.ts';
import { breakRange } from '../../../src/drill/rangeBreak.ts';
import { containerName, networkName, rangeLabel, volumeName } from '../../../src/drill/rangeNames.ts';
import { eventually } from '../../support/engine.ts';
import { testEngine } from './rangeHarness.ts';

describe('a range', () => {
	const host = testEngine();
	const docker = engineClient(host);
	const name = `range-whole-${process.pid}`;
	const collected: string[] = [];
	const io = { out: (line: string) => void collected.push(line), say: () => {} };
	const labelled = async () => docker.listContainers({ all: true, filters: JSON.stringify({ label: [`${rangeLabel}=${name}`] }) });

	const logOf = async (part: 'worker' | 'gateway') => String(await docker.getContainer(containerName(name, part)).logs({ stdout: true, stderr: true }));

	it('comes up, is mended, and goes without a trace', async () => {
		const first = await drillUp(host, io, { name });
		const api = await docker.getContainer(containerName(name, 'api')).inspect();
		expect(api.State.Health?.Status).toBe('healthy');
		// Who looks at a new range sees one that is well: no part was started before what it needs.
		await eventually('the worker has worked', async () => /jobs done/.test(await logOf('worker')));
		for (const part of ['worker', 'gateway'] as const) expect(await logOf(part)).not.toMatch(/error/i);

		// On this machine only, and labelled.
		expect(first.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
		const published = (await labelled()).flatMap(({ Ports }) => Ports.filter(({ PublicPort }) => PublicPort !== undefined));
		expect(published.map(({ IP }) => IP)).toEqual(['127.0.0.1']);
		expect(await (await fetch(`${first.url}/ready`)).json()).toEqual({ status: 'ready', database: 'connected' });

		// Once more changes nothing.
		expect(await drillUp(host, io, { name })).toEqual(first);
		expect((await docker.getContainer(containerName(name, 'api')).inspect()).Id).toBe(api.Id);

		// Half of it gone, half of it down: made whole.
		await docker.getContainer(containerName(name, 'worker')).remove({ force: true });
		await docker.getContainer(containerName(name, 'gateway')).kill();
		expect(await drillUp(host, io, { name })).toEqual(first);
		expect((await labelled()).map(({ State }) => State)).toEqual(['running', 'running', 'running', 'running']);

		// A crash between creating things leaves them for `down` to find.
		await docker.createContainer({ name: `${name}-left`, Image: 'sitrep-range/cloud-native-poc:1.0.0', Labels: { [rangeLabel]: name } });
		const removed = await drillDown(host, io, { name, keepImages: true });
		expect(removed.containers).toHaveLength(5);
		expect(removed.networks).toEqual([networkName(name)]);
		expect(removed.volumes).toEqual([volumeName(name)]);
		expect(await labelled()).toEqual([]);
		expect((await docker.listNetworks()).map((network) => network.Name)).not.toContain(networkName(name));
		expect((await docker.listVolumes()).Volumes.map((volume) => volume.Name)).not.toContain(volumeName(name));
		await drillDown(host, io, { name, keepImages: true });
		expect(collected.at(-1)).toBe(`Nothing of the range "${name}" was there.`);
	});

	it('leaves the port alone of another range whose service is down', async () => {
		const names = [`range-first-${process.pid}`, `range-second-${process.pid}`] as const;
		try {
			const first = await drillUp(host, io, { name: names[0] });
			await docker.getContainer(containerName(names[0], 'api')).kill();
			const second = await drillUp(host, io, { name: names[1] });
			expect(second.url).not.toBe(first.url);
			expect(await drillUp(host, io, { name: names[0] })).toEqual(first);
		} finally {
			for (const each of names) await drillDown(host, io, { name: each, keepImages: true });
		}
	});

	it('leaves a container alone that only has its name', async () => {
		const taken = `range-taken-${process.pid}`;
		const stranger = await docker.createContainer({ name: containerName(taken, 'worker'), Image: 'sitrep-range/cloud-native-poc:1.0.0', Labels: { [rangeLabel]: 'another' } });
		try {
			await expect(drillUp(host, io, { name: taken })).rejects.toThrow(/is there already, and is not of the range/);
			await drillDown(host, io, { name: taken, keepImages: true });
			expect((await stranger.inspect()).State.Status).toBe('created');
		} finally {
			await stranger.remove({ force: true });
		}
	});

	it('says where there is none', async () => {
		await expect(breakRange(docker, 'no-such-range', 'crash')).rejects.toThrow('there is no range "no-such-range" on this engine');
	});
});
