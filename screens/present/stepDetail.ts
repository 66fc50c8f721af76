import type { Risk } from '../../src/domain/playbook/risk.ts';
import type { StepDetail } from '../../src/console/run/view.ts';
import { type Pen, type Piece, piece, row } from './cells.ts';
import { criteriaLines, moveLines, offerLines, planLines } from './rollback.ts';
import { bytes, exact } from './words.ts';
import { wrapLines } from './wrap.ts';

type Line = readonly Piece[];

export const riskPiece = (risk: Risk): Piece => (risk === 'destructive' ? piece('DESTRUCTIVE', ['p0', 'strong']) : piece(risk === 'change' ? 'CHANGE' : 'read', risk === 'change' ? 'strong' : 'muted'));

const labelled = (label: string, text: string, width: number, role: Piece['role'], most: number): readonly Line[] => {
	const parts = wrapLines(text, Math.max(10, width - 9));
	const shown = parts.slice(0, most);
	return shown.map((part, index) => [
		piece(index === 0 ? label.padEnd(8) : ' '.repeat(8), 'muted'),
		piece(index === shown.length - 1 && parts.length > most ? `${part} ...` : part, role),
	]);
};

/** The whole of what is to be told, as it will be read. */
const messageLines = (message: readonly string[], width: number): readonly Line[] =>
	message.flatMap((line) => labelled('', line, width, 'strong', Number.POSITIVE_INFINITY)).map((line, index) => (index === 0 ? [piece('tell'.padEnd(8), 'muted'), ...line.slice(1)] : line));

/** It runs, and has written something. */
export const isLive = (detail: StepDetail): boolean => detail.mark === 'run' && detail.output.length > 0;

/** @param spare lines that nothing else needs: a command may have them, so that a script can be read before it is confirmed */
const factLines = (detail: StepDetail, width: number, roomy: boolean, spare = 0): readonly Line[] => {
	// While it runs, its output is what one looks for.
	const most = roomy ? 4 : isLive(detail) ? 1 : 2;
	const facts = [`on ${detail.host}`, ...(detail.target === undefined ? [] : [`target ${detail.target}`])].join(', ');
	return [
		...(roomy ? [[piece(`${detail.number} ${detail.title}`, 'strong'), piece(detail.source === undefined ? '' : `  ${detail.source}`, 'muted')]] : []),
		...(detail.message !== undefined ? messageLines(detail.message, width) : detail.command === '' ? [] : labelled('does', detail.command, width, 'strong', most + spare)),
		[piece(''.padEnd(8)), riskPiece(detail.risk), piece(`  ${facts}`, 'muted'), ...(detail.attempts > 1 ? [piece(`  try ${detail.attempts}`, 'strong')] : [])],
		...(detail.loses === undefined ? [] : labelled('loses', detail.loses, width, 'plain', most)),
		...(detail.words === undefined ? [] : labelled('result', detail.words, width, detail.mark === 'failed' ? ['p0'] : 'plain', most)),
		...detail.remains.flatMap((text, index) => labelled(index === 0 ? 'remains' : '', text, width, 'strong', most)),
		...(detail.note === undefined || !roomy ? [] : labelled('note', detail.note, width, 'muted', 6)),
	];
};

/** What a person has to answer: causes with their evidence, items to tick. */
const answerLines = (detail: StepDetail): readonly Line[] => [
	...detail.causes.map((cause): Line => [
		piece(cause.suggested ? '  => ' : '     ', 'strong'),
		piece(cause.title, cause.suggested ? 'strong' : 'plain'),
		piece(cause.holds === undefined ? '  cannot tell' : cause.holds ? '  true' : '  not true', cause.holds === true ? 'strong' : 'muted'),
		piece(cause.evidence === '' ? '' : `  ${cause.evidence}`, 'muted'),
	]),
	...detail.checklist.map((item): Line => [piece(item.ticked ? '     [x] ' : '     [ ] ', item.ticked ? 'muted' : 'strong'), piece(item.text, item.ticked ? 'muted' : 'plain')]),
];

