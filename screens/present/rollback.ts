import type { CriterionState } from '../../src/domain/run/state.ts';
import type { ActRow, ClosingView, CriteriaView, MoveView, PlanView } from '../../src/console/run/moveView.ts';
import { downtimeWords } from '../../src/console/run/plan.ts';
import type { StepDetail } from '../../src/console/run/view.ts';
import { fit, type Pen, type Piece, piece, row, widthOf } from './cells.ts';
import { dayAndTime, stopwatch, took } from './words.ts';
import { wrapWords } from './wrap.ts';

type Line = readonly Piece[];

/** From this width on the table of decision has a column for each part. */
const columnsFrom = 88;

const metWords = (met: boolean | undefined): string => (met === undefined ? 'cannot tell' : met ? 'met' : 'not met');

const metRole = ({ met, level }: CriterionState): Piece['role'] => {
	if (met === false) return 'muted';
	if (met === true) return level === 'critical' ? ['p0', 'strong'] : ['p2', 'strong'];
	return level === 'critical' ? 'p1' : 'plain';
};

const widest = (texts: readonly string[], least: number, most: number): number => Math.max(least, Math.min(most, texts.reduce((size, text) => Math.max(size, widthOf(text)), 0)));

/** The table of decision: met or not, title, figure beside baseline; in a wide place by when to act, and where it is written. */
export const criteriaLines = ({ rows }: CriteriaView, width: number, most: number, pen: Pen): readonly Line[] => {
	const wide = width >= columnsFrom;
	const titleWidth = widest(rows.map((each) => each.title), 8, Math.floor(width * (wide ? 0.34 : 0.42)));
	const figureWidth = widest(rows.map((each) => each.figure), 4, Math.floor(width * 0.2));
	const baselineWidth = widest(rows.map((each) => each.baseline), 4, Math.floor(width * 0.2));
	const line = (each: CriterionState): Line => {
		const loud = each.met === true ? 'strong' : each.met === undefined ? 'plain' : 'muted';
		const head = [piece(`${fit(metWords(each.met), 11, pen)} `, metRole(each)), piece(`${fit(each.title, titleWidth, pen)}  `, loud)];
		if (!wide) return [...head, piece(each.figure, loud), piece(each.baseline === '' ? '' : ` vs ${each.baseline}`, 'muted')];
		const aside = [...(each.within === undefined ? [] : [`act ${each.within}`]), ...(each.source === undefined ? [] : [each.source])].join(', ');
		return [
			...head,
			piece(fit(each.figure, figureWidth, pen, 'right'), loud),
			piece(` ${fit(each.baseline === '' ? '' : `vs ${each.baseline}`, baselineWidth + 3, pen)}  `, 'muted'),
			piece(aside, each.met === true ? 'plain' : 'muted'),
		];
	};
	if (rows.length <= most) return rows.map(line);
	const kept = rows.slice(0, Math.max(1, most - 1));
	const left = rows.slice(kept.length);
	const met = left.filter((each) => each.met === true).length;
	return [...kept.map(line), [piece(`${left.length} more, ${met === 0 ? 'none' : met} of them met`, met === 0 ? 'muted' : 'strong')]];
};

/** A label of at most 8 cells, and text that is wrapped beside it. */
const labelled = (label: string, text: string, width: number, role: Piece['role'], labelRole: Piece['role'] = 'muted'): readonly Line[] =>
	wrapWords(text, Math.max(10, width - 9)).map((part, index) => [piece((index === 0 ? label : '').padEnd(8), labelRole), piece(part, role)]);

/** Several short things under one label: a line each where there is room, else one line for all. */
const listed = (label: string, texts: readonly string[], width: number, roomy: boolean, role: Piece['role']): readonly Line[] => {
	if (texts.length === 0) return [];
	if (!roomy) return [[piece(label.padEnd(8), 'muted'), piece(texts.join('; '), role)]];
	return texts.flatMap((text, index) => labelled(index === 0 ? label : '', text, width, role));
};

