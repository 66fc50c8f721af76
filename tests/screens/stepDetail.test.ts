import stripAnsi from 'strip-ansi';
import { describe, expect, test } from 'vitest';
import type { Pen } from '../../screens/present/cells.ts';
import { glyphSet } from '../../screens/present/glyphs.ts';
import { detailRows } from '../../screens/present/stepDetail.ts';
import { themeOf } from '../../src/console/theme.ts';
import { runRemains } from '../support/runViews.ts';

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
});
