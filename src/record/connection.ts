import { checkVersion, type JournalDatabase } from './database.ts';
import { type Leases, prepareLeases } from './leases.ts';
import { prepareReading, type Reading } from './reading.ts';
import type { ProcessPort } from './session.ts';
import { prepareWriting, type Writing } from './writing.ts';

/** An open journal with everything that is done in it. */
export interface Connection {
	readonly reading: Reading;
	readonly writing: Writing;
	readonly leases: Leases;
	/** One transaction that has the lock for writing from its start: all of it, or nothing. */
	transact<T>(work: (connection: Connection) => T): T;
	isCurrent(): boolean;
	close(): void;
}

export interface ConnectionPorts {
	/** Epoch ms. */
	readonly now: () => number;
	readonly processes: ProcessPort;
}

export const connect = (database: JournalDatabase, path: string, { now, processes }: ConnectionPorts): Connection => {
	try {
		const connection: Connection = {
			reading: prepareReading(database),
			writing: prepareWriting(database, path),
			leases: prepareLeases(database, now, processes),
			transact: (work) =>
				database.sqlite
					.transaction(() => {
						// A newer sitrep may have changed the file since it was opened.
						checkVersion(database.sqlite, path);
						return work(connection);
					})
					.immediate(),
			isCurrent: () => database.isCurrent(),
			close: () => database.close(),
		};
		return connection;
	} catch (error) {
		database.close();
		throw error;
	}
};
