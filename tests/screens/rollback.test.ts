import stripAnsi from 'strip-ansi';
import { describe, expect, test } from 'vitest';
import type { Pen } from '../../screens/present/cells.ts';
import { glyphSet } from '../../screens/present/glyphs.ts';
import { presentPlaybook } from '../../screens/present/playbook.ts';
import { closingLines, criteriaLines, leavesRows, moveLines, planLines } from '../../screens/present/rollback.ts';
import { dayAndTime, stopwatch } from '../../screens/present/words.ts';
import { criteriaView } from '../../src/console/run/criteria.ts';
import type { MoveView } from '../../src/console/run/moveView.ts';
import { planView } from '../../src/console/run/plan.ts';
import { themeOf } from '../../src/console/theme.ts';
import { now } from '../support/containers.ts';
import { criteria, planValue, rollbackAsks, rollbackConfirm, rollbackDecides, rollbackDone, rollbackMoves, rollbackPlanned, rollbackProves, rollbackRestored, rollbackWatches } from '../support/rollbackViews.ts';
import { runAsks } from '../support/runViews.ts';
import { presentDialog } from '../../screens/present/dialogs.ts';

const pen: Pen = { theme: themeOf('dark', '256'), glyphs: glyphSet('unicode') };
const size = { columns: 80, rows: 24 };
const text = (lines: readonly (readonly { readonly text: string }[])[]): readonly string[] => lines.map((line) => line.map((part) => part.text).join('').trimEnd());

describe('table of decision', () => {
	test('mark, title, figure beside baseline; loud where it is met', () => {
		const lines = criteriaLines(criteriaView(criteria), 76, 20, pen);
		expect(text(lines)[0]).toMatch(/^met +Health check fails +failing 4 min vs 3 in a row$/);
		expect(lines.map((line) => line[0]?.role)).toEqual([['p0', 'strong'], ['p0', 'strong'], ['p0', 'strong'], ['p2', 'strong'], 'p1', 'plain', 'muted', 'muted', 'muted']);
	});

	test('by when and where it is written only where there is room', () => {
		expect(text(criteriaLines(criteriaView(criteria), 76, 20, pen)).join('\n')).not.toContain('P09 SOP');
		expect(text(criteriaLines(criteriaView(criteria), 120, 20, pen))[0]).toMatch(/vs 3 in a row +act < 1 min, P09 SOP 6\.1$/);
	});

	test('what does not fit is counted, and those of it that are met', () => {
		expect(text(criteriaLines(criteriaView(criteria), 76, 3, pen)).at(-1)).toBe('7 more, 2 of them met');
		expect(text(criteriaLines(criteriaView(criteria), 76, 6, pen)).at(-1)).toBe('4 more, none of them met');
	});
});

describe('plan', () => {
	const view = planView({ ...planValue, findings: [...planValue.findings, { level: 'refuse', what: 'image', why: 'it is not there' }] });
	if (view === undefined) throw new Error('no plan');

	test('what refuses comes first, in red, then what warns', () => {
		const lines = planLines(view, 76, false);
		expect(text(lines).slice(0, 3)).toEqual(['from    cloud-native-poc:1.1.0  to  cloud-native-poc:1.0.4', 'REFUSES image: it is not there', 'warns   database schema: the database is at 0042, the target knows 0041:']);
		expect(lines[1]?.[0]?.role).toEqual(['p0', 'strong']);
		expect(lines[2]?.[0]?.role).toEqual(['p2', 'strong']);
	});

	test('a plan that changes nothing, or loses nothing, says so', () => {
		const lines = text(planLines({ ...view, changes: [], lost: [] }, 76, true));
		expect(lines).toContain('changes nothing: the same version');
		expect(lines).toContain('loses   nothing');
	});
});

describe('move', () => {
	const move = rollbackMoves(size).playbook.run?.detail?.move;
	if (move === undefined) throw new Error('no move');

	test('where nobody serves the first thing said is that requests fail, in red', () => {
		const [head] = moveLines(move, 76, 8, pen);
		expect(head?.[0]).toEqual({ text: 'nobody serves: requests fail', role: ['p0', 'strong'] });
	});

	test.each([
		['old', 'cloud-native-poc:1.1.0 serves'],
		['new', 'cloud-native-poc:1.0.4 serves'],
		['both', 'both versions serve'],
	] as const)('%s: %s', (serving, words) => {
		expect(moveLines({ ...move, serving }, 76, 8, pen)[0]?.[0]?.text).toBe(words);
	});

	test('the current act stays in view, however little room there is', () => {
		for (let most = 2; most < 12; most += 1) {
			for (let current = 0; current < move.acts.length; current += 1) {
				const at: MoveView = { ...move, current, acts: move.acts.map((act, index) => ({ ...act, mark: index < current ? 'done' : index === current ? 'run' : '' })) };
				const lines = text(moveLines(at, 76, most, pen));
				expect(lines.length).toBeLessThanOrEqual(Math.max(3, most));
				expect(lines.some((line) => line.startsWith('run '))).toBe(true);
			}
		}
	});

	test('the gap and the requests that failed', () => {
		const lines = text(moveLines({ ...move, current: -1, end: { kind: 'swapped', good: true, words: 'it serves' }, gapMs: 1310, requests: { sent: 412, failed: 14, longestGapMs: 1400 } }, 200, 20, pen));
		expect(lines.slice(-2)).toEqual(['end     swapped: it serves', 'cost    nobody answered for 1.3 s; 14 of 412 requests failed, the longest gap 1.4 s']);
	});
});

