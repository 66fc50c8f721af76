import type { StepOutput } from '../../domain/run/control.ts';
import { type Frame } from './frames.ts';
import { LineBuffer } from './lineBuffer.ts';
import { listSegments } from './segmentNames.ts';
import { readingBuffer, SegmentReader } from './segmentReader.ts';

/** A look for new output is taken so often while some comes. */
const busyMs = 80;
/** And so often where none has come for a while: a finished step's output is looked at seldom. */
const idleMs = 320;
const looksUntilIdle = 12;
/** Lines kept for a look back. */
const keptLines = 1000;
/** A reader that is more segments behind than this jumps to the newest ones. */
const behind = 2;

/** Follows the output of a step in its files, in bounded memory, from its newest part. */
class OutputFollower implements StepOutput {
	readonly #folder: string;
	readonly #onChange: (() => void) | undefined;
	readonly #lines = new LineBuffer(keptLines);
	#segment: SegmentReader | undefined;
	readonly #chunk = readingBuffer();
	#dropped = 0;
	#quiet = 0;
	#closed = false;
	#timer: NodeJS.Timeout | undefined;
	#turning: Promise<void>;

	constructor(folder: string, onChange: (() => void) | undefined) {
		this.#folder = folder;
		this.#onChange = onChange;
		this.#turning = this.#turn();
	}

	tail(limit: number): ReturnType<StepOutput['tail']> {
		const lines = this.#lines.tail(limit);
		return { lines, above: Math.max(0, this.#lines.begun - lines.length), droppedBytes: this.#dropped };
	}

	close(): void {
		if (this.#closed) return;
		this.#closed = true;
		clearTimeout(this.#timer);
		// A look under way is waited for: it reads from the file.
		void this.#turning.then(async () => this.#segment?.close());
	}

	async #turn(): Promise<void> {
		let bytes = 0;
		try {
			bytes = await this.#readOn();
		} catch {
			// A folder that cannot be read just now is tried again.
		}
		if (this.#closed) return;
		this.#quiet = bytes > 0 ? 0 : this.#quiet + 1;
		if (bytes > 0) this.#onChange?.();
		const next = (): void => {
			this.#turning = this.#turn();
		};
		this.#timer = setTimeout(next, this.#quiet < looksUntilIdle ? busyMs : idleMs).unref();
	}

	/** Reads what is new. @returns bytes */
	async #readOn(): Promise<number> {
		let bytes = 0;
		while (!this.#closed) {
			const numbers = await listSegments(this.#folder);
			const newest = numbers.at(-1);
			if (newest === undefined) return bytes;
			if (this.#segment === undefined || newest - this.#segment.number > behind) await this.#jump(numbers);
			const segment = this.#segment;
			if (segment === undefined) return bytes;
			let read: number;
			do {
				read = await segment.next((frame) => this.#take(frame));
				bytes += read;
			} while (read > 0 && !this.#closed);
			if (segment.number >= newest) return bytes;
			this.#segment = undefined;
			await segment.close();
			this.#segment = await SegmentReader.open(this.#folder, numbers.find((number) => number > segment.number) ?? newest, this.#chunk);
		}
		return bytes;
	}

	/** To the newest segment but one: enough for a look back, and little to read. */
	async #jump(numbers: readonly number[]): Promise<void> {
		const old = this.#segment;
		this.#segment = undefined;
		await old?.close();
		this.#segment = await SegmentReader.open(this.#folder, numbers.at(-2) ?? numbers.at(-1) ?? 0, this.#chunk);
	}

	#take(frame: Frame): void {
		if (frame.kind === 'output') {
			this.#lines.add(frame.stream, frame.bytes);
			return;
		}
		this.#dropped = frame.position.dropped;
		// What stands before a gap is not what came before what stands after it.
		if (frame.position.lines !== this.#lines.ended) this.#lines.skipTo(frame.position.lines);
	}
}

/**
 * Opens the output of an execution, to be shown while it grows. Nothing keeps the process alive for it.
 * @param folder of the execution; it need not exist yet
 * @param onChange called after new output was read, some ten times a second at most
 */
export const followOutput = (folder: string, onChange?: () => void): StepOutput => new OutputFollower(folder, onChange);
