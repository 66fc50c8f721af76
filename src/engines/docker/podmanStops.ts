import type { Clock } from '../../domain/clock.ts';
import type { EngineEvent } from '../../domain/engine.ts';

/** A stop that was told of, or asked for here, and an end belong together where so little time is between them, ms: the usual grace and some. */
const togetherMs = 15_000;

/**
 * Brings Podman's word of an asked stop into Docker's order. Docker says `die`, then `stop`; Podman says `stop` or `restart` before the `die`, or
 * after it, or, where its own cleanup is quicker than the stop, nothing at all. So what was stopped through this connection is remembered as well.
 */
export class PodmanStops {
	readonly #clock: Clock;
	/** Monotonic ms until which an end of the container was asked for. */
	readonly #askedUntil = new Map<string, number>();
	/** Containers whose end was the last that was heard of them. */
	readonly #ended = new Set<string>();

	constructor(clock: Clock) {
		this.#clock = clock;
	}

	/** Somebody asked here that it ends. @param graceSeconds until it is killed */
	ask(containerId: string, graceSeconds: number): void {
		this.#askedUntil.set(containerId, this.#clock.monotonic() + graceSeconds * 1000 + togetherMs);
	}

	/** One event of the engine as the events it stands for, in Docker's order. */
	note(event: EngineEvent): readonly EngineEvent[] {
		const id = event.containerId;
		switch (event.kind) {
			case 'stopped':
				if (this.#ended.has(id)) return [event];
				this.ask(id, 0);
				return [{ ...event, kind: 'stopping' }];
			case 'restarted':
				if (!this.#ended.has(id)) this.ask(id, 0);
				return [event];
			case 'started':
				// A start ends what was asked before it; of a restart it is the last word.
				this.#ended.delete(id);
				this.#askedUntil.delete(id);
				return [event];
			case 'died': {
				const asked = (this.#askedUntil.get(id) ?? 0) > this.#clock.monotonic();
				this.#askedUntil.delete(id);
				this.#ended.add(id);
				return asked ? [event, stopOf(event)] : [event];
			}
			case 'removed':
				this.#ended.delete(id);
				this.#askedUntil.delete(id);
				return [event];
			default:
				return [event];
		}
	}
}

/** Docker's word after an end that was asked for. */
const stopOf = (end: EngineEvent): EngineEvent => {
	const { exitCode: _, signal: __, unasked: ___, ...rest } = end;
	return { ...rest, kind: 'stopped', action: 'stop' };
};
