import type { Span } from './entry.ts';
import { unsafeFlag, wideFlag } from './lineMeta.ts';
import type { LogRing } from './ring.ts';

/** A compiled search. It matches what is shown, not what is stored. */
export interface Search {
	readonly kind: 'text' | 'regex';
	/** Why it is not what was asked for, in words; absent where it is. */
	readonly note?: string;
	/** Whether a line matches. */
	test(ring: LogRing, seq: number): boolean;
	/** Where a shown text matches, in order, without overlaps. */
	spans(text: string): readonly Span[];
}

/** Characters of a line that a regular expression looks at. */
const regexCharacters = 4096;
/** Spans marked in one line. */
const maxSpans = 200;

const escapeRegex = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, String.raw`\$&`);

const hasUpper = (text: string): boolean => /\p{Lu}/u.test(text);

const spansOf = (regex: RegExp, text: string): readonly Span[] => {
	const spans: Span[] = [];
	regex.lastIndex = 0;
	for (let match = regex.exec(text); match !== null && spans.length < maxSpans; match = regex.exec(text)) {
		if (match[0] === '') regex.lastIndex++;
		else spans.push([match.index, match.index + match[0].length]);
	}
	return spans;
};

/** Finds ASCII text in bytes; `fold` without regard to case. Sunday's quick search: looks at the byte after the window to skip. */
const byteFinder = (text: string, fold: boolean): ((bytes: Uint8Array, start: number, end: number) => boolean) => {
	const needle = Buffer.from(text, 'latin1');
	const length = needle.length;
	const same = new Uint8Array(256);
	for (let byte = 0; byte < 256; byte++) same[byte] = fold && byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte;
	const skip = new Uint32Array(256).fill(length + 1);
	for (let byte = 0; byte < 256; byte++) {
		for (let index = 0; index < length; index++) if (needle[index] === same[byte]) skip[byte] = length - index;
	}
	const last = length - 1;
	const lastByte = needle[last] ?? 0;
	return (bytes, start, end) => {
		const stop = end - length;
		let at = start;
		while (at <= stop) {
			if (same[bytes[at + last] ?? 0] === lastByte) {
				let index = 0;
				while (index < last && same[bytes[at + index] ?? 0] === needle[index]) index++;
				if (index === last) return true;
			}
			if (at === stop) return false;
			at += skip[bytes[at + length] ?? 0] ?? 1;
		}
		return false;
	};
};

/** Text as it stands; without regard to case unless it has a capital letter. */
const textSearch = (text: string, note?: string): Search => {
	const fold = !hasUpper(text);
	const ascii = /^[\u0020-\u007e]*$/.test(text);
	const regex = new RegExp(escapeRegex(text), fold ? 'giu' : 'gu');
	const find = byteFinder(text, fold);
	return {
		kind: 'text',
		...(note === undefined ? {} : { note }),
		test(ring, seq) {
			const meta = ring.metaOf(seq);
			// ASCII text stands in UTF-8 as itself, so lines without control characters are searched where they lie.
			// A capital outside ASCII may fold to an ASCII letter (the Kelvin sign); that much is let go.
			if (ascii && (meta & unsafeFlag) === 0) {
				const start = ring.startOf(seq);
				return find(ring.bytes, start, start + ring.lengthOf(seq));
			}
			if (!ascii && (meta & (wideFlag | unsafeFlag)) === 0) return false;
			regex.lastIndex = 0;
			return regex.test(ring.text(seq));
		},
		spans: (shown) => spansOf(regex, shown),
	};
};

const regexSearch = (source: string, flags: string): Search => {
	const regex = new RegExp(source, flags);
	return {
		kind: 'regex',
		test(ring, seq) {
			regex.lastIndex = 0;
			return regex.test(ring.text(seq, regexCharacters));
		},
		spans: (shown) => spansOf(regex, shown.slice(0, regexCharacters)),
	};
};

/** A regular expression that took too long is searched for as the words between its slashes. */
export const searchWords = (pattern: string, note: string): Search => textSearch(stripSlashes(pattern), note);

const literal = /^\/(.+)\/([iu]*)$/s;

const stripSlashes = (pattern: string): string => literal.exec(pattern)?.[1] ?? pattern;

/**
 * Compiles what a person typed: plain text, or `/regex/` (with `i` and `u` as flags). Capital letters make
 * either mind the case. @returns `undefined` for an empty one; an invalid regex becomes plain text with a note
 */
export const compileSearch = (pattern: string): Search | undefined => {
	if (pattern === '') return undefined;
	const match = literal.exec(pattern);
	if (match === null) return textSearch(pattern);
	const source = match[1] ?? '';
	const given = match[2] ?? '';
	// Classes such as \S and \W are no capitals.
	const fold = given.includes('i') || !hasUpper(source.replaceAll(/\\./g, ''));
	const flags = `g${fold ? 'i' : ''}${given.includes('u') ? 'u' : ''}`;
	try {
		return regexSearch(source, flags);
	} catch (error) {
		const why = error instanceof Error ? error.message.replace(/^Invalid regular expression: /, '') : 'invalid';
		return searchWords(pattern, `not a regular expression (${why}); searched as words`);
	}
};
