import type { MetricsView, SeriesView } from '../../src/console/view.ts';
import { bucketsOf, steady, type Window } from './buckets.ts';
import { fit, type Pen, piece, row, widthOf } from './cells.ts';
import { chartRows, latestPieces, topOf } from './chart.ts';
import { wordsRows } from './paneWords.ts';
import { filled, type PaneRows } from './services.ts';
import { sparkline } from './sparkline.ts';
import { titleRow } from './title.ts';
import { duration } from './words.ts';

const leastChart = 6;
const tallestChart = 14;

/** One series in one row: title, number, sparkline, note. */
const sparkRow = (series: SeriesView, window: Window, shape: { readonly width: number; readonly title: number; readonly note: number }, selected: boolean, pen: Pen): string => {
	const { width, title, note } = shape;
	const number = 11;
	const columns = Math.max(4, Math.min(note === 0 ? width : 60, width - 2 - title - number - 2 - (note === 0 ? 0 : note + 2)));
	const shown = steady(window, columns);
	const line = sparkline(bucketsOf(series.samples, shown.from, shown.to, columns), topOf(series, window), pen.glyphs);
	return row(
		[
			piece(selected ? '>' : ' ', 'strong'),
			piece(fit(series.title, title, pen)),
			piece(' '),
			...latestPieces(series, number, pen),
			piece('  '),
			piece(line, series.stale ? 'muted' : 'plain'),
			piece(note === 0 || series.note === undefined ? '' : `  ${series.note}`, 'muted'),
		],
		width,
		pen,
	);
};

/**
 * How many charts fit, and how tall each is; the other series follow as sparklines, one row each.
 * @param drawable series that have samples at all
 */
const share = (series: number, drawable: number, bodyRows: number): { readonly charts: number; readonly height: number } => {
	let charts = Math.min(drawable, Math.floor(bodyRows / leastChart));
	while (charts > 0 && charts * leastChart + (series - charts) > bodyRows) charts -= 1;
	if (charts === 0) return { charts: 0, height: 0 };
	const most = charts === 1 ? tallestChart * 2 : tallestChart;
	return { charts, height: Math.min(most, Math.floor((bodyRows - (series - charts)) / charts)) };
};

/** Cells for the notes beside the sparklines: whole, cut, or none where too little would be left to read. */
const noteCells = (widest: number, room: number): number => {
	const left = room - 32;
	if (left >= widest) return widest;
	return left >= 12 ? left : 0;
};

/** The chosen series, then those with samples, then those without: nothing can be drawn of them. */
const chartsFirst = (series: readonly SeriesView[], picked: SeriesView | undefined): readonly SeriesView[] => {
	const rank = (one: SeriesView): number => (one.samples.length === 0 ? 2 : one === picked ? 0 : 1);
	return series.toSorted((a, b) => rank(a) - rank(b));
};

/** The metrics pane: sparklines beside the numbers; charts as far as there is room for them. */
export const presentMetrics = (
	view: MetricsView,
	box: { readonly width: number; readonly height: number; readonly focused: boolean; readonly now: number },
	pen: Pen,
): PaneRows => {
	const { width, focused } = box;
	const bodyRows = box.height - 1;
	const stale = view.series.length > 0 && view.series.every((one) => one.stale);
	const { charts, height } = share(view.series.length, view.series.filter((one) => one.samples.length > 0).length, bodyRows);
	const hidden = Math.max(0, view.series.length - charts - Math.max(0, bodyRows - charts * height));
	const right = [
		...(hidden > 0 ? [piece(`${hidden} more, + zooms`, 'muted')] : []),
		...(hidden === 0 && view.source !== '' && width >= 60 ? [piece(view.source, 'muted')] : []),
	];
	const about = [
		piece(width >= 60 ? `${view.title} ` : '', 'plain'),
		piece(`last ${duration(view.windowMs)}`, 'muted'),
		...(stale ? [piece(' '), piece(' stale ', ['p1', 'selected'])] : []),
	];
	const title = titleRow('metrics', focused, about, right, width, pen);
	if (view.words !== undefined && view.series.length === 0) return { title, rows: wordsRows(view.words, width, bodyRows, pen) };
	const window: Window = { from: box.now - view.windowMs, to: box.now };
	const chosen = Math.max(0, Math.min(view.selected, view.series.length - 1));
	const picked = view.series[chosen];
	const marked = (one: SeriesView): boolean => focused && one === picked;
	// Sparklines stand in their own order and scroll to the selected one; charts begin with it where not all fit.
	const ordered = charts === 0 || charts === view.series.length ? view.series : chartsFirst(view.series, picked);
	const rest = ordered.slice(charts);
	const sparkRows = bodyRows - charts * height;
	const first = charts > 0 ? 0 : Math.max(0, Math.min(chosen - sparkRows + 1, rest.length - sparkRows));
	const widestTitle = rest.reduce((most, one) => Math.max(most, widthOf(one.title)), 3);
	const widestNote = rest.reduce((most, one) => Math.max(most, one.note === undefined ? 0 : widthOf(one.note)), 0);
	const titleCells = Math.min(widestTitle, 16);
	const shape = { width, title: titleCells, note: noteCells(widestNote, width - titleCells) };
	const rows = [
		...ordered.slice(0, charts).flatMap((one) => chartRows(one, window, width, height, marked(one), pen)),
		...rest.slice(first, first + sparkRows).map((one) => sparkRow(one, window, shape, marked(one), pen)),
	];
	return { title, rows: filled(rows, width, bodyRows) };
};