/** Several things of which none is news, one after the other. */
const together = (label: string, texts: readonly string[], width: number, roomy: boolean): readonly Line[] => listed(label, texts.length === 0 ? [] : [texts.join('; ')], width, roomy, 'muted');

/** What a move would do: what speaks against it first, then what changes, goes and stays, and how. */
export const planLines = (plan: PlanView, width: number, roomy: boolean): readonly Line[] => {
	const against = plan.findings.filter((each) => each.level !== 'fine');
	const fine = plan.findings.filter((each) => each.level === 'fine');
	const lossRole = plan.lost.length === 0 ? 'muted' : 'strong';
	return [
		[piece('from    ', 'muted'), piece(plan.from, 'strong'), piece('  to  ', 'muted'), piece(plan.to, 'strong')],
		...against.flatMap((each) => {
			const role: Piece['role'] = each.level === 'refuse' ? ['p0', 'strong'] : ['p2', 'strong'];
			return labelled(each.level === 'refuse' ? 'REFUSES' : 'warns', `${each.what}: ${each.why}`, width, role, role);
		}),
		...listed('changes', plan.changes.length === 0 ? ['nothing: the same version'] : plan.changes, width, roomy, 'plain'),
		...listed('loses', plan.lost.length === 0 ? ['nothing'] : plan.lost, width, roomy, lossRole),
		...together('keeps', plan.kept, width, roomy),
		...listed('down', [downtimeWords(plan)], width, roomy, 'plain'),
		...listed('way', [`${plan.way}${plan.wayWhy === '' ? '' : ` (${plan.wayWhy})`}`], width, roomy, 'plain'),
		...together('fine', roomy ? fine.map((each) => `${each.what}: ${each.why}`) : fine.map((each) => each.what), width, roomy),
	];
};

const actMarks: Readonly<Record<ActRow['mark'], Piece>> = {
	done: piece('done ', 'ok'),
	failed: piece('FAIL ', ['p0', 'strong']),
	run: piece('run  ', 'strong'),
	'?': piece('?    ', ['p1', 'strong']),
	'': piece('     ', 'muted'),
};

const servesPiece = ({ serving, from, to }: MoveView): Piece => {
	switch (serving) {
		case 'old':
			return piece(`${from} serves`, 'strong');
		case 'new':
			return piece(`${to} serves`, 'strong');
		case 'both':
			return piece('both versions serve', 'strong');
		case 'nobody':
			return piece('nobody serves: requests fail', ['p0', 'strong']);
	}
};

/** What came of a move: its end, how long nobody answered, which requests failed. */
const cameOf = (move: MoveView, width: number): readonly Line[] => {
	const { end, gapMs, requests } = move;
	const failed = requests === undefined ? [] : [`${requests.failed} of ${requests.sent} requests failed${requests.failed === 0 ? '' : `, the longest gap ${took(requests.longestGapMs)}`}`];
	const gap = gapMs === undefined ? [] : [`nobody answered for ${took(gapMs)}`];
	return [
		...(end === undefined ? [] : labelled('end', `${end.kind}: ${end.words}`, width, end.good ? ['ok', 'strong'] : ['p0', 'strong'])),
		...(gap.length + failed.length === 0 ? [] : labelled('cost', [...gap, ...failed].join('; '), width, 'strong')),
	];
};

