import { severityRank } from '../../src/domain/severity.ts';
import type { SeriesView } from '../../src/console/view.ts';
import { bucketsOf, extremes, niceTop, steady, type Window } from './buckets.ts';
import { fit, type Pen, type Piece, piece, row } from './cells.ts';
import { bucketsFor, plot, thresholdRow } from './plot.ts';
import { severityRole } from './roles.ts';
import { clockMinutes, clock, withUnit } from './words.ts';

type Threshold = SeriesView['thresholds'][number];

/** A value without the space before its unit, where it must fit beside the axis. */
const compact = (words: string): string => words.replace(' ', '');

const isBytes = (series: SeriesView): boolean => series.unit === 'bytes' || series.unit === 'bytes/s';

/** Top of the axis: fixed where the series has one, else round and above every value and the lowest threshold near them. */
export const topOf = (series: SeriesView, window: Window): number => {
	const most = extremes(series.samples, window.from, window.to)?.most ?? 0;
	if (series.max !== undefined) return Math.max(series.max, most);
	const near = series.thresholds.map((one) => one.value).filter((value) => value <= most * 4);
	return niceTop(Math.max(most * 1.05, ...near, 0), isBytes(series));
};

/** The worst threshold that the newest value has passed, for the colour of the number. */
const passed = (series: SeriesView): Threshold | undefined => {
	const { latest } = series;
	if (latest === undefined) return undefined;
	return series.thresholds
		.filter((one) => latest > one.value)
		.toSorted((a, b) => severityRank(a.severity) - severityRank(b.severity))[0];
};

/** The newest value in words; `?` behind it where it has gone stale, `no reading` where there is none. */
export const latestPieces = (series: SeriesView, width: number, pen: Pen): readonly Piece[] => {
	if (series.latest === undefined) return [piece(fit('no reading', width, pen, 'right'), 'muted')];
	const words = withUnit(series.latest, series.unit);
	if (series.stale) return [piece(fit(`${words} ?`, width, pen, 'right'), 'muted')];
	const over = passed(series);
	return [piece(fit(words, width, pen, 'right'), over === undefined ? 'plain' : [severityRole(over.severity), 'strong'])];
};

const axisWidth = 10;

const headRow = (series: SeriesView, window: Window, width: number, selected: boolean, pen: Pen): string => {
	const all = extremes(series.samples, window.from, window.to);
	const range = all === undefined ? 'no samples in this window' : `min ${withUnit(all.least, series.unit)}  avg ${withUnit(all.average, series.unit)}  max ${withUnit(all.most, series.unit)}`;
	return row(
		[
			piece(selected ? '>' : ' ', 'strong'),
			piece(`${series.title}  `, 'strong'),
			...(series.latest === undefined ? [] : latestWords(series)),
			piece(series.note === undefined ? '' : ` ${series.note}`),
			piece(`   ${range}`, 'muted'),
			...series.thresholds.map((one) => piece(`   ${one.severity} ${one.title} > ${withUnit(one.value, series.unit)}`, severityRole(one.severity))),
		],
		width,
		pen,
	);
};

const latestWords = (series: SeriesView): readonly Piece[] => {
	const words = withUnit(series.latest ?? 0, series.unit);
	const over = passed(series);
	return [series.stale ? piece(`${words} ? stale`, 'muted') : piece(words, over === undefined ? 'plain' : [severityRole(over.severity), 'strong'])];
};

/** Times along the bottom: start, middle where there is room, end. */
const timeRow = (window: Window, width: number, pen: Pen): string => {
	const label = (at: number): string => (window.to - window.from <= 5 * 60_000 ? clock(at) : clockMinutes(at));
	const first = label(window.from);
	const last = label(window.to);
	const room = width - axisWidth - 1 - first.length - last.length;
	const middle = room > 30 ? label((window.from + window.to) / 2) : '';
	const before = Math.floor((room - middle.length) / 2);
	return row([piece(`${' '.repeat(axisWidth + 1)}${first}${' '.repeat(Math.max(1, before))}${middle}${' '.repeat(Math.max(1, room - middle.length - before))}${last}`, 'muted')], width, pen);
};

/** Words along the axis, by row: top, bottom, and the middle where there is room and the number of its row is another one in words. */
const axisLabels = (series: SeriesView, top: number, rows: number): ReadonlyMap<number, string> => {
	const labels = new Map([[0, withUnit(top, series.unit)], [rows - 1, withUnit(0, series.unit)]]);
	const middle = Math.floor((rows - 1) / 2);
	const words = withUnit(top * (1 - middle / (rows - 1)), series.unit);
	if (rows >= 5 && ![...labels.values()].includes(words)) labels.set(middle, words);
	return labels;
};

/**
 * A chart with its head, y labels, threshold lines and time labels, in exactly `height` rows (at least 4).
 * Values are shown as they are: a gap is left empty.
 */
export const chartRows = (series: SeriesView, window: Window, width: number, height: number, selected: boolean, pen: Pen): readonly string[] => {
	const plotRows = height - 2;
	const columns = width - axisWidth - 1;
	const top = topOf(series, window);
	const across = bucketsFor(columns, pen.glyphs);
	const shown = steady(window, across);
	const buckets = bucketsOf(series.samples, shown.from, shown.to, across);
	const drawn = plot(buckets, top, plotRows, pen.glyphs);
	const lines = new Map(
		series.thresholds
			.toSorted((a, b) => severityRank(b.severity) - severityRank(a.severity))
			.flatMap((one) => {
				const at = thresholdRow(one.value, top, plotRows, pen.glyphs);
				return at === undefined ? [] : [[at, one] as const];
			}),
	);
	const labels = axisLabels(series, top, plotRows);
	const body = drawn.map((cells, index) => {
		const label = labels.get(index) ?? '';
		const threshold = lines.get(index);
		if (threshold === undefined) {
			return row([piece(`${fit(label, axisWidth - 1, pen, 'right')} `, 'muted'), piece(pen.glyphs.axis, 'muted'), piece(cells, series.stale ? 'muted' : 'plain')], width, pen);
		}
		const mark = `${threshold.severity} ${compact(withUnit(threshold.value, series.unit))}`;
		return row([piece(`${fit(mark, axisWidth - 1, pen, 'right')} `, severityRole(threshold.severity)), piece(pen.glyphs.axis, 'muted'), ...withThreshold(cells, threshold, series, pen)], width, pen);
	});
	return [headRow(series, window, width, selected, pen), ...body, timeRow(shown, width, pen)];
};

/** The threshold's line fills the cells that the curve leaves empty. */
const withThreshold = (cells: string, threshold: Threshold, series: SeriesView, pen: Pen): readonly Piece[] => {
	const pieces: Piece[] = [];
	for (const cell of cells) {
		const next = cell === ' ' ? piece(pen.glyphs.threshold, severityRole(threshold.severity)) : piece(cell, series.stale ? 'muted' : 'plain');
		const last = pieces.at(-1);
		if (last !== undefined && last.role === next.role) pieces[pieces.length - 1] = { text: last.text + next.text, role: last.role };
		else pieces.push(next);
	}
	return pieces;
};
