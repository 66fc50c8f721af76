import type { LoggedError } from '../../domain/service.ts';
import { parseEntry } from './parse.ts';
import type { RingLines } from './ringLines.ts';

/** So much of a line is looked at, bytes. */
const lookedAt = 2048;

const time = String.raw`\[?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d| UTC)?\]?`;
const level = String.raw`[\[(<]?(?:ERROR|ERR|FATAL|CRITICAL|CRIT|PANIC|ALERT|EMERG|SEVERE)\b[\])>]?`;
/** What loggers write before the message of a plain line: time and level, in either order. */
const preamble = new RegExp(String.raw`^(?:(?:${time}|${level})\s*[:|-]?\s*){1,2}`, 'i');

/** What the newest error in a log says, without time and level; nothing where the log holds none any more. */
export const lastError = (ring: RingLines): LoggedError | undefined => {
	const seq = ring.lastErrorSeq;
	if (seq < ring.first) return undefined;
	const text = ring.text(seq, lookedAt);
	const message = parseEntry(text)?.message ?? '';
	// A message of several lines is written with marks between them: its first one is what it is about.
	const [words = ''] = (message === '' ? text.replace(preamble, '') : message).trim().split(String.raw`\n`, 1);
	return words === '' ? undefined : { at: ring.msOf(seq), words };
};
