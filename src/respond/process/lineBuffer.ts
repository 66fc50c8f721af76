import { decodeLine } from '../../domain/sanitise.ts';
import type { StreamName } from './frames.ts';

/** Bytes of one line that are kept. */
const longestLine = 4096;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

interface Line {
	readonly stream: StreamName;
	/** Its bytes, one a character: a string costs a flood of lines far less than a buffer each. */
	readonly bytes: string;
	/** Bytes of it that were cut off. */
	readonly cut: number;
}

export interface ShownLine {
	readonly stream: StreamName;
	readonly text: string;
}

/** A line that has not ended yet. */
class OpenLine {
	readonly #bytes = Buffer.allocUnsafe(longestLine);
	#length = 0;
	cut = 0;
	/** A carriage return came last: what follows writes over the line, unless it is its end. */
	#returned = false;

	get isEmpty(): boolean {
		return this.#length === 0 && this.cut === 0;
	}

	add(bytes: Buffer): void {
		let from = 0;
		while (from < bytes.length) {
			if (this.#returned) this.clear();
			const found = bytes.indexOf(carriageReturn, from);
			const end = found === -1 ? bytes.length : found;
			const room = Math.min(end - from, longestLine - this.#length);
			bytes.copy(this.#bytes, this.#length, from, from + room);
			this.#length += room;
			this.cut += end - from - room;
			this.#returned = found !== -1;
			from = end + 1;
		}
	}

	take(stream: StreamName): Line {
		return { stream, bytes: this.#bytes.toString('latin1', 0, this.#length), cut: this.cut };
	}

	clear(): void {
		this.#length = 0;
		this.cut = 0;
		this.#returned = false;
	}
}

/**
 * The newest lines of an output, in bounded memory. Each stream's lines are put together on their own; a line over
 * which carriage returns have written shows its last state; a long one is cut, and says by how much.
 */
export class LineBuffer {
	readonly #capacity: number;
	readonly #lines: Line[] = [];
	readonly #open = { stdout: new OpenLine(), stderr: new OpenLine() };
	/** Which stream wrote last: its open line stands last. */
	#last: StreamName = 'stdout';
	/** Lines that ended, those before the buffer included. */
	ended = 0;

	/** @param capacity lines kept */
	constructor(capacity: number) {
		this.#capacity = capacity;
	}

	add(stream: StreamName, bytes: Buffer): void {
		const open = this.#open[stream];
		this.#last = stream;
		let from = 0;
		for (;;) {
			const end = bytes.indexOf(lineFeed, from);
			if (end === -1) break;
			open.add(bytes.subarray(from, end));
			this.#push(open.take(stream));
			open.clear();
			this.ended += 1;
			from = end + 1;
		}
		if (from < bytes.length) open.add(bytes.subarray(from));
	}

	/** Starts anew further on. @param ended lines that ended before */
	skipTo(ended: number): void {
		this.#lines.length = 0;
		this.#open.stdout.clear();
		this.#open.stderr.clear();
		this.ended = ended;
	}

	/** The newest lines, oldest first, harmless; those not yet ended come last. */
	tail(limit: number): readonly ShownLine[] {
		const open = (['stdout', 'stderr'] as const).filter((stream) => !this.#open[stream].isEmpty).sort((a) => (a === this.#last ? 1 : -1));
		const rest = open.map((stream) => this.#open[stream].take(stream));
		return [...this.#lines.slice(-this.#capacity), ...rest].slice(limit <= 0 ? Number.POSITIVE_INFINITY : -limit).map(shown);
	}

	/** Lines that have begun, ended or not. */
	get begun(): number {
		return this.ended + Number(!this.#open.stdout.isEmpty) + Number(!this.#open.stderr.isEmpty);
	}

	#push(line: Line): void {
		this.#lines.push(line);
		// In one go now and then: a shift for each of 50,000 lines a second would cost more than reading them.
		if (this.#lines.length >= this.#capacity * 2) this.#lines.splice(0, this.#lines.length - this.#capacity);
	}
}

const shown = ({ stream, bytes, cut }: Line): ShownLine => {
	const raw = Buffer.from(bytes, 'latin1');
	return { stream, text: decodeLine(raw, 0, cut === 0 ? raw.length : wholeCharacters(raw)) + (cut === 0 ? '' : ` … ${cut} more bytes`) };
};

/** Length without a character that was cut in two at the end (UTF-8: the bytes of its rest begin with 10). */
const wholeCharacters = (bytes: Buffer): number => {
	for (let back = 1; back <= Math.min(4, bytes.length); back++) {
		const byte = bytes[bytes.length - back] ?? 0;
		if (byte < 0x80) return bytes.length;
		if (byte >= 0xc0) {
			const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
			return length > back ? bytes.length - back : bytes.length;
		}
	}
	return bytes.length;
};
