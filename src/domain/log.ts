/** Where a line came from. A TTY container has one stream only. */
export type LogStream = 'stdout' | 'stderr' | 'tty';

/**
 * Receives raw log lines, without copying: `bytes[start, end)` is one whole line without its line end,
 * valid only during the call. Control bytes are still in it.
 */
export interface LogSink {
	/**
	 * @param atMs epoch ms by the engine's clock
	 * @param nanos nanoseconds within that millisecond, 0 to 999,999
	 */
	line(bytes: Uint8Array, start: number, end: number, atMs: number, nanos: number, stream: LogStream): void;
	/** Called after the lines of one chunk of the stream have been handed over. */
	flush?(): void;
}

export interface LogRequest {
	readonly follow: boolean;
	/** Last so many lines; absent means all. */
	readonly tail?: number;
	/** Epoch ms with fractions of nanosecond precision as a decimal string in seconds, such as `1763700000.123456789`. */
	readonly since?: string;
	readonly until?: string;
	readonly signal: AbortSignal;
}

/** Why a log stream ended by itself. */
export type LogEnd =
	| { readonly kind: 'ended' }
	| { readonly kind: 'unsupported'; readonly driver: string; readonly words: string }
	| { readonly kind: 'gone' };

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';

export const logLevels: readonly LogLevel[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];
