import type { LogSink, LogStream } from '../../domain/log.ts';

/** Times of so many lines are remembered, for each stream. */
const remembered = 4096;

/**
 * Leaves out lines that an engine sends twice: around a rotation of the log file some follow it from the start of the file
 * anew. A line is a repeat only where time goes backwards to the exact nanosecond of a line that came before;
 * a clock that was set back gives other nanoseconds, and its lines pass.
 */
export function withoutRepeats(sink: LogSink): LogSink {
	const streams: Record<LogStream, Recent> = { stdout: new Recent(), stderr: new Recent(), tty: new Recent() };
	return {
		line(bytes, start, end, atMs, nanos, stream) {
			if (!streams[stream].isRepeat(atMs, nanos, end - start)) {
				sink.line(bytes, start, end, atMs, nanos, stream);
			}
		},
		flush: () => sink.flush?.(),
	};
}

class Recent {
	#ms = new Float64Array(0);
	#nanos = new Uint32Array(0);
	#next = 0;
	#newestMs = 0;
	#newestNanos = 0;
	#newestLength = 0;
	#repeating = false;

	isRepeat(ms: number, nanos: number, length: number): boolean {
		const backwards = ms < this.#newestMs || (ms === this.#newestMs && nanos < this.#newestNanos);
		const newest = ms === this.#newestMs && nanos === this.#newestNanos;
		this.#repeating = (backwards && this.#has(ms, nanos)) || (newest && (this.#repeating || this.#sameLine(nanos, length)));
		if (!this.#repeating) {
			this.#remember(ms, nanos);
			if (!backwards) {
				this.#newestMs = ms;
				this.#newestNanos = nanos;
				this.#newestLength = length;
			}
		}
		return this.#repeating;
	}

	/** Two lines of one nanosecond cannot be; of one microsecond they can, and some log drivers keep no finer time. */
	#sameLine(nanos: number, length: number): boolean {
		return nanos % 1000 !== 0 && length === this.#newestLength;
	}

	#has(ms: number, nanos: number): boolean {
		for (let index = 0; index < this.#ms.length; index++) {
			if (this.#ms[index] === ms && this.#nanos[index] === nanos) {
				return true;
			}
		}
		return false;
	}

	#remember(ms: number, nanos: number): void {
		if (this.#ms.length === 0) {
			this.#ms = new Float64Array(remembered);
			this.#nanos = new Uint32Array(remembered);
		}
		this.#ms[this.#next] = ms;
		this.#nanos[this.#next] = nanos;
		this.#next = (this.#next + 1) % remembered;
	}
}
