import type { LogRing } from './ring.ts';

const digit = 1;
const letter = 4;
const joiner = 8;
const quote = 16;

const classes = new Uint8Array(256);
for (let byte = 0x30; byte <= 0x39; byte++) classes[byte] = digit;
for (let byte = 0x61; byte <= 0x7a; byte++) classes[byte] = letter;
for (let byte = 0x41; byte <= 0x5a; byte++) classes[byte] = letter;
for (let byte = 0x80; byte <= 0xff; byte++) classes[byte] = letter;
classes[0x5f] = letter;
// What stands between the digits of a timestamp, an address, a version or a uuid.
for (const character of '-:.,+') classes[character.charCodeAt(0)] = joiner;
classes[0x22] = quote;
classes[0x27] = quote;

/** Only so much of a line makes its pattern. */
const patternBytes = 512;
const quotedBytes = 128;

const mix = (hash: number, value: number): number => Math.imul(hash ^ value, 0x01000193);

/**
 * Hash of a line's pattern: the line with its changing parts masked. A word with a digit in it is masked (a
 * number, hex, uuid, time, address, request id), and so is a quoted text within talk; a quoted value of a
 * JSON or logfmt line is not, since it may be the message. Masked words joined by `-:.,+` count as one. Two lines of one pattern have one hash. Never 0.
 */
export const templateHash = (bytes: Uint8Array, start: number, end: number): number => {
	const limit = Math.min(end, start + patternBytes);
	let hash = 0x811c9dc5;
	let at = start;
	let masked = false;
	while (at < limit) {
		const byte = bytes[at] ?? 0;
		const kind = classes[byte] ?? 0;
		if ((kind & (digit | letter)) !== 0) {
			let wordEnd = at;
			let seen = 0;
			let word = hash;
			while (wordEnd < limit) {
				const next = bytes[wordEnd] ?? 0;
				const nextKind = classes[next] ?? 0;
				if ((nextKind & (digit | letter)) === 0) break;
				seen |= nextKind;
				word = mix(word, next);
				wordEnd++;
			}
			at = wordEnd;
			if ((seen & digit) !== 0) {
				if (!masked) hash = mix(hash, 0x100);
				masked = true;
			} else {
				hash = word;
				masked = false;
			}
			continue;
		}
		if (masked && (kind & joiner) !== 0) {
			at++;
			continue;
		}
		if ((kind & quote) !== 0) {
			const close = closingQuote(bytes, at, Math.min(limit, at + quotedBytes));
			if (close > 0 && !isValue(bytes, at, start)) {
				hash = mix(hash, 0x101);
				at = close + 1;
				masked = false;
				continue;
			}
		}
		// Several blanks are as one: columns shift with the numbers in them.
		if (byte !== 0x20 || bytes[at - 1] !== 0x20 || at === start) hash = mix(hash, byte);
		masked = false;
		at++;
	}
	return hash === 0 ? 1 : hash >>> 0;
};

/** A key or value of JSON, or a value of logfmt. */
const isValue = (bytes: Uint8Array, at: number, start: number): boolean => bytes[start] === 0x7b || (at > start && bytes[at - 1] === 0x3d);

const closingQuote = (bytes: Uint8Array, open: number, limit: number): number => {
	const kind = bytes[open];
	for (let at = open + 1; at < limit; at++) {
		if (bytes[at] === 0x5c) at++;
		else if (bytes[at] === kind) return at;
	}
	return -1;
};

/** Pattern of an entry: of its head line, how loud it is, and its further lines. */
export const entryTemplate = (ring: LogRing, head: number): number => {
	const start = ring.startOf(head);
	let hash = mix(templateHash(ring.bytes, start, start + ring.lengthOf(head)), ring.levelCodeOf(head));
	const last = ring.lastOf(head);
	for (let seq = head + 1; seq <= last; seq++) {
		if (!ring.follows(seq, head)) continue;
		const at = ring.startOf(seq);
		hash = mix(hash, templateHash(ring.bytes, at, at + ring.lengthOf(seq)));
	}
	return hash === 0 ? 1 : hash >>> 0;
};
