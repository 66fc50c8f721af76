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

/** Memory a held line takes beside its bytes, about. */
const overhead = 200;

export const lineSize = (line: LogLine): number => line.bytes.length + overhead;

export const byTime = (a: LogLine, b: LogLine): number => a.atMs - b.atMs || a.nanos - b.nanos;
