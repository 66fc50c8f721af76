import type { LogSink } from '../../domain/log.ts';
import type { LogDecoder } from './logDecoder.ts';
import { LogTime } from './logTime.ts';
import { LongLine } from './longLine.ts';

const newline = 10;
const carriageReturn = 13;
/** The engine takes a terminal's output in pieces of so many bytes and puts the time before each. */
const pieceLength = 16_384;
/** Enough for a time with a zone, and its space. */
const maxPrefix = 37;

/**
 * A container with a terminal: one plain stream, lines ending in CR LF, a time before each line and, within
 * a line longer than 16 KiB, again before each piece. Those inner ones repeat the line's own time and are taken out.
 */
export function createTtyDecoder(sink: LogSink): LogDecoder {
	const time = new LogTime();
	const line = new LongLine();
	/** Bytes at the beginning of a piece whose prefix is not yet whole. */
	let pending = new Uint8Array(0);
	/** The bytes of the line's own time with its space; empty between lines. */
	let prefix = new Uint8Array(0);
	/** Bytes of text since the last prefix. */
	let inPiece = 0;

	/** Reads a prefix at `at`; returns where text begins, or -1 where more bytes are needed. */
	const readPrefix = (bytes: Uint8Array, at: number, last: boolean): number => {
		const end = bytes.length;
		if (prefix.length > 0) {
			const held = Math.min(prefix.length, end - at);
			if (!startsWith(bytes, at, prefix, held)) {
				return at;
			}
			return held < prefix.length ? (last ? at : -1) : at + held;
		}
		if (!last && end - at < maxPrefix && bytes.indexOf(newline, at) < 0) {
			return -1;
		}
		const text = time.read(bytes, at, end);
		prefix = text < 0 ? new Uint8Array(0) : copyOf(bytes, at, text);
		return text < 0 ? at : text;
	};

	const run = (bytes: Uint8Array, last: boolean): void => {
		let at = 0;
		while (at < bytes.length) {
			const atLineStart = !line.open && inPiece === 0;
			if (atLineStart || inPiece === pieceLength) {
				const text = readPrefix(bytes, at, last);
				if (text < 0) {
					pending = copyOf(bytes, at, bytes.length);
					return;
				}
				if (atLineStart) {
					line.atMs = time.atMs;
					line.nanos = time.nanos;
				}
				at = text;
				inPiece = 0;
			}
			at = readText(bytes, at);
		}
	};

	/** Takes text up to the line's or the piece's end. Returns where reading goes on. */
	const readText = (bytes: Uint8Array, at: number): number => {
		const limit = Math.min(bytes.length, at + pieceLength - inPiece);
		const found = bytes.indexOf(newline, at);
		if (found < 0 || found >= limit) {
			line.add(bytes, at, limit);
			inPiece += limit - at;
			return limit;
		}
		if (line.open) {
			line.add(bytes, at, found);
			finish();
		} else {
			sink.line(bytes, at, withoutReturn(bytes, at, found), line.atMs, line.nanos, 'tty');
		}
		prefix = new Uint8Array(0);
		inPiece = 0;
		return found + 1;
	};

	const finish = (): void => {
		const { atMs, nanos } = line;
		const bytes = line.take();
		sink.line(bytes, 0, withoutReturn(bytes, 0, bytes.length), atMs, nanos, 'tty');
	};

	const push = (chunk: Uint8Array, last: boolean): void => {
		if (pending.length === 0) {
			run(chunk, last);
			return;
		}
		const joined = new Uint8Array(pending.length + chunk.length);
		joined.set(pending);
		joined.set(chunk, pending.length);
		pending = new Uint8Array(0);
		run(joined, last);
	};

	return {
		push: (chunk, start = 0, end = chunk.length) => push(chunk.subarray(start, end), false),
		end() {
			push(new Uint8Array(0), true);
			if (line.open) {
				finish();
			}
		},
	};
}

/** `slice` of a Buffer would share its memory, which is read into again. */
function copyOf(bytes: Uint8Array, start: number, end: number): Uint8Array<ArrayBuffer> {
	return new Uint8Array(bytes.subarray(start, end));
}

/** A terminal ends lines with CR LF; programs that write CR LF themselves give CR CR LF. */
function withoutReturn(bytes: Uint8Array, start: number, end: number): number {
	let stop = end;
	while (stop > start && bytes[stop - 1] === carriageReturn) {
		stop--;
	}
	return stop;
}

function startsWith(bytes: Uint8Array, at: number, prefix: Uint8Array, length: number): boolean {
	for (let index = 0; index < length; index++) {
		if (bytes[at + index] !== prefix[index]) {
			return false;
		}
	}
	return true;
}
