import type { LogLevel } from '../../domain/log.ts';
import { sanitiseText } from '../../domain/sanitise.ts';
import type { ParsedFields } from './entry.ts';
import { levelOfCode } from './levelCode.ts';
import { levelOfNumber } from './levelJson.ts';
import { levelOfWord } from './levelWord.ts';
import { parseLogfmt } from './logfmt.ts';

/** Keys under which loggers write these, the commonest first: pino, bunyan, winston, zap, zerolog, logrus, slog, ECS, GCP, Serilog, Python. */
const messageKeys = ['msg', 'message', 'Message', 'event', '@m', '@mt', 'short_message', 'log', 'text', 'body', 'Body', 'textPayload'];
const levelKeys = ['level', 'lvl', 'severity', 'levelname', 'log.level', 'loglevel', '@l', 'Level', 'LogLevel', 'LEVEL', 'SeverityText'];
const timeKeys = ['time', 'ts', 't', 'timestamp', '@timestamp', '@t', 'datetime', 'date', 'asctime', 'Timestamp', 'timeMillis'];

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

const plainText = (value: unknown): string => {
	if (typeof value === 'string') return sanitiseText(value);
	if (typeof value === 'number' || typeof value === 'boolean' || value === null) return String(value);
	return sanitiseText(JSON.stringify(value) ?? '');
};

const flatten = (record: Readonly<Record<string, unknown>>): readonly (readonly [string, unknown])[] =>
	Object.entries(record).flatMap(([key, value]): readonly (readonly [string, unknown])[] =>
		isRecord(value) && Object.keys(value).length > 0
			? Object.entries(value).map(([inner, deep]): readonly [string, unknown] => [`${key}.${inner}`, deep])
			: [[key, value]],
	);

/** Level from a logger's word (any case) or number. */
export const levelOfValue = (value: unknown): LogLevel | undefined => {
	if (typeof value === 'number') return levelOfCode(levelOfNumber(value));
	if (typeof value !== 'string') return undefined;
	if (/^\d{1,3}$/.test(value)) return levelOfCode(levelOfNumber(Number(value)));
	const bytes = Buffer.from(value, 'latin1');
	return levelOfCode(levelOfWord(bytes, 0, bytes.length));
};

const shape = (format: 'json' | 'logfmt', pairs: readonly (readonly [string, unknown])[]): ParsedFields => {
	const byKey = new Map(pairs);
	const messageKey = messageKeys.find((key) => typeof byKey.get(key) === 'string');
	const levelKey = levelKeys.find((key) => levelOfValue(byKey.get(key)) !== undefined);
	const timeKey = timeKeys.find((key) => typeof byKey.get(key) === 'string' || typeof byKey.get(key) === 'number');
	const level = levelKey === undefined ? undefined : levelOfValue(byKey.get(levelKey));
	return {
		format,
		message: messageKey === undefined ? '' : plainText(byKey.get(messageKey)),
		...(level === undefined ? {} : { level }),
		...(timeKey === undefined ? {} : { time: plainText(byKey.get(timeKey)) }),
		rest: pairs
			.filter(([key]) => key !== messageKey && key !== levelKey && key !== timeKey)
			.map(([key, value]): readonly [string, string] => [sanitiseText(key), plainText(value)]),
	};
};

/**
 * Takes a line apart: a JSON object, or logfmt (at least two `key=value` pairs, and nothing but pairs and bare keys).
 * @returns `undefined` for plain text and for what only looks like JSON
 */
export const parseEntry = (text: string): ParsedFields | undefined => {
	const trimmed = text.trim();
	if (trimmed.startsWith('{')) {
		try {
			const value: unknown = JSON.parse(trimmed);
			return isRecord(value) ? shape('json', flatten(value)) : undefined;
		} catch {
			return undefined;
		}
	}
	const pairs = parseLogfmt(trimmed);
	return pairs === undefined ? undefined : shape('logfmt', pairs);
};
