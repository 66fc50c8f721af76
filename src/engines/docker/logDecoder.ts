import type { LogSink, LogStream } from '../../domain/log.ts';
import { Frames } from './frames.ts';
import { LogTime } from './logTime.ts';
import { LongLine } from './longLine.ts';

const newline = 10;

/** Turns the bytes of a log reply, asked for with timestamps, into lines. */
export interface LogDecoder {
	/**
	 * Takes `chunk[start, end)`, the whole of it where nothing else is said. Nothing of it is kept: its memory may be used again.
	 * @throws FrameError where the stream is not what it should be
	 */
	push(chunk: Uint8Array, start?: number, end?: number): void;
	/** The stream is over: hands over a line that never got its line end. */
	end(): void;
}

/** The engine's own complaint within a log stream. */
export type EngineComplaint = (words: string) => void;

/**
 * A container without a terminal: frames, one piece of a line in each, each with a time. A line longer
 * than 16 KiB comes in several frames, of which only the last ends in a newline.
 */
export function createFramedDecoder(sink: LogSink, complain: EngineComplaint): LogDecoder {
	const time = new LogTime();
	const lines = { stdout: new LongLine(), stderr: new LongLine() };

	const frames = new Frames((kind, bytes, start, end) => {
		if (kind === 3) {
			complain(Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8').trim());
			return;
		}
		const stream = kind === 2 ? 'stderr' : 'stdout';
		const line = lines[stream];
		let at = start;
		while (at < end) {
			const from = time.read(bytes, at, end);
			const text = from < 0 ? at : from;
			const stop = lineEnd(bytes, text, end);
			if (line.open) {
				line.add(bytes, text, stop < 0 ? end : stop);
				if (stop >= 0) {
					handOver(line, sink, stream);
				}
			} else if (stop >= 0) {
				sink.line(bytes, text, stop, time.atMs, time.nanos, stream);
			} else {
				line.atMs = time.atMs;
				line.nanos = time.nanos;
				line.add(bytes, text, end);
			}
			at = stop < 0 ? end : stop + 1;
		}
	});

	return {
		push: (chunk, start, end) => frames.push(chunk, start, end),
		end() {
			for (const stream of ['stdout', 'stderr'] as const) {
				if (lines[stream].open) {
					handOver(lines[stream], sink, stream);
				}
			}
		},
	};
}

/** Where the newline is, or -1. Most frames end in theirs, which saves the search. */
function lineEnd(bytes: Uint8Array, start: number, end: number): number {
	const found = bytes.indexOf(newline, start);
	return found >= 0 && found < end ? found : -1;
}

function handOver(line: LongLine, sink: LogSink, stream: LogStream): void {
	const { atMs, nanos } = line;
	const bytes = line.take();
	sink.line(bytes, 0, bytes.length, atMs, nanos, stream);
}
