import type { LevelCode } from './levelCode.ts';
import { jsonLevel } from './levelJson.ts';
import { levelOfWord } from './levelWord.ts';

/** A level word stands within so many bytes of the start of a line; further on it is talk. */
const prefixBytes = 96;
/** `level=` of logfmt is looked for so far. */
const logfmtBytes = 1024;

const startsWith = (bytes: Uint8Array, at: number, end: number, word: string): boolean => {
	if (at + word.length > end) return false;
	for (let index = 0; index < word.length; index++) {
		if (bytes[at + index] !== word.charCodeAt(index)) return false;
	}
	return true;
};

/** After so many words a line has begun to talk, and what looks like a level is none. */
const talkWords = 4;

const letter = 1;
const escape = 2;
/** What each byte is, looked up: the scan runs for every byte of every line. */
const classes = new Uint8Array(256);
for (let byte = 0x41; byte <= 0x5a; byte++) {
	classes[byte] = letter;
	classes[byte + 0x20] = letter;
}
classes[0x1b] = escape;

const isLetter = (byte: number): boolean => classes[byte] === letter;
const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;
const isUpper = (byte: number): boolean => byte >= 0x41 && byte <= 0x5a;

/** First words that are a level by themselves: how runtimes begin a crash. */
const crashLevel = (bytes: Uint8Array, at: number, end: number): LevelCode => {
	switch (bytes[at] ?? 0) {
		case 0x54: // T
			return startsWith(bytes, at, end, 'Traceback (most recent call last)') ? 5 : 0;
		case 0x70: // p
			return startsWith(bytes, at, end, 'panic: ') ? 6 : 0;
		case 0x66: // f
			return startsWith(bytes, at, end, 'fatal error: ') ? 6 : 0;
		case 0x74: // t
			return startsWith(bytes, at, end, "thread '") && includes(bytes, at, Math.min(end, at + 80), 'panicked at') ? 6 : 0;
		case 0x45: // E
			return startsWith(bytes, at, end, 'Exception in thread') ? 5 : 0;
		case 0x55: // U
			return startsWith(bytes, at, end, 'Unhandled exception') || startsWith(bytes, at, end, 'Uncaught ') ? 5 : 0;
		case 0x53: // S
			return startsWith(bytes, at, end, 'Segmentation fault') ? 6 : 0;
		case 0x6e: // n
			return startsWith(bytes, at, end, 'npm ERR!') ? 5 : 0;
		default:
			return 0;
	}
};

const includes = (bytes: Uint8Array, from: number, end: number, word: string): boolean => {
	for (let at = from; at + word.length <= end; at++) if (startsWith(bytes, at, end, word)) return true;
	return false;
};

/** klog: `E1121 03:14:07.000000 …`. */
const klogLevel = (bytes: Uint8Array, at: number, end: number): LevelCode => {
	if (at + 5 >= end || bytes[at + 5] !== 0x20) return 0;
	for (let index = 1; index < 5; index++) if (!isDigit(bytes[at + index] ?? 0)) return 0;
	switch (bytes[at] ?? 0) {
		case 0x49:
			return 3;
		case 0x57:
			return 4;
		case 0x45:
			return 5;
		case 0x46:
			return 6;
		default:
			return 0;
	}
};

/** `TypeError: …`, `java.lang.IllegalStateException: …` at the start of a line. `wordEnd` is the end of its first word. */
export const isExceptionName = (bytes: Uint8Array, wordEnd: number): boolean =>
	(bytes[wordEnd - 1] === 0x72 && startsWith(bytes, wordEnd - 5, wordEnd, 'Error')) ||
	(bytes[wordEnd - 1] === 0x6e && startsWith(bytes, wordEnd - 9, wordEnd, 'Exception'));

/**
 * Level of a raw line, found on its bytes without decoding or parsing it: a JSON or logfmt level, a level
 * word near the start (`[ERROR]`, `ERROR:`, `| WARN |`, `E1121 …`), or how a runtime begins a crash.
 * That a line came on stderr says nothing. @returns 0 where the line says none
 */
