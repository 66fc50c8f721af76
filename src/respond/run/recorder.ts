import type { Cancel } from '../../domain/clock.ts';
import { backoffMs } from '../../domain/backoff.ts';
import type { Actor, JournalEvent, NewJournalEvent } from '../../domain/journal.ts';
import { JournalError } from '../../domain/journal.ts';
import type { RunEvent } from '../../domain/run/event.ts';
import { applyEvent } from './fold.ts';
import { isRolloutEvent } from './foldRollout.ts';
import type { RunPorts } from './ports.ts';
import type { FoldedRun } from './track.ts';

/** Events kept in memory while the journal cannot be written. Beyond, looks and notes are refused, nothing is dropped. */
const maxUnrecorded = 1000;
/** A write that takes longer than this is told, ms. */
const slowMs = 1000;

/** `moves`: only how far a move between versions is, as its program writes it. `words`: what another console wrote. */
type Foreign = 'nothing' | 'moves' | 'words';

interface Trouble {
	readonly why: string;
	readonly advice: string;
	readonly unrecorded: number;
}

const asJournalError = (error: unknown): JournalError => {
	if (error instanceof JournalError) return error;
	throw error;
};

/**
 * The record of one run, seen from one console: what stands in the journal, and on top of it what could not be written
 * yet. The state is always the fold of both. All writing and reading goes through one queue, so that events are folded
 * in the order of the journal.
 */
export class Recorder {
	readonly #ports: RunPorts;
	readonly runId: string;
	readonly #changed: () => void;
	#queue: Promise<unknown> = Promise.resolve();
	#committed: FoldedRun | undefined;
	/** Newest event of the run that has been read. */
	#lastRead = 0;
	/** Written here, but not read back yet: what others wrote in between is not known. */
	#unread: readonly JournalEvent[] = [];
	#unrecorded: readonly JournalEvent[] = [];
	#foreign: Foreign = 'nothing';
	#shown: FoldedRun | undefined;
	#error: JournalError | undefined;
	#slow = false;
	#tries = 0;
	#retry: Cancel | undefined;
	#closed = false;
	/** Gets what is missing before anything can be written, such as the lease. @throws JournalError */
	beforeRecovery: () => Promise<void> = () => Promise.resolve();

	/** @param changed called after each change of the state or the trouble */
	constructor(ports: RunPorts, runId: string, changed: () => void) {
		this.#ports = ports;
		this.runId = runId;
		this.#changed = changed;
	}

	get state(): FoldedRun | undefined {
		return this.#shown;
	}

	/** Why it cannot be written; a write that only takes long is none yet. */
	get trouble(): Trouble | undefined {
		return this.#error === undefined ? undefined : { why: this.#error.message, advice: this.#error.advice, unrecorded: this.#unrecorded.length };
	}

	/** Set while a write takes long: another process holds the journal. */
	get delay(): Trouble | undefined {
		if (!this.#slow) return undefined;
		return { why: 'waiting for the journal: another process writes it', advice: 'then it goes on by itself', unrecorded: this.#unrecorded.length };
	}

	/** What others have written into this run since this was last asked. */
	takeForeign(): Foreign {
		const taken = this.#foreign;
		this.#foreign = 'nothing';
		return taken;
	}

	/**
	 * Writes events; they are durable when it resolves.
	 * @param by another name of the person, where one was given
	 * @throws JournalError; nothing has been written then, and the state is as before
	 */
	record(events: readonly RunEvent[], by?: Actor): Promise<void> {
		return this.#turn(() => this.#write(events, by ?? this.#ports.actor));
	}

	/**
	 * Writes events, or keeps them in memory until the journal can be written again: for what changes nothing by itself.
	 * @returns whether they are durable
	 * @throws JournalError where too many wait already
	 */
	keep(events: readonly RunEvent[], by?: Actor): Promise<boolean> {
		return this.#turn(async () => {
			const actor = by ?? this.#ports.actor;
			if (this.#error === undefined) {
				try {
					await this.#write(events, actor);
					return true;
				} catch (error) {
					asJournalError(error);
				}
			}
			const { error } = { error: this.#error };
			if (error !== undefined && this.#unrecorded.length + events.length > maxUnrecorded) throw error;
			const at = this.#ports.clock.now();
			const seq = this.#committed?.lastSeq ?? 0;
			this.#unrecorded = [...this.#unrecorded, ...events.map((event): JournalEvent => ({ actor, runId: this.runId, event, seq, at, hash: '' }))];
			this.#fold();
			return false;
		});
	}

	/** Reads what others, or this console, have written since. @throws JournalError */
	sync(): Promise<void> {
		return this.#turn(() => this.#read());
	}

	/** Tries the journal again at once. @throws JournalError where it still cannot be written */
	recover(): Promise<void> {
		return this.#turn(() => this.#recover());
	}

	/** Forgets what was not written, because somebody else carries the run on. @returns how many events that were */
	forget(): Promise<number> {
		return this.#turn(async () => {
			const count = this.#unrecorded.length;
			this.#unrecorded = [];
			this.#fold();
			return count;
		});
	}

