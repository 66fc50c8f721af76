import type Database from 'better-sqlite3';
import { chainHash, eventColumns, type EventRow } from './row.ts';

/** The first thing in a journal that does not hold. */
export interface ChainFlaw {
	/**
	 * `changed`: an event's bytes do not give its hash. `gap`: events are missing. `reordered`: another event stands in its place.
	 * `projection`: the events hold, and what is derived from them does not. `structure`: an index, a table or a trigger is not as it was
	 * made. `unreadable`: SQLite cannot read on.
	 */
	readonly kind: 'changed' | 'gap' | 'reordered' | 'projection' | 'structure' | 'unreadable';
	/** Of the event at which it shows. */
	readonly seq: number;
	readonly expected: string;
	readonly found: string;
	/** Both in one sentence. */
	readonly words: string;
}

/** How far an event that was moved is looked for. */
const searched = 10_000;

/**
 * Says what is wrong with the first event that does not follow.
 * @param last newest event whose link holds
 * @param hash that the row's bytes give; undefined where it does not even have the next number
 */
export const flawOf = (sqlite: Database.Database, last: { readonly seq: number; readonly hash: string }, row: EventRow, hash: string | undefined): ChainFlaw => {
	const seq = last.seq + 1;
	if (hash === undefined) {
		const missing = row.seq - seq;
		return {
			kind: 'gap',
			seq,
			expected: `event ${seq}`,
			found: `event ${row.seq}`,
			words: missing === 1 ? `event ${seq} is missing` : `events ${seq} to ${row.seq - 1} are missing`,
		};
	}
	const moved = whereItStands(sqlite, last, row);
	if (moved !== undefined) {
		return { kind: 'reordered', seq, expected: `the event with hash ${moved.hash}`, found: `the event with hash ${row.hash}`, words: `events are not in their order: the one that belongs at ${seq} stands at ${moved.seq}` };
	}
	return { kind: 'changed', seq, expected: `hash ${hash} from its bytes`, found: `hash ${row.hash}`, words: `event ${seq}, "${row.kind}" of ${timeOf(row.at)}, was changed after it was written, or the one before it` };
};

/** The event that follows the last good one by its hash, where it stands under another number. */
const whereItStands = (sqlite: Database.Database, last: { readonly seq: number; readonly hash: string }, row: EventRow): EventRow | undefined => {
	const later = sqlite.prepare<[number, number], EventRow>(`SELECT ${eventColumns} FROM events WHERE seq > ? ORDER BY seq LIMIT ?`);
	for (const other of later.iterate(row.seq, searched)) {
		if (chainHash(last.hash, last.seq + 1, other.at, other) === other.hash) return other;
	}
	return undefined;
};

const timeOf = (at: number): string => (Math.abs(at) <= 8.64e15 ? new Date(at).toISOString() : `time ${at}`);
