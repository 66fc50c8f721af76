import type { Cancel, Clock } from '../../domain/clock.ts';
import { byTime, type LogLine, lineSize } from './line.ts';

/** How long a line waits for older ones of other containers, ms. */
const holdMs = 150;
/** The history of all containers has arrived once nothing came for so long, ms. */
const quietMs = 150;
/** It is not waited for longer than this, ms. */
const settleMs = 2000;
const tickMs = 50;
/** Memory for lines that wait, bytes. */
const maxBytes = 16 * 1024 * 1024;

/** Where merged lines go. `false`: wait for `drained`. */
export interface MergeTarget {
	write(lines: readonly LogLine[]): boolean;
	drained(): Promise<void>;
	/** So many lines were left out because the reader is too slow. */
	skipped(lines: number): void;
}

interface Waiting {
	readonly line: LogLine;
	/** Monotonic ms. */
	readonly arrived: number;
}

/**
 * Puts the live lines of several containers in order of time: each waits a moment for older ones. The history that
 * comes first is held until it is all there. Bounded: with a reader too slow the oldest go, counted.
 */
export class Merger {
	readonly #clock: Clock;
	readonly #target: MergeTarget;
	readonly #limit: number;
	readonly #started: number;
	readonly #stop: Cancel;
	#waiting: Waiting[] = [];
	#bytes = 0;
	#skipped = 0;
	#lastArrival: number;
	#settled = false;
	#blocked = false;

	constructor(clock: Clock, target: MergeTarget, limit = maxBytes) {
		this.#clock = clock;
		this.#target = target;
		this.#limit = limit;
		this.#started = clock.monotonic();
		this.#lastArrival = this.#started;
		this.#stop = clock.every(tickMs, () => this.#tick());
	}

	add(line: LogLine): void {
		const arrived = this.#clock.monotonic();
		this.#lastArrival = arrived;
		this.#waiting.push({ line, arrived });
		this.#bytes += lineSize(line);
		if (this.#bytes <= this.#limit) return;
		if (this.#blocked) this.#drop();
		else this.#emit(Number.POSITIVE_INFINITY);
	}

	/** Nothing waits, and the target takes what comes. */
	get idle(): boolean {
		return this.#waiting.length === 0 && !this.#blocked;
	}

	/** The target takes nothing more for now: what comes waits. */
	block(): void {
		this.#blocked = true;
		void this.#target.drained().then(() => {
			this.#blocked = false;
		});
	}

	/** Writes what still waits. */
	close(): void {
		this.#stop();
		this.#blocked = false;
		this.#emit(Number.POSITIVE_INFINITY);
	}

	#tick(): void {
		const now = this.#clock.monotonic();
		this.#settled ||= now - this.#lastArrival >= quietMs || now - this.#started >= settleMs;
		if (this.#settled && !this.#blocked) this.#emit(now - holdMs);
	}

	/** @param until lines that arrived up to then */
	#emit(until: number): void {
		const ready: LogLine[] = [];
		const later: Waiting[] = [];
		for (const each of this.#waiting) {
			if (each.arrived <= until) ready.push(each.line);
			else later.push(each);
		}
		if (this.#skipped > 0) {
			this.#target.skipped(this.#skipped);
			this.#skipped = 0;
		}
		if (ready.length === 0) return;
		this.#waiting = later;
		this.#bytes = later.reduce((sum, each) => sum + lineSize(each.line), 0);
		if (!this.#target.write(ready.sort(byTime))) this.block();
	}

	/** Half of it at once, so that a flood does not shift the array for each line. */
	#drop(): void {
		const count = Math.ceil(this.#waiting.length / 2);
		for (const each of this.#waiting.slice(0, count)) this.#bytes -= lineSize(each.line);
		this.#waiting = this.#waiting.slice(count);
		this.#skipped += count;
	}
}
