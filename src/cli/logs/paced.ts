import type { Engine } from '../../domain/engine.ts';
import type { LogEnd } from '../../domain/log.ts';
import type { Output } from '../ports.ts';
import type { LineFormat } from './format.ts';
import type { LogSource } from './line.ts';
import type { LogsOptions } from './options.ts';
import { type Position, readSource } from './read.ts';

/** Bytes that may wait for a slow reader before the engine's stream is let go. */
const maxWaiting = 16 * 1024 * 1024;

/**
 * Reads one log through to the output. An engine's stream cannot be held back, so where the reader is slow it is
 * closed, and taken up again after the last line once the reader has caught up: memory stays bounded and no line is lost.
 */
export const readPaced = async (
	engine: Engine,
	source: LogSource,
	options: LogsOptions,
	signal: AbortSignal,
	stdout: Output,
	format: LineFormat,
	limit = maxWaiting,
): Promise<LogEnd> => {
	let after: Position | undefined;
	for (;;) {
		const hold = new AbortController();
		let waiting = 0;
		const { end, position } = readSource(
			engine,
			source,
			options,
			AbortSignal.any([signal, hold.signal]),
			(line) => {
				const piece = format(line);
				waiting = stdout.write(piece) ? 0 : waiting + piece.length;
				if (waiting > limit) hold.abort();
			},
			after,
		);
		const ended = await end;
		if (signal.aborted || !hold.signal.aborted) return ended;
		await stdout.drained();
		after = position;
	}
};
