import { describe, expect, it } from 'vitest';
import type { EngineEvent } from '../../../src/domain/engine.ts';
import { Endings } from '../../../src/engines/docker/endings.ts';
import { ManualClock } from '../../support/manualClock.ts';

let at = 0;
const event = (kind: EngineEvent['kind'], signal?: string, containerId = 'c'): EngineEvent => ({
	kind,
	containerId,
	action: kind,
	name: containerId,
	at: at++,
	attributes: {},
	...(signal === undefined ? {} : { signal }),
});

/** What is said of the end after these events; `undefined` where it may still have been asked for. */
const verdict = (endings: Endings, ...before: readonly EngineEvent[]): string | undefined => {
	for (const each of before) endings.note(each);
	const died = endings.note(event('died'));
	return died.unasked === true ? (died.signal ?? 'by itself') : undefined;
};

const started = event('started');
const term = event('stopping', 'SIGTERM');
const kill = event('killed', 'SIGKILL');

describe('Endings', () => {
	const fresh = () => new Endings(new ManualClock());

	it('knows docker kill, and an end that no signal came before', () => {
		expect(verdict(fresh(), started, kill)).toBe('SIGKILL');
		expect(verdict(fresh(), started)).toBe('by itself');
		expect(verdict(fresh(), started, event('oom'))).toBe('by itself');
	});

	it.each([
		['TERM', [term]],
		['TERM, then KILL after the grace', [term, kill]],
		['another stop signal', [event('killed', 'SIGWINCH')]],
		['another stop signal, then KILL', [event('killed', 'SIGUSR1'), kill]],
	])('leaves open what may be a stop: %s', (_what, events) => {
		expect(verdict(fresh(), started, ...events)).toBeUndefined();
	});

	it('begins anew with each start', () => {
		const endings = fresh();
		expect(verdict(endings, started, term)).toBeUndefined();
		expect(verdict(endings, started, kill)).toBe('SIGKILL');
	});

	it('does not know what was sent before the stream began, until any usual grace is over', async () => {
		const clock = new ManualClock();
		const endings = new Endings(clock);
		expect(verdict(endings, kill)).toBeUndefined();
		await clock.advance(10_000);
		expect(verdict(endings, kill)).toBe('SIGKILL');
	});

	it('learns of a stop with a long grace from the past', async () => {
		const clock = new ManualClock();
		const endings = new Endings(clock);
		endings.past([started, event('started', undefined, 'other'), term]);
		await clock.advance(60_000);
		expect(verdict(endings, kill)).toBeUndefined();
		const died = endings.note(event('died', undefined, 'other'));
		expect(died.unasked).toBe(true);
	});

	it('does not take the past of an earlier run for the present', () => {
		const endings = fresh();
		endings.note(started);
		endings.past([term, event('died')]);
		endings.past([term]);
		expect(verdict(endings, kill)).toBe('SIGKILL');
	});
});
