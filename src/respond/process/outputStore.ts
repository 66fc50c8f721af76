import type { StreamName } from './frames.ts';
import { Redactor } from './redactor.ts';
import { type SegmentDisk, Segments } from './segments.ts';

/** Output waits so long for more at most before it goes to its file. */
const flushMs = 20;

/** Takes what a command writes, and stores it redacted and within its bound. */
export class OutputStore {
	readonly #segments: Segments;
	readonly #redactors: Readonly<Record<StreamName, Redactor>>;
	readonly #hide: boolean;
	readonly #now: () => number;
	readonly #unfinished = { stdout: false, stderr: false };
	readonly #seen = new Set<StreamName>();
	#flushing = false;
	#lines = 0;
	/** Of the command, before anything was replaced. */
	bytes = 0;

	/** @param now epoch ms */
	constructor(disk: SegmentDisk, options: { readonly patterns: readonly Uint8Array[]; readonly hide: boolean; readonly maxBytes: number; readonly now: () => number }) {
		this.#segments = new Segments(disk, options.maxBytes);
		this.#redactors = { stdout: new Redactor(options.patterns), stderr: new Redactor(options.patterns) };
		this.#hide = options.hide;
		this.#now = options.now;
	}

	get dropped(): number {
		return this.#segments.dropped;
	}

	/** Why some of it could not be written, in the system's words. */
	get trouble(): string | undefined {
		return this.#segments.trouble;
	}

	/** Line ends, and a last line without one. */
	get lines(): number {
		return (this.#hide ? this.#lines : this.#segments.lines) + Number(this.#unfinished.stdout) + Number(this.#unfinished.stderr);
	}

	/** The chunk is not kept. */
	take(stream: StreamName, chunk: Buffer): void {
		this.bytes += chunk.length;
		this.#unfinished[stream] = chunk.at(-1) !== 0x0a;
		const at = this.#now();
		if (this.#hide) {
			for (const byte of chunk) if (byte === 0x0a) this.#lines += 1;
			if (!this.#seen.has(stream)) this.#segments.append(stream, Buffer.from('(secret)\n'), at);
			this.#seen.add(stream);
		} else {
			this.#redactors[stream].push(chunk, (bytes) => this.#segments.append(stream, bytes, at));
		}
		this.#flushSoon();
	}

	close(): void {
		if (!this.#hide) {
			for (const stream of ['stdout', 'stderr'] as const) this.#redactors[stream].end((bytes) => this.#segments.append(stream, bytes, this.#now()));
		}
		this.#segments.close();
	}

	/** Makes room on a full disk. */
	sacrificeTail(): void {
		this.#segments.sacrificeTail();
	}

	#flushSoon(): void {
		if (this.#flushing) return;
		this.#flushing = true;
		setTimeout(() => {
			this.#flushing = false;
			this.#segments.flush();
		}, flushMs);
	}
}
