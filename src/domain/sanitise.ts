import { isUtf8 } from 'node:buffer';

/** Columns between tab stops. Four, not eight: stack traces are indented by tabs, and a screen of 80 columns has none to give away. */
const tabWidth = 4;

/**
 * What must not reach a terminal as it is: control characters (C0, DEL, C1), lone surrogates, line and
 * paragraph separators, everything Unicode calls ignorable (bidi overrides, zero-width and filler
 * characters, tags, variation selectors) and interlinear annotations.
 */
const harmful = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/u;

/**
 * One harmful thing at a time: what programs write only to colour their lines, which goes without a trace
 * (SGR, erase in line, the ASCII charset); a hyperlink (group 1 is its address); any harmful character.
 */
const harmfulPiece = new RegExp(
	[
		String.raw`(?:\u001b\[|\u009b)(?:[0-9;:]*m|[0-2]?K)`,
		String.raw`\u001b\(B`,
		String.raw`\u001b\]8;[^;\u0007\u001b]*;([^\u0007\u001b]*)(?:\u0007|\u001b\\)`,
		harmful.source,
	].join('|'),
	'gu',
);

const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

/** How a byte or a control character is shown. */
const escapeByte = (byte: number): string => `\\x${hex(byte, 2)}`;

const escapeCharacter = (character: string): string => {
	const code = character.codePointAt(0) ?? 0;
	if (code === 0x0d) return '\\r';
	if (code === 0x0a) return '\\n';
	if (code <= 0x9f) return escapeByte(code);
	if (code >= 0xd800 && code <= 0xdfff) return '\ufffd';
	return `<U+${hex(code, 4).toUpperCase()}>`;
};

/** Whether a text can go to a terminal as it is. */
export const isHarmless = (text: string): boolean => !harmful.test(text);

/**
 * Makes a line of foreign output harmless for a terminal: it cannot move the cursor, set a title, write
 * the clipboard, hide text or turn its direction. Colours go; a tab becomes blanks; everything else that
 * is not printable becomes visible (`\x1b]52;…`, `\r`, `<U+202E>`). A carriage return at the end is part
 * of the line end and goes. Printable text comes back as it is, and the function is idempotent.
 */
export const sanitiseText = (text: string): string => {
	if (!harmful.test(text)) return text;
	const line = text.endsWith('\r') ? text.slice(0, -1) : text;
	let out = '';
	let from = 0;
	for (const match of line.matchAll(harmfulPiece)) {
		out += line.slice(from, match.index);
		const piece = match[0];
		from = match.index + piece.length;
		const link = match[1];
		if (piece === '\t') out += ' '.repeat(tabWidth - (out.length % tabWidth));
		else if (link !== undefined) out += link === '' ? '' : `<${sanitiseText(link)}>`;
		else if (harmfulAlone.test(piece) && !isEmojiGlue(piece, line, match.index)) out += escapeCharacter(piece);
	}
	return out + line.slice(from);
};

/** Text of several lines, each made harmless for itself. See {@link sanitiseText}. */
export const sanitiseLines = (text: string): string => text.split('\n').map(sanitiseText).join('\n');

const harmfulAlone = /^[^]$/u;
const emojiBefore = /[\p{Emoji}\p{Emoji_Modifier}]$|\ufe0f$/u;

/** Joiners and selectors after an emoji go without a trace: without them it keeps a width that every terminal agrees on. */
const isEmojiGlue = (piece: string, line: string, index: number): boolean =>
	(piece === '\u200d' || piece === '\ufe0e' || piece === '\ufe0f') && emojiBefore.test(line.slice(Math.max(0, index - 2), index));

/** Length of the well-formed UTF-8 sequence at `at`, 0 where there is none (RFC 3629, section 4). */
const sequenceLength = (bytes: Uint8Array, at: number, end: number): number => {
	const first = bytes[at] ?? 0;
	if (first < 0x80) return 1;
	if (first < 0xc2 || first > 0xf4) return 0;
	const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
	if (at + length > end) return 0;
	const second = bytes[at + 1] ?? 0;
	const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
	const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
	if (second < low || second > high) return 0;
	for (let index = 2; index < length; index++) {
		if (((bytes[at + index] ?? 0) & 0xc0) !== 0x80) return 0;
	}
	return length;
};

/** Decodes UTF-8; a byte that is no part of it becomes visible as `\xNN`. */
const decodeBroken = (bytes: Buffer): string => {
	let out = '';
	let from = 0;
	let at = 0;
	while (at < bytes.length) {
		const length = sequenceLength(bytes, at, bytes.length);
		if (length > 0) {
			at += length;
			continue;
		}
		out += bytes.toString('utf8', from, at) + escapeByte(bytes[at] ?? 0);
		at += 1;
		from = at;
	}
	return out + bytes.toString('utf8', from, at);
};

/** `bytes[start, end)` as harmless text. See {@link sanitiseText}; invalid UTF-8 becomes visible as `\xNN`. */
export const decodeLine = (bytes: Uint8Array, start: number, end: number): string => {
	const line = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start);
	let plain = true;
	for (let at = start; at < end; at++) {
		const byte = bytes[at] ?? 0;
		if (byte < 0x20 || byte > 0x7e) {
			plain = false;
			break;
		}
	}
	if (plain) return line.toString('latin1');
	return sanitiseText(isUtf8(line) ? line.toString('utf8') : decodeBroken(line));
};
