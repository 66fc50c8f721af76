import { levelOfCode } from '../../observe/logs/levelCode.ts';
import { schemaVersion } from '../json.ts';
import { jsonText } from '../jsonText.ts';
import type { LogLineShape } from '../reference/shapes.ts';
import type { LogLine } from './line.ts';

/** The last second that was written: lines come by the hundred thousand within one. */
let second = Number.NaN;
let secondWords = '';

/** RFC 3339 in UTC with nine digits of a second. */
export const nanoTime = (atMs: number, nanos: number): string => {
	const ms = atMs - Math.floor(atMs / 1000) * 1000;
	if (atMs - ms !== second) {
		second = atMs - ms;
		secondWords = new Date(second).toISOString().slice(0, -4);
	}
	return `${secondWords}${String(ms).padStart(3, '0')}${String(nanos).padStart(6, '0')}Z`;
};

/** One line of `logs --json`, without its end. */
export const logLineJson = (line: LogLine): string => {
	const value: LogLineShape = {
		schemaVersion,
		time: nanoTime(line.atMs, line.nanos),
		service: line.source.service,
		container: line.source.container,
		stream: line.stream,
		level: levelOfCode(line.level) ?? null,
		message: Buffer.from(line.bytes.buffer, line.bytes.byteOffset, line.bytes.length).toString('utf8'),
	};
	return jsonText(value);
};
