import { logPrefix } from '../../src/console/layout.ts';
import type { LogRow, LogsView } from '../../src/console/view.ts';
import { fit, type Pen, type Piece, piece, row } from './cells.ts';
import { histogramRows } from './histogram.ts';
import { wordsRows } from './paneWords.ts';
import { levelRole } from './roles.ts';
import { filled, type PaneRows } from './services.ts';
import { prompt, titleRow } from './title.ts';
import { clock, clockMs, count, exact } from './words.ts';

const logRow = (one: LogRow, width: number, prefix: ReturnType<typeof logPrefix>, pen: Pen, focused: boolean): string => {
	const base = one.selected && focused ? 'selected' : undefined;
	const mark = piece(one.selected ? '>' : ' ', 'strong');
	if (one.kind === 'marker') {
		const text = one.spans.map((span) => span.text).join('');
		const rule = pen.glyphs.rule.repeat(2);
		return row([mark, piece(`${rule} ${text} ${rule}`, ['muted', 'strong'])], width, pen, base);
	}
	const entry = one.kind === 'entry';
	const time = one.at === undefined || !entry ? '' : prefix.time > 9 ? clockMs(one.at) : clock(one.at);
	const level = entry && one.level !== undefined ? one.level.toUpperCase() : '';
	const body: readonly Piece[] = one.spans.map((span) => piece(span.text, span.role));
	return row(
		[
			mark,
			...(prefix.time > 0 ? [piece(fit(time, prefix.time, pen), 'muted')] : []),
			piece(fit(level, prefix.level, pen), one.level === undefined ? 'plain' : levelRole(one.level)),
			...(prefix.source > 0 ? [piece(`${fit(entry ? (one.source ?? '') : '', prefix.source - 1, pen)} `, 'muted')] : []),
			...(one.count > 1 && entry ? [piece(`x${count(one.count)} `, 'strong')] : []),
			...body,
		],
		width,
		pen,
		base,
	);
};

/** The search as it is typed, or as it holds. */
const searchPieces = (view: LogsView, pen: Pen): readonly Piece[] => {
	if (view.searching) return [piece('  '), ...prompt('/', view.search, pen)];
	if (view.search === '') return [];
	return [piece(`  /${view.search}`, 'strong'), piece(view.invert ? ' inverted' : ''), piece(view.keepOnly ? ' only' : '')];
};

/** What keeps lines from the pane besides a search: it is always said, however narrow the pane is. */
const limits = (view: LogsView): readonly Piece[] => {
	const words = [view.minLevel === undefined ? '' : `${view.minLevel}+`, view.since === '' || view.since === 'tail' ? '' : `since ${view.since}`].filter((word) => word !== '');
	return words.length === 0 ? [] : [piece(`  ${words.join(', ')}`, 'strong')];
};

/** State, follow or pause, what is hidden, search, errors. */
const about = (view: LogsView, pen: Pen): readonly Piece[] => {
	const paused = view.behind > 0 ? ` PAUSED, ${exact(view.behind)} new ` : ' PAUSED ';
	const matches = view.matches === undefined || view.search === '' ? [] : [piece(view.matches.total === 0 ? ' no match' : ` ${view.matches.current}/${view.matches.total}`, 'strong')];
	return [
		piece(view.title),
		piece(' '),
		...(view.state === 'live' ? [] : [piece(`${view.state}, `, 'strong')]),
		...(view.follow ? [piece('follow', 'plain')] : [piece(paused, 'selected')]),
		...limits(view),
		...(view.errorsPerMinute > 0 ? [piece(`  ${count(view.errorsPerMinute)} ${view.errorsPerMinute === 1 ? 'error' : 'errors'}/min`, 'strong')] : []),
		...searchPieces(view, pen),
		...matches,
	];
};

/** Lines that were lost, settings where they differ from how the pane opens, and counts, for the right end of the title: the most telling first. */
const settings = (view: LogsView): readonly string[] =>
	[
		view.totals.skipped > 0 ? `${exact(view.totals.skipped)} skipped` : '',
		view.wrap ? 'wrap' : '',
		view.columns ? 'columns' : '',
		view.fold ? 'fold' : '',
		`${count(view.totals.lines)} ${view.totals.lines === 1 ? 'line' : 'lines'}`,
	].filter((word) => word !== '');

/** The logs pane. */
export const presentLogs = (
	view: LogsView,
	box: { readonly width: number; readonly height: number; readonly focused: boolean; readonly histogramRows: number },
	pen: Pen,
): PaneRows => {
	const { width, focused } = box;
	const bodyRows = box.height - 1;
	const empty = view.rows.length === 0;
	const words = empty ? view.words : undefined;
	const right = words === undefined ? settings(view) : [];
	// Where all of it does not fit, the less telling words go first.
	const rights = right.map((_, index) => [piece(right.slice(0, right.length - index).join(', '), 'muted')]);
	const title = titleRow('logs', focused, words === undefined ? about(view, pen) : [piece(view.title), piece(view.title === '' ? '' : ' '), piece(view.state, 'strong'), ...searchPieces(view, pen)], rights[0] ?? [], width, pen, rights.slice(1));
	if (words !== undefined) return { title, rows: wordsRows(words, width, bodyRows, pen) };
	const over = box.histogramRows === 0 ? [] : histogramRows(view.histogram, width, box.histogramRows, pen);
	const prefix = logPrefix(width, { timestamps: view.timestamps, merged: view.rows.some((one) => one.source !== undefined) });
	const rows = view.rows.map((one) => logRow(one, width, prefix, pen, focused));
	return { title, rows: filled([...over, ...filled(rows, width, bodyRows - over.length)], width, bodyRows) };
};
