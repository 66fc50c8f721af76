import type { Role } from '../../src/console/view.ts';
import { fit, type Pen, type Piece, piece, row, widthOf } from './cells.ts';

/** A framed box that stands over the panes: where, and its rows, each exactly as wide as the box. */
export interface DialogBox {
	readonly left: number;
	readonly top: number;
	readonly width: number;
	readonly rows: readonly string[];
}

/** What stands in the box of a dialog. */
export interface Content {
	readonly title: string;
	readonly lines: readonly (readonly Piece[])[];
	/** Rows drawn selected. */
	readonly selected?: number;
	/** Role of the frame; red for what destroys. */
	readonly frame: Role;
	readonly width: number;
	/** At the right end of the lower frame. */
	readonly foot: string;
}

/** Draws a box around its content, centred. */
export const framed = (content: Content, columns: number, rows: number, pen: Pen): DialogBox => {
	const width = Math.min(content.width, columns - 2);
	const inner = width - 4;
	// A blank cell at each side sets the frame off from what it covers.
	const apart = (text: string): string => ` ${text} `;
	const [topLeft, topRight, bottomLeft, bottomRight] = pen.glyphs.corners;
	const { rule, divider } = pen.glyphs;
	const lines = content.lines.slice(0, rows - 4);
	const title = ` ${fit(content.title, Math.min(widthOf(content.title), width - 6), pen)} `;
	const foot = content.foot === '' ? '' : ` ${content.foot} `;
	const lower = `${rule.repeat(Math.max(0, width - 3 - widthOf(foot)))}${foot}${rule}`;
	const frame: Piece['role'] = content.frame === 'plain' ? 'strong' : [content.frame, 'strong'];
	const body = lines.map((line, index) => {
		const inside = row(line, inner, pen, index === content.selected ? 'selected' : undefined);
		return apart(`${row([piece(`${divider} `, frame)], 2, pen)}${inside}${row([piece(` ${divider}`, frame)], 2, pen)}`);
	});
	return {
		left: Math.floor((columns - width) / 2) - 1,
		top: Math.max(1, Math.floor((rows - body.length - 2) / 2)),
		width: width + 2,
		rows: [
			apart(row([piece(`${topLeft}${rule}`, frame), piece(title, ['strong']), piece(`${rule.repeat(Math.max(0, width - 3 - widthOf(title)))}${topRight}`, frame)], width, pen)),
			...body,
			apart(row([piece(`${bottomLeft}${lower}${bottomRight}`, frame)], width, pen)),
		],
	};
};

/** The first index drawn of a list that scrolls only as far as the selected row needs. */
export const firstOf = (selected: number, room: number, total: number): number => Math.max(0, Math.min(selected - Math.floor(room / 2), total - room));
