import { JournalError } from '../../domain/journal.ts';
import type { RunEvent } from '../../domain/run/event.ts';
import { redactEvent } from './executions.ts';
import type { Recorder } from './recorder.ts';
import type { Secrets } from './secrets.ts';

/** The record of a run, into which no secret gets. */
export class RedactedRecord {
	readonly #recorder: Recorder;
	readonly #secrets: Secrets;

	constructor(recorder: Recorder, secrets: Secrets) {
		this.#recorder = recorder;
		this.#secrets = secrets;
	}

	/** Records, or keeps in memory until the journal can be written. @throws JournalError where too much waits already */
	async keep(events: readonly RunEvent[]): Promise<void> {
		await this.#recorder.keep(this.#redacted(events));
	}

	/** @returns whether it is durable */
	async record(events: readonly RunEvent[]): Promise<boolean> {
		try {
			await this.#recorder.record(this.#redacted(events));
			return true;
		} catch (error) {
			if (error instanceof JournalError) return false;
			throw error;
		}
	}

	#redacted(events: readonly RunEvent[]): readonly RunEvent[] {
		return events.map((event) => redactEvent(event, this.#secrets.redactor));
	}
}