describe('the pane', () => {
	const pane = (view: ReturnType<typeof rollbackMoves>, width: number, height: number) => presentPlaybook(view.playbook, { width, height, focused: true }, pen);

	test.each([60, 70, 80, 100, 120, 200])('at %i columns the clock since the fault stands in the title, whatever the phase and the name', (width) => {
		const { playbook } = rollbackMoves(size);
		if (playbook.run === undefined) throw new Error('no run');
		const run = { ...playbook.run, title: 'A rollback with a name that is longer than any title has room for, really', phase: { title: 'immediate', elapsedMs: 252_000, budgetMs: 300_000 } };
		const { title } = presentPlaybook({ ...playbook, run }, { width, height: 13, focused: true }, pen);
		expect(stripAnsi(title)).toMatch(/ since the fault 4:12$/);
		expect(stripAnsi(title)).toContain('step 6 of 8');
	});

	test.each([rollbackDecides, rollbackPlanned, rollbackAsks, rollbackMoves, rollbackProves, rollbackRestored, rollbackWatches])('what stopping leaves is in the last rows: %o', (scene) => {
		for (const [width, height] of [[80, 13], [60, 9], [120, 22], [100, 40]] as const) {
			const rows = pane(scene(size), width, height).rows.map((one) => stripAnsi(one));
			expect(rows).toHaveLength(height - 1);
			expect(rows.slice(-2).some((one) => one.startsWith(' stop here leaves: '))).toBe(true);
		}
	});

	test('a run that is no rollback has no such row', () => {
		expect(pane(runAsks(size), 80, 13).rows.map((one) => stripAnsi(one)).join('\n')).not.toContain('stop here leaves');
	});

	test('the steps above stand still when the words below grow', () => {
		const rows = (leaves: string) => {
			const { playbook } = rollbackMoves(size);
			if (playbook.run === undefined) throw new Error('no run');
			return presentPlaybook({ ...playbook, run: { ...playbook.run, leaves } }, { width: 80, height: 13, focused: true }, pen).rows.slice(0, 4);
		};
		expect(rows('short')).toEqual(rows('long '.repeat(30)));
	});
});

test('words too long for two rows are cut so that it shows', () => {
	const rows = leavesRows('nobody answers '.repeat(20).trim(), 80, pen).map((one) => stripAnsi(one));
	expect(rows).toHaveLength(2);
	expect(rows[1]).toMatch(/…$/);
});

test('the end says what is due, and that r goes forward again', () => {
	const closing = rollbackDone(size).playbook.run?.closing;
	if (closing === undefined) throw new Error('not over');
	const lines = text(closingLines(closing, 76, 20));
	expect(lines.slice(-4)).toEqual(['took    1:03; it ended 4:11 after the fault', 'cost    14 of 412 requests failed; nobody answered for 1.3 s', `due     post-mortem by ${dayAndTime(now - 1000 + 48 * 3_600_000)}`, 'undo    r  forward again to cloud-native-poc:1.1.0']);
	expect(text(closingLines({ did: [], tookMs: 4000, postMortemDueAt: now }, 76, 20))).toEqual(['did     nothing: no step that changes anything ran', 'took    0:04', 'cost    not measured', `due     post-mortem by ${dayAndTime(now)}`]);
	// What is due is never what is cut off.
	const little = text(closingLines({ ...closing, did: Array.from({ length: 6 }, (_, index) => ({ title: `act ${index}`, words: 'done' })) }, 76, 7));
	expect(little).toHaveLength(7);
	expect(little.slice(0, 3)).toEqual(['did     act 0: done', '        act 1: done', '        4 more lines']);
	expect(little.at(-1)).toBe(lines.at(-1));
	expect(little.some((line) => line.startsWith('due     post-mortem by '))).toBe(true);
});

test('however much a confirmation has to say, its act, its loss and its buttons stay', () => {
	const { dialog } = rollbackConfirm(size);
	if (dialog?.kind !== 'confirm') throw new Error('no confirmation');
	const many = Array.from({ length: 30 }, (_, index) => ({ label: 'warns', text: `reason ${index}`, tone: 'p2' as const }));
	const rows = presentDialog({ ...dialog, facts: many }, 80, 24, pen).rows.map((one) => stripAnsi(one)).join('\n');
	expect(rows).toContain('more lines: look at the plan');
	for (const wanted of ['act     move', 'loss    requests', '> Cancel <']) expect(rows).toContain(wanted);
});

test('days and spans', () => {
	expect([dayAndTime(now), dayAndTime(Number.NaN)]).toEqual(['Sat 14 Mar, 03:14', 'an unknown day']);
	expect([stopwatch(59_999), stopwatch(3_600_000), stopwatch(-5)]).toEqual(['0:59', '1:00:00', '0:00']);
});
