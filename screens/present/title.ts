import { panes, type Pane } from '../../src/console/panes.ts';
import { type Pen, type Piece, piece, row, widthOf } from './cells.ts';

/**
 * The title line of a pane: its number and name, what it says of itself, a rule, and words at the right end.
 * @param shorter what stands at the right end where `right` does not fit, the longest first
 */
export const titleRow = (
	pane: Pane,
	focused: boolean,
	about: readonly Piece[],
	right: readonly Piece[],
	width: number,
	pen: Pen,
	shorter: readonly (readonly Piece[])[] = [],
): string => {
	const name = ` ${panes.indexOf(pane) + 1} ${pane.toUpperCase()} `;
	const left: readonly Piece[] = [piece(name, focused ? ['selected', 'strong'] : 'strong'), ...about, piece(about.length === 0 ? '' : ' ')];
	return ruled(left, [right, ...shorter], width, pen);
};

/** Pieces at the left, a rule that fills the row, and the first of the choices for the right that fits; none where none does. */
const ruled = (left: readonly Piece[], choices: readonly (readonly Piece[])[], width: number, pen: Pen): string => {
	const size = (pieces: readonly Piece[]): number => pieces.reduce((sum, part) => sum + widthOf(part.text), 0);
	const leftWidth = size(left);
	const right = choices.find((each) => size(each) > 0 && leftWidth + size(each) + 2 <= width) ?? [];
	const gap = width - leftWidth - (right.length > 0 ? size(right) + 1 : 0);
	if (gap <= 0) return row(left, width, pen);
	return row([...left, piece(pen.glyphs.rule.repeat(gap), 'muted'), ...(right.length > 0 ? [piece(' '), ...right] : [])], width, pen);
};

/** What one types, with the cursor as a reversed cell (`_` where nothing can be reversed). */
export const prompt = (sign: string, text: string, pen: Pen): readonly Piece[] => [
	piece(sign, 'strong'),
	piece(text, 'strong'),
	pen.theme.roles.selected === '' ? piece('_') : piece(' ', 'selected'),
];
