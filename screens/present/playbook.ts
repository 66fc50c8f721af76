import { mostOffers } from '../../src/console/layout.ts';
import type { PlaybookView, RunView, StepMark, StepRow } from '../../src/console/run/view.ts';
import { fit, type Pen, type Piece, piece, row, widthOf } from './cells.ts';
import { wordsRows } from './paneWords.ts';
import { severityRole } from './roles.ts';
import { closingLines, leavesRows } from './rollback.ts';
import { filled, type PaneRows } from './services.ts';
import { cut, detailRows, isLive, riskPiece } from './stepDetail.ts';
import { titleRow } from './title.ts';
import { stopwatch, took } from './words.ts';

/** From this width on the steps stand beside the current one, not above it. */
const besideFrom = 110;

type Line = readonly Piece[];

const markRoles: Readonly<Record<StepMark, Piece['role']>> = { done: 'ok', failed: ['p0', 'strong'], skip: 'muted', run: 'strong', next: 'strong', '?': ['p1', 'strong'], '': 'muted' };
const markWords: Readonly<Record<StepMark, string>> = { done: 'done', failed: 'FAIL', skip: 'skip', run: 'run ', next: 'next', '?': '?   ', '': '    ' };

const stepLine = (step: StepRow, width: number, titleWidth: number, pen: Pen): Line => {
	const time = step.durationMs === undefined ? '' : took(step.durationMs);
	const risk = step.mark === '' || step.mark === 'next' ? riskPiece(step.risk) : undefined;
	const right: Line = risk === undefined ? [piece(time, 'muted')] : step.risk === 'read' ? [] : [risk];
	const rightWidth = right.reduce((sum, part) => sum + widthOf(part.text), 0);
	const room = width - 5 - titleWidth - 2 - (rightWidth === 0 ? 0 : rightWidth + 1);
	return [
		piece(`${markWords[step.mark]} `, markRoles[step.mark]),
		piece(`${fit(step.title, titleWidth, pen)}  `, step.mark === 'next' || step.mark === 'run' ? 'strong' : step.mark === 'skip' || step.mark === '' ? 'muted' : 'plain'),
		piece(fit(step.words, Math.max(0, room), pen), step.mark === 'failed' ? 'strong' : 'muted'),
		...(rightWidth === 0 ? [] : [piece(' '), ...right]),
	];
};

/** Rows of the steps around the selected one; headings where a phase begins, as far as there is room. */
const stepRows = (run: RunView, width: number, height: number, pen: Pen): readonly string[] => {
	const withPhases = run.rows.length + run.rows.filter((step) => step.phase !== undefined).length <= height;
	const titleWidth = Math.min(Math.max(12, ...run.rows.map((step) => widthOf(step.title))), Math.max(12, Math.floor(width * 0.45)));
	// The selected row stays in view with what comes before it: results explain what is next.
	const first = withPhases ? 0 : Math.max(0, Math.min(run.selected - Math.floor(height / 2), run.rows.length - height));
	const lines = run.rows.slice(first, withPhases ? undefined : first + height).flatMap((step, index): readonly string[] => {
		const selected = first + index === run.selected;
		const heading = withPhases && step.phase !== undefined ? [row([piece(` ${step.phase}`, 'muted')], width, pen)] : [];
		return [...heading, row([piece(selected ? '>' : ' ', 'strong'), ...stepLine(step, width - 1, titleWidth, pen)], width, pen)];
	});
	return lines.slice(0, height);
};

const askLine = (run: RunView, width: number, pen: Pen): Line => {
	if (run.outcome !== undefined) return [piece(' '), piece(run.outcome.good ? 'done' : 'OVER', run.outcome.good ? ['ok', 'strong'] : ['p0', 'strong']), piece(`  ${run.outcome.words}`, 'strong'), piece('  p: another playbook', 'muted')];
	if (run.asks !== undefined) {
		// Long words are cut, never the key that answers them; long advice is, before the words.
		const keys = `   ${run.asks.keys}`;
		const room = Math.max(Math.floor(width / 2), width - 2 - widthOf(keys));
		return [piece(' '), piece(fit(run.asks.words, Math.min(room, widthOf(run.asks.words)), pen), run.asks.tone === 'plain' ? 'strong' : [run.asks.tone, 'strong']), piece(keys, 'muted')];
	}
	const under = run.rows.find((step) => step.mark === 'run');
	return [piece(under === undefined ? ' goes on by itself' : ` running: ${under.title}`, 'strong'), ...(run.next === undefined ? [] : [piece(`   then: ${run.next.title}`, 'muted')])];
};

const namePiece = (run: RunView, text: string): Piece => piece(text, run.severity === undefined ? 'strong' : [severityRole(run.severity), 'strong']);

const phasePieces = (run: RunView): readonly Piece[] => {
	if (run.phase === undefined) return [];
	const over = run.phase.budgetMs !== undefined && run.phase.elapsedMs > run.phase.budgetMs;
	return [piece(`  ${run.phase.title} `, 'muted'), piece(`${stopwatch(run.phase.elapsedMs)}${run.phase.budgetMs === undefined ? '' : ` of ${stopwatch(run.phase.budgetMs)}`}`, over ? ['p1', 'strong'] : 'plain')];
};

const aboutRun = (run: RunView, title: string): readonly Piece[] => [
	namePiece(run, title),
	...(run.dryRun ? [piece('  DRY RUN', 'strong')] : []),
	piece(run.position === 0 ? `  ${run.total} ${run.total === 1 ? 'step' : 'steps'}` : `  step ${run.position} of ${run.total}`, 'plain'),
];

