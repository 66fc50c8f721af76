import { describe, expect, it } from 'vitest';
import type { Probe, ProbeResult } from '../../../src/domain/probe.ts';
import { ProbeScheduler } from '../../../src/observe/probes/scheduler.ts';
import { ManualClock } from '../../support/manualClock.ts';

const setup = (options: { concurrency?: number } = {}) => {
	const clock = new ManualClock();
	const results: [string, ProbeResult][] = [];
	const scheduler = new ProbeScheduler({ clock, random: () => 0.5, sink: (probe, result) => results.push([probe.name, result]), ...options });
	/** A probe that takes `takesMs` of the clock. */
	const probe = (name: string, intervalMs: number, takesMs: number, counters = { running: 0, most: 0 }): Probe & { starts: number[]; aborted: boolean } => {
		const it = {
			name,
			kind: 'test',
			serviceId: 'web',
			intervalMs,
			timeoutMs: 60_000,
			starts: [] as number[],
			aborted: false,
			run: (signal: AbortSignal) =>
				new Promise<ProbeResult>((resolve) => {
					it.starts.push(clock.monotonic());
					counters.running++;
					counters.most = Math.max(counters.most, counters.running);
					signal.addEventListener('abort', () => (it.aborted = true));
					clock.after(takesMs, () => {
						counters.running--;
						resolve({ probe: name, at: 0, durationMs: takesMs, ok: true, words: 'fine', figures: {} });
					});
				}),
		};
		return it;
	};
	return { clock, results, scheduler, probe };
};

describe('ProbeScheduler', () => {
	it('runs each probe on its own clock', async () => {
		const { clock, scheduler, probe } = setup();
		const [a, b] = [probe('a', 1000, 10), probe('b', 4000, 10)];
		scheduler.set([a, b]);
		await clock.advance(9000);
		expect(a.starts).toEqual([500, 1500, 2500, 3500, 4500, 5500, 6500, 7500, 8500]);
		expect(b.starts).toEqual([1000, 5000, 9000]);
	});

	it('never lets a probe overlap itself, and says that it is slower than its interval', async () => {
		const { clock, results, scheduler, probe } = setup();
		const counters = { running: 0, most: 0 };
		const slow = probe('slow', 1000, 2500, counters);
		scheduler.set([slow]);
		await clock.advance(9000);
		expect(counters.most).toBe(1);
		expect(slow.starts).toEqual([500, 3000, 5500, 8000]);
		expect(results[0]?.[1].words).toBe('fine; took 2.5 s, longer than its interval of 1.0 s');
	});

	it('runs so many at once and no more, and forgets none', async () => {
		const { clock, results, scheduler, probe } = setup({ concurrency: 2 });
		const counters = { running: 0, most: 0 };
		scheduler.set(['a', 'b', 'c', 'd', 'e'].map((name) => probe(name, 10_000, 100, counters)));
		await clock.advance(3000);
		expect(counters.most).toBe(2);
		expect(results.map(([name]) => name)).toEqual(['a', 'b', 'c', 'd', 'e']);
	});

	it('keeps a probe that stays, and ends one that goes, with its run', async () => {
		const { clock, results, scheduler, probe } = setup();
		const [stays, goes] = [probe('stays', 1000, 10), probe('goes', 1000, 800)];
		scheduler.set([stays, goes]);
		await clock.advance(600);
		scheduler.set([stays]);
		expect(goes.aborted).toBe(true);
		await clock.advance(2000);
		expect(stays.starts).toEqual([500, 1500, 2500]);
		expect(goes.starts).toEqual([500]);
		expect(results.every(([name]) => name === 'stays')).toBe(true);
		scheduler.stop();
		await clock.advance(5000);
		expect(stays.starts).toHaveLength(3);
	});

	it('turns a probe that breaks its promise into a failure', async () => {
		const { clock, results, scheduler, probe } = setup();
		scheduler.set([{ ...probe('bad', 1000, 1), run: () => Promise.reject(new Error('oops')) }]);
		await clock.advance(600);
		expect(results[0]?.[1]).toMatchObject({ ok: false, words: 'the probe itself failed: oops' });
	});
});
