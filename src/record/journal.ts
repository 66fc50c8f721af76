import { setTimeout as pass } from 'node:timers/promises';
import type { Clock } from '../domain/clock.ts';
import { JournalError, type Actor, type Journal, type JournalEvent, type Lease, type NewJournalEvent, type RolloutRecord, type RunSummary, type VersionRecord } from '../domain/journal.ts';
import { systemClock } from '../domain/systemClock.ts';
import { ChangeWatch } from './changes.ts';
import { connect, type Connection } from './connection.ts';
import { openEmpty, openToRead, openToWrite, type JournalDatabase } from './database.ts';
import { identityOf } from './files.ts';
import { patiently, type PatiencePorts } from './patience.ts';
import type { RolloutFilter, RunFilter } from './reading.ts';
import { eventOf, eventText } from './row.ts';
import { machineProcesses, type ProcessPort } from './session.ts';
import { asJournalError } from './trouble.ts';

export interface JournalOptions {
	readonly clock?: Clock;
	readonly processes?: ProcessPort;
	/** 0 to 1. */
	readonly random?: () => number;
	/** Waits between two tries; keeps the process alive meanwhile. */
	readonly pause?: (ms: number) => Promise<void>;
	/** How long a call waits for a lock in all, ms. */
	readonly lockedMs?: number;
	/** Nothing is written, and no file is made: where there is none, it is read as one without an event. */
	readonly readOnly?: boolean;
}

/** Longest that a call waits for another process's lock, ms. */
const defaultLockedMs = 5000;
/** The same when it is opened, where nobody has asked for anything yet, ms. */
const startMs = 500;
/** Events read at a time: some 10 ms, then the event loop has its turn. */
const pageOfRun = 2000;

/**
 * Opens the journal at a path, and makes it where there is none. Never rejects: where it cannot be used, `trouble` says why, every
 * call rejects with that, and each tries anew, so that a console goes on without it and takes it up once it is back.
 */
export const openJournal = async (path: string, options: JournalOptions = {}): Promise<Journal> => {
	const journal = new SqliteJournal(path, options);
	await journal.begin();
	return journal;
};

class SqliteJournal implements Journal {
	readonly path: string;
	#trouble: JournalError | undefined;
	readonly #clock: Clock;
	readonly #processes: ProcessPort;
	readonly #patience: PatiencePorts;
	readonly #lockedMs: number;
	/** As it was asked for, and not because of what the file is. */
	readonly #asReader: boolean;
	readonly #changes: ChangeWatch;
	#connection: Connection | undefined;
	/** The connection can read and, as it was opened, never write: the next write opens another one. */
	#readsOnly = false;
	/** Settles when every write asked for so far is over. */
	#queue: Promise<void> = Promise.resolve();
	#closed = false;

	constructor(path: string, options: JournalOptions) {
		this.path = path;
		this.#clock = options.clock ?? systemClock;
		this.#processes = options.processes ?? machineProcesses;
		const pause = options.pause ?? ((ms: number): Promise<void> => pass(ms));
		this.#patience = { monotonic: () => this.#clock.monotonic(), pause, random: options.random ?? Math.random };
		this.#lockedMs = options.lockedMs ?? defaultLockedMs;
		this.#asReader = options.readOnly === true;
		this.#changes = new ChangeWatch(this.#clock, () => this.#version());
	}

	get trouble(): JournalError | undefined {
		return this.#trouble;
	}

