import type { Cancel, Clock } from '../../domain/clock.ts';
import type { Waiting } from '../../domain/run/state.ts';

/** A decision that people look at is judged again so often, ms. */
const judgeEveryMs = 1500;

const isLive = (waiting: Waiting | undefined): boolean => waiting?.kind === 'choose' && waiting.criteria !== undefined;

/** Whether a decision, judged again, says the same. */
const same = (left: Waiting | undefined, right: Waiting | undefined): boolean => JSON.stringify(left) === JSON.stringify(right);

/** Judges the figures of a decision again for as long as the run waits at it. Nothing else of a run changes by itself while it waits. */
export class LiveDecision {
	readonly #clock: Clock;
	readonly #judge: () => Waiting | undefined;
	readonly #changed: (waiting: Waiting) => void;
	#stop: Cancel | undefined;
	#waiting: Waiting | undefined;

	/**
	 * @param judge what the run waits for, judged now; another step than before, or nothing, is left for the run itself to find
	 * @param changed called with the new figures
	 */
	constructor(clock: Clock, judge: () => Waiting | undefined, changed: (waiting: Waiting) => void) {
		this.#clock = clock;
		this.#judge = judge;
		this.#changed = changed;
	}

	/** Says what the run waits for now. */
	follow(waiting: Waiting | undefined): void {
		this.#waiting = waiting;
		if (isLive(waiting)) this.#stop ??= this.#clock.every(judgeEveryMs, () => this.#look());
		else this.stop();
	}

	stop(): void {
		this.#stop?.();
		this.#stop = undefined;
		this.#waiting = undefined;
	}

	#look(): void {
		const before = this.#waiting;
		const now = this.#judge();
		if (before?.kind !== 'choose' || now?.kind !== 'choose' || now.step !== before.step || same(before, now)) return;
		this.#waiting = now;
		this.#changed(now);
	}
}
