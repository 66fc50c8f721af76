import type { JournalEvent, RolloutRecord, RunSummary, VersionRecord } from '../domain/journal.ts';
import { openToRead, type JournalDatabase } from './database.ts';
import { exportJournal } from './export.ts';
import { prepareReading, type Reading, type RolloutFilter, type RunFilter } from './reading.ts';
import { eventOf } from './row.ts';
import { asJournalError } from './trouble.ts';
import { type Verification, verifyJournal } from './verify.ts';

/** What is done with a journal that stands still: nothing of it writes, and none of it makes a journal. */
export interface JournalFileTools {
	readonly path: string;
	/** @throws JournalError where it cannot be opened */
	verify(onProgress?: (checked: number, total: number) => void): Promise<Verification>;
	/** JSON lines, oldest first. @throws JournalError */
	export(filter: { readonly runId?: string }): AsyncIterable<string>;
	/** Newest first. @throws JournalError */
	runs(filter: RunFilter): Promise<readonly RunSummary[]>;
	/** Newest seen first. @throws JournalError */
	versions(service: string, engine: string): Promise<readonly VersionRecord[]>;
	/** Newest begun first. @throws JournalError */
	rollouts(filter: RolloutFilter): Promise<readonly RolloutRecord[]>;
}

/** @param path of the journal */
export const journalTools = (path: string): JournalFileTools => ({
	path,
	verify: (onProgress) => verifyJournal(path, onProgress),
	async *export(filter) {
		const { reading, close } = openReading(path);
		try {
			const told = (rows: () => readonly JournalEvent[]): Promise<readonly JournalEvent[]> => Promise.resolve(inWords(path, rows));
			yield* exportJournal(
				{
					read: (afterSeq, limit) => told(() => reading.all(afterSeq, limit).map(eventOf)),
					readRun: (runId, afterSeq = 0) => told(() => reading.run(runId, afterSeq, -1).map(eventOf)),
				},
				filter,
			);
		} finally {
			close();
		}
	},
	runs: (filter) => readOnce(path, (reading) => reading.runs(filter)),
	versions: (service, engine) => readOnce(path, (reading) => reading.versions(service, engine)),
	rollouts: (filter) => readOnce(path, (reading) => reading.rollouts(filter)),
});

const inWords = <T>(path: string, work: () => T): T => {
	try {
		return work();
	} catch (error) {
		throw asJournalError(error, path, 'read');
	}
};

/** Rejects with a JournalError, never throws. */
const readOnce = async <T>(path: string, work: (reading: Reading) => T): Promise<T> => {
	const { reading, close } = openReading(path);
	try {
		return await Promise.resolve(inWords(path, () => work(reading)));
	} finally {
		close();
	}
};

const openReading = (path: string): { readonly reading: Reading; readonly close: () => void } =>
	inWords(path, () => {
		const database: JournalDatabase = openToRead(path);
		try {
			return { reading: prepareReading(database), close: () => database.close() };
		} catch (error) {
			database.close();
			throw error;
		}
	});
