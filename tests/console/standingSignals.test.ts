import { describe, expect, it } from 'vitest';
import { StandingRecorder } from '../../src/console/standingSignals.ts';
import type { Service } from '../../src/domain/service.ts';
import { ServiceSignals } from '../../src/observe/signals.ts';
import { container } from '../support/fakeEngine.ts';

const web: Service = {
	id: 'web',
	name: 'web',
	manager: 'none',
	containers: [container('web-0', { health: 'healthy' }), container('web-1', { health: 'unhealthy' }), container('web-2', { state: 'exited' })],
	configured: false,
};
const counted = { counts: (_id: string, _now: number, withinMs: number) => ({ lines: withinMs / 1000, errors: 1 }) };

const noHistory = () => undefined;

describe('StandingRecorder', () => {
	it('records the restarts and memory kills of the last ten minutes, from events', () => {
		const signals = new ServiceSignals();
		const now = 2_000_000;
		const history = (containerId: string) => ({ containerId, starts: [now - 900_000, now - 60_000, now - 30_000], ends: [{ at: now - 31_000, exitCode: 137, oom: true, asked: false }, { at: now - 950_000, exitCode: 1, oom: true, asked: false }] });
		new StandingRecorder(counted).record(signals, { ...web, containers: [container('web-0', { createdAt: 0 })] }, history, now, true);
		expect([signals.latest('restarts')?.value, signals.latest('oomKills')?.value]).toEqual([2, 1]);
	});

	it('records how many containers run, whether all are healthy, and what their logs count', () => {
		const signals = new ServiceSignals();
		new StandingRecorder(counted).record(signals, web, noHistory, 1000, true);
		expect(Object.fromEntries(signals.names().map((name) => [name, signals.latest(name)?.value]))).toEqual({
			'container.replicas': 2,
			'container.running': 1,
			'container.healthy': 0,
			restarts: 0,
			oomKills: 0,
			'log.errors': 3,
			'log.lines': 180,
			'log.errorsIn5Minutes': 3,
			'log.linesIn5Minutes': 900,
		});
	});

	it('says nothing of a log that is not read, rather than that it is empty', () => {
		const signals = new ServiceSignals();
		new StandingRecorder({ counts: () => undefined }).record(signals, web, noHistory, 1000, true);
		expect(signals.names()).toEqual(['container.replicas', 'container.running', 'container.healthy', 'restarts', 'oomKills']);
	});

	it('records what is near each time, and the rest every five seconds', () => {
		const times = (near: boolean): number => {
			const signals = new ServiceSignals();
			const recorder = new StandingRecorder(counted);
			for (let now = 10_000; now <= 20_000; now += 1000) recorder.record(signals, web, noHistory, now, near);
			return signals.range('container.replicas', 0, 30_000).length;
		};
		expect(times(true)).toBe(11);
		expect(times(false)).toBe(3);
	});

	it('begins anew with a service that went and came back', () => {
		const recorder = new StandingRecorder(counted);
		recorder.record(new ServiceSignals(), web, noHistory, 10_000, false);
		recorder.keepOnly(new Set());
		const signals = new ServiceSignals();
		recorder.record(signals, web, noHistory, 10_001, false);
		expect(signals.latest('container.replicas')).toBeDefined();
	});
});
