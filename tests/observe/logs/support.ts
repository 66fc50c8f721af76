import type { LogStream } from '../../../src/domain/log.ts';
import { LogRing } from '../../../src/observe/logs/ring.ts';

export const startMs = Date.UTC(2026, 10, 21, 3, 14, 7);

/** A small ring of its own name. */
export const makeRing = (source = 'web', capacityBytes = 1024 * 1024): LogRing => new LogRing({ source, capacityBytes });

export interface LineOptions {
	readonly atMs?: number;
	readonly nanos?: number;
	readonly stream?: LogStream;
}

/** Puts one line in, from the middle of a larger buffer as an engine does. */
export const put = (ring: LogRing, text: string | Uint8Array, options: LineOptions = {}): void => {
	const bytes = typeof text === 'string' ? Buffer.from(text, 'utf8') : text;
	const framed = Buffer.concat([Buffer.from('<<'), bytes, Buffer.from('>>')]);
	ring.line(framed, 2, 2 + bytes.length, options.atMs ?? startMs, options.nanos ?? 0, options.stream ?? 'stdout');
};

/** Puts lines in a second apart. */
export const putAll = (ring: LogRing, texts: readonly string[], stream: LogStream = 'stdout'): void => {
	for (const [index, text] of texts.entries()) put(ring, text, { atMs: startMs + index * 1000, stream });
};

/** Monotonic clock that stands still: budgets never run out. */
export const still = (): number => 0;
