import { decodeLine, sanitiseText } from '../../domain/sanitise.ts';
import { errorCode, warnCode } from '../../observe/logs/levelCode.ts';
import { plain, type Style } from '../style.ts';
import { padEnd } from '../text.ts';
import { logLineJson, nanoTime } from './json.ts';
import type { LogLine } from './line.ts';
import type { LogsOptions } from './options.ts';

/** How a line is written. */
export interface LineFormat {
	/** Set where a line is written alone, with nothing before it and no colour: made harmless (`text`), or as it is (`raw`). */
	readonly bare?: 'text' | 'raw';
	/** The line as it is written, its end included. */
	render(line: LogLine): string | Uint8Array;
}

type FormatOptions = Pick<LogsOptions, 'format' | 'timestamps'>;

const newline = Buffer.from('\n');

/** Whether the level of each line must be known: to paint it, or to tell it. */
export const showsLevels = (options: FormatOptions, style: Style): boolean => options.format === 'json' || (options.format === 'text' && style !== plain);

/** @param labelWidth cells of the widest label, 0 where one container alone is read */
export const lineFormat = (options: FormatOptions, labelWidth: number, style: Style): LineFormat => {
	if (options.format === 'json') return { render: (line) => `${logLineJson(line)}\n` };
	const alone = labelWidth === 0 && !options.timestamps;
	const head = (line: LogLine): string => {
		const time = options.timestamps ? `${nanoTime(line.atMs, line.nanos)} ` : '';
		const label = labelWidth === 0 ? '' : `${padEnd(sanitiseText(line.source.label), labelWidth)}  `;
		return time + label;
	};
	if (options.format === 'raw') {
		return { ...(alone ? { bare: 'raw' } : {}), render: (line) => Buffer.concat([Buffer.from(head(line)), line.bytes, newline]) };
	}
	return {
		...(alone && style === plain ? { bare: 'text' } : {}),
		render: (line) => {
			const text = decodeLine(line.bytes, 0, line.bytes.length);
			const painted = line.level >= errorCode ? style.mark('P1', text) : line.level === warnCode ? style.mark('P2', text) : text;
			const before = head(line);
			return `${before === '' ? '' : style.muted(before)}${painted}\n`;
		},
	};
};
