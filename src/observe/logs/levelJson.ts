import type { LevelCode } from './levelCode.ts';
import { levelOfWord } from './levelWord.ts';

/** Keys under which loggers write a level: pino, bunyan, winston, zap, zerolog, ECS, GCP, Serilog, Python. */
const keys = ['level', 'lvl', 'severity', 'levelname', 'log.level', 'loglevel', '@l', 'Level', 'LogLevel', 'LEVEL', 'SeverityText'];
const keyLengths = keys.reduce((bits, key) => bits | (1 << key.length), 0);
/** Further on in a line than this nobody writes a level. */
const limitBytes = 4096;

const isLevelKey = (bytes: Uint8Array, start: number, end: number): boolean => {
	const length = end - start;
	if (length > 31 || (keyLengths & (1 << length)) === 0) return false;
	return keys.some((key) => {
		if (key.length !== length) return false;
		for (let index = 0; index < length; index++) if (bytes[start + index] !== key.charCodeAt(index)) return false;
		return true;
	});
};

/** pino and bunyan count by tens from 10; below 8 it is a syslog severity (RFC 5424), as GELF writes it. */
export const levelOfNumber = (value: number): LevelCode => {
	if (value >= 10) return value >= 60 ? 6 : value >= 50 ? 5 : value >= 40 ? 4 : value >= 30 ? 3 : value >= 20 ? 2 : 1;
	if (value < 0 || value > 7) return 0;
	return value <= 2 ? 6 : value === 3 ? 5 : value === 4 ? 4 : value <= 6 ? 3 : 2;
};

/**
 * Level of a JSON line: the value of a level key of the outermost object. Walks strings and braces only,
 * so a broken line does no harm.
 */
export const jsonLevel = (bytes: Uint8Array, start: number, end: number): LevelCode => {
	const limit = Math.min(end, start + limitBytes);
	let depth = 0;
	let at = start;
	while (at < limit) {
		const byte = bytes[at] ?? 0;
		if (byte === 0x22) {
			const textStart = at + 1;
			let textEnd = textStart;
			while (textEnd < limit && bytes[textEnd] !== 0x22) textEnd += bytes[textEnd] === 0x5c ? 2 : 1;
			at = textEnd + 1;
			if (depth !== 1 || !isLevelKey(bytes, textStart, textEnd)) continue;
			while (at < limit && bytes[at] === 0x20) at++;
			if (bytes[at] !== 0x3a) continue;
			at++;
			while (at < limit && bytes[at] === 0x20) at++;
			return valueLevel(bytes, at, limit);
		}
		if (byte === 0x7b || byte === 0x5b) depth++;
		else if (byte === 0x7d || byte === 0x5d) depth--;
		at++;
	}
	return 0;
};

const valueLevel = (bytes: Uint8Array, start: number, end: number): LevelCode => {
	let at = start;
	if (bytes[at] === 0x22) {
		at++;
		let wordEnd = at;
		while (wordEnd < end && bytes[wordEnd] !== 0x22) wordEnd++;
		return levelOfWord(bytes, at, wordEnd);
	}
	let value = 0;
	let digits = 0;
	while (at < end && (bytes[at] ?? 0) >= 0x30 && (bytes[at] ?? 0) <= 0x39 && digits < 4) {
		value = value * 10 + (bytes[at] ?? 0) - 0x30;
		digits++;
		at++;
	}
	return digits === 0 ? 0 : levelOfNumber(value);
};