	/** Finds out whether it can be written, without writing. */
	async begin(): Promise<void> {
		// Whoever only reads is told what is wrong where something is read.
		if (this.#asReader) return;
		try {
			await this.#try('write', (connection) => connection.transact(() => undefined), this.#clock.monotonic() + Math.min(startMs, this.#lockedMs));
		} catch (error) {
			this.#trouble = this.#failed(error, 'write');
		}
	}

	async append(events: readonly NewJournalEvent[]): Promise<readonly JournalEvent[]> {
		const at = this.#clock.now();
		const texts = events.map((event) => eventText(event, this.path));
		if (texts.length === 0) return [];
		return this.#write(({ writing }) => writing.add(texts, at).map(eventOf));
	}

	async probe(): Promise<void> {
		await this.#write(({ writing }) => writing.probe());
	}

	async readRun(runId: string, afterSeq = 0): Promise<readonly JournalEvent[]> {
		const events: JournalEvent[] = [];
		for (let after = afterSeq; ; ) {
			const page = await this.#read(({ reading }) => reading.run(runId, after, pageOfRun).map(eventOf));
			events.push(...page);
			if (page.length < pageOfRun) return events;
			after = page.at(-1)?.seq ?? after;
			await new Promise((resolve) => setImmediate(resolve));
		}
	}

	async runs(filter: RunFilter = {}): Promise<readonly RunSummary[]> {
		return this.#read(({ reading }) => reading.runs(filter));
	}

	async versions(service: string, engine: string): Promise<readonly VersionRecord[]> {
		return this.#read(({ reading }) => reading.versions(service, engine));
	}

	async rollouts(filter: RolloutFilter = {}): Promise<readonly RolloutRecord[]> {
		return this.#read(({ reading }) => reading.rollouts(filter));
	}

	async read(afterSeq: number, limit: number): Promise<readonly JournalEvent[]> {
		return this.#read(({ reading }) => reading.all(afterSeq, limit).map(eventOf));
	}

	onChange(listener: () => void): () => void {
		return this.#changes.add(listener);
	}

	async claim(service: string, runId: string, holder: Actor): Promise<{ readonly granted: boolean; readonly lease: Lease }> {
		return this.#write(({ leases }) => {
			const held = leases.of(service);
			const own = held !== undefined && held.runId === runId && held.holder.session === holder.session;
			if (held !== undefined && !own && !leases.isSpent(held)) return { granted: false, lease: held };
			return { granted: true, lease: leases.give(service, runId, holder) };
		});
	}

	async takeOver(service: string, runId: string, from: Actor, to: Actor): Promise<{ readonly granted: boolean; readonly lease: Lease }> {
		const at = this.#clock.now();
		return this.#write(({ leases, writing }) => {
			const held = leases.of(service);
			if (held !== undefined && held.holder.session !== from.session) return { granted: held.holder.session === to.session && held.runId === runId, lease: held };
			// It stands in the record of the run that loses it: where another run takes the service, that is the other one.
			const event = { kind: 'run_taken_over', from: from.session, to: to.session } as const;
			writing.add([eventText({ actor: to, runId: held?.runId ?? runId, event }, this.path)], at);
			return { granted: true, lease: leases.give(service, runId, to) };
		});
	}

	async heartbeat(service: string, runId: string, holder: Actor): Promise<boolean> {
		return this.#write(({ leases }) => leases.keep(service, runId, holder));
	}

	async release(service: string, runId: string, holder: Actor): Promise<void> {
		await this.#write(({ leases }) => leases.drop(service, runId, holder));
	}

	async leases(): Promise<readonly Lease[]> {
		return this.#read(({ leases }) => leases.all());
	}

	async close(): Promise<void> {
		if (this.#closed) return this.#queue;
		const over = this.#queue;
		this.#closed = true;
		this.#changes.close();
		await over;
		this.#drop();
	}

	/** One transaction, after those that were asked for before. */
	async #write<T>(work: (connection: Connection) => T): Promise<T> {
		if (this.#closed) throw this.#closedError();
		if (this.#asReader) throw new JournalError('read-only', `the journal ${this.path} is only read here`, { advice: 'Leave out --read-only, and `readOnly` in sitrep.yaml.' });
		// From the call on, so that many calls that wait in line do not add up their patience.
		const deadline = this.#clock.monotonic() + this.#lockedMs;
		const turn = this.#queue.then(async () => {
			try {
				const result = await this.#try('write', (connection) => connection.transact(work), deadline);
				this.#trouble = undefined;
				this.#changes.wrote();
				return result;
			} catch (error) {
				this.#trouble = this.#failed(error, 'write');
				throw this.#trouble;
			}
		});
		this.#queue = turn.then(
			() => undefined,
			() => undefined,
		);
		return turn;
	}

	async #read<T>(work: (connection: Connection) => T): Promise<T> {
		if (this.#closed) throw this.#closedError();
		try {
			return await this.#try('read', work, this.#clock.monotonic() + this.#lockedMs);
		} catch (error) {
			throw this.#failed(error, 'read');
		}
	}

	async #try<T>(doing: 'read' | 'write', work: (connection: Connection) => T, deadline: number): Promise<T> {
		return patiently(() => work(this.#connected(doing)), deadline, this.#patience);
	}

	#connected(doing: 'read' | 'write'): Connection {
		// Moved aside or deleted: what would be written there is lost to everybody else.
		if (this.#connection?.isCurrent() === false) this.#drop();
		if (this.#connection !== undefined && (doing === 'read' || !this.#readsOnly)) return this.#connection;
		let database: JournalDatabase;
		let readsOnly = this.#asReader;
		try {
			database = this.#asReader ? openToLook(this.path) : openToWrite(this.path);
		} catch (error) {
			const { kind } = asJournalError(error, this.path, doing);
			if (doing === 'write' || (kind !== 'read-only' && kind !== 'permission' && kind !== 'full')) throw error;
			database = openToRead(this.path);
			readsOnly = true;
		}
		const connection = connect(database, this.path, { now: () => this.#clock.now(), processes: this.#processes });
		this.#drop();
		this.#connection = connection;
		this.#readsOnly = readsOnly;
		return connection;
	}

	#failed(error: unknown, doing: 'read' | 'write'): JournalError {
		const told = asJournalError(error, this.path, doing);
		// SQLite opens a file that it may not write for reading only, and it stays so.
		if (told.kind === 'read-only' || told.kind === 'permission') this.#readsOnly = true;
		else if (told.kind !== 'locked' && told.kind !== 'full') this.#drop();
		return told;
	}

	#version(): number | undefined {
		try {
			// One that stands for a file that is not there sees nobody write: that the file came is the change.
			if (this.#asReader && this.#connection?.isCurrent() === false) return -1;
			return this.#connection?.reading.version();
		} catch {
			// The next call that reads or writes says why, in words.
			return undefined;
		}
	}

	#drop(): void {
		this.#connection?.close();
		this.#connection = undefined;
		this.#readsOnly = false;
	}

	#closedError(): JournalError {
		return new JournalError('broken', `the journal ${this.path} is closed`, { advice: 'This is a defect of sitrep: please report it.' });
	}
}

const openToLook = (path: string): JournalDatabase => (identityOf(path) === undefined ? openEmpty(path) : openToRead(path));
