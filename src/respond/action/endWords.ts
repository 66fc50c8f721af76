import { formatDuration } from '../../domain/duration.ts';

const maxWords = 200;

/** Last line with something in it, cut to what fits a row. */
export const lastLine = (text: string): string => {
	const line = text.trimEnd().split(/\r?\n/).at(-1)?.trim() ?? '';
	return line.length > maxWords ? `${line.slice(0, maxWords)}…` : line;
};

export const timedOutWords = (timeoutMs: number): string => `timed out after ${timeoutMs < 1000 ? `${timeoutMs} ms` : formatDuration(timeoutMs)}`;

/** `words: said`, or the words alone where nothing was said. */
export const withSaid = (words: string, said: string): string => (said === '' ? words : `${words}: ${said}`);

/** JSON of a whole text; `undefined` where it is none. */
export const parseJson = (text: string): unknown => {
	const trimmed = text.trim();
	if (trimmed === '') return undefined;
	try {
		return JSON.parse(trimmed);
	} catch {
		return undefined;
	}
};

/** The end of a text, at most so many bytes. */
export const endOf = (text: string, maxBytes: number): string => {
	const bytes = Buffer.from(text);
	return bytes.length <= maxBytes ? text : bytes.subarray(bytes.length - maxBytes).toString('utf8').replace(/^\uFFFD{1,3}/, '');
};

/** Bound of each text in a result, bytes. */
export const maxTextBytes = 64 * 1024;
