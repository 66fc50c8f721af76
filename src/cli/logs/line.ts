import type { LogStream } from '../../domain/log.ts';

/** A container whose log is read. */
export interface LogSource {
	readonly containerId: string;
	readonly container: string;
	readonly service: string;
	/** Stands in front of its lines where there are several. */
	readonly label: string;
}

/** One line that passed the filter, with bytes of its own. */
export interface LogLine {
	readonly source: LogSource;
	/** Epoch ms by the engine's clock. */
	readonly atMs: number;
	/** Within that millisecond. */
	readonly nanos: number;
	readonly stream: LogStream;
	/** 0 where the line says none; see `LevelCode`. */
	readonly level: number;
	readonly bytes: Uint8Array;
}

/**
 * Takes lines that passed the filter, without copying: `bytes[start, end)` is valid during the call only. Hundreds of
 * thousands come in a second, so that an object a line would cost more than all else.
 */
export interface LineTaker {
	line(source: LogSource, bytes: Uint8Array, start: number, end: number, atMs: number, nanos: number, stream: LogStream, level: number): void;
	/** What came in one read of the stream has been handed over. */
	flush(): void;
}

/** A line that outlives the call. The bytes are copied: `slice` of a Buffer would share them. */
export const keepLine = (source: LogSource, bytes: Uint8Array, start: number, end: number, atMs: number, nanos: number, stream: LogStream, level: number): LogLine => ({
	source,
	atMs,
	nanos,
	stream,
	level,
	bytes: new Uint8Array(bytes.subarray(start, end)),
});

/** Memory a held line takes beside its bytes, about. */
const overhead = 200;

export const lineSize = (line: LogLine): number => line.bytes.length + overhead;

export const byTime = (a: LogLine, b: LogLine): number => a.atMs - b.atMs || a.nanos - b.nanos;
