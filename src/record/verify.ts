import { openToRead, type JournalDatabase } from './database.ts';
import { type ChainFlaw, flawOf } from './flaw.ts';
import { projectRun, runColumns, type RunRow } from './projection.ts';
import { chainHash, eventColumns, type EventRow, genesisHash } from './row.ts';
import { structureFlaw } from './structure.ts';
import { asJournalError } from './trouble.ts';

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
 * Reads the whole journal as it stands now and checks every link of its chain, that the runs it lists are what their events say, and
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
	readonly runs: Map<string, RunRow>;
}

const checkAll = async ({ sqlite }: JournalDatabase, path: string, onProgress: ((checked: number, total: number) => void) | undefined): Promise<Verification> => {
	const so: Progress = { seq: 0, hash: genesisHash, runs: new Map() };
	const result = (flaw: ChainFlaw | undefined): Verification => ({
		path,
		intact: flaw === undefined,
		events: so.seq,
		runs: so.runs.size,
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
				follow(so, row);
			}
			onProgress?.(so.seq, Math.max(total, so.seq));
			if (rows.length < page) break;
			await new Promise((resolve) => setImmediate(resolve));
		}
		return result(headFlaw(sqlite, so) ?? runsFlaw(sqlite, so) ?? structureFlaw(sqlite, so.seq));
	} catch (error) {
		const { message } = asJournalError(error, path, 'read');
		return result({ kind: 'unreadable', seq: so.seq + 1, expected: 'a readable event', found: message, words: `event ${so.seq + 1} or what belongs to it cannot be read: ${message}` });
	}
};

const follow = (so: Progress, row: EventRow): void => {
	so.seq = row.seq;
	so.hash = row.hash;
	if (row.runId === null) return;
	const run = projectRun(so.runs.get(row.runId), row);
	if (run !== undefined) so.runs.set(row.runId, run);
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

/** Compares what is listed of the runs with what their events say, newest event first named. */
const runsFlaw = (sqlite: Sqlite, so: Progress): ChainFlaw | undefined => {
	const left = new Map(so.runs);
	for (const listed of sqlite.prepare<[], RunRow>(`SELECT ${runColumns} FROM runs ORDER BY first_seq`).iterate()) {
		const run = left.get(listed.runId);
		left.delete(listed.runId);
		if (run !== undefined && same(run, listed)) continue;
		return runFlaw(listed.runId, run?.lastSeq ?? listed.lastSeq, run, listed);
	}
	for (const [runId, run] of left) return runFlaw(runId, run.lastSeq, run, undefined);
	return undefined;
};

const same = (a: RunRow, b: RunRow): boolean => JSON.stringify(ordered(a)) === JSON.stringify(ordered(b));

const ordered = (row: RunRow): readonly (readonly [string, unknown])[] => Object.entries(row).toSorted(([a], [b]) => (a < b ? -1 : 1));

const runFlaw = (runId: string, seq: number, run: RunRow | undefined, listed: RunRow | undefined): ChainFlaw => {
	const expected = run === undefined ? 'no such run' : JSON.stringify(run);
	const found = listed === undefined ? 'no such run' : JSON.stringify(listed);
	return { kind: 'projection', seq, expected, found, words: `the list of runs does not say of ${runId} what its events say; the events themselves are intact` };
};