export const levelOfBytes = (bytes: Uint8Array, start: number, end: number): LevelCode => {
	let at = start;
	while (at < end && bytes[at] === 0x20) at++;
	if (at >= end) return 0;
	const first = bytes[at] ?? 0;
	if (first === 0x7b) return jsonLevel(bytes, at, end);
	const firstAt = at;
	if ((classes[first] ?? 0) === letter) {
		const crash = crashLevel(bytes, at, end);
		if (crash !== 0) return crash;
		const klog = klogLevel(bytes, at, end);
		if (klog !== 0) return klog;
	}
	const limit = Math.min(end, start + prefixBytes);
	let words = 0;
	while (at < limit && words < talkWords) {
		const kind = classes[bytes[at] ?? 0];
		if (kind !== letter) {
			at = kind === escape ? afterColour(bytes, at, end) : at + 1;
			continue;
		}
		let wordEnd = at + 1;
		while (wordEnd < end && classes[bytes[wordEnd] ?? 0] === letter) wordEnd++;
		const after = wordEnd < end ? (bytes[wordEnd] ?? 0) : 0x20;
		const length = wordEnd - at;
		if (after === 0x3d && isLevelKey(bytes, at, wordEnd)) return valueLevel(bytes, wordEnd + 1, end);
		if (length >= 3 && length <= 13 && standsAsLevel(bytes, at, wordEnd, start, after, words)) {
			const code = levelOfWord(bytes, at, wordEnd);
			if (code !== 0) return code;
		}
		if (at === firstAt && (after === 0x3a || after === 0x2e || wordEnd === end)) {
			const nameEnd = endOfDottedName(bytes, at, end);
			if ((nameEnd === end || bytes[nameEnd] === 0x3a) && isExceptionName(bytes, nameEnd)) return 5;
		}
		// Parts of a timestamp (T, Z, UTC, Nov) are no talk.
		if (length > 3) words++;
		at = wordEnd;
	}
	return logfmtLevel(bytes, at, Math.min(end, start + logfmtBytes));
};

const endOfDottedName = (bytes: Uint8Array, from: number, end: number): number => {
	let at = from;
	const limit = Math.min(end, from + 160);
	while (at < limit) {
		const byte = bytes[at] ?? 0;
		if (!isLetter(byte) && !isDigit(byte) && byte !== 0x2e && byte !== 0x5f && byte !== 0x24) break;
		at++;
	}
	return at;
};

/** Index after a colour sequence, or after the lone ESC. */
const afterColour = (bytes: Uint8Array, at: number, end: number): number => {
	if (bytes[at + 1] !== 0x5b) return at + 1;
	let index = at + 2;
	while (index < end && (bytes[index] ?? 0) >= 0x20 && (bytes[index] ?? 0) < 0x40) index++;
	return index + 1;
};

/** Whether a word that names a level is one where it stands: written large, in brackets, or first and before a colon. */
const standsAsLevel = (bytes: Uint8Array, at: number, wordEnd: number, start: number, after: number, words: number): boolean => {
	const before = at === start ? 0x20 : (bytes[at - 1] ?? 0x20);
	if (isUpper(bytes[at] ?? 0) && isUpper(bytes[wordEnd - 1] ?? 0)) {
		return !isNamePart(before) && !isNamePart(after) && after !== 0x3d;
	}
	if ((before === 0x5b && after === 0x5d) || (before === 0x3c && after === 0x3e)) return true;
	if (before === 0x7c || (before === 0x20 && bytes[at - 2] === 0x7c)) return after === 0x7c || after === 0x20;
	if (after === 0x5d && before === 0x20) return words === 0;
	return words === 0 && (after === 0x3a || after === 0x1b || after === 0x09);
};

/** Digits, `_`, `-`, `.`, `/`, quotes: then the word is part of a name. */
const isNamePart = (byte: number): boolean =>
	isDigit(byte) || byte === 0x5f || byte === 0x2e || byte === 0x2f || byte === 0x22 || byte === 0x27 || byte === 0x2d;

/** `level`, `lvl`, `severity`, `loglevel`. */
const isLevelKey = (bytes: Uint8Array, at: number, end: number): boolean =>
	startsWith(bytes, end - 5, end, 'level')
		? end - at === 5 || (end - at === 8 && startsWith(bytes, at, end, 'log'))
		: (end - at === 3 && startsWith(bytes, at, end, 'lvl')) || (end - at === 8 && startsWith(bytes, at, end, 'severity'));

const valueLevel = (bytes: Uint8Array, from: number, end: number): LevelCode => {
	const at = bytes[from] === 0x22 ? from + 1 : from;
	let wordEnd = at;
	while (wordEnd < end && isLetter(bytes[wordEnd] ?? 0)) wordEnd++;
	return levelOfWord(bytes, at, wordEnd);
};

const logfmtLevel = (bytes: Uint8Array, from: number, end: number): LevelCode => {
	for (let at = from; at < end; at++) {
		if (bytes[at] !== 0x3d || (bytes[at - 1] !== 0x6c && bytes[at - 1] !== 0x79)) continue;
		let keyStart = at;
		while (keyStart > 0 && isLetter(bytes[keyStart - 1] ?? 0)) keyStart--;
		if (isLevelKey(bytes, keyStart, at)) return valueLevel(bytes, at + 1, end);
	}
	return 0;
};
