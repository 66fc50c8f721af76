import type { Cancel, Clock } from '../../domain/clock.ts';
import { JournalError } from '../../domain/journal.ts';

/** A journal that cannot be read is read again after so long, ms. */
const readAgainMs = 1000;

/** Reads what is new whenever told that something is: once at a time, and once more where it was told meanwhile. */
export class Follower {
	readonly #clock: Clock;
	readonly #read: () => Promise<void>;
	#reading = false;
	#again = false;
	#stopped = false;
	#retry: Cancel | undefined;

	/** @param read may throw a JournalError: it is called again a little later */
	constructor(clock: Clock, read: () => Promise<void>) {
		this.#clock = clock;
		this.#read = read;
	}

	async look(): Promise<void> {
		if (this.#reading) {
			this.#again = true;
			return;
		}
		this.#reading = true;
		try {
			do {
				this.#again = false;
				if (this.#stopped) return;
				await this.#read();
			} while (this.#again);
		} catch (error) {
			// The journal's trouble shows where it is written.
			if (!(error instanceof JournalError)) throw error;
			this.#retry?.();
			if (!this.#stopped) this.#retry = this.#clock.after(readAgainMs, () => void this.look());
		} finally {
			this.#reading = false;
		}
	}

	stop(): void {
		this.#stopped = true;
		this.#retry?.();
	}
}