	/** Waits until all that was asked for so far is over, and stops trying. */
	async close(): Promise<void> {
		this.#closed = true;
		this.#retry?.();
		await this.#queue.catch(() => undefined);
	}

	#turn<T>(task: () => Promise<T>): Promise<T> {
		const result = this.#queue.then(task, task);
		this.#queue = result.catch(() => undefined);
		return result;
	}

	async #write(events: readonly RunEvent[], actor: Actor): Promise<void> {
		if (this.#unrecorded.length > 0 || this.#error !== undefined) await this.#recover();
		await this.#append(events.map((event) => ({ actor, runId: this.runId, event })));
	}

	async #append(events: readonly NewJournalEvent[]): Promise<void> {
		let written: readonly JournalEvent[];
		try {
			written = await this.#watched(this.#ports.journal.append(events));
		} catch (error) {
			this.#fail(asJournalError(error));
			throw error;
		}
		this.#mend();
		// Shown at once where it cannot be read back; folded for good only in the order of the journal, as others may have written in between.
		this.#unread = [...this.#unread, ...written];
		try {
			await this.#read();
		} catch (error) {
			asJournalError(error);
			this.#fold();
		}
	}

	async #watched<T>(write: Promise<T>): Promise<T> {
		const stop = this.#ports.clock.after(slowMs, () => this.#setSlow(true));
		try {
			return await write;
		} finally {
			stop();
			this.#setSlow(false);
		}
	}

	#setSlow(slow: boolean): void {
		if (this.#slow === slow) return;
		this.#slow = slow;
		this.#changed();
	}

	async #recover(): Promise<void> {
		try {
			await this.#ports.journal.probe();
			await this.beforeRecovery();
		} catch (error) {
			this.#fail(asJournalError(error));
			throw error;
		}
		const waiting = this.#unrecorded;
		if (waiting.length > 0) {
			const events = waiting.map(({ actor, runId, event }): NewJournalEvent => ({ actor, event, ...(runId === undefined ? {} : { runId }) }));
			this.#unrecorded = [];
			try {
				await this.#append(events);
			} catch (error) {
				this.#unrecorded = waiting;
				this.#fold();
				throw error;
			}
		}
		this.#mend();
	}

	async #read(): Promise<void> {
		const events = await this.#ports.journal.readRun(this.runId, this.#lastRead);
		if (events.length === 0) return;
		const own = new Set(this.#unread.map((event) => event.seq));
		for (const event of events) {
			this.#committed = applyEvent(this.#committed, event, this.#ports.parse);
			if (!own.has(event.seq) && this.#foreign !== 'words') this.#foreign = isRolloutEvent(event.event) ? 'moves' : 'words';
		}
		this.#lastRead = events.at(-1)?.seq ?? this.#lastRead;
		this.#unread = this.#unread.filter((event) => event.seq > this.#lastRead);
		this.#fold();
	}

	#fold(): void {
		let state = this.#committed;
		for (const event of [...this.#unread, ...this.#unrecorded]) state = applyEvent(state, event, this.#ports.parse);
		this.#shown = state;
		this.#changed();
	}

	#fail(error: JournalError): void {
		this.#error = error;
		this.#changed();
		if (this.#closed) return;
		this.#retry?.();
		this.#retry = this.#ports.clock.after(backoffMs(this.#tries++, this.#ports.random()), () => void this.#tryAgain());
	}

	async #tryAgain(): Promise<void> {
		try {
			await this.recover();
		} catch (error) {
			// It has been noted as the trouble, and is tried again later.
			asJournalError(error);
		}
	}

	#mend(): void {
		if (this.#error === undefined) return;
		this.#error = undefined;
		this.#tries = 0;
		this.#retry?.();
		this.#retry = undefined;
		this.#changed();
	}
}
