import { describe, expect, it } from 'vitest';
import type { Figure } from './figure.ts';
import { performancePage } from './report.ts';
import { benchJson, benchOf, joinBench, type BenchResults } from './results.ts';

const figure = (id: string): Figure => ({ id, title: `Title of ${id}`, promise: 'soon', method: 'by looking', run: () => Promise.resolve([]) });
const [first, second] = [figure('first'), figure('second')];
const figures = [first, second];
const outcome = (measured: string, reached = true) => ({ measured, reached, beside: ['p50 1 ms'] });
const run = (over: Partial<BenchResults>): BenchResults => ({ machine: ['2 cores'], date: '2026-11-21', measured: [], failed: [], ...over });

describe('the figures of the bench', () => {
	it('are the same after they were written and read', () => {
		const results = run({ measured: [{ figure: first, outcomes: [outcome('1 ms')] }], failed: ['second'] });
		expect(benchOf(benchJson(results), figures)).toEqual(results);
		expect(() => benchOf('{}', figures)).toThrow('schemaVersion');
	});

	it('of several runs are in the order of the page, the last of each', () => {
		const joined = joinBench([run({ measured: [{ figure: second, outcomes: [outcome('3 ms')] }], failed: ['first'] }), run({ date: '2026-11-22', measured: [{ figure: first, outcomes: [outcome('1 ms')] }, { figure: second, outcomes: [outcome('2 ms', false)] }] })], figures);
		expect(joined).toMatchObject({ date: '2026-11-22', failed: [], measured: [{ figure: first }, { figure: second, outcomes: [{ measured: '2 ms' }] }] });
		const page = performancePage(joined, 2);
		expect(page).toContain('what 2 runs of `npm run bench` measured');
		expect(page).toContain('| Title of second | soon | 2 ms | no |');
	});
});
