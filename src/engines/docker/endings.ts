import type { Clock } from '../../domain/clock.ts';
import type { EngineEvent } from '../../domain/engine.ts';

/**
 * A stream that has been followed for so long has seen the stop signal of whatever is being stopped, ms: the engine's
 * own grace between the signal and the kill is 10 s. Longer ones come from `past`.
 */
const watchedMs = 10_000;

interface Life {
	/** Its start was seen, so everything sent to it was seen. */
	readonly whole: boolean;
	/** It was sent a signal other than KILL: a stop may be under way. */
	readonly signalled: boolean;
	readonly killed: boolean;
}

const unknownLife: Life = { whole: false, signalled: false, killed: false };

/**
 * Tells which ends nobody asked for. The engine says `stop` only after the end, but a stop always begins with a
 * `kill` event of its stop signal, which comes before the `die`: an end before which no signal was sent, or none but
 * KILL, is no stop. What cannot be told here (a stop signal that is KILL itself, a removal) is told by an inspect.
 */
export class Endings {
	readonly #clock: Clock;
	readonly #since: number;
	readonly #lives = new Map<string, Life>();

	/** Begins with the stream. */
	constructor(clock: Clock) {
		this.#clock = clock;
		this.#since = clock.monotonic();
	}

	/** The event as it is handed on: an end with what is known of its cause. */
	note(event: EngineEvent): EngineEvent {
		const id = event.containerId;
		const life = this.#lives.get(id) ?? unknownLife;
		switch (event.kind) {
			case 'started':
				this.#lives.set(id, { ...unknownLife, whole: true });
				return event;
			case 'stopping':
				this.#lives.set(id, { ...life, signalled: true });
				return event;
			case 'killed':
				this.#lives.set(id, { ...life, ...(event.signal === 'SIGKILL' ? { killed: true } : { signalled: true }) });
				return event;
			case 'died': {
				this.#lives.delete(id);
				const watched = life.whole || this.#clock.monotonic() - this.#since >= watchedMs;
				if (!watched || life.signalled) return event;
				return { ...event, unasked: true, ...(life.killed ? { signal: 'SIGKILL' } : {}) };
			}
			case 'removed':
				this.#lives.delete(id);
				return event;
			default:
				return event;
		}
	}

	/** What happened before the stream began, oldest first: a stop with a long grace may be under way. */
	past(events: readonly EngineEvent[]): void {
		const before = new Endings(this.#clock);
		for (const event of events) before.note(event);
		for (const [id, life] of before.#lives) {
			const now = this.#lives.get(id) ?? unknownLife;
			if (life.signalled && !now.whole) this.#lives.set(id, { ...now, signalled: true });
		}
	}
}
