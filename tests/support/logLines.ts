import type { LogSink, LogStream } from '../../src/domain/log.ts';

export interface LogLine {
	readonly text: string;
	readonly atMs: number;
	readonly nanos: number;
	readonly stream: LogStream;
}

/** A sink that keeps lines as text. */
export class LineCollector implements LogSink {
	readonly lines: LogLine[] = [];
	flushes = 0;

	line(bytes: Uint8Array, start: number, end: number, atMs: number, nanos: number, stream: LogStream): void {
		this.lines.push({ text: Buffer.from(bytes.subarray(start, end)).toString('utf8'), atMs, nanos, stream });
	}

	flush(): void {
		this.flushes++;
	}

	get texts(): readonly string[] {
		return this.lines.map((line) => line.text);
	}
}
