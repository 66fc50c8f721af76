import { openToRead, type JournalDatabase } from './database.ts';
import { type ChainFlaw, flawOf } from './flaw.ts';
import { type ProjectedRow, Replay, selectOf } from './projected.ts';
import { earlierRunProjection, lastEndSinceVersion, runProjection } from './projection.ts';
import { rolloutProjection } from './rolloutProjection.ts';
import { chainHash, eventColumns, type EventRow, genesisHash } from './row.ts';
import { structureFlaw } from './structure.ts';
import { asJournalError } from './trouble.ts';
import { versionProjection } from './versionProjection.ts';

/** What came of verifying a journal. */
export interface Verification {
	readonly path: string;
	/** Whether every event and everything made from them is what was written. */
	readonly intact: boolean;
	/** Events from the first on whose links hold. */
	readonly events: number;
	/** Runs among them. */
	readonly runs: number;
	/** The newest of them; note it down elsewhere, and a journal that was made anew as a whole shows. */
	readonly head: { readonly seq: number; readonly hash: string } | undefined;
	/** The first thing that does not hold. */
	readonly flaw: ChainFlaw | undefined;
}

/** Events checked at a time: some 30 ms, then the event loop has its turn. */
const page = 5000;

/**
 * Reads the whole journal as it stands now and checks every link of its chain, that what it lists of runs,
 * versions and moves is what their events say, and
 * that its indexes and triggers are whole.
 * Writers go on meanwhile. Changes nothing.
 * @param onProgress called now and then with how many of how many events were checked
 * @throws JournalError where it cannot be opened at all
 */
export const verifyJournal = async (path: string, onProgress?: (checked: number, total: number) => void): Promise<Verification> => {
	let database: JournalDatabase;
	try {
		database = openToRead(path);
	} catch (error) {
		throw asJournalError(error, path, 'read');
	}
	try {
		// One snapshot: what is written from now on is not seen.
		database.sqlite.exec('BEGIN');
		return await checkAll(database, path, onProgress);
	} finally {
		database.close();
	}
};

interface Progress {
	/** Newest event whose link holds. */
	seq: number;
	hash: string;
}

const checkAll = async ({ sqlite, version }: JournalDatabase, path: string, onProgress: ((checked: number, total: number) => void) | undefined): Promise<Verification> => {
	const so: Progress = { seq: 0, hash: genesisHash };
	const runs = new Replay(version < lastEndSinceVersion ? earlierRunProjection : runProjection);
	const versions = new Replay(versionProjection);
	const rollouts = new Replay(rolloutProjection);
	const listsFlaw = (): ChainFlaw | undefined => {
		const flaw = listFlaw(sqlite, runs);
		// An earlier version lists nothing else.
		return flaw !== undefined || version < versionProjection.sinceVersion ? flaw : (listFlaw(sqlite, versions) ?? listFlaw(sqlite, rollouts));
	};
	const result = (flaw: ChainFlaw | undefined): Verification => ({
		path,
		intact: flaw === undefined,
		events: so.seq,
		runs: runs.rows.size,
		head: so.seq === 0 ? undefined : { seq: so.seq, hash: so.hash },
		flaw,
	});
	try {
		const total = Number(sqlite.prepare('SELECT seq FROM head').pluck().get() ?? 0);
		const next = sqlite.prepare<[number, number], EventRow>(`SELECT ${eventColumns} FROM events WHERE seq > ? ORDER BY seq LIMIT ?`);
		for (;;) {
			const rows = next.all(so.seq, page);
			for (const row of rows) {
				const hash = row.seq === so.seq + 1 ? chainHash(so.hash, row.seq, row.at, row) : undefined;
				if (hash === undefined || hash !== row.hash) return result(flawOf(sqlite, so, row, hash));
				so.seq = row.seq;
				so.hash = row.hash;
				for (const each of [runs, versions, rollouts]) each.follow(row);
			}
			onProgress?.(so.seq, Math.max(total, so.seq));
			if (rows.length < page) break;
			await new Promise((resolve) => setImmediate(resolve));
		}
		return result(headFlaw(sqlite, so) ?? listsFlaw() ?? structureFlaw(sqlite, version, so.seq));
	} catch (error) {
		const { message } = asJournalError(error, path, 'read');
		return result({ kind: 'unreadable', seq: so.seq + 1, expected: 'a readable event', found: message, words: `event ${so.seq + 1} or what belongs to it cannot be read: ${message}` });
	}
};

type Sqlite = JournalDatabase['sqlite'];

const headFlaw = (sqlite: Sqlite, so: Progress): ChainFlaw | undefined => {
	const head = sqlite.prepare<[], { readonly seq: number; readonly hash: string }>('SELECT seq, hash FROM head').get();
	if (head?.seq === so.seq && head.hash === so.hash) return undefined;
	const expected = head === undefined ? 'a note of the newest event' : `event ${head.seq} with hash ${head.hash} as the newest`;
	const found = so.seq === 0 ? 'no event' : `event ${so.seq} with hash ${so.hash} as the newest`;
	const missing = (head?.seq ?? 0) - so.seq;
	return { kind: missing > 0 ? 'gap' : 'projection', seq: so.seq + 1, expected, found, words: missing > 0 ? `the newest ${missing} ${missing === 1 ? 'event is' : 'events are'} missing` : 'the note of the newest event was changed' };
};

/** Compares a table with what its events say, newest event first named. */
const listFlaw = <Row extends ProjectedRow>(sqlite: Sqlite, replay: Replay<Row>): ChainFlaw | undefined => {
	const left = new Map(replay.rows);
	for (const listed of sqlite.prepare<[], Row>(`${selectOf(replay.spec)} ORDER BY last_seq`).iterate()) {
		const name = replay.nameOf(listed);
		const row = left.get(name);
		left.delete(name);
		if (row !== undefined && same(row, listed)) continue;
		return rowFlaw(replay, row, listed, row?.lastSeq ?? listed.lastSeq);
	}
	for (const row of left.values()) return rowFlaw(replay, row, undefined, row.lastSeq);
	return undefined;
};

const same = (a: object, b: object): boolean => JSON.stringify(ordered(a)) === JSON.stringify(ordered(b));

const ordered = (row: object): readonly (readonly [string, unknown])[] => Object.entries(row).toSorted(([a], [b]) => (a < b ? -1 : 1));

const rowFlaw = <Row extends ProjectedRow>({ spec: { title, key } }: Replay<Row>, row: Row | undefined, listed: Row | undefined, seq: number): ChainFlaw => {
	const is = row ?? listed;
	const whose = key.map((name) => String(is?.[name])).join(' ');
	const inWords = (one: Row | undefined): string => (one === undefined ? 'no such row' : JSON.stringify(one));
	return { kind: 'projection', seq, expected: inWords(row), found: inWords(listed), words: `the ${title} does not say of ${whose} what its events say; the events themselves are intact` };
};
