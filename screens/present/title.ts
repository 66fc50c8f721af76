import { panes, type Pane } from '../../src/console/panes.ts';
import { type Pen, type Piece, piece, row, widthOf } from './cells.ts';

/** The title line of a pane: its number and name, what it says of itself, a rule, and words at the right end. */
export const titleRow = (
	pane: Pane,
	focused: boolean,
	about: readonly Piece[],
	right: readonly Piece[],
	width: number,
	pen: Pen,
): string => {
	const name = ` ${panes.indexOf(pane) + 1} ${pane.toUpperCase()} `;
	const left: readonly Piece[] = [piece(name, focused ? ['selected', 'strong'] : 'strong'), ...about, piece(about.length === 0 ? '' : ' ')];
	return ruled(left, right, width, pen);
};

/** Pieces at the left, a rule that fills the row, pieces at the right. What does not fit on the right is left out whole. */
const ruled = (left: readonly Piece[], right: readonly Piece[], width: number, pen: Pen): string => {
	const size = (pieces: readonly Piece[]): number => pieces.reduce((sum, part) => sum + widthOf(part.text), 0);
	const leftWidth = size(left);
	const rightWidth = size(right);
	const fits = rightWidth > 0 && leftWidth + rightWidth + 2 <= width;
	const gap = width - leftWidth - (fits ? rightWidth + 1 : 0);
	if (gap <= 0) return row(left, width, pen);
	return row([...left, piece(pen.glyphs.rule.repeat(gap), 'muted'), ...(fits ? [piece(' '), ...right] : [])], width, pen);
};

/** What one types, with the cursor as a reversed cell (`_` where nothing can be reversed). */
export const prompt = (sign: string, text: string, pen: Pen): readonly Piece[] => [
	piece(sign, 'strong'),
	piece(text, 'strong'),
	pen.theme.roles.selected === '' ? piece('_') : piece(' ', 'selected'),
];
