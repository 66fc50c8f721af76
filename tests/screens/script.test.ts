import stripAnsi from 'strip-ansi';
import { describe, expect, test } from 'vitest';
import type { Pen } from '../../screens/present/cells.ts';
import { confirmScrollMost, presentDialog } from '../../screens/present/dialogs.ts';
import { glyphSet } from '../../screens/present/glyphs.ts';
import { detailRows } from '../../screens/present/stepDetail.ts';
import { wrapLines } from '../../screens/present/wrap.ts';
import { confirmStep } from '../../src/console/run/confirmStep.ts';
import { runView } from '../../src/console/run/select.ts';
import { themeOf } from '../../src/console/theme.ts';
import type { ConfirmDialog } from '../../src/console/view.ts';
import { runSceneOf } from '../support/runViews.ts';

const pen: Pen = { theme: themeOf('dark', '256'), glyphs: glyphSet('unicode') };

const script = (lines: number): string => ['FILE=/srv/app.log', 'if [ -f "$FILE" ]; then', '  gzip -c "$FILE" > "$FILE.gz"', 'fi', ...Array.from({ length: lines }, (_, index) => `echo line ${index + 1}`)].join('\n');
const asked = (command: string, typed?: string) => ({ kind: 'confirm', step: 'start', risk: typed === undefined ? 'change' : 'destructive', command, undo: false, ...(typed === undefined ? {} : { typed, target: typed, loses: 'what stands in it' }) }) as const;
const dialogOf = (command: string, typed?: string): ConfirmDialog => {
	const waiting = asked(command, typed);
	return confirmStep(runSceneOf(waiting), waiting, 'prod-1');
};
const boxOf = (command: string, rows: number, typed?: string, scroll = 0): readonly string[] =>
	presentDialog({ ...dialogOf(command, typed), scroll }, 80, rows, pen).rows.map((row) => stripAnsi(row));

describe('a script', () => {
	test('keeps its lines and its indentation, also where one is broken', () => {
		expect(wrapLines('if true; then\n    echo a long line of it\nfi', 18)).toEqual(['if true; then', '    echo a long', '    line of it', 'fi']);
	});

	test('stands in the confirmation line by line', () => {
		const rows = boxOf(script(1), 24);
		const first = rows.findIndex((row) => row.includes('act     FILE=/srv/app.log'));
		expect(rows[first + 1]).toMatch(/^ │ {9}if \[ -f "\$FILE" \]; then +│ $/);
		expect(rows[first + 2]).toMatch(/^ │ {11}gzip -c "\$FILE" > "\$FILE\.gz" +│ $/);
	});

	test.each([
		[24, undefined],
		[16, undefined],
		[24, 'app.log'],
		[18, 'app.log'],
	])('that is long gives way in a window of %i rows: the buttons and what is lost never do', (rows, typed) => {
		const box = boxOf(script(40), rows, typed);
		expect(box.length).toBeLessThanOrEqual(rows - 2);
		expect(box.join('\n')).toMatch(/lines 1-\d+ of 44: Up and Down scroll/);
		expect(box.join('\n')).toContain('> Cancel <');
		expect(box.join('\n')).toContain(`loss    ${typed === undefined ? 'nothing named' : 'what stands in it'}`);
	});

	test.each([
		[24, undefined],
		[16, undefined],
		[18, 'app.log'],
	])('is read to its last line by scrolling, in a window of %i rows, and no further', (rows, typed) => {
		const most = confirmScrollMost(dialogOf(script(40), typed), 80, rows);
		const seen = new Set(Array.from({ length: most + 1 }, (_, scroll) => boxOf(script(40), rows, typed, scroll).join('\n').match(/echo line \d+(?= )/g) ?? []).flat());
		expect(seen.size).toBe(40);
		expect(boxOf(script(40), rows, typed, most).join('\n')).toMatch(/-44 of 44: Up/);
		expect(boxOf(script(40), rows, typed, most + 9)).toEqual(boxOf(script(40), rows, typed, most));
		expect(confirmScrollMost(dialogOf(script(1), typed), 80, 40)).toBe(0);
	});

	test('can be read as a whole in the zoomed pane before it is confirmed, and its row says what it does', () => {
		const view = runView({ scene: runSceneOf(asked(script(10))), now: 0, host: 'prod-1', resolved: new Map(), output: undefined });
		expect(view.rows.find((row) => row.id === 'start')?.words).toBe('if [ -f "$FILE" ]; then');
		const rows = detailRows(view.detail, 80, 20, true, pen).map((row) => stripAnsi(row));
		expect(rows.some((row) => row.includes('echo line 10'))).toBe(true);
	});
});