const rightOf = (run: RunView, role: Piece['role']): readonly Piece[] => [
	...(run.role === 'acting' ? [] : [piece(run.role === 'watching' ? 'watching  ' : 'adrift  ', 'strong')]),
	piece(`${run.clock.since === 'fault' ? 'since the fault' : 'since the start'} ${stopwatch(run.clock.ms)}`, role),
];

const size = (pieces: readonly Piece[]): number => pieces.reduce((sum, part) => sum + widthOf(part.text), 0);

/** The title line. The clock of a rollback always stands there: the phase gives way to it, then the end of the title. */
const titleOf = (run: RunView, width: number, focused: boolean, pen: Pen): string => {
	if (run.kind !== 'rollback') return titleRow('playbook', focused, [...aboutRun(run, run.title), ...phasePieces(run)], rightOf(run, 'muted'), width, pen);
	const right = rightOf(run, 'strong');
	// The pane's number and name, and the blanks around what stands at the right.
	const room = width - widthOf(' 4 PLAYBOOK ') - size(right) - 4;
	const full = [...aboutRun(run, run.title), ...phasePieces(run)];
	if (size(full) <= room) return titleRow('playbook', focused, full, right, width, pen);
	const rest = size(aboutRun(run, ''));
	const title = fit(run.title, Math.max(4, Math.min(widthOf(run.title), room - rest)), pen);
	return titleRow('playbook', focused, aboutRun(run, title), right, width, pen);
};

/** What stands beside or under the steps: the end of a rollback, else the selected step. */
const besideRows = (run: RunView, width: number, height: number, roomy: boolean, pen: Pen): readonly string[] =>
	run.closing === undefined ? detailRows(run.detail, width, height, roomy, pen) : cut(closingLines(run.closing, width - 2, height), width, height, pen);

const offerRow = (words: string, width: number, pen: Pen): string => row([piece('  ? ', ['p1', 'strong']), piece(words)], width, pen);

/** Runs that are offered while none is open, in a line each: whoever has something else to look at keeps the room for it. */
const offersPane = ({ unfinished }: PlaybookView, width: number, bodyRows: number, focused: boolean, pen: Pen): PaneRows => {
	const many = unfinished.length;
	const about = [piece(many === 1 ? 'a run is not finished' : `${many} runs are not finished`, 'strong')];
	const fits = many <= bodyRows ? many : bodyRows - 1;
	const rows = [...unfinished.slice(0, fits).map(({ words }) => offerRow(words, width, pen)), ...(fits < many ? [row([piece(`    ${many - fits} more`, 'muted')], width, pen)] : [])];
	return { title: titleRow('playbook', focused, about, [piece('p lists them', 'muted')], width, pen), rows: filled(rows, width, bodyRows) };
};

/** The playbook pane. */
export const presentPlaybook = (view: PlaybookView, box: { readonly width: number; readonly height: number; readonly focused: boolean }, pen: Pen): PaneRows => {
	const { width, focused } = box;
	const bodyRows = box.height - 1;
	const { run } = view;
	if (run === undefined && view.unfinished.length > 0 && bodyRows <= mostOffers) return offersPane(view, width, bodyRows, focused, pen);
	if (run === undefined) {
		const words = view.words ?? { kind: 'empty', text: 'no playbook runs', advice: 'p lists those that fit' };
		const list = view.unfinished.map((one) => offerRow(one.words, width, pen));
		return { title: titleRow('playbook', focused, [], [], width, pen), rows: filled([...wordsRows(words, width, Math.min(bodyRows, 3), pen).filter((one) => one.trim() !== ''), ...list].slice(0, bodyRows), width, bodyRows) };
	}
	const title = titleOf(run, width, focused, pen);
	const ask = row(askLine(run, width, pen), width, pen);
	const leaves = run.leaves === undefined ? [] : leavesRows(run.leaves, width, pen);
	const left = bodyRows - 1 - leaves.length;
	const rollback = run.kind === 'rollback';
	if (width >= besideFrom) {
		const listWidth = Math.floor(width * (rollback ? 0.4 : 0.48));
		const steps = stepRows(run, listWidth, left, pen);
		const detail = besideRows(run, width - listWidth - 1, left, true, pen);
		const divider = row([piece(pen.glyphs.divider, 'muted')], 1, pen);
		const rows = Array.from({ length: left }, (_, index) => `${steps[index] ?? ' '.repeat(listWidth)}${divider}${detail[index] ?? ' '.repeat(width - listWidth - 1)}`);
		return { title, rows: [ask, ...rows, ...leaves] };
	}
	// What a rollback has to say of the current step is worth more than the steps around it, which stand still whatever it says.
	// Nor is anything above the live output of a step: before it and after it one row is enough.
	const live = run.detail !== undefined && isLive(run.detail);
	const wanted = rollback ? Math.max(2, Math.floor((bodyRows - 6) * 0.4)) : Math.min(Math.floor(left * 0.5), live && left < 12 ? 3 : left);
	const listHeight = Math.max(1, Math.min(run.rows.length, wanted));
	const steps = stepRows(run, width, listHeight, pen);
	const detail = besideRows(run, width, left - steps.length, left >= 20, pen);
	return { title, rows: [...filled([ask, ...steps, ...detail].slice(0, bodyRows - leaves.length), width, bodyRows - leaves.length), ...leaves] };
};
