import { describe, expect, it } from 'vitest';
import type { EngineEvent } from '../../src/domain/engine.ts';
import { HistoryBook } from '../../src/observe/history.ts';

const event = (kind: EngineEvent['kind'], at: number, exitCode?: number): EngineEvent => ({
	kind,
	containerId: 'c1',
	action: kind,
	name: 'api',
	at,
	attributes: {},
	...(exitCode === undefined ? {} : { exitCode }),
});

const ends = (...events: readonly EngineEvent[]) => {
	const book = new HistoryBook();
	for (const each of events) book.record(each);
	return book.history('c1', 'api')?.ends.map(({ exitCode, oom }) => ({ exitCode, oom }));
};

describe('memory kills in the history', () => {
	it('belong to the end they brought about, whichever of the two is told first', () => {
		const killed = [{ exitCode: 137, oom: true }];
		expect(ends(event('started', 0), event('oom', 100), event('died', 120, 137))).toEqual(killed);
		expect(ends(event('started', 0), event('died', 100, 137), event('oom', 120))).toEqual(killed);
	});

	it('of the next life, of long after, or of an end of another kind are no part of an end', () => {
		const plain = [{ exitCode: 137, oom: false }];
		expect(ends(event('died', 100, 137), event('started', 110), event('oom', 120))).toEqual(plain);
		expect(ends(event('died', 100, 137), event('oom', 6000))).toEqual(plain);
		expect(ends(event('died', 100, 1), event('oom', 120))).toEqual([{ exitCode: 1, oom: false }]);
	});
});

describe('removals in the history', () => {
	const asked = (...events: readonly EngineEvent[]): readonly boolean[] => {
		const book = new HistoryBook();
		for (const each of events) book.record(each);
		return book.history('c1', 'api')?.ends.map((end) => end.asked) ?? [];
	};

	it('by force were asked for: the kill was part of them', () => {
		expect(asked(event('started', 0), event('died', 100, 137), event('removed', 150), event('started', 200))).toEqual([true]);
	});

	it('of what ended by itself, for memory, or long before, say nothing of the end', () => {
		expect(asked(event('died', 100, 1), event('removed', 150))).toEqual([false]);
		expect(asked(event('oom', 90), event('died', 100, 137), event('removed', 150))).toEqual([false]);
		expect(asked(event('died', 100, 137), event('removed', 6000))).toEqual([false]);
		expect(asked(event('died', 100, 137), event('started', 120), event('removed', 150))).toEqual([false]);
		expect(asked(event('removed', 150))).toEqual([]);
	});
});
