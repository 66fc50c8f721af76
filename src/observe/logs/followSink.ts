import type { LogSink, LogStream } from '../../domain/log.ts';
import type { Repeats } from './repeats.ts';
import type { LogRing } from './ring.ts';

export const lostWords = 'reconnected: lines may be lost here';

/**
 * Hands the lines of one connection to a ring: leaves out what was had before, and marks a gap where the
 * first line is not one that was had, since then the tail did not reach back to the last.
 */
export class FollowSink implements LogSink {
	readonly #ring: LogRing;
	readonly #repeats: Repeats;
	readonly #onLife: () => void;
	#first = true;
	/** Whether repeats are still to be expected. */
	#overlapping: boolean;
	#open = true;

	/** @param onLife called after each chunk */
	constructor(ring: LogRing, repeats: Repeats, onLife: () => void) {
		this.#ring = ring;
		this.#repeats = repeats;
		this.#onLife = onLife;
		this.#overlapping = repeats.since !== undefined;
	}

	/** Takes nothing more: a connection that was given up may still have a chunk to deliver. */
	close(): void {
		this.#open = false;
	}

	line(bytes: Uint8Array, start: number, end: number, atMs: number, nanos: number, stream: LogStream): void {
		if (!this.#open) return;
		if (this.#overlapping) {
			if (this.#repeats.has(bytes, start, end, atMs, nanos, stream)) {
				this.#first = false;
				return;
			}
			if (this.#first) this.#ring.mark(lostWords, atMs);
			this.#first = false;
			if (this.#repeats.isPast(atMs)) this.#overlapping = false;
		}
		this.#ring.line(bytes, start, end, atMs, nanos, stream);
	}

	flush(): void {
		if (!this.#open) return;
		this.#ring.flush();
		this.#onLife();
	}
}
