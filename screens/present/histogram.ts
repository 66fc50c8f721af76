import { histogramLabels } from '../../src/console/layout.ts';
import type { LogsView } from '../../src/console/view.ts';
import { type Pen, type Piece, piece, row } from './cells.ts';
import { clockMinutes, count } from './words.ts';

type Slot = LogsView['histogram'][number];

const joined = (slots: readonly Slot[], columns: number): readonly Slot[] => {
	if (slots.length <= columns) return slots;
	const per = Math.ceil(slots.length / columns);
	const out: Slot[] = [];
	for (let start = 0; start < slots.length; start += per) {
		const part = slots.slice(start, start + per);
		const sum = (pick: (slot: Slot) => number): number => part.reduce((total, slot) => total + pick(slot), 0);
		out.push({ at: part[0]?.at ?? 0, lines: sum((slot) => slot.lines), errors: sum((slot) => slot.errors), warnings: sum((slot) => slot.warnings) });
	}
	return out;
};

/** One cell of a bar: the part of the level that falls into this row, counted from the bottom. */
const barCell = (slot: Slot, most: number, rowFromBottom: number, rows: number, pen: Pen): string => {
	const { levels } = pen.glyphs;
	if (slot.lines === 0) return ' ';
	const eighths = Math.max(1, Math.ceil((slot.lines / most) * rows * levels.length));
	const here = eighths - rowFromBottom * levels.length;
	return here <= 0 ? ' ' : (levels[Math.min(levels.length, here) - 1] ?? ' ');
};

/** Neighbours of one role become one piece. */
const merged = (cells: readonly Piece[]): readonly Piece[] => {
	const out: Piece[] = [];
	for (const cell of cells) {
		const last = out.at(-1);
		if (last !== undefined && last.role === cell.role) out[out.length - 1] = { text: last.text + cell.text, role: last.role };
		else out.push(cell);
	}
	return out;
};

/** Lines over time as bars, the newest at the right; bars with errors carry the hue of an error, those with warnings of a warning. */
export const histogramRows = (histogram: readonly Slot[], width: number, rows: number, pen: Pen): readonly string[] => {
	const first = histogram[0];
	const last = histogram.at(-1);
	if (first === undefined || last === undefined) return Array.from({ length: rows }, () => row([piece(' no lines over time yet', 'muted')], width, pen));
	const left = ` ${clockMinutes(first.at)} `;
	const slots = joined(histogram, Math.max(1, width - histogramLabels));
	const most = slots.reduce((top, slot) => Math.max(top, slot.lines), 1);
	const right = ` ${clockMinutes(last.at)}  most ${count(most)}`;
	const room = Math.max(0, width - left.length - right.length - slots.length);
	return Array.from({ length: rows }, (_, index) => {
		const fromBottom = rows - 1 - index;
		const bars = slots.map((slot): Piece => piece(barCell(slot, most, fromBottom, rows, pen), slot.errors > 0 ? 'p0' : slot.warnings > 0 ? 'p2' : 'muted'));
		const lowest = fromBottom === 0;
		return row([piece(lowest ? left : ' '.repeat(left.length), 'muted'), ...merged(bars), piece(lowest ? right : '', 'muted'), piece(' '.repeat(room))], width, pen);
	});
};
