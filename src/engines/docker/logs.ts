import { EngineError } from '../../domain/engine.ts';
import type { LogEnd, LogRequest, LogSink } from '../../domain/log.ts';
import type { Connection } from './connection.ts';
import { engineWords } from './errors.ts';
import { createFramedDecoder, type LogDecoder } from './logDecoder.ts';
import { fields, text } from './narrow.ts';
import { atLeast } from './negotiate.ts';
import { withoutRepeats } from './repeats.ts';
import { createTtyDecoder } from './ttyDecoder.ts';

/** A `since` makes the engine scan the whole file before its first answer: 1.5 s for a million lines. */
const headerTimeoutMs = 60_000;

interface Facts {
	readonly tty: boolean;
	readonly driver: string;
	readonly running: boolean;
	/** Being removed, though it can still be asked about. */
	readonly leaving: boolean;
	readonly startedAt: string;
}

/** The log ends a little before the engine knows that the container has: it is asked so often, so far apart. */
const endChecks = 6;
const endCheckMs = 250;

/** Follows or reads one container's log. Contract: see `Engine.logs`. */
export async function readLogs(connection: Connection, id: string, request: LogRequest, sink: LogSink): Promise<LogEnd> {
	if (request.signal.aborted) {
		return { kind: 'ended' };
	}
	try {
		const facts = await containerFacts(connection, id, request.signal);
		if (facts === undefined) {
			return { kind: 'gone' };
		}
		const { version } = await connection.negotiated();
		const bounded = request.until === undefined || atLeast(version, '1.35') ? sink : until(sink, request.until);
		const complaint = await pump(connection, id, request, facts.tty, request.follow ? withoutRepeats(bounded) : bounded);
		return request.signal.aborted ? { kind: 'ended' } : await whyEnded(connection, id, request, facts, complaint);
	} catch (error) {
		if (request.signal.aborted) {
			return { kind: 'ended' };
		}
		return refusal(connection, id, error);
	}
}

/** Reads and decodes until the stream is over. Returns what the engine itself complained of within it. */
async function pump(connection: Connection, id: string, request: LogRequest, tty: boolean, sink: LogSink): Promise<string | undefined> {
	let complaint: string | undefined;
	const decoder: LogDecoder = tty
		? createTtyDecoder(sink)
		: createFramedDecoder(sink, (words) => {
				complaint = words;
			});
	await connection.flow(
		{
			method: 'GET',
			path: `/containers/${encodeURIComponent(id)}/logs`,
			query: {
				stdout: 1,
				stderr: 1,
				timestamps: 1,
				follow: request.follow ? 1 : 0,
				...(request.tail === undefined ? {} : { tail: request.tail }),
				...(request.since === undefined ? {} : { since: request.since }),
				...(request.until === undefined ? {} : { until: request.until }),
			},
			what: `logs of ${id.slice(0, 12)}`,
		},
		{ take: (bytes, start, end) => decoder.push(bytes, start, end), flush: () => sink.flush?.() },
		request.signal,
		headerTimeoutMs,
	);
	if (!request.signal.aborted) {
		decoder.end();
		sink.flush?.();
	}
	return complaint;
}

/**
 * A follower's stream ends when its container ends, and just the same when the engine shuts down: only
 * asking again tells them apart.
 */
async function whyEnded(connection: Connection, id: string, request: LogRequest, before: Facts, complaint: string | undefined): Promise<LogEnd> {
	if (!request.follow && complaint === undefined) {
		return { kind: 'ended' };
	}
	for (let check = 1; ; check++) {
		const facts = await containerFacts(connection, id, request.signal);
		if (facts === undefined || facts.leaving) {
			return { kind: 'gone' };
		}
		if (complaint !== undefined) {
			throw new EngineError('engine', `logs of ${id.slice(0, 12)}: ${complaint}`, {
				advice: 'The engine could not read its own log file; it may have been truncated or rotated by something else.',
			});
		}
		if (!facts.running || facts.startedAt !== before.startedAt || request.until !== undefined) {
			return { kind: 'ended' };
		}
		if (check === endChecks) {
			throw new EngineError('unreachable', `${connection.target.address}: the log stream of ${id.slice(0, 12)} ended while its container runs on`, {
				advice: 'Open it again from the last line that came.',
			});
		}
		await new Promise<void>((resolve) => connection.ports.clock.after(endCheckMs, resolve));
	}
}

async function refusal(connection: Connection, id: string, error: unknown): Promise<LogEnd> {
	const known = await connection.explain(error, `logs of ${id.slice(0, 12)}`);
	const words = engineWords(known.cause ?? known);
	if (known.kind === 'not-found' || (known.kind === 'conflict' && /removal|dead/i.test(words))) {
		return { kind: 'gone' };
	}
	if (known.kind === 'unsupported' || /does not support reading/i.test(words)) {
		const facts = await containerFacts(connection, id, undefined);
		return { kind: 'unsupported', driver: facts?.driver ?? 'unknown', words };
	}
	throw known;
}

/**
 * The content type tells a terminal's stream only from API 1.42 on, and Podman's is always the same, so the container
 * is asked: 0.3 ms. `undefined` where it is gone.
 */
async function containerFacts(connection: Connection, id: string, signal: AbortSignal | undefined): Promise<Facts | undefined> {
	try {
		const body = fields(
			await connection.call(
				{ method: 'GET', path: `/containers/${encodeURIComponent(id)}/json`, what: `inspect ${id.slice(0, 12)}` },
				signal === undefined ? {} : { signal },
			),
		);
		return {
			tty: fields(body['Config'])['Tty'] === true,
			driver: text(fields(fields(body['HostConfig'])['LogConfig'])['Type']) ?? 'unknown',
			running: fields(body['State'])['Running'] === true,
			leaving: ['removing', 'dead'].includes(text(fields(body['State'])['Status']) ?? ''),
			startedAt: text(fields(body['State'])['StartedAt']) ?? '',
		};
	} catch (error) {
		if (error instanceof EngineError && error.kind === 'not-found') {
			return undefined;
		}
		throw error;
	}
}

/** Engines before API 1.35 know no `until`: later lines are left out here. */
function until(sink: LogSink, limit: string): LogSink {
	const [seconds = '0', fraction = ''] = limit.split('.');
	const padded = fraction.padEnd(9, '0');
	const lastMs = Number(seconds) * 1000 + Number(padded.slice(0, 3));
	const lastNanos = Number(padded.slice(3, 9));
	return {
		line(bytes, start, end, atMs, nanos, stream) {
			if (atMs < lastMs || (atMs === lastMs && nanos <= lastNanos)) {
				sink.line(bytes, start, end, atMs, nanos, stream);
			}
		},
		flush: () => sink.flush?.(),
	};
}
