import { decodeLine, sanitiseText } from '../../domain/sanitise.ts';
import { errorCode, warnCode } from '../../observe/logs/level-code.ts';
import type { Style } from '../style.ts';
import { padEnd } from '../text.ts';
import { logLineJson, nanoTime } from './json.ts';
import type { LogLine } from './line.ts';
import type { LogsOptions } from './options.ts';

/** Turns a line into what is written, its end included. */
export type LineFormat = (line: LogLine) => string | Uint8Array;

const newline = Buffer.from('\n');

/** @param labelWidth cells of the widest label, 0 where one container alone is read */
export const lineFormat = (options: Pick<LogsOptions, 'format' | 'timestamps'>, labelWidth: number, style: Style): LineFormat => {
	if (options.format === 'json') return (line) => `${logLineJson(line)}\n`;
	const head = (line: LogLine): string => {
		const time = options.timestamps ? `${nanoTime(line.atMs, line.nanos)} ` : '';
		const label = labelWidth === 0 ? '' : `${padEnd(sanitiseText(line.source.label), labelWidth)}  `;
		return time + label;
	};
	if (options.format === 'raw') {
		return (line) => Buffer.concat([Buffer.from(head(line)), line.bytes, newline]);
	}
	return (line) => {
		const text = decodeLine(line.bytes, 0, line.bytes.length);
		const painted = line.level >= errorCode ? style.mark('P1', text) : line.level === warnCode ? style.mark('P2', text) : text;
		const before = head(line);
		return `${before === '' ? '' : style.muted(before)}${painted}\n`;
	};
};
