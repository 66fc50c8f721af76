import type { Theme } from '../../src/console/theme.ts';
import type { Role } from '../../src/console/view.ts';
import { GraphemeSegmenter } from '../../src/domain/text/graphemes.ts';
import { isSimple } from '../../src/domain/text/simple.ts';
import cells from '../../src/domain/text/width.ts';
import type { GlyphSet } from './glyphs.ts';
import { codesOf, Styler } from './sgr.ts';

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

// Controls, line separators, invisible and direction-changing characters, surrogate halves: nothing of it may reach
// a terminal, and much of it would make a row wider or narrower than it is counted.
const unsafe = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu;
// Spaces without width, soft hyphens, and selectors of text style: taken out, as nobody misses them.
const invisible = /\u200b|\u200c|\ufeff|\u00ad|[\ufe00-\ufe0e]/g;
const segmenter = new GraphemeSegmenter('en', { granularity: 'grapheme' });

/** Emoji that terminals disagree about (joined, with skin tone or a presentation selector) are reduced to their first character. */
const settle = (cluster: string): string => {
	const first = cluster.codePointAt(0) ?? 0;
	if (cluster.length === (first > 0xffff ? 2 : 1)) return cluster;
	return /\p{Extended_Pictographic}|\p{Emoji_Modifier}|\uFE0F|\u20E3/u.test(cluster) ? String.fromCodePoint(first) : cluster;
};

/** Whether a text would melt into what stands before it, as a combining mark does. */
const joins = (text: string): boolean => {
	for (const { segment } of segmenter.segment(`a${text}`)) return segment !== 'a';
	return false;
};

/** Text as it may stand in a row: one line, no controls; whatever is unsafe, or joins what stands before the text, is a `?`. */
export const harmless = (text: string): string => {
	if (isSimple(text)) return text;
	const spaced = text.replaceAll(/[\t\n\r\u2028\u2029]+/g, ' ').replaceAll(invisible, '').normalize('NFC');
	let out = '';
	for (const { segment } of segmenter.segment(spaced)) {
		const settled = settle(segment).replaceAll(unsafe, '?');
		if (cells(settled) > 0) out += out === '' && joins(settled) ? `?${withoutFirst(settled)}` : settled;
	}
	return joins(out) ? plainest(out) : out;
};

const withoutFirst = (text: string): string => text.slice((text.codePointAt(0) ?? 0) > 0xffff ? 2 : 1);

// Characters that join their neighbours in ways that depend on both: parts of Hangul syllables, halves of flags.
const depending = /[\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff]|\p{RI}/u;

/** Each character for itself: whatever could join a neighbour is a `?`, so that widths simply add up. */
const plainest = (text: string): string => {
	let out = '';
	for (const character of text) {
		const alone = !depending.test(character) && [...segmenter.segment(`a${character}a`)].length === 3 && cells(character) > 0;
		out += alone ? character : '?';
	}
	return out;
};

/** Cells that a text takes once it is harmless. */
export const widthOf = (text: string): number => cells(harmless(text));

/** As many whole characters from the start as fit. The text is harmless already. */
const take = (text: string, width: number): string => {
	if (isSimple(text)) return text.slice(0, width);
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

/**
 * One row of exactly `width` cells, as an ANSI string with our SGR codes only.
 * @param base a role under all pieces and the filling, such as `selected`
 */
export const row = (pieces: readonly Piece[], width: number, pen: Pen, base?: Role): string => {
	const safe = pieces.map((part): Piece => ({ text: harmless(part.text), role: part.role }));
	if (safe.every((part) => isSimple(part.text))) return painted(safe, width, pen, base);
	// Rare characters join over the borders of pieces, and then the widths do not add up: such a row is drawn plainer.
	const text = safe.map((part) => part.text).join('');
	const sum = safe.reduce((total, part) => total + cells(part.text), 0);
	if (cells(text) === sum) return painted(safe, width, pen, base);
	return painted(safe.map((part) => ({ text: plainest(part.text), role: part.role })), width, pen, base);
};

/** Paints pieces that are harmless and whose widths add up. */
const painted = (pieces: readonly Piece[], width: number, pen: Pen, base: Role | undefined): string => {
	let left = width;
	let out = '';
	const styler = new Styler();
	const put = (text: string, role: Piece['role']): void => {
		out += styler.to(codesOf(role, pen.theme, base)) + text;
	};
	for (const [index, part] of pieces.entries()) {
		if (left <= 0) break;
		const safe = part.text;
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
	return out + styler.to([]);
};
