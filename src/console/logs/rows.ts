import { GraphemeSegmenter } from '../../domain/text/graphemes.ts';
import stringWidth from '../../domain/text/width.ts';
import type { LogEntry, Page } from '../../observe/logs/entry.ts';
import type { Search } from '../../observe/logs/search.ts';
import type { LogRow, Role, Span } from '../view.ts';

/** How entries are turned into screen rows. */
export interface RowOptions {
	/** Cells for the text. */
	readonly columns: number;
	readonly wrap: boolean;
	readonly merged: boolean;
	readonly search: Search | undefined;
}

/** Longest text that is laid out for one row without wrapping, characters: no terminal is wider. */
const longestRow = 2000;

const segmenter = new GraphemeSegmenter('en', { granularity: 'grapheme' });

/** Cuts text into pieces of at most so many cells. */
const cutAt = (text: string, columns: number): readonly string[] => {
	// A printable ASCII character is one cell: most lines need no segmenting.
	if (/^[\u0020-\u007e]*$/.test(text)) {
		const parts: string[] = [];
		for (let start = 0; start < text.length; start += columns) parts.push(text.slice(start, start + columns));
		return parts.length === 0 ? [''] : parts;
	}
	const parts: string[] = [];
	let part = '';
	let width = 0;
	for (const { segment } of segmenter.segment(text)) {
		const cells = stringWidth(segment);
		if (width + cells > columns && part !== '') {
			parts.push(part);
			part = '';
			width = 0;
		}
		part += segment;
		width += cells;
	}
	parts.push(part);
	return parts;
};

/** The texts of an entry's rows: the line (as columns where it was taken apart), then the lines that belong to it. */
const textsOf = (entry: LogEntry): readonly { readonly head: string; readonly rest: string }[] => {
	const { fields } = entry;
	const first =
		fields === undefined
			? { head: entry.text, rest: '' }
			: {
					head: fields.message,
					rest: fields.rest.map(([key, value]) => `${key}=${value === '' || /\s/.test(value) ? JSON.stringify(value) : value}`).join(' '),
				};
	return [first, ...entry.continuation.map((line) => ({ head: line.text, rest: '' }))];
};

/** The pieces of one text that are `[from, to)` of it, with matches marked; `restAt` is where muted fields begin. */
const spansOf = (
	text: string,
	from: number,
	restAt: number,
	base: Role,
	matches: readonly (readonly [number, number])[],
	whole: number,
): readonly Span[] => {
	const edges = new Set([from, whole]);
	const add = (at: number): void => {
		if (at > from && at < whole) edges.add(at);
	};
	add(restAt);
	for (const [start, end] of matches) {
		add(start);
		add(end);
	}
	const sorted = [...edges].sort((a, b) => a - b);
	const spans: Span[] = [];
	for (let index = 0; index + 1 < sorted.length; index++) {
		const start = sorted[index] ?? 0;
		const end = sorted[index + 1] ?? 0;
		const matched = matches.some(([low, high]) => start >= low && end <= high);
		spans.push({ text: text.slice(start, end), role: matched ? 'match' : start >= restAt ? 'muted' : base });
	}
	return spans.length === 0 ? [{ text: '', role: base }] : spans;
};

const baseRole = (entry: LogEntry): Role =>
	entry.level === 'error' || entry.level === 'fatal' ? 'strong' : entry.level === 'debug' || entry.level === 'trace' ? 'muted' : 'plain';

/** All screen rows of an entry. */
export const rowsOf = (entry: LogEntry, options: RowOptions, selected: boolean): readonly LogRow[] => {
	if (entry.kind === 'marker') {
		const spans: readonly Span[] = [{ text: entry.text, role: 'muted' }];
		return [{ key: entry.key, kind: 'marker', spans, count: 1, selected }];
	}
	const rows: LogRow[] = [];
	for (const { head, rest } of textsOf(entry)) {
		const text = rest === '' ? head : head === '' ? rest : `${head}  ${rest}`;
		const matches = options.search?.spans(text) ?? [];
		const restAt = rest === '' ? text.length : text.length - rest.length;
		const pieces = options.wrap ? cutAt(text, options.columns) : [text.slice(0, longestRow)];
		let from = 0;
		for (const cut of pieces) {
			const first = rows.length === 0;
			const spans = spansOf(text, from, restAt, baseRole(entry), matches, from + cut.length);
			rows.push({
				key: `${entry.key}.${rows.length}`,
				kind: first ? 'entry' : 'continuation',
				...(first ? { at: entry.atMs } : {}),
				...(first && entry.level !== undefined ? { level: entry.level } : {}),
				...(options.merged ? { source: entry.source } : {}),
				spans,
				count: first ? entry.foldCount : 1,
				selected: selected && first,
			});
			from += cut.length;
		}
	}
	return rows;
};

/** Screen rows an entry takes, without building them where nothing is wrapped. */
export const costOf = (entry: LogEntry, options: RowOptions): number => {
	if (entry.kind === 'marker') return 1;
	if (!options.wrap) return 1 + entry.continuation.length;
	return rowsOf(entry, options, false).length;
};

/** The screen rows of a page, at most `rows` of them. Following, what does not fit is cut above; paused, the page begins where the person left it. */
export const pageRows = (
	page: Page,
	options: RowOptions,
	at: { readonly rows: number; readonly follow: boolean; readonly selectedKey: string | undefined },
): readonly LogRow[] => {
	const rows = page.entries.flatMap((entry) => rowsOf(entry, options, entry.key === at.selectedKey));
	const from = at.follow ? Math.max(0, rows.length - at.rows) : page.topRow;
	return rows.slice(from, from + at.rows);
};