/** How far a move is: who serves, the acts around the current one with their times, how the proof stands, what came of it. */
export const moveLines = (move: MoveView, width: number, most: number, pen: Pen): readonly Line[] => {
	const at = move.current === -1 ? '' : `  act ${move.current + 1} of ${move.acts.length}`;
	const head: Line = [servesPiece(move), piece(at, 'muted'), ...(move.undoing && move.current !== -1 ? [piece('  taking it back', ['p1', 'strong'])] : [])];
	const tail = [...(move.proof === undefined ? [] : [[piece('now     ', 'muted'), piece(move.proof)]]), ...cameOf(move, width)];
	const room = Math.max(1, most - 1 - tail.length);
	const centre = move.current === -1 ? move.acts.length - 1 : move.current;
	const first = Math.max(0, Math.min(centre - Math.floor(room / 2), move.acts.length - room));
	const acts = move.acts.slice(first, first + room).map((act): Line => {
		const time = act.tookMs === undefined ? '' : took(act.tookMs);
		const words = `${act.undoing && act.mark !== '' ? 'back: ' : ''}${act.words}`;
		return [actMarks[act.mark], piece(fit(words, Math.max(1, width - 5 - 9), pen), act.mark === 'run' || act.mark === 'failed' ? 'strong' : act.mark === '' ? 'muted' : 'plain'), piece(fit(time, 8, pen, 'right'), 'muted')];
	});
	return [head, ...acts, ...tail];
};

/** Values that are offered, the one suggested marked. */
export const offerLines = (offers: StepDetail['offers']): readonly Line[] =>
	offers.map((each) => [
		piece(each.suggested ? '  => ' : '     ', 'strong'),
		piece(each.title, each.disabled !== undefined ? 'muted' : each.suggested ? 'strong' : 'plain'),
		piece(each.disabled === undefined ? (each.detail === undefined ? '' : `  ${each.detail}`) : `  cannot be chosen: ${each.disabled}`, 'muted'),
	]);

/** The end of a rollback: what was done, how long it took, what it cost, and what is due. Where there is little room what was done is cut, and says so. */
export const closingLines = (closing: ClosingView, width: number, most: number): readonly Line[] => {
	const { did, requests, gapMs, sinceFaultMs, undoTo } = closing;
	const cost = [
		...(requests === undefined ? [] : [`${requests.failed} of ${requests.sent} requests failed`]),
		...(gapMs === undefined ? [] : [`nobody answered for ${took(gapMs)}`]),
	];
	const doneLines = did.length === 0 ? labelled('did', 'nothing: no step that changes anything ran', width, 'strong') : did.flatMap((each, index) => labelled(index === 0 ? 'did' : '', each.words === '' ? each.title : `${each.title}: ${each.words}`, width, 'plain'));
	const rest = [
		...labelled('took', `${stopwatch(closing.tookMs)}${sinceFaultMs === undefined ? '' : `; it ended ${stopwatch(sinceFaultMs)} after the fault`}`, width, 'plain'),
		...labelled('cost', cost.length === 0 ? 'not measured' : cost.join('; '), width, requests !== undefined && requests.failed > 0 ? 'strong' : 'plain'),
		...(closing.postMortemDueAt === undefined ? [] : labelled('due', `post-mortem by ${dayAndTime(closing.postMortemDueAt)}`, width, 'strong')),
		...(undoTo === undefined ? [] : [[piece('undo    ', 'muted'), piece('r', 'strong'), piece(`  forward again to ${undoTo}`)]]),
	];
	const room = Math.max(1, most - rest.length);
	return [...(doneLines.length <= room ? doneLines : [...doneLines.slice(0, room - 1), [piece(`${' '.repeat(8)}${doneLines.length - room + 1} more lines`, 'muted')] as Line]), ...rest];
};

/** The last rows of the pane of a rollback: what is left where the person stops here; one row, or two where one is too short. */
export const leavesRows = (leaves: string, width: number, pen: Pen): readonly string[] => {
	const label = ' stop here leaves: ';
	const parts = wrapWords(leaves, Math.max(10, width - label.length - 1));
	// What does not fit in two rows is cut with an ellipsis, so that it shows.
	const shown = parts.length <= 2 ? parts : [parts[0] ?? '', parts.slice(1).join(' ')];
	return shown.map((part, index) => row([piece(index === 0 ? label : ' '.repeat(label.length), 'muted'), piece(part, 'strong')], width, pen));
};
