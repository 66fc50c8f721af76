import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Inventory, type InventoryChange } from '../../src/observe/inventory.ts';
import { container, detail, FakeEngine } from '../support/fakeEngine.ts';
import { ManualClock, settle } from '../support/manualClock.ts';

describe('Inventory', () => {
	let engine: FakeEngine;
	let clock: ManualClock;
	let inventory: Inventory;
	let stop: AbortController;
	let changes: InventoryChange[];

	const start = async (): Promise<void> => {
		void inventory.run(stop.signal);
		await settle();
	};

	beforeEach(() => {
		engine = new FakeEngine();
		clock = new ManualClock();
		inventory = new Inventory(engine, clock, () => 0);
		stop = new AbortController();
		changes = [];
		inventory.onChange((change) => changes.push(change));
	});
	afterEach(() => stop.abort());

	it('lists once and inspects only what is in trouble', async () => {
		engine.add(container('web'), container('db', { state: 'exited', exitCode: 1 }), container('api', { health: 'unhealthy' }));
		await start();
		expect([...inventory.containers.keys()].sort()).toEqual(['id-api', 'id-db', 'id-web']);
		expect(inventory.liveness).toEqual({ kind: 'live' });
		expect(engine.calls).toEqual(['list', 'inspect id-db', 'inspect id-api']);
		expect(inventory.containers.get('id-db')?.detail).toBeDefined();
	});

	it('changes a row at the event, before the inspect', async () => {
		engine.add(container('web'));
		await start();
		engine.add(container('web', { state: 'exited', exitCode: 137, finishedAt: clock.now(), detail: detail({ oomKilled: true }) }));
		engine.tell({ kind: 'died', containerId: 'id-web', at: clock.now(), exitCode: 137 });
		expect(inventory.containers.get('id-web')?.detail).toBeUndefined();
		expect(inventory.containers.get('id-web')).toMatchObject({ state: 'exited', exitCode: 137, finishedAt: clock.now() });
		await settle();
		expect(inventory.containers.get('id-web')?.detail?.oomKilled).toBe(true);
	});

	it('keeps the past of a container that is made again under its name', async () => {
		engine.add(container('web'));
		await start();
		engine.tell({ kind: 'oom', containerId: 'id-web', at: clock.now() });
		engine.tell({ kind: 'died', containerId: 'id-web', at: clock.now() + 1, exitCode: 137 });
		engine.tell({ kind: 'removed', containerId: 'id-web', at: clock.now() + 2 });
		expect(inventory.containers.has('id-web')).toBe(false);
		engine.containers.clear();
		engine.add(container('web', { id: 'second' }));
		engine.tell({ kind: 'created', containerId: 'second', at: clock.now() + 3 });
		engine.tell({ kind: 'started', containerId: 'second', at: clock.now() + 4 });
		await settle();
		expect(inventory.history('second')).toMatchObject({
			starts: [clock.now() + 4],
			ends: [{ exitCode: 137, oom: true, asked: false }],
		});
	});

	it('does not let an inspect that was under way bring back what was removed', async () => {
		engine.add(container('web'));
		await start();
		engine.tell({ kind: 'died', containerId: 'id-web', at: clock.now(), exitCode: 0 });
		engine.tell({ kind: 'removed', containerId: 'id-web', at: clock.now() });
		await settle();
		expect(inventory.containers.has('id-web')).toBe(false);
		await clock.advance(30_000);
		expect(inventory.containers.has('id-web')).toBe(false);
	});

	it('knows a stop that was asked for', async () => {
		engine.add(container('web'));
		await start();
		engine.tell({ kind: 'died', containerId: 'id-web', at: clock.now(), exitCode: 143 });
		engine.tell({ kind: 'stopped', containerId: 'id-web', at: clock.now() + 20 });
		expect(inventory.history('id-web')?.ends).toMatchObject([{ exitCode: 143, asked: true }]);
	});

	it.each([
		['killed', 'SIGKILL', {}, true],
		['crashed', undefined, {}, true],
		['killed, where a stop kills', 'SIGKILL', { detail: detail({ stopSignal: 'SIGKILL' }) }, undefined],
		['crashed, where a stop kills', undefined, { detail: detail({ stopSignal: 'SIGKILL' }) }, true],
		['being removed', 'SIGKILL', { state: 'removing' as const }, undefined],
		['removed when it ends', undefined, { detail: detail({ autoRemove: true }) }, undefined],
		['being brought back', undefined, { state: 'restarting' as const }, undefined],
		['up again', undefined, { state: 'running' as const }, undefined],
	])('settles with the inspect that nobody asked for an end: %s', async (_what, signal, over, certain) => {
		engine.add(container('web'));
		await start();
		engine.add(container('web', { state: 'exited', exitCode: 137, finishedAt: clock.now(), ...over }));
		engine.tell({ kind: 'died', containerId: 'id-web', at: clock.now(), exitCode: 137, unasked: true, ...(signal === undefined ? {} : { signal }) });
		expect(inventory.history('id-web')?.ends[0]?.certain).toBeUndefined();
		await settle();
		expect(inventory.history('id-web')?.ends[0]?.certain).toBe(certain);
	});

	it('settles nothing where the engine may still say that a stop was asked for', async () => {
		engine.add(container('web'));
		await start();
		engine.add(container('web', { state: 'exited', exitCode: 143, finishedAt: clock.now() }));
		engine.tell({ kind: 'died', containerId: 'id-web', at: clock.now(), exitCode: 143 });
		await settle();
		expect(inventory.history('id-web')?.ends).toMatchObject([{ asked: false }]);
		expect(inventory.history('id-web')?.ends[0]?.certain).toBeUndefined();
	});

	it('believes the engine where it says after all that a stop was asked for', async () => {
		engine.add(container('web'));
		await start();
		engine.add(container('web', { state: 'exited', exitCode: 137, finishedAt: clock.now() }));
		engine.tell({ kind: 'died', containerId: 'id-web', at: clock.now(), exitCode: 137, unasked: true });
		await settle();
		engine.tell({ kind: 'stopped', containerId: 'id-web', at: clock.now() + 20 });
		expect(inventory.history('id-web')?.ends).toEqual([{ at: clock.now(), exitCode: 137, oom: false, asked: true }]);
	});

	it('knows what happened before it came, and counts nothing twice', async () => {
		const at = clock.now();
		const event = (kind: 'started' | 'died', ago: number) => ({ kind, containerId: 'id-web', action: kind, name: 'web', at: at - ago, exitCode: 1, attributes: {} });
		engine.past = [event('started', 700_000), event('died', 30_000), event('started', 29_000), event('died', 1000), event('started', 900)];
		engine.add(container('web'));
		await start();
		engine.tell({ kind: 'died', containerId: 'id-web', at: at + 5, exitCode: 2 });
		await settle();
		expect(inventory.history('id-web')).toMatchObject({ starts: [at - 29_000, at - 900] });
		expect(inventory.history('id-web')?.ends.map((end) => end.at - at)).toEqual([-30_000, -1000, 5]);
	});

	it('reconnects with backoff and lists again', async () => {
		engine.add(container('web'));
		await start();
		engine.goAway();
		await settle();
		expect(inventory.liveness).toMatchObject({ kind: 'reconnecting', at: clock.now() + 1000, advice: 'is it running?' });
		await clock.advance(1000);
		expect(inventory.liveness).toMatchObject({ kind: 'reconnecting', at: clock.now() + 1500 });
		engine.containers.clear();
		engine.add(container('other'));
		engine.back();
		await clock.advance(1500);
		expect(inventory.liveness).toEqual({ kind: 'live' });
		expect([...inventory.containers.keys()]).toEqual(['id-other']);
	});

	it('says since when an engine that hangs is stale, and lists again when it is back', async () => {
		await start();
		const freshAt = inventory.freshAt;
		engine.hanging = true;
		await clock.advance(2000);
		expect(inventory.liveness).toEqual({ kind: 'stale', since: freshAt, why: 'engine unresponsive' });
		await clock.advance(8000);
		expect(inventory.freshAt).toBe(freshAt);
		engine.hanging = false;
		engine.add(container('new'));
		await clock.advance(2000);
		expect(inventory.liveness).toEqual({ kind: 'live' });
		expect(inventory.containers.has('id-new')).toBe(true);
	});

	it('lists again every 30 s, to mend what events missed', async () => {
		await start();
		engine.add(container('silent'));
		await clock.advance(30_000);
		expect(inventory.containers.has('id-silent')).toBe(true);
	});

	it('does not let a list that was under way undo what an event told', async () => {
		engine.add(container('web'), container('old'));
		await start();
		const listing = Promise.withResolvers<void>();
		const stale = [...engine.containers.values()];
		engine.list = async () => {
			await listing.promise;
			return stale;
		};
		await clock.advance(30_000);
		engine.add(container('web', { state: 'exited', exitCode: 137 }), container('new'));
		engine.tell({ kind: 'died', containerId: 'id-web', at: clock.now(), exitCode: 137 });
		engine.tell({ kind: 'created', containerId: 'id-new', at: clock.now() });
		await settle();
		listing.resolve();
		await settle();
		expect(inventory.containers.get('id-web')?.state).toBe('exited');
		expect([...inventory.containers.keys()].sort()).toEqual(['id-new', 'id-old', 'id-web']);
	});

	it('tells every event at once', async () => {
		engine.add(container('web'));
		await start();
		changes.length = 0;
		engine.tell({ kind: 'paused', containerId: 'id-web', at: clock.now() });
		expect(changes).toMatchObject([{ kind: 'event', event: { kind: 'paused' } }]);
		expect(inventory.containers.get('id-web')?.state).toBe('paused');
	});
});
