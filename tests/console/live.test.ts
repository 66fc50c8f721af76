import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Live } from '../../src/console/live.ts';
import type { LogTap } from '../../src/console/logTap.ts';
import type { Figures } from '../../src/domain/figures.ts';
import { builtInRules } from '../../src/judge/builtInRules.ts';
import { createJudge } from '../../src/judge/judge.ts';
import { container, detail, FakeEngine } from '../support/fakeEngine.ts';
import { ManualClock, settle } from '../support/manualClock.ts';

const figures = (id: string, at: number, over: Partial<Figures> = {}): Figures => ({
	containerId: id,
	at,
	cpuPercent: 10,
	memoryBytes: 10,
	memoryLimitBytes: 100,
	memoryPercent: 10,
	...over,
});

describe('Live', () => {
	let engine: FakeEngine;
	let clock: ManualClock;
	let stop: AbortController;
	let live: Live;
	let errors: Map<string, number>;
	let followed: { readonly names: readonly string[]; readonly focused: readonly string[] };
	let told: string[];

	const logs: LogTap = {
		follow: (containers, focused) => {
			followed = { names: containers.map((each) => each.name), focused };
		},
		started: () => undefined,
		counts: (id) => {
			const count = errors.get(id);
			return count === undefined ? undefined : { errors: count, lines: 1000 };
		},
		lastError: () => undefined,
	};

	beforeEach(() => {
		engine = new FakeEngine();
		clock = new ManualClock();
		stop = new AbortController();
		errors = new Map();
		told = [];
		live = new Live({ engine, clock, judge: createJudge(builtInRules()), logs, random: () => 0 });
		live.onChange((urgency) => told.push(urgency));
	});
	afterEach(() => stop.abort());

	const start = async (): Promise<void> => {
		void live.run(stop.signal);
		await settle();
	};

	it('turns a crash into P0 with the reason in words, at the event', async () => {
		engine.add(container('web', { startedAt: clock.now() - 60_000 }));
		await start();
		expect(live.status('web')?.mark).not.toBe('P0');
		engine.add(container('web', { state: 'exited', exitCode: 137, finishedAt: clock.now(), detail: detail({ oomKilled: true }) }));
		told.length = 0;
		engine.tell({ kind: 'oom', containerId: 'id-web', at: clock.now() });
		engine.tell({ kind: 'died', containerId: 'id-web', at: clock.now(), exitCode: 137 });
		expect(told).toContain('event');
		expect(live.status('web')?.reason).toContain('killed for memory');
		await clock.advance(600);
		expect(live.status('web')).toMatchObject({ mark: 'P0', severity: 'P0' });
		expect(live.status('web')?.reason).toContain('killed for memory');
	});

	it('never calls a service healthy on stale news', async () => {
		engine.add(container('web', { startedAt: 0, health: 'healthy' }));
		await start();
		engine.figuresSink?.([figures('id-web', clock.now())]);
		await clock.advance(1000);
		expect(live.status('web')?.mark).toBe('ok');
		engine.hanging = true;
		await clock.advance(20_000);
		expect(live.status('web')?.mark).toBe('?');
		expect(live.status('web')?.reason).toContain('no news');
	});

	it('reads rows in view and in trouble often, the others slowly, and follows their logs in that order', async () => {
		engine.add(container('a'), container('b'), container('c', { health: 'unhealthy' }), container('d', { state: 'exited', exitCode: 0 }));
		await start();
		live.attend({ visible: ['b'], selected: 'b' });
		expect(engine.followed.fast).toEqual(['id-b', 'id-c']);
		expect(engine.followed.slow).toEqual(['id-a']);
		expect(followed.focused).toEqual(['id-b']);
		expect(followed.names.slice(0, 2)).toEqual(['b', 'c']);
	});

	it('inspects the one that is looked at', async () => {
		engine.add(container('a'), container('b'));
		await start();
		engine.calls.length = 0;
		live.attend({ visible: ['a', 'b'], selected: 'b' });
		await settle();
		expect(engine.calls).toEqual(['inspect id-b']);
	});

	it('makes signals of figures and of log errors', async () => {
		engine.add(container('web'));
		await start();
		errors.set('id-web', 14);
		engine.figuresSink?.([figures('id-web', clock.now(), { memoryPercent: 42 })]);
		await clock.advance(1000);
		expect(live.signalsOf('web').latest('memory.percent')?.value).toBe(42);
		expect(live.signalsOf('web').latest('log.errors')?.value).toBe(14);
		expect(live.status('web')).toMatchObject({ errorsPerMinute: 14, figures: { memoryPercent: 42 } });
	});

	it('tells of a page at once when its last first figure has come, and of every other figure with the regular frame', async () => {
		for (const name of ['a', 'b', 'out-of-view']) engine.add(container(name, { startedAt: 0 }));
		engine.add(container('ended', { state: 'exited', exitCode: 0 }));
		await start();
		live.attend({ visible: ['a', 'b', 'ended'], selected: 'a' });
		const read = (name: string, over: Partial<Figures> = {}): readonly string[] => {
			told.length = 0;
			engine.figuresSink?.([figures(`id-${name}`, clock.now(), over)]);
			return [...told];
		};
		const { cpuPercent: _, ...withoutCpu } = figures('id-a', clock.now());
		told.length = 0;
		engine.figuresSink?.([withoutCpu]);
		expect(told).toEqual(['figure']);
		await clock.advance(200);
		expect(read('a')).toEqual(['figure']);
		expect(read('out-of-view')).toEqual(['figure']);
		expect(read('b')).toEqual(['event']);
		await clock.advance(200);
		expect(read('b')).toEqual(['figure']);
	});

	it('shows no figures of a container that stopped', async () => {
		engine.add(container('web'));
		await start();
		engine.figuresSink?.([figures('id-web', clock.now())]);
		engine.add(container('web', { state: 'exited', exitCode: 1 }));
		engine.tell({ kind: 'died', containerId: 'id-web', at: clock.now(), exitCode: 1 });
		await settle();
		expect(live.status('web')?.figures).toBeUndefined();
	});

	it('groups a compose service of several containers into one', async () => {
		const replica = (name: string, over: Parameters<typeof container>[1] = {}) =>
			container(name, { group: 'shop', service: 'api', manager: 'compose', startedAt: clock.now() - 60_000, ...over });
		engine.add(replica('shop-api-1'), replica('shop-api-2', { state: 'exited', exitCode: 1, finishedAt: clock.now() }));
		await start();
		expect(live.statuses.map((status) => status.service.id)).toEqual(['shop/api']);
		await clock.advance(1000);
		expect(live.status('shop/api')?.severity).toBe('P1');
	});
});
