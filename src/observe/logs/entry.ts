import type { LogLevel, LogStream } from '../../domain/log.ts';

/**
 * A place in a view: a screen row of an entry. It stays good while lines come and go: where its line has
 * been given up, it stands for the oldest line kept after it.
 */
export interface Position {
	/** Index of the ring in the view. */
	readonly ring: number;
	/** Sequence number of the entry's head line in that ring. */
	readonly seq: number;
	/** Epoch ms with a fraction, what entries of several rings are ordered by. */
	readonly order: number;
	/** Screen rows of the entry above this place; 0 is its first row. */
	readonly row: number;
}

/** `[start, end)` in a shown text, UTF-16 units. */
export type Span = readonly [start: number, end: number];

/** A line shown below its head line, such as a frame of a stack trace. */
export interface ContinuationLine {
	readonly text: string;
	readonly matches: readonly Span[];
}

/** What the pager shows: a log line with the lines that belong to it, or a marker in our own words. */
export interface LogEntry {
	readonly kind: 'entry' | 'marker';
	/** Unique within the view, the same for the same line. */
	readonly key: string;
	readonly position: Position;
	readonly seq: number;
	/** The ring's name. */
	readonly source: string;
	/** Epoch ms by the engine's clock. */
	readonly atMs: number;
	readonly nanos: number;
	readonly stream: LogStream;
	readonly level: LogLevel | undefined;
	/** Harmless; at most {@link shownBytes} of the line, with a note of what is left out. */
	readonly text: string;
	readonly matches: readonly Span[];
	/** Columns of a JSON or logfmt line; absent for plain text. */
	readonly fields?: ParsedFields;
	readonly continuation: readonly ContinuationLine[];
	/** How many entries of one pattern this one stands for; 1 is itself alone. */
	readonly foldCount: number;
	/** Of a marker for lines that were given up: how many ever, and the time they covered, epoch ms. */
	readonly lost?: { readonly lines: number; readonly fromMs: number; readonly toMs: number };
}

/** A JSON or logfmt line taken apart. Everything in it is harmless text. */
export interface ParsedFields {
	readonly format: 'json' | 'logfmt';
	readonly message: string;
	readonly level?: LogLevel;
	/** The line's own time as it was written. */
	readonly time?: string;
	/** The rest, in order; one level of nesting is flattened to `outer.inner`, deeper ones are JSON. */
	readonly rest: readonly (readonly [key: string, value: string])[];
}

/** Bytes of one line that are shown; export has the whole line. */
export const shownBytes = 16 * 1024;

export interface Page {
	readonly entries: readonly LogEntry[];
	/** Screen rows of the first entry that stand above the page. */
	readonly topRow: number;
	/** Place of the page's first row; absent where there is nothing to show. */
	readonly first: Position | undefined;
	/** The last entry (its first row). */
	readonly last: Position | undefined;
	readonly atTop: boolean;
	readonly atTail: boolean;
	/** Lines after the anchor that were given up before they could be shown. */
	readonly skippedBefore: number;
	/** Set where the time ran out before the page was full: ask again. */
	readonly searching: boolean;
}
