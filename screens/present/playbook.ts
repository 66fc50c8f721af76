import type { Risk } from '../../src/domain/playbook/risk.ts';
import type { PlaybookView, RunView, StepDetail, StepMark, StepRow } from '../../src/console/run/view.ts';
import { fit, type Pen, type Piece, piece, row, widthOf } from './cells.ts';
import { wordsRows } from './paneWords.ts';
import { severityRole } from './roles.ts';
import { filled, type PaneRows } from './services.ts';
import { titleRow } from './title.ts';
import { bytes, exact, took } from './words.ts';
import { wrapWords } from './wrap.ts';

/** From this width on the steps stand beside the current one, not above it. */
const besideFrom = 110;

type Line = readonly Piece[];

/** Minutes and seconds, `4:12`, with hours where there are any: the form of a stop-watch. */
export const stopwatch = (ms: number): string => {
	const seconds = Math.max(0, Math.floor(ms / 1000));
	const hours = Math.floor(seconds / 3600);
	const two = (value: number): string => String(value).padStart(2, '0');
	const minutes = Math.floor(seconds / 60) % 60;
	return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
};

const markRoles: Readonly<Record<StepMark, Piece['role']>> = { done: 'ok', failed: ['p0', 'strong'], skip: 'muted', run: 'strong', next: 'strong', '?': ['p1', 'strong'], '': 'muted' };
const markWords: Readonly<Record<StepMark, string>> = { done: 'done', failed: 'FAIL', skip: 'skip', run: 'run ', next: 'next', '?': '?   ', '': '    ' };

export const riskPiece = (risk: Risk): Piece => (risk === 'destructive' ? piece('DESTRUCTIVE', ['p0', 'strong']) : piece(risk === 'change' ? 'CHANGE' : 'read', risk === 'change' ? 'strong' : 'muted'));

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

const labelled = (label: string, text: string, width: number, role: Piece['role'], most: number): readonly Line[] => {
	const parts = wrapWords(text, Math.max(10, width - 9));
	const shown = parts.slice(0, most);
	return shown.map((part, index) => [
		piece(index === 0 ? label.padEnd(8) : ' '.repeat(8), 'muted'),
		piece(index === shown.length - 1 && parts.length > most ? `${part} ...` : part, role),
	]);
};

const factLines = (detail: StepDetail, width: number, roomy: boolean): readonly Line[] => {
	const most = roomy ? 4 : 2;
	const facts = [`on ${detail.host}`, ...(detail.target === undefined ? [] : [`target ${detail.target}`])].join(', ');
	return [
		...(roomy ? [[piece(`${detail.number} ${detail.title}`, 'strong'), piece(detail.source === undefined ? '' : `  ${detail.source}`, 'muted')]] : []),
		...(detail.command === '' ? [] : labelled('does', detail.command, width, 'strong', most)),
		[piece(''.padEnd(8)), riskPiece(detail.risk), piece(`  ${facts}`, 'muted'), ...(detail.attempts > 1 ? [piece(`  try ${detail.attempts}`, 'strong')] : [])],
		...(detail.loses === undefined ? [] : labelled('loses', detail.loses, width, 'plain', most)),
		...(detail.words === undefined ? [] : labelled('result', detail.words, width, detail.mark === 'failed' ? ['p0'] : 'plain', most)),
		...(detail.note === undefined || !roomy ? [] : labelled('note', detail.note, width, 'muted', 6)),
		...detail.causes.flatMap((cause): readonly Line[] => [
			[
				piece(cause.suggested ? '  => ' : '     ', 'strong'),
				piece(cause.title, cause.suggested ? 'strong' : 'plain'),
				piece(cause.holds === undefined ? '  cannot tell' : cause.holds ? '  true' : '  not true', cause.holds === true ? 'strong' : 'muted'),
				piece(cause.evidence === '' ? '' : `  ${cause.evidence}`, 'muted'),
			],
		]),
		...detail.checklist.map((item): Line => [piece(item.ticked ? '     [x] ' : '     [ ] ', item.ticked ? 'muted' : 'strong'), piece(item.text, item.ticked ? 'muted' : 'plain')]),
	];
};

