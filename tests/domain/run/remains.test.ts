import { describe, expect, it } from 'vitest';
import { remainsOf, remainsWords } from '../../../src/domain/run/remains.ts';

describe('what remains of a step', () => {
	it('of several ends is told once, and what is not there not at all', () => {
		expect(remainsOf({ survivors: [], left: [] }, {})).toEqual({});
		expect(remainsOf({ left: ['7 sleep'], note: 'a' }, { left: ['7 sleep', '8 sh'], survivors: ['9 x'], note: 'a' }, { note: 'b' })).toEqual({ survivors: ['9 x'], left: ['7 sleep', '8 sh'], note: 'a; b' });
	});

	it('names so many processes, and counts the rest', () => {
		const { left = [] } = remainsOf({ left: Array.from({ length: 60 }, (_, index) => `${index} sh`) });
		expect(left).toHaveLength(50);
		expect(left.slice(-2)).toEqual(['48 sh', 'and 11 more']);
	});

	it('is a line each; survivors that were named already are not named again', () => {
		const all = { survivors: ['1 a', '2 b'], left: ['3 c'], note: 'some of it was not written' };
		expect(remainsWords(all, 'cancelled; still running: 1 a')).toEqual(['could not be ended, still running: 2 b', 'left running in the background: 3 c', 'some of it was not written']);
		expect(remainsWords({ survivors: ['1 a'] }, 'cancelled; still running: 1 a')).toEqual([]);
	});
});
