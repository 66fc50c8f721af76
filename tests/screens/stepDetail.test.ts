import stripAnsi from 'strip-ansi';
import { describe, expect, test } from 'vitest';
import type { Pen } from '../../screens/present/cells.ts';
import { glyphSet } from '../../screens/present/glyphs.ts';
import { detailRows } from '../../screens/present/stepDetail.ts';
import { themeOf } from '../../src/console/theme.ts';
import { runBranch, runRemains, runWorks } from '../support/runViews.ts';

const pen: Pen = { theme: themeOf('dark', '256'), glyphs: glyphSet('unicode') };

describe('the selected step', () => {
	test.each([true, false])('says what it left behind below its result, roomy %s', (roomy) => {
		const detail = runRemains({ columns: 120, rows: 40 }).playbook.run?.detail;
		const rows = detailRows(detail, 100, 16, roomy, pen).map((row) => stripAnsi(row).trimEnd());
		const at = rows.findIndex((row) => row.includes('result'));
		expect(rows.slice(at, at + 4)).toEqual([
			' result  cancelled',
			' remains could not be ended, still running: 12 sleep',
			'         left running in the background: 13 serve\\x1b[2J',
			'         no permission to end 12 sleep',
		]);
	});

	test.each([true, false])('says all that is to be told, and how much of it does not fit, roomy %s', (roomy) => {
		const before = runRemains({ columns: 120, rows: 40 }).playbook.run?.detail;
		if (before === undefined) throw new Error('no step is shown');
		const { words: _words, ...rest } = before;
		const detail = { ...rest, remains: [], output: [], message: ['ROLLBACK: it went back to the version before, and is healthy.', 'Nobody answered for 600 ms.', 'Post-mortem within 48 h.'] };
		const shown = (height: number): readonly string[] => detailRows(detail, 50, height, roomy, pen).map((row) => stripAnsi(row).trimEnd());
		expect(shown(16)).toEqual(expect.arrayContaining([' tell    ROLLBACK: it went back to the version', '         before, and is healthy.', '         Nobody answered for 600 ms.', '         Post-mortem within 48 h.']));
		expect(shown(16).some((row) => row.includes('does'))).toBe(false);
		expect(shown(3).at(-1)).toMatch(/^ \d+ more lines$/);
	});
});

describe('live output', () => {
	test('of a running step gets the rows that its other words do not need, in a low pane', () => {
		const detail = runWorks({ columns: 80, rows: 24 }).playbook.run?.detail;
		const rows = detailRows(detail, 80, 5, false, pen).map((row) => stripAnsi(row).trimEnd());
		expect(rows[0]).toMatch(/^ does {4}curl /);
		expect(rows[1]).toContain('on prod-1 (node-7), target cloud-native-poc');
		expect(rows.slice(2)).toEqual([expect.stringMatching(/^ output, [\d,]+ lines above$/), expect.stringContaining('page 38'), expect.stringContaining('page 39')]);
	});
});

describe('causes', () => {
	test('that do not all fit begin with the one that the evidence speaks for, and say how many more there are', () => {
		const detail = runBranch({ columns: 80, rows: 24 }).playbook.run?.detail;
		if (detail === undefined) throw new Error('no step is shown');
		const causes = Array.from({ length: 6 }, (_, index) => ({ title: `cause ${index + 1}`, holds: index === 4, evidence: 'seen', suggested: index === 4 }));
		const rows = detailRows({ ...detail, causes }, 80, 4, false, pen).map((row) => stripAnsi(row).trimEnd());
		expect(rows).toEqual(['   => cause 5  true  seen', '      cause 1  not true  seen', '      cause 2  not true  seen', ' 3 more lines']);
	});
});
