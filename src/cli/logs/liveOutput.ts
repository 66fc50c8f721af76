import type { Clock } from '../../domain/clock.ts';
import type { LogStream } from '../../domain/log.ts';
import type { Output } from '../ports.ts';
import type { LineFormat } from './format.ts';
import { keepLine, type LineTaker, type LogSource } from './line.ts';
import { Merger } from './merger.ts';
import { LineWriter } from './writer.ts';

/** Bytes that may be on their way to the reader before it counts as slow: a pipe says of every larger piece that it is full. */
const maxUnwritten = 1024 * 1024;

/**
 * Writes live lines. Those of a single log go straight to the output; where there are several, or the reader is slow,
 * they wait in a merger for their turn.
 */
export class LiveOutput implements LineTaker {
	readonly #writer: LineWriter;
	readonly #merger: Merger;
	/** How many logs are open now. */
	logs = 0;
	#unwritten = 0;
	#draining = false;

	/** @param skipped told of lines that were left out because the reader is too slow */
	constructor(clock: Clock, output: Output, format: LineFormat, skipped: (lines: number) => void) {
		this.#writer = new LineWriter(format, (piece) => {
			if (output.write(piece)) return;
			this.#unwritten += piece.length;
			if (!this.#draining) void this.#drained(output);
		});
		this.#merger = new Merger(clock, {
			write: (lines) => {
				for (const line of lines) this.#writer.write(line);
				this.#writer.flush();
				return this.#free;
			},
			drained: () => this.#drained(output),
			skipped,
		});
	}

	line(source: LogSource, bytes: Uint8Array, start: number, end: number, atMs: number, nanos: number, stream: LogStream, level: number): void {
		if (this.logs === 1 && this.#merger.idle) this.#writer.line(source, bytes, start, end, atMs, nanos, stream, level);
		else this.#merger.add(keepLine(source, bytes, start, end, atMs, nanos, stream, level));
		if (!this.#free && this.#merger.idle) this.#merger.block();
	}

	flush(): void {
		this.#writer.flush();
		if (!this.#free && this.#merger.idle) this.#merger.block();
	}

	get #free(): boolean {
		return this.#unwritten <= maxUnwritten;
	}

	async #drained(output: Output): Promise<void> {
		this.#draining = true;
		await output.drained();
		this.#draining = false;
		this.#unwritten = 0;
	}

	/** Writes what still waits. */
	close(): void {
		this.#writer.flush();
		this.#merger.close();
	}
}
