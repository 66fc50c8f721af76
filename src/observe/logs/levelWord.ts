import type { LevelCode } from './levelCode.ts';

/** Words that name a level in the loggers and servers people run; lower case. */
const words: Readonly<Record<string, LevelCode>> = {
	trace: 1, trc: 1, trce: 1, verbose: 1, finest: 1, silly: 1, vrb: 1,
	debug: 2, dbg: 2, dbug: 2, fine: 2, finer: 2,
	info: 3, inf: 3, information: 3, informational: 3, notice: 3, note: 3, log: 3,
	warn: 4, wrn: 4, warning: 4,
	error: 5, err: 5, eror: 5, fail: 5, severe: 5,
	fatal: 6, ftl: 6, crit: 6, critical: 6, panic: 6, emerg: 6, emergency: 6, alert: 6, dpanic: 6,
};

/** `length << 16 | folded first byte << 8 | folded last byte`: tells nearly all other words apart before the map is asked. */
const signature = (length: number, first: number, last: number): number => (length << 16) | (first << 8) | last;

const bySignature = new Map<number, readonly (readonly [string, LevelCode])[]>();
for (const [word, code] of Object.entries(words)) {
	const key = signature(word.length, word.charCodeAt(0), word.charCodeAt(word.length - 1));
	bySignature.set(key, [...(bySignature.get(key) ?? []), [word, code]]);
}

/** Lengths that occur, as a bit set, so that most words fall out at once. */
const lengths = Object.keys(words).reduce((bits, word) => bits | (1 << word.length), 0);
/** First letters that occur, as a bit set. */
const firsts = Object.keys(words).reduce((bits, word) => bits | (1 << (word.charCodeAt(0) & 31)), 0);

/** Level that `bytes[start, end)`, a word of letters, names in any case; 0 where it names none. */
export const levelOfWord = (bytes: Uint8Array, start: number, end: number): LevelCode => {
	const length = end - start;
	if (length > 31 || (lengths & (1 << length)) === 0) return 0;
	const first = (bytes[start] ?? 0) | 0x20;
	if ((firsts & (1 << (first & 31))) === 0) return 0;
	const candidates = bySignature.get(signature(length, first, (bytes[end - 1] ?? 0) | 0x20));
	if (candidates === undefined) return 0;
	for (const [word, code] of candidates) {
		let same = true;
		for (let index = 1; index < length && same; index++) same = ((bytes[start + index] ?? 0) | 0x20) === word.charCodeAt(index);
		if (same) return code;
	}
	return 0;
};
