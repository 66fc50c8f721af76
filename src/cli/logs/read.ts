import type { Engine } from '../../domain/engine.ts';
import type { LogEnd, LogRequest, LogSink } from '../../domain/log.ts';
import { LineFilter } from './filter.ts';
import type { LineTaker, LogSource } from './line.ts';
import { engineTime, type LogsOptions } from './options.ts';

/** Where a log was left, so that it can be taken up again without repeating a line. */
export interface Position {
	atMs: number;
	nanos: number;
}

export interface ReadRequest {
	readonly engine: Engine;
	readonly options: LogsOptions;
	/** Whether the level of each line must be known. */
	readonly levels: boolean;
	readonly signal: AbortSignal;
	readonly taker: LineTaker;
}

/** Reads one container's log through its filter. @param after only lines newer than this; the engine's bounds are inclusive */
export const readSource = (
	{ engine, options, levels, signal, taker }: ReadRequest,
	source: LogSource,
	after?: Position,
): { readonly end: Promise<LogEnd>; readonly position: Position } => {
	const filter = new LineFilter(options, levels);
	const position: Position = after === undefined ? { atMs: -1, nanos: -1 } : { ...after };
	const sink: LogSink = {
		line: (bytes, start, end, atMs, nanos, stream) => {
			if (after !== undefined && (atMs < after.atMs || (atMs === after.atMs && nanos <= after.nanos))) return;
			position.atMs = atMs;
			position.nanos = nanos;
			if (filter.passes(bytes, start, end, atMs, stream)) taker.line(source, bytes, start, end, atMs, nanos, stream, filter.level);
		},
		flush: () => taker.flush(),
	};
	const since = after !== undefined && after.atMs >= 0 ? engineTime(after.atMs, after.nanos) : options.since === undefined ? undefined : engineTime(options.since);
	const request: LogRequest = {
		follow: options.follow,
		...(options.tail === undefined || after !== undefined ? {} : { tail: options.tail }),
		...(since === undefined ? {} : { since }),
		...(options.until === undefined ? {} : { until: engineTime(options.until) }),
		signal,
	};
	return { end: engine.logs(source.containerId, request, sink), position };
};
