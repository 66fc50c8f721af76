import stringWidth from 'string-width';
import type { Theme } from '../../src/console/theme.ts';
import type { Role } from '../../src/console/view.ts';
import type { GlyphSet } from './glyphs.ts';

/** What every presenter needs to know of the terminal. */
export interface Pen {
	readonly theme: Theme;
	readonly glyphs: GlyphSet;
}

/** A piece of a row. More roles than one add up, such as `['p0', 'strong']`. */
export interface Piece {
	readonly text: string;
	readonly role: Role | readonly Role[];
}

export const piece = (text: string, role: Piece['role'] = 'plain'): Piece => ({ text, role });

const printableAscii = /^[\u0020-\u007e]*$/;
// Controls, line separators, invisible and direction-changing characters, surrogate halves: nothing of it may reach
// a terminal, and much of it would make a row wider or narrower than it is counted.
const unsafe = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu;
const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Emoji that terminals disagree about (joined, with skin tone or a presentation selector) are reduced to their first character. */
const settle = (cluster: string): string => {
	const first = cluster.codePointAt(0) ?? 0;
	if (cluster.length === (first > 0xffff ? 2 : 1)) return cluster;
	return /\p{Extended_Pictographic}|\p{Emoji_Modifier}|\uFE0F|\u20E3/u.test(cluster) ? String.fromCodePoint(first) : cluster;
};

const cells: (text: string) => number = (text) => (printableAscii.test(text) ? text.length : stringWidth(text));

/** Text as it may stand in a row: one line, no controls; whatever was invisible or unsafe is a `?`. */
export const harmless = (text: string): string => {
	if (printableAscii.test(text)) return text;
	const spaced = text.replaceAll(/[\t\n\r\u2028\u2029]+/g, ' ').replaceAll(/[\u200b-\u200d\ufe00-\ufe0f\ufeff\u00ad]/g, (found) => (found === '\u200d' || found === '\ufe0f' ? found : ''));
	let out = '';
	for (const { segment } of segmenter.segment(spaced)) {
		const settled = settle(segment).replaceAll(unsafe, '?');
		if (cells(settled) > 0) out += settled;
	}
	return out;
};

/** Cells that a text takes once it is harmless. */
export const widthOf = (text: string): number => cells(harmless(text));

/** As many whole characters from the start as fit. The text is harmless already. */
const take = (text: string, width: number): string => {
	if (printableAscii.test(text)) return text.slice(0, width);
	let used = 0;
	let out = '';
	for (const { segment } of segmenter.segment(text)) {
		const size = cells(segment);
		if (used + size > width) break;
		used += size;
		out += segment;
	}
	return out;
};

/** Exactly `width` cells: cut with an ellipsis or filled with spaces, on the side given. */
export const fit = (text: string, width: number, pen: Pen, side: 'left' | 'right' = 'left'): string => {
	if (width <= 0) return '';
	const safe = harmless(text);
	const size = cells(safe);
	if (size > width) {
		const kept = take(safe, width - 1);
		return kept + pen.glyphs.ellipsis + ' '.repeat(width - 1 - cells(kept));
	}
	const space = ' '.repeat(width - size);
	return side === 'left' ? safe + space : space + safe;
};

const codesOf = (role: Piece['role'], theme: Theme, base: Role | undefined): string => {
	const roles = typeof role === 'string' ? [role] : role;
	const codes = (base === undefined ? roles : [base, ...roles]).map((one) => theme.roles[one]).filter((code) => code !== '');
	return codes.join(';');
};

/**
 * One row of exactly `width` cells, as an ANSI string with our SGR codes only.
 * @param base a role under all pieces and the filling, such as `selected`
 */
export const row = (pieces: readonly Piece[], width: number, pen: Pen, base?: Role): string => {
	let left = width;
	let open = '';
	let out = '';
	const put = (text: string, role: Piece['role']): void => {
		const codes = codesOf(role, pen.theme, base);
		if (codes !== open) {
			if (open !== '') out += '\u001b[0m';
			if (codes !== '') out += `\u001b[${codes}m`;
			open = codes;
		}
		out += text;
	};
	for (const [index, part] of pieces.entries()) {
		if (left <= 0) break;
		const safe = harmless(part.text);
		const size = cells(safe);
		const more = pieces.slice(index + 1).some((next) => next.text !== '');
		if (size > left || (size === left && more && size > 0)) {
			const kept = take(safe, left - 1);
			put(kept + pen.glyphs.ellipsis, part.role);
			left -= cells(kept) + 1;
			break;
		}
		if (safe !== '') put(safe, part.role);
		left -= size;
	}
	if (left > 0) put(' '.repeat(left), 'plain');
	if (open !== '') out += '\u001b[0m';
	return out;
};

/** Pieces at the left and at the right of one row; the left ones are cut first, `between` fills the gap. */
export const spread = (left: readonly Piece[], right: readonly Piece[], width: number, pen: Pen, between: Piece = piece(' ')): string => {
	const rightWidth = right.reduce((sum, part) => sum + widthOf(part.text), 0);
	if (rightWidth + 4 > width) return row(left, width, pen);
	const leftWidth = left.reduce((sum, part) => sum + widthOf(part.text), 0);
	const gap = Math.max(0, width - rightWidth - leftWidth);
	if (gap > 0) return row([...left, piece(between.text.repeat(gap), between.role), ...right], width, pen);
	return row(left, width - rightWidth, pen) + row(right, rightWidth, pen);
};
