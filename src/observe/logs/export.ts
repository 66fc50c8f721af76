import type { LogStream } from '../../domain/log.ts';
import { levelOfCode } from './levelCode.ts';
import { markerFlag } from './lineMeta.ts';
import { skippedWords } from './entries.ts';
import type { LogRing } from './ring.ts';
import type { LogView } from './view.ts';
import { isLossMarker, type Place } from './walk.ts';
import type { Position } from './entry.ts';

/**
 * `text`: what the screen shows, harmless, with time and source. `raw`: the bytes as the container wrote
 * them, which may hold control sequences: for a file, never for a terminal. `json`: one object a line.
 */
export type ExportFormat = 'text' | 'raw' | 'json';

export interface ExportOptions {
	readonly format: ExportFormat;
	/** From this entry on; absent means all. */
	readonly from?: Position;
	/** At most so many lines. */
	readonly limit?: number;
}

/** One line of `json`. */
export interface ExportedLine {
	/** RFC 3339, UTC, nanoseconds. */
	readonly time: string;
	readonly source: string;
	readonly stream: LogStream;
	readonly level?: string;
	/** Harmless text. */
	readonly text: string;
	/** Set where it is no line but a marker of ours. */
	readonly marker?: true;
}

/** RFC 3339, UTC, with nanoseconds. */
export const exactTime = (atMs: number, nanos: number): string => `${new Date(atMs).toISOString().slice(0, -1)}${String(nanos).padStart(6, '0')}Z`;

const lineOf = (ring: LogRing, seq: number): ExportedLine => {
	const meta = ring.metaOf(seq);
	const level = levelOfCode(ring.levelCodeOf(seq));
	return {
		time: exactTime(ring.msOf(seq), ring.nanosOf(seq)),
		source: ring.source,
		stream: ring.streamOf(seq),
		...(level === undefined ? {} : { level }),
		text: ring.text(seq),
		...((meta & markerFlag) === 0 ? {} : { marker: true as const }),
	};
};

const lossOf = (ring: LogRing): ExportedLine => ({
	time: exactTime(ring.overrun.toMs, 0),
	source: ring.source,
	stream: 'stdout',
	text: skippedWords(ring.overrun.lines),
	marker: true,
});

const markerText = (text: string): string => `--- ${text} ---`;

/** Every line of an entry: its head and those that belong to it. */
function* linesOf(ring: LogRing, place: Place): Generator<number> {
	if (isLossMarker(place.seq)) return;
	yield place.seq;
	const last = ring.lastOf(place.seq);
	for (let seq = place.seq + 1; seq <= last; seq++) if (ring.follows(seq, place.seq)) yield seq;
}

const newline = Buffer.from('\n');

/**
 * What the view shows, unfolded and whole, in pieces for a file or the clipboard. Each piece ends with a
 * line feed. The view must not be changed while it is read; take it in one go, or within one turn.
 */
export function* exportLines(view: LogView, options: ExportOptions): Generator<Uint8Array> {
	const several = view.rings.length > 1;
	const limit = options.limit ?? Infinity;
	let written = 0;
	const encode = (line: ExportedLine, raw: () => Buffer): Uint8Array => {
		if (options.format === 'json') return Buffer.from(`${JSON.stringify(line)}\n`, 'utf8');
		const text = line.marker === true ? markerText(line.text) : line.text;
		if (options.format === 'raw') return line.marker === true ? Buffer.from(`${text}\n`, 'utf8') : Buffer.concat([raw(), newline]);
		return Buffer.from(`${line.time} ${several ? `${line.source} ` : ''}${text}\n`, 'utf8');
	};
	for (const place of view.places(options.from)) {
		const ring = view.rings[place.ring];
		if (ring === undefined) continue;
		if (isLossMarker(place.seq)) yield encode(lossOf(ring), () => Buffer.alloc(0));
		for (const seq of linesOf(ring, place)) {
			if (written++ >= limit) return;
			yield encode(lineOf(ring, seq), () => ring.raw(seq));
		}
	}
}
