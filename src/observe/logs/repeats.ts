import type { LogStream } from '../../domain/log.ts';
import { cutFlag, markerFlag } from './lineMeta.ts';
import type { LogRing } from './ring.ts';

/** So far back a stream is asked for again: lines of stdout and stderr may be handed over a little out of order. */
const overlapMs = 100;
/** A repeated tail is at most so long; more lines of the ring are not compared. */
const maxLines = 5000;

/** FNV-1a of a line's bytes. */
const hashOf = (bytes: Uint8Array, start: number, end: number): number => {
	let hash = 0x811c9dc5;
	for (let at = start; at < end; at++) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
	return hash >>> 0;
};

const keyOf = (atMs: number, nanos: number, stream: LogStream, hash: number): string => `${atMs} ${nanos} ${stream} ${hash}`;

/** Seconds with nine decimals, as an engine wants a time. */
export const engineTime = (atMs: number, nanos: number): string => {
	const second = Math.floor(atMs / 1000);
	const fraction = Math.round(atMs - second * 1000) * 1_000_000 + nanos;
	return `${second}.${String(fraction).padStart(9, '0')}`;
};

/**
 * The lines at the end of a ring, by time, stream and text: what a stream taken up again repeats. Built once
 * for each reconnect from the ring itself, so that following costs nothing for it.
 */
export class Repeats {
	readonly #counts = new Map<string, number>();
	readonly #beforeMs: number;
	readonly #untilMs: number;
	/** Where to ask from; `undefined` where the ring has no line yet. */
	readonly since: string | undefined;

	constructor(ring: LogRing) {
		let last = ring.next - 1;
		while (last >= ring.first && (ring.metaOf(last) & markerFlag) !== 0) last--;
		if (last < ring.first) {
			this.#beforeMs = -Infinity;
			this.#untilMs = -Infinity;
			return;
		}
		let newest = last;
		for (let seq = last; seq >= ring.first && last - seq < 100; seq--) if (isNewer(ring, seq, newest)) newest = seq;
		const sinceMs = ring.msOf(newest) - overlapMs;
		this.since = engineTime(sinceMs, ring.nanosOf(newest));
		this.#untilMs = ring.msOf(newest);
		let oldestMs = Infinity;
		for (let seq = last; seq >= ring.first && last - seq < maxLines && ring.msOf(seq) >= sinceMs - overlapMs; seq--) {
			const meta = ring.metaOf(seq);
			if ((meta & markerFlag) !== 0) continue;
			oldestMs = Math.min(oldestMs, ring.msOf(seq));
			// The text of a line that was cut is not its own: time and stream must do.
			const start = ring.startOf(seq);
			const hash = (meta & cutFlag) === 0 ? hashOf(ring.bytes, start, start + ring.lengthOf(seq)) : -1;
			const key = keyOf(ring.msOf(seq), ring.nanosOf(seq), ring.streamOf(seq), hash);
			this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
		}
		// What is older than the oldest line compared has been given up since: it was had once.
		this.#beforeMs = ring.overrun.lines > 0 ? oldestMs : -Infinity;
	}

	/** Whether a line was had before. Each line had counts once. */
	has(bytes: Uint8Array, start: number, end: number, atMs: number, nanos: number, stream: LogStream): boolean {
		if (atMs > this.#untilMs) return false;
		if (atMs < this.#beforeMs) return true;
		return this.#take(keyOf(atMs, nanos, stream, hashOf(bytes, start, end))) || this.#take(keyOf(atMs, nanos, stream, -1));
	}

	/** Whether no repeat can come after a line of this time. */
	isPast(atMs: number): boolean {
		return atMs > this.#untilMs + overlapMs;
	}

	#take(key: string): boolean {
		const count = this.#counts.get(key) ?? 0;
		if (count === 0) return false;
		this.#counts.set(key, count - 1);
		return true;
	}
}

const isNewer = (ring: LogRing, a: number, b: number): boolean =>
	ring.msOf(a) > ring.msOf(b) || (ring.msOf(a) === ring.msOf(b) && ring.nanosOf(a) > ring.nanosOf(b));
