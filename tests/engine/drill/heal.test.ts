import { describe, expect, it } from 'vitest';
import { breakRange } from '../../../src/drill/rangeBreak.ts';
import { heal, healFault } from '../../../src/drill/rangeHeal.ts';
import { up } from '../../../src/drill/rangeUp.ts';
import { TestRange } from './rangeHarness.ts';

const range = new TestRange('heal-one');

describe('one fault that is taken back', () => {
	it.each(['crash', 'restart-loop', 'bad-deploy', 'port-taken', 'paused', 'stopped', 'database-corrupt', 'latency'])('leaves a service that is ready: %s', async (fault) => {
		await range.break(fault);
		await healFault(range.docker, range.name, fault);
		expect(JSON.parse((await range.get('/ready')).text)).toEqual({ status: 'ready', database: 'connected' });
		expect((await range.state()).Health?.Status).toBe('healthy');
	});

	it('leaves the fault of another part', async () => {
		await range.break('database-lock');
		await range.break('errors');
		await range.sees('the lock', async () => (await range.get('/ready')).status === 503);
		await healFault(range.docker, range.name, 'database-lock');
		await range.sees('its end', async () => (await range.get('/ready')).status === 200);
		// Errors are dice: of 40 requests some fail.
		const statuses = await Promise.all(Array.from({ length: 40 }, async () => (await range.get('/api/items')).status));
		expect(statuses).toContain(500);
	});

	it('that does not exist is answered with those that do', async () => {
		await expect(healFault(range.docker, range.name, 'meteor')).rejects.toThrow(/no fault "meteor"/);
	});
});

describe('a drill that is ended', () => {
	it.each<[string, (signal: AbortSignal) => Promise<unknown>]>([
		['up', (signal) => up(range.docker, range.name, () => {}, signal)],
		['break', (signal) => breakRange(range.docker, range.name, 'crash', signal)],
		['heal', (signal) => heal(range.docker, range.name, signal)],
	])('before it begins changes nothing: %s', async (_what, run) => {
		const before = await range.state();
		await expect(run(AbortSignal.abort('SIGINT'))).rejects.toBe('SIGINT');
		expect((await range.state()).StartedAt).toBe(before.StartedAt);
	});

	it('half way can be taken up again', async () => {
		await range.break('crash');
		const stop = new AbortController();
		const healing = heal(range.docker, range.name, stop.signal);
		await range.sees('the restart', async () => (await range.state()).Running);
		stop.abort('SIGINT');
		await expect(healing).rejects.toBeDefined();
		await range.heal();
		expect((await range.state()).Health?.Status).toBe('healthy');
	});
});
