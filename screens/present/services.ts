import type { ServiceRow, ServicesView } from '../../src/console/view.ts';
import { fit, type Pen, type Piece, piece, row, widthOf } from './cells.ts';
import { severityRole } from './roles.ts';
import { chooseColumns, type Column, columnsWidth } from './serviceColumns.ts';
import { prompt, titleRow } from './title.ts';
import { wordsRows } from './paneWords.ts';

/** What is drawn for a services pane: its title and exactly the rows that fit. */
export interface PaneRows {
	readonly title: string;
	/** Exactly as wide as the pane, exactly as many as fit under the title. */
	readonly rows: readonly string[];
}

type Line = { readonly kind: 'row'; readonly row: ServiceRow; readonly index: number } | { readonly kind: 'heading'; readonly group: string };

const groupsOf = (rows: readonly ServiceRow[]): ReadonlySet<string> => new Set(rows.map((one) => one.group ?? ''));

/**
 * Rows with headings where the group changes. Headings are drawn only where there is more than one group and
 * everything fits with them, so that scrolling counts services alone; rows in trouble stand on top without one.
 */
const serviceLines = (view: ServicesView, bodyRows: number): readonly Line[] => {
	const plain = view.rows.map((one, index): Line => ({ kind: 'row', row: one, index }));
	if (groupsOf(view.rows).size > 1) {
		const grouped: Line[] = [];
		let group: string | undefined;
		for (const [index, one] of view.rows.entries()) {
			if (one.severity === undefined && (one.group ?? '') !== group) {
				// Services of no group come first and need no heading.
				const opens = group === undefined;
				group = one.group ?? '';
				if (!opens || group !== '') grouped.push({ kind: 'heading', group });
			}
			grouped.push({ kind: 'row', row: one, index });
		}
		if (grouped.length <= bodyRows) return grouped;
	}
	return plain.slice(view.offset, view.offset + bodyRows);
};

const nameOf = (one: ServiceRow): string =>
	one.replicas.total > 1 ? `${one.name} ${one.replicas.running}/${one.replicas.total}` : one.name;

const markWidth = 4;

/** Widest name of all rows, so that nothing moves while scrolling; capped so that the reason has room. */
const nameWidth = (rows: readonly ServiceRow[], withGroup: boolean, width: number): number => {
	const cap = width < 100 ? 20 : 34;
	const widest = rows.reduce((most, one) => Math.max(most, widthOf(nameOf(one)) + (withGroup && one.group !== undefined ? widthOf(one.group) + 1 : 0)), 8);
	return Math.min(widest, cap);
};

const namePieces = (one: ServiceRow, width: number, withGroup: boolean, pen: Pen): readonly Piece[] => {
	const name = nameOf(one);
	const short = one.replicas.running < one.replicas.total && one.mark !== '-';
	const role = one.severity !== undefined || short ? 'strong' : 'plain';
	const room = width - widthOf(name) - 1;
	if (!withGroup || one.group === undefined || room < 3) return [piece(fit(name, width, pen), role)];
	return [piece(`${name} `, role), piece(fit(one.group, room, pen), 'muted')];
};

interface Shape {
	readonly width: number;
	readonly name: number;
	readonly withGroup: boolean;
	readonly columns: readonly Column[];
}

/**
 * The first figure that is drawn. Where the first ones are missing (a container that is down has none), the reason
 * takes their room; where the service is in trouble, the whole reason is worth more than any figure.
 */
const figuresFrom = (one: ServiceRow, drawn: readonly { readonly column: Column; readonly text: string | undefined }[], shape: Shape): number => {
	const present = drawn.findIndex((cell) => cell.text !== undefined);
	let from = present === -1 ? drawn.length : present;
	if (one.severity === undefined) return from;
	const room = shape.width - markWidth - shape.name - 1;
	const wanted = widthOf(one.reason);
	while (from < drawn.length && columnsWidth(drawn.slice(from).map((cell) => cell.column)) + wanted > room) from += 1;
	return from;
};

