import sliceAnsi from 'slice-ansi';
import stringWidth from '../domain/text/width.ts';

/** Cuts to so many terminal cells, with an ellipsis where something went. */
export const cut = (text: string, width: number): string => {
	if (width <= 0) return '';
	if (stringWidth(text) <= width) return text;
	return width === 1 ? '…' : `${sliceAnsi(text, 0, width - 1)}…`;
};

/** Fills up with blanks to so many cells. */
export const padEnd = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - stringWidth(text)));

export const padStart = (text: string, width: number): string => ' '.repeat(Math.max(0, width - stringWidth(text))) + text;

/** Widest of them, in cells. */
export const widest = (texts: readonly string[]): number => texts.reduce((most, text) => Math.max(most, stringWidth(text)), 0);
