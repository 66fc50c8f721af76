import type { LogEnd } from '../../domain/log.ts';
import type { Output } from '../ports.ts';
import type { LineFormat } from './format.ts';
import type { LogSource } from './line.ts';
import { type Position, type ReadRequest, readSource } from './read.ts';
import { LineWriter } from './writer.ts';

/** Bytes that may wait for a slow reader before the engine's stream is let go. */
const maxWaiting = 16 * 1024 * 1024;

/**
 * Reads one log through to the output. An engine's stream cannot be held back, so where the reader is slow it is
 * closed, and taken up again after the last line once the reader has caught up: memory stays bounded and no line is lost.
 */
export const readPaced = async (request: Omit<ReadRequest, 'taker'>, source: LogSource, stdout: Output, format: LineFormat, limit = maxWaiting): Promise<LogEnd> => {
	let after: Position | undefined;
	for (;;) {
		const hold = new AbortController();
		let waiting = 0;
		const taker = new LineWriter(
			format,
			(piece) => {
				waiting = stdout.write(piece) ? 0 : waiting + piece.length;
				if (waiting > limit) hold.abort();
			},
			Math.min(64 * 1024, Math.ceil(limit / 8)),
		);
		const { end, position } = readSource({ ...request, signal: AbortSignal.any([request.signal, hold.signal]), taker }, source, after);
		const ended = await end.finally(() => taker.flush());
		if (request.signal.aborted || !hold.signal.aborted) return ended;
		await stdout.drained();
		after = position;
	}
};
