import { describe, expect, it } from 'vitest';
import type { EngineEvent } from '../../../src/domain/engine.ts';
import { parseList } from '../../../src/engines/docker/list.ts';
import { parsePodmanHealth } from '../../../src/engines/docker/podmanHealth.ts';
import { PodmanStops } from '../../../src/engines/docker/podmanStops.ts';
import { ManualClock } from '../../support/manualClock.ts';

const event = (kind: EngineEvent['kind'], more: Partial<EngineEvent> = {}): EngineEvent => ({ kind, containerId: 'a1', name: 'web', action: kind, at: 1000, attributes: {}, ...more });

/** What comes out, a word each. */
const kinds = (stops: PodmanStops, ...events: readonly EngineEvent[]): readonly string[] => events.flatMap((each) => stops.note(each)).map(({ kind }) => kind);

describe("a stop in Podman's words", () => {
	it('that comes before the end is told after it', () => {
		const stops = new PodmanStops(new ManualClock());
		expect(kinds(stops, event('stopped'), event('died', { exitCode: 137 }))).toEqual(['stopping', 'died', 'stopped']);
	});

	it('that comes after the end stays where it is', () => {
		const stops = new PodmanStops(new ManualClock());
		expect(kinds(stops, event('died', { exitCode: 0 }), event('stopped'))).toEqual(['died', 'stopped']);
	});

	it('of a restart is one too', () => {
		const stops = new PodmanStops(new ManualClock());
		expect(kinds(stops, event('restarted'), event('died', { exitCode: 0 }), event('started'))).toEqual(['restarted', 'died', 'stopped', 'started']);
	});

	it('is missed where its cleanup is quicker, and known all the same where it was asked for here', async () => {
		const clock = new ManualClock();
		const stops = new PodmanStops(clock);
		stops.ask('a1', 10);
		await clock.advance(10_000);
		expect(kinds(stops, event('died', { exitCode: 137 }))).toEqual(['died', 'stopped']);
		// The next end is nobody's wish.
		expect(kinds(stops, event('started'), event('died', { exitCode: 137 }))).toEqual(['started', 'died']);
	});

	it('is no excuse for what happens long after it', async () => {
		const clock = new ManualClock();
		const stops = new PodmanStops(clock);
		stops.note(event('stopped'));
		await clock.advance(15_001);
		expect(kinds(stops, event('died', { exitCode: 1 }))).toEqual(['died']);
	});

	it('is of one container alone', () => {
		const stops = new PodmanStops(new ManualClock());
		stops.note(event('stopped', { containerId: 'b2' }));
		expect(kinds(stops, event('died', { exitCode: 1 }))).toEqual(['died']);
	});
});

describe("Podman's list", () => {
	it('has its health from its own one', () => {
		const health = parsePodmanHealth([{ Id: 'a1', Status: 'unhealthy' }, { Id: 'b2', Status: '' }, { Id: 'c3', Status: 'starting' }, {}]);
		const listed = parseList([{ Id: 'a1', State: 'running', Status: 'Up 2 minutes' }, { Id: 'b2', State: 'running', Status: 'Up 2 minutes' }, { Id: 'c3', State: 'running', Status: 'Up 2 seconds' }], 0, health);
		expect(listed.map((each) => each.health)).toEqual(['unhealthy', 'none', 'starting']);
	});
});
