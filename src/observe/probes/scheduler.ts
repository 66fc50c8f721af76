import type { Cancel, Clock } from '../../domain/clock.ts';
import { formatDuration, formatLatency } from '../../domain/duration.ts';
import type { Probe, ProbeResult } from '../../domain/probe.ts';

export interface SchedulerOptions {
	readonly clock: Clock;
	/** 0 <= value < 1. */
	readonly random: () => number;
	/** Every result, also of failures. */
	readonly sink: (probe: Probe, result: ProbeResult) => void;
	/** How many run at once; the others wait their turn. */
	readonly concurrency?: number;
}

const defaultConcurrency = 8;
/** First runs are spread over at most this, ms, and every start moves by up to a twentieth of the interval. */
const spreadMs = 2000;
const jitter = 0.05;

interface Slot {
	readonly probe: Probe;
	readonly end: AbortController;
	cancel: Cancel;
	/** Monotonic ms at which it was last due. */
	dueAt: number;
}

const keyOf = (probe: Probe): string => `${probe.serviceId}\u0000${probe.name}`;

/**
 * Runs probes, each on its own clock: no probe overlaps itself, so many at once and no more. One that is
 * slower than its interval starts again at once when it has ended, and its words say so.
 */
export class ProbeScheduler {
	readonly #options: SchedulerOptions;
	readonly #slots = new Map<string, Slot>();
	#waiting: Slot[] = [];
	#running = 0;

	constructor(options: SchedulerOptions) {
		this.#options = options;
	}

	/** Takes this set of probes in place of the last one. A probe that is the same object goes on undisturbed. */
	set(probes: readonly Probe[]): void {
		const wanted = new Map(probes.map((probe) => [keyOf(probe), probe]));
		for (const [key, slot] of this.#slots) {
			if (wanted.get(key) === slot.probe) continue;
			this.#end(slot);
			this.#slots.delete(key);
		}
		for (const [key, probe] of wanted) {
			if (this.#slots.has(key)) continue;
			const slot: Slot = { probe, end: new AbortController(), cancel: () => undefined, dueAt: 0 };
			this.#slots.set(key, slot);
			this.#plan(slot, this.#options.random() * Math.min(spreadMs, probe.intervalMs));
		}
	}

	/** Ends every run and starts no more. */
	stop(): void {
		this.set([]);
	}

	#end(slot: Slot): void {
		slot.cancel();
		slot.end.abort();
		this.#waiting = this.#waiting.filter((each) => each !== slot);
	}

	#plan(slot: Slot, inMs: number): void {
		slot.dueAt = this.#options.clock.monotonic() + inMs;
		slot.cancel = this.#options.clock.after(inMs, () => {
			this.#waiting.push(slot);
			this.#next();
		});
	}

	#next(): void {
		while (this.#running < (this.#options.concurrency ?? defaultConcurrency)) {
			const slot = this.#waiting.shift();
			if (slot === undefined) return;
			this.#running++;
			void this.#run(slot).finally(() => {
				this.#running--;
				this.#next();
			});
		}
	}

	async #run(slot: Slot): Promise<void> {
		const { probe, end } = slot;
		const { clock, random, sink } = this.#options;
		let result: ProbeResult;
		try {
			result = await probe.run(end.signal);
		} catch (error) {
			// A probe promises never to reject; one that does must not go silent.
			const words = `the probe itself failed: ${error instanceof Error ? error.message : String(error)}`;
			result = { probe: probe.name, at: clock.now(), durationMs: 0, ok: false, words, figures: {} };
		}
		if (end.signal.aborted) return;
		const sinceDue = clock.monotonic() - slot.dueAt;
		const late = sinceDue > probe.intervalMs;
		this.#plan(slot, Math.max(0, probe.intervalMs * (1 + (random() - 0.5) * 2 * jitter) - sinceDue));
		sink(probe, late ? { ...result, words: `${result.words}; took ${formatLatency(sinceDue)}, longer than its interval of ${intervalWords(probe.intervalMs)}` } : result);
	}
}

const intervalWords = (ms: number): string => (ms < 10_000 ? formatLatency(ms) : formatDuration(ms));
