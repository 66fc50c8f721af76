import type { ContinuationLine, LogEntry, Position } from './entry.ts';
import { shownBytes } from './entry.ts';
import { levelOfCode } from './levelCode.ts';
import { cutFlag, markerFlag } from './lineMeta.ts';
import { parseEntry } from './parse.ts';
import type { LogRing } from './ring.ts';
import type { Search } from './search.ts';
import { isLossMarker, type Place } from './walk.ts';

const thousands = new Intl.NumberFormat('en');

/** `1 line skipped`, `4,096 lines skipped`. */
export const skippedWords = (lines: number): string => `${thousands.format(lines)} ${lines === 1 ? 'line' : 'lines'} skipped`;

export interface EntryOptions {
	/** Marks where it matches; absent where nothing is searched or matches are the lines without it. */
	readonly search: Search | undefined;
	readonly columns: boolean;
	readonly foldCount: number;
}

const shownText = (ring: LogRing, seq: number): string => {
	const length = ring.lengthOf(seq);
	if (length <= shownBytes) return ring.text(seq);
	return `${ring.text(seq, shownBytes)} [${thousands.format(length - shownBytes)} more bytes]`;
};

const continuationOf = (ring: LogRing, head: number, search: Search | undefined): readonly ContinuationLine[] => {
	const last = ring.lastOf(head);
	if (last === head) return [];
	const lines: ContinuationLine[] = [];
	for (let seq = head + 1; seq <= last; seq++) {
		if (!ring.follows(seq, head)) continue;
		const text = shownText(ring, seq);
		lines.push({ text, matches: search?.spans(text) ?? [] });
	}
	return lines;
};

const lossEntry = (ring: LogRing, place: Place, position: Position): LogEntry => {
	const { lines, fromMs, toMs } = ring.overrun;
	return {
		kind: 'marker',
		key: `${place.ring}:lost`,
		position,
		seq: place.seq,
		source: ring.source,
		atMs: toMs,
		nanos: 0,
		stream: 'stdout',
		level: undefined,
		text: skippedWords(lines),
		matches: [],
		continuation: [],
		foldCount: 1,
		lost: { lines, fromMs, toMs },
	};
};

/** Makes what is shown of one entry. Only here lines are decoded and parsed. */
export const makeEntry = (ring: LogRing, place: Place, options: EntryOptions): LogEntry => {
	const position: Position = { ...place, row: 0 };
	if (isLossMarker(place.seq)) return lossEntry(ring, place, position);
	const seq = place.seq;
	const meta = ring.metaOf(seq);
	const marker = (meta & markerFlag) !== 0;
	const text = shownText(ring, seq);
	const fields = options.columns && !marker && (meta & cutFlag) === 0 ? parseEntry(text) : undefined;
	return {
		kind: marker ? 'marker' : 'entry',
		key: `${place.ring}:${seq}`,
		position,
		seq,
		source: ring.source,
		atMs: ring.msOf(seq),
		nanos: ring.nanosOf(seq),
		stream: ring.streamOf(seq),
		level: levelOfCode(ring.levelCodeOf(seq)),
		text,
		matches: marker ? [] : (options.search?.spans(text) ?? []),
		...(fields === undefined ? {} : { fields }),
		continuation: continuationOf(ring, seq, options.search),
		foldCount: options.foldCount,
	};
};
