import { describe, expect, it } from 'vitest';
import type { Actor } from '../../src/domain/journal.ts';
import type { ProcessPort } from '../../src/record/session.ts';
import { ManualClock } from '../support/manualClock.ts';
import { otherConsole } from './processes.ts';
import { actor, ended, newJournal, opened, started } from './support.ts';

const processes = (lives: ReadonlyMap<number, string>): ProcessPort => ({ pid: 1, bootId: () => 'boot', startOf: (pid) => lives.get(pid) ?? 'gone' });
const at = (session: string): Actor => ({ ...actor, session });
const here = at('boot:1:100');
const there = at('boot:2:200');

describe('a lease', () => {
	it('is granted to the first, kept by it, and free once released', async () => {
		const journal = await newJournal();
		expect(await journal.claim('web', 'run-1', here)).toMatchObject({ granted: true, lease: { service: 'web', runId: 'run-1', holder: here } });
		expect(await journal.claim('web', 'run-1', here)).toMatchObject({ granted: true });
		expect(await journal.claim('web', 'run-1', there)).toMatchObject({ granted: false, lease: { holder: here } });
		expect(await journal.claim('web', 'run-2', here)).toMatchObject({ granted: false, lease: { runId: 'run-1' } });
		expect(await journal.claim('db', 'run-2', there)).toMatchObject({ granted: true });
		expect(await journal.leases()).toMatchObject([{ service: 'db' }, { service: 'web' }]);
		await journal.release('web', 'run-1', there);
		expect(await journal.heartbeat('web', 'run-1', here)).toBe(true);
		await journal.release('web', 'run-1', here);
		expect(await journal.heartbeat('web', 'run-1', here)).toBe(false);
		expect(await journal.claim('web', 'run-1', there)).toMatchObject({ granted: true, lease: { holder: there } });
	});

	it('of a run that is over holds nothing', async () => {
		const journal = await newJournal();
		await journal.append([started('run-1', { service: 'web' })]);
		await journal.claim('web', 'run-1', here);
		expect(await journal.claim('web', 'run-2', there)).toMatchObject({ granted: false });
		await journal.append([ended('run-1')]);
		expect(await journal.claim('web', 'run-2', there)).toMatchObject({ granted: true, lease: { runId: 'run-2', holder: there } });
	});

	it('is taken over from its holder only, and that is recorded with it', async () => {
		const journal = await newJournal();
		await journal.append([started('run-1', { service: 'web' })]);
		await journal.claim('web', 'run-1', here);
		expect(await journal.takeOver('web', 'run-1', at('boot:3:300'), there)).toMatchObject({ granted: false, lease: { holder: here } });
		expect(await journal.readRun('run-1')).toHaveLength(1);
		expect(await journal.takeOver('web', 'run-1', here, there)).toMatchObject({ granted: true, lease: { holder: there, runId: 'run-1' } });
		expect((await journal.readRun('run-1')).at(-1)).toMatchObject({ actor: there, event: { kind: 'run_taken_over', from: here.session, to: there.session } });
		expect(await journal.heartbeat('web', 'run-1', here)).toBe(false);
		expect(await journal.heartbeat('web', 'run-1', there)).toBe(true);
		expect(await journal.takeOver('web', 'run-1', here, at('boot:3:300'))).toMatchObject({ granted: false, lease: { holder: there } });
	});

	it('taken by another run is recorded in the one that loses it', async () => {
		const journal = await newJournal();
		await journal.append([started('run-1', { service: 'web' }), started('run-2', { service: 'web' })]);
		await journal.claim('web', 'run-1', here);
		expect(await journal.takeOver('web', 'run-2', here, there)).toMatchObject({ granted: true, lease: { runId: 'run-2', holder: there } });
		expect(await journal.readRun('run-1')).toMatchObject([{}, { event: { kind: 'run_taken_over' } }]);
	});
});

describe('whether a holder lives', () => {
	it.each([
		['its process is there', 'boot:1:100', true],
		['no such process is there', 'boot:7:100', false],
		['its process id has been given to another', 'boot:1:99', false],
		['it is on another machine or boot: its heartbeat decides', 'another:7:100', true],
		['its session says nothing', 'whatever', true],
	])('%s', async (_, session, alive) => {
		const journal = await newJournal({ processes: processes(new Map([[1, '100']])) });
		await journal.claim('web', 'run-1', at(session));
		expect(await journal.leases()).toMatchObject([{ alive }]);
	});

	it('15 s without a heartbeat are its end, until the next one', async () => {
		const clock = new ManualClock();
		const journal = await newJournal({ clock, processes: processes(new Map([[1, '100']])) });
		await journal.claim('web', 'run-1', here);
		await clock.advance(15_000);
		expect(await journal.leases()).toMatchObject([{ alive: true }]);
		await clock.advance(1);
		expect(await journal.leases()).toMatchObject([{ alive: false }]);
		expect(await journal.claim('web', 'run-2', there)).toMatchObject({ granted: false, lease: { alive: false } });
		await journal.heartbeat('web', 'run-1', here);
		expect(await journal.leases()).toMatchObject([{ alive: true, heartbeatAt: clock.now() }]);
	});

	it('a console that was killed is known to be gone at once', async () => {
		const journal = await newJournal();
		const other = await otherConsole(journal.path);
		await other.order('claim web');
		expect(await journal.leases()).toMatchObject([{ service: 'web', alive: true }]);
		await other.kill();
		expect(await journal.leases()).toMatchObject([{ service: 'web', alive: false }]);
	});
});

describe('two processes', () => {
	it('that race for a lease: exactly one gets it', async () => {
		const journal = await newJournal();
		const services = Array.from({ length: 30 }, (_, index) => `service-${index}`);
		const consoles = await Promise.all([otherConsole(journal.path), otherConsole(journal.path)]);
		const granted = (await Promise.all(consoles.map((each) => each.order(`claim ${services.join(' ')}`)))) as boolean[][];
		for (const [index, service] of services.entries()) expect([service, granted.filter((each) => each[index]).length]).toEqual([service, 1]);
		expect(await (await opened(journal.path)).leases()).toHaveLength(services.length);
	});
});