const serviceRow = (one: ServiceRow, selected: boolean, focused: boolean, shape: Shape, pen: Pen): string => {
	const markRole = one.severity !== undefined ? severityRole(one.severity) : one.mark === 'ok' ? 'ok' : one.mark === '?' ? 'strong' : 'muted';
	const drawn = shape.columns.map((column) => ({ column, text: column.text(one) }));
	const kept = drawn.slice(figuresFrom(one, drawn, shape));
	const used = markWidth + shape.name + 1 + columnsWidth(kept.map((cell) => cell.column));
	const reasonRole = one.severity !== undefined || one.mark === '?' ? 'plain' : 'muted';
	const figures = kept.map(({ column, text }): Piece => {
		const shown = text === undefined ? '' : one.figuresStale && column.ages ? `${text}?` : text;
		const role = one.figuresStale ? 'muted' : column.loud(one) ? 'strong' : 'plain';
		return piece(` ${fit(shown, column.width, pen, column.side)}`, role);
	});
	return row(
		[
			piece(selected ? '>' : ' ', 'strong'),
			piece(fit(one.mark, 2, pen), markRole),
			piece(' '),
			...namePieces(one, shape.name, shape.withGroup, pen),
			piece(' '),
			piece(fit(one.reason, shape.width - used, pen), reasonRole),
			...figures,
		],
		shape.width,
		pen,
		selected && focused ? 'selected' : undefined,
	);
};

const headingRow = (group: string, width: number, pen: Pen): string =>
	row([piece(`    ${group === '' ? 'no group' : group}`, ['muted', 'strong'])], width, pen);

const about = (view: ServicesView, visible: number): readonly Piece[] => {
	const shown = view.filter === '' ? `${view.total}` : `${view.rows.length} of ${view.total}`;
	const first = view.offset + 1;
	const last = Math.min(view.offset + visible, view.rows.length);
	return [
		piece(shown),
		...(view.troubled > 0 ? [piece(', '), piece(`${view.troubled} in trouble`, 'strong')] : []),
		...(view.rows.length > visible && visible > 0 ? [piece(`, rows ${first}-${last}`, 'muted')] : []),
		...(view.orderHeld ? [piece(', order held: o sorts', 'muted')] : []),
	];
};

/** The filter as it is typed, or as it holds. */
const filterPieces = (view: ServicesView, pen: Pen): readonly Piece[] => {
	if (view.filtering) return [piece('  '), ...prompt('/', view.filter, pen)];
	return view.filter === '' ? [] : [piece(`  filter /${view.filter}`, 'strong')];
};

/**
 * The services pane.
 * @param notCurrent set where the engine is out of reach: said in the title in reverse, so that nobody takes the rows for the present
 */
export const presentServices = (
	view: ServicesView,
	box: { readonly width: number; readonly height: number; readonly focused: boolean; readonly notCurrent?: string },
	pen: Pen,
): PaneRows => {
	const { width, focused } = box;
	const bodyRows = box.height - 1;
	const words = view.rows.length === 0 ? view.words : undefined;
	const lines = serviceLines(view, bodyRows);
	const headed = lines.some((line) => line.kind === 'heading');
	const withGroup = !headed && groupsOf(view.rows).size > 1 && width >= 90;
	const name = nameWidth(view.rows, withGroup, width);
	const columns = chooseColumns(width - markWidth - name - 1);
	const shape: Shape = { width, name, withGroup, columns };
	const names = view.rows.length === 0 ? [] : columns.map((column) => piece(` ${fit(column.title, column.width, pen, column.side)}`, 'muted'));
	const warning = box.notCurrent === undefined || view.rows.length === 0 ? [] : [piece(` ${box.notCurrent} `, ['p1', 'selected']), piece(' ')];
	const title = titleRow('services', focused, [...warning, ...about(view, bodyRows), ...filterPieces(view, pen)], names, width, pen);
	if (words !== undefined) return { title, rows: wordsRows(words, width, bodyRows, pen) };
	const rows = lines.map((line) =>
		line.kind === 'heading' ? headingRow(line.group, width, pen) : serviceRow(line.row, line.index === view.selected, focused, shape, pen),
	);
	if (rows.length === 0 && view.filter !== '') {
		return { title, rows: wordsRows({ kind: 'empty', text: `No service matches "${view.filter}".`, advice: 'Esc takes the filter away.' }, width, bodyRows, pen) };
	}
	return { title, rows: filled(rows, width, bodyRows) };
};

/** Rows, filled up with blank ones. */
export const filled = (rows: readonly string[], width: number, height: number): readonly string[] =>
	rows.length >= height ? rows.slice(0, height) : [...rows, ...Array.from({ length: height - rows.length }, () => ' '.repeat(width))];
