import { afterEach, describe, expect, it } from 'vitest';
import type { Figures } from '../../../../src/domain/figures.ts';
import { closeServers, fake, json, type Answer } from '../../../support/dockerServer.ts';
import { eventually } from '../../../support/engine.ts';

afterEach(closeServers);

const id = (letter: string) => letter.repeat(64);
let ticks = 0;
const sample = () => ({
	read: new Date().toISOString(),
	cpu_stats: { cpu_usage: { total_usage: ++ticks * 1e9 }, system_cpu_usage: ticks * 4e9, online_cpus: 2 },
	memory_stats: { usage: 1000, limit: 2000, stats: {} },
});
const idle = { read: '0001-01-01T00:00:00Z', memory_stats: {}, cpu_stats: {} };
const inspect = json({ Id: id('a'), State: { Running: true } });

/** One-shot samples after a while; streams at 20 a second. */
const stats =
	(afterMs: number): Answer =>
	(_path, response, request) => {
		if (request.url?.includes('stream=true') === true) {
			const timer = setInterval(() => response.write(`${JSON.stringify(sample())}\n`), 50);
			response.on('close', () => clearInterval(timer));
		} else {
			setTimeout(() => response.end(JSON.stringify(sample())), afterMs);
		}
	};

async function read(answers: Record<string, Answer>, fast: readonly string[], slow: readonly string[], enough: (seen: readonly Figures[]) => boolean) {
	const { engine, asked } = await fake({ least: '1.24', most: '1.47', server: 'Docker/27.3.1 (linux)' }, { '/info': json({ MemTotal: 9000 }), [`/containers/${id('a')}/json`]: inspect, ...answers });
	const seen: Figures[] = [];
	const follower = engine.figures((batch) => seen.push(...batch));
	follower.follow(fast, slow);
	await eventually('enough figures', () => enough(seen));
	const words = follower.describe();
	follower.close();
	return { seen, words, asked };
}

// No container of these ids runs on this machine, so everything comes through the engine.
const elsewhere = { [`/containers/${id('a')}/json`]: json({ Id: id('a'), State: { Status: 'running', Running: true, Pid: 999_999_999 } }), [`/containers/${id('b')}/json`]: json({ Id: id('b'), State: { Status: 'running', Running: true, Pid: 999_999_999 } }) };

describe('figures through the engine', () => {
	// Quick means below 100 ms by the wall clock: a machine that is busy at just that moment may miss it once.
	it('are quick samples where those come quickly', { retry: 3 }, async () => {
		const { seen, words, asked } = await read({ ...elsewhere, [`/containers/${id('a')}/stats`]: stats(1) }, [id('a')], [], (seen) => seen.length >= 4);
		expect(words).toContain('engine, quick samples');
		expect(seen.at(-1)).toMatchObject({ cpuPercent: expect.closeTo(50, 0), memoryBytes: 1000, memoryPercent: 50 });
		expect(asked.filter((line) => line.includes('/stats')).every((line) => line.includes('stream=false&one-shot=true'))).toBe(true);
	});

	it('are streams for rows in view and samples for the others where samples are slow', async () => {
		const answers = { ...elsewhere, [`/containers/${id('a')}/stats`]: stats(300), [`/containers/${id('b')}/stats`]: stats(300) };
		const { words, asked } = await read(answers, [id('a')], [id('b')], (seen) => seen.filter((one) => one.containerId === id('a')).length >= 4 && seen.some((one) => one.containerId === id('b')));
		expect(words).toContain('engine, 1 streams, 1 sampled');
		expect(asked.filter((line) => line.includes('stream=true'))).toHaveLength(1);
	});

	it('are never taken from the empty samples of a container that does not run', async () => {
		const answers = { ...elsewhere, [`/containers/${id('a')}/stats`]: json(idle), [`/containers/${id('b')}/stats`]: stats(1) };
		const { seen } = await read(answers, [id('a'), id('b')], [], (seen) => seen.filter((one) => one.containerId === id('b')).length >= 2);
		expect(seen.some((one) => one.containerId === id('a'))).toBe(false);
	});
});
