import type { Cancel } from '../../domain/clock.ts';
import { JournalError } from '../../domain/journal.ts';
import type { RunPorts } from './ports.ts';

/** A sign of life is given so often, ms. */
export const heartbeatMs = 5000;
/** A lease is taken as held for so long after a sign of life, ms; others take it for dead after 15 s. */
const freshMs = 10_000;

/** The right to carry a run out. */
export interface HeldLease {
	readonly key: string;
	/**
	 * Asks the journal whether it is still held.
	 * @returns `unknown` where the journal cannot say
	 */
	confirm(): Promise<'held' | 'lost' | 'unknown'>;
	/**
	 * Makes sure that it is held, and asks for it where that was not possible before.
	 * @throws JournalError where it is not, or the journal cannot say
	 */
	ensure(): Promise<void>;
	/** Whether the last word on it is young enough to be relied on. */
	readonly fresh: boolean;
	onLost(listener: () => void): Cancel;
	/** Gives it back: the run is over. */
	release(): Promise<void>;
	/** Stops giving signs of life; it stays with the run. */
	stop(): void;
}

/** Keeps the lease of a run alive. A child run uses the lease of its parent. */
export class LeaseKeeper implements HeldLease {
	readonly key: string;
	readonly #ports: RunPorts;
	readonly #runId: string;
	readonly #listeners = new Set<() => void>();
	#beat: Cancel | undefined;
	#confirmedAt: number;
	#lost = false;
	#claimed: boolean;

	/** @param claimed false where the journal could not be asked yet */
	constructor(ports: RunPorts, key: string, runId: string, claimed = true) {
		this.#claimed = claimed;
		this.key = key;
		this.#ports = ports;
		this.#runId = runId;
		this.#confirmedAt = ports.clock.monotonic();
		this.#beat = ports.clock.every(heartbeatMs, () => void this.confirm());
	}

	get fresh(): boolean {
		return !this.#lost && this.#ports.clock.monotonic() - this.#confirmedAt < freshMs;
	}

	async confirm(): Promise<'held' | 'lost' | 'unknown'> {
		if (this.#lost) return 'lost';
		if (!this.#claimed) return 'unknown';
		try {
			const asked = this.#ports.clock.monotonic();
			if (await this.#ports.journal.heartbeat(this.key, this.#runId, this.#ports.actor)) {
				this.#confirmedAt = asked;
				return 'held';
			}
		} catch (error) {
			if (error instanceof JournalError) return 'unknown';
			throw error;
		}
		this.#lose();
		return 'lost';
	}

	async ensure(): Promise<void> {
		const { journal, actor, clock } = this.#ports;
		const asked = clock.monotonic();
		if (this.#claimed) {
			if (!this.#lost && (await journal.heartbeat(this.key, this.#runId, actor))) {
				this.#confirmedAt = asked;
				return;
			}
		} else {
			const { granted } = await journal.claim(this.key, this.#runId, actor);
			if (granted) {
				this.#claimed = true;
				this.#confirmedAt = asked;
				return;
			}
		}
		this.#lose();
		throw new JournalError('locked', `${this.key} is held by another console now`, { advice: 'watch the run that holds it' });
	}

	onLost(listener: () => void): Cancel {
		this.#listeners.add(listener);
		return () => void this.#listeners.delete(listener);
	}

	async release(): Promise<void> {
		this.stop();
		if (this.#lost || !this.#claimed) return;
		await this.#ports.journal.release(this.key, this.#runId, this.#ports.actor);
	}

	stop(): void {
		this.#beat?.();
		this.#beat = undefined;
	}

	#lose(): void {
		if (this.#lost) return;
		this.#lost = true;
		this.stop();
		for (const listener of this.#listeners) listener();
	}
}

/** The lease of a parent run, as its child holds it. */
export const borrowed = (lease: HeldLease): HeldLease => ({
	key: lease.key,
	confirm: () => lease.confirm(),
	ensure: () => lease.ensure(),
	get fresh() {
		return lease.fresh;
	},
	onLost: (listener) => lease.onLost(listener),
	release: () => Promise.resolve(),
	stop: () => undefined,
});