const outputRows = (detail: StepDetail, width: number, height: number, pen: Pen): readonly string[] => {
	if (height <= 0 || detail.output.length === 0) return [];
	const dropped = detail.droppedBytes > 0 ? `, ${bytes(detail.droppedBytes)} not kept` : '';
	const room = Math.max(1, height - 1);
	const shown = detail.output.slice(-room);
	const above = detail.above + detail.output.length - shown.length;
	const title = row([piece(` output${above > 0 ? `, ${exact(above)} lines above` : ''}${dropped}`, 'muted')], width, pen);
	return [...(height > 1 ? [title] : []), ...shown.map((line) => row([piece(' '), piece(line.text, line.stream === 'stderr' ? 'strong' : 'plain')], width, pen))];
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

const detailRows = (detail: StepDetail | undefined, width: number, height: number, roomy: boolean, pen: Pen): readonly string[] => {
	if (detail === undefined || height <= 0) return [];
	const facts = factLines(detail, width - 2, roomy).map((line) => row([piece(' '), ...line], width, pen));
	// Output is what a running step is watched by: it keeps at least a third.
	const forOutput = detail.output.length === 0 ? 0 : Math.max(Math.min(2, height - 1), Math.floor(height / 3));
	const kept = facts.slice(0, Math.max(1, height - forOutput));
	return [...kept, ...outputRows(detail, width, height - kept.length, pen)];
};

const aboutRun = (run: RunView): readonly Piece[] => {
	const over = run.phase?.budgetMs !== undefined && run.phase.elapsedMs > run.phase.budgetMs;
	return [
		piece(run.title, run.severity === undefined ? 'strong' : [severityRole(run.severity), 'strong']),
		...(run.dryRun ? [piece('  DRY RUN', 'strong')] : []),
		piece(run.position === 0 ? `  ${run.total} steps` : `  step ${run.position} of ${run.total}`, 'plain'),
		...(run.phase === undefined
			? []
			: [piece(`  ${run.phase.title} `, 'muted'), piece(`${stopwatch(run.phase.elapsedMs)}${run.phase.budgetMs === undefined ? '' : ` of ${stopwatch(run.phase.budgetMs)}`}`, over ? ['p1', 'strong'] : 'plain')]),
	];
};

const rightOf = (run: RunView): readonly Piece[] => [
	...(run.role === 'acting' ? [] : [piece(run.role === 'watching' ? 'watching  ' : 'adrift  ', 'strong')]),
	piece(`${run.clock.since === 'fault' ? 'since the fault' : 'since the start'} ${stopwatch(run.clock.ms)}`, 'muted'),
];

/** The playbook pane. */
export const presentPlaybook = (view: PlaybookView, box: { readonly width: number; readonly height: number; readonly focused: boolean }, pen: Pen): PaneRows => {
	const { width, focused } = box;
	const bodyRows = box.height - 1;
	const { run } = view;
	if (run === undefined) {
		const words = view.words ?? { kind: 'empty', text: 'no playbook runs', advice: 'p lists those that fit' };
		const list = view.unfinished.map((one) => row([piece('  ? ', ['p1', 'strong']), piece(one.words)], width, pen));
		return { title: titleRow('playbook', focused, [], [], width, pen), rows: filled([...wordsRows(words, width, Math.min(bodyRows, 3), pen).filter((one) => one.trim() !== ''), ...list].slice(0, bodyRows), width, bodyRows) };
	}
	const title = titleRow('playbook', focused, aboutRun(run), rightOf(run), width, pen);
	const ask = row(askLine(run, width, pen), width, pen);
	const left = bodyRows - 1;
	if (width >= besideFrom) {
		const listWidth = Math.floor(width * 0.48);
		const steps = stepRows(run, listWidth, left, pen);
		const detail = detailRows(run.detail, width - listWidth - 1, left, true, pen);
		const divider = row([piece(pen.glyphs.divider, 'muted')], 1, pen);
		const rows = Array.from({ length: left }, (_, index) => `${steps[index] ?? ' '.repeat(listWidth)}${divider}${detail[index] ?? ' '.repeat(width - listWidth - 1)}`);
		return { title, rows: [ask, ...rows] };
	}
	const listHeight = Math.max(1, Math.min(run.rows.length, Math.floor(left * 0.5)));
	const steps = stepRows(run, width, listHeight, pen);
	const detail = detailRows(run.detail, width, left - steps.length, left >= 20, pen);
	return { title, rows: filled([ask, ...steps, ...detail].slice(0, bodyRows), width, bodyRows) };
};