const outputRows = (detail: StepDetail, width: number, height: number, pen: Pen): readonly string[] => {
	if (height <= 0 || detail.output.length === 0) return [];
	const dropped = detail.droppedBytes > 0 ? `, ${bytes(detail.droppedBytes)} not kept` : '';
	const room = Math.max(1, height - 1);
	const shown = detail.output.slice(-room);
	const above = detail.above + detail.output.length - shown.length;
	const title = row([piece(` output${above > 0 ? `, ${exact(above)} lines above` : ''}${dropped}`, 'muted')], width, pen);
	return [...(height > 1 ? [title] : []), ...shown.map((line) => row([piece(' '), piece(line.text, line.stream === 'stderr' ? 'strong' : 'plain')], width, pen))];
};

/** What a rollback shows of a step: the table of decision, the versions offered, the plan, how far the move is. */
const walkthroughLines = (detail: StepDetail, width: number, height: number, roomy: boolean, pen: Pen): readonly Line[] => [
	...(detail.criteria === undefined ? [] : criteriaLines(detail.criteria, width, height, pen)),
	...offerLines(detail.offers),
	...(detail.move === undefined ? [] : moveLines(detail.move, width, height, pen)),
	...(detail.plan === undefined ? [] : planLines(detail.plan, width, roomy)),
];

/** Lines in so many rows; where some do not fit the last row says how many. */
export const cut = (lines: readonly Line[], width: number, height: number, pen: Pen): readonly string[] => {
	const shown = lines.length <= height ? lines : [...lines.slice(0, Math.max(0, height - 1)), [piece(`${lines.length - height + 1} more lines`, 'muted')] as Line];
	return shown.map((line) => row([piece(' '), ...line], width, pen));
};

/** The causes of a branch where there is little room: the one that the evidence speaks for first, as its command would only name them all. */
const causeRows = (detail: StepDetail, width: number, height: number, pen: Pen): readonly string[] => {
	const causes = detail.causes.length <= height ? detail.causes : detail.causes.toSorted((one, other) => Number(other.suggested) - Number(one.suggested));
	return cut(answerLines({ ...detail, causes, checklist: [] }), width, height, pen);
};

/** The selected step: what it does, what came of it, what it asks, and what it has written, newest last. */
export const detailRows = (detail: StepDetail | undefined, width: number, height: number, roomy: boolean, pen: Pen): readonly string[] => {
	if (detail === undefined || height <= 0) return [];
	if (!roomy && detail.causes.length > 0 && detail.criteria === undefined) return causeRows(detail, width, height, pen);
	const answers = answerLines(detail);
	const short = factLines(detail, width - 2, roomy);
	const facts = detail.output.length > 0 ? short : factLines(detail, width - 2, roomy, Math.max(0, height - short.length - answers.length));
	const walk = walkthroughLines(detail, width - 2, roomy ? Math.max(3, height - facts.length - answers.length) : height, roomy, pen);
	const drawn = (lines: readonly Line[]): readonly string[] => lines.map((line) => row([piece(' '), ...line], width, pen));
	if (detail.message !== undefined) return cut([...facts, ...answers], width, height, pen);
	if (walk.length === 0) {
		// Output is what a running step is watched by: it keeps at least a third.
		const least = Math.max(Math.min(2, height - 1), Math.floor(height / 3));
		const forOutput = detail.output.length === 0 ? 0 : isLive(detail) && !roomy ? Math.max(least, Math.min(height - 2, detail.output.length + 1)) : least;
		const kept = drawn([...facts, ...answers].slice(0, Math.max(1, height - forOutput)));
		return [...kept, ...outputRows(detail, width, height - kept.length, pen)];
	}
	// Where there is little room, what a rollback shows says all that the step's own words would.
	if (!roomy) return [...cut(walk, width, height, pen), ...drawn([...answers, ...facts])].slice(0, height);
	const kept = cut([...facts, ...walk, ...answers], width, height, pen);
	// The newest line of a move stands there already, and a plan's output is the plan.
	return detail.plan !== undefined || detail.output.length < 2 ? kept : [...kept, ...outputRows(detail, width, height - kept.length, pen)];
};
