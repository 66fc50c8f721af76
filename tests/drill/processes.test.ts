import { describe, expect, it } from 'vitest';
import { descendantsOf, usersOf, type SeenProcess } from '../../src/drill/processes.ts';

const seen = (pid: number, parent: number, ...argv: string[]): SeenProcess => ({ pid, parent, argv });

describe('the processes of a private engine', () => {
	it('are those with its folder among their arguments, and no others', () => {
		const own = seen(2, 1, 'dockerd', '--data-root=/e/a/data');
		const list = [own, seen(3, 1, 'dockerd', '--data-root=/e/ab/data'), seen(4, 1, '/e/a/data'), seen(5, 1, 'vi', '/other')];
		expect(usersOf(list, '/e/a')).toEqual([own]);
	});

	it('have children and their children, in whichever order they are listed', () => {
		const list = [seen(5, 4, 'c'), seen(4, 2, 'b'), seen(2, 1, 'a'), seen(9, 1, 'x')];
		expect(new Set(descendantsOf(list, [2]).map(({ pid }) => pid))).toEqual(new Set([4, 5]));
	});
});
