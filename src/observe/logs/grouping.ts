import { isExceptionName } from './level.ts';
import { errorCode, warnCode } from './levelCode.ts';

/** A group has at most so many lines; a longer run of indented lines starts anew. */
const maxLines = 1000;
/** The next line of a group stands at most so many lines below the last, other streams' lines counted. */
const maxDistance = 256;
/** And at most so many below its head, so that the distance fits 16 bits. */
const maxSpan = 60_000;
/** What a program writes in one go comes within this, ms. */
const maxGapMs = 2000;
/** An exception that follows an error line within this, ms, belongs to it. */
const errorGapMs = 50;

/** How the lines of a stack trace go on. */
type Kind = 'plain' | 'python' | 'pythonEnd' | 'go';

interface Stream {
	head: number;
	last: number;
	lastMs: number;
	lines: number;
	headLevel: number;
	kind: Kind;
}

const fresh = (): Stream => ({ head: -1, last: -1, lastMs: 0, lines: 0, headLevel: 0, kind: 'plain' });

const begins = (bytes: Uint8Array, start: number, end: number, word: string): boolean => {
	if (start + word.length > end) return false;
	for (let index = 0; index < word.length; index++) if (bytes[start + index] !== word.charCodeAt(index)) return false;
	return true;
};

/**
 * Keeps the lines of a stack trace with the line they belong to, for each stream alone, as lines come:
 * indented lines, and what Java, Python, Node, Go and .NET write unindented within a trace.
 */
export class Grouping {
	readonly #streams: readonly Stream[] = [fresh(), fresh(), fresh()];

	/** Lines that follow start anew, as after a restart. */
	reset(): void {
		for (const stream of this.#streams) Object.assign(stream, fresh());
	}

	/**
	 * Takes the next line. @returns the sequence number of its head: its own where it is a head
	 * @param level the line's own level code
	 */
	add(bytes: Uint8Array, start: number, end: number, seq: number, atMs: number, streamCode: number, level: number): number {
		const stream = this.#streams[streamCode];
		if (stream === undefined) return seq;
		const gap = atMs - stream.lastMs;
		const open = stream.head >= 0 && stream.lines < maxLines && seq - stream.last <= maxDistance && seq - stream.head <= maxSpan && gap <= maxGapMs && gap >= -maxGapMs;
		if (open && this.#continues(bytes, start, end, stream, gap)) {
			stream.last = seq;
			stream.lastMs = atMs;
			stream.lines++;
			return stream.head;
		}
		stream.head = seq;
		stream.last = seq;
		stream.lastMs = atMs;
		stream.lines = 1;
		stream.headLevel = level;
		stream.kind = level < errorCode ? 'plain' : begins(bytes, start, end, 'Traceback') ? 'python' : begins(bytes, start, end, 'panic: ') || begins(bytes, start, end, 'fatal error: ') ? 'go' : 'plain';
		return seq;
	}

	#continues(bytes: Uint8Array, start: number, end: number, stream: Stream, gap: number): boolean {
		if (start >= end) return stream.kind === 'go' || stream.kind === 'pythonEnd';
		const first = bytes[start] ?? 0;
		// A lone indented line end, blanks only, belongs to what stands above it as well.
		if (first === 0x20 || first === 0x09) return true;
		if (stream.kind === 'go') return goContinues(bytes, start, end);
		const tracedError = stream.headLevel >= warnCode && gap <= errorGapMs;
		if (begins(bytes, start, end, 'Traceback (most')) {
			if (!tracedError && stream.kind !== 'python' && stream.kind !== 'pythonEnd') return false;
			stream.kind = 'python';
			return true;
		}
		if (stream.kind === 'python' || stream.kind === 'pythonEnd') return pythonContinues(bytes, start, end, stream);
		switch (first) {
			case 0x43: // C
				return begins(bytes, start, end, 'Caused by: ');
			case 0x61: // a
				return begins(bytes, start, end, 'at ');
			case 0x2d: // -
				return begins(bytes, start, end, '--- End of ');
			case 0x7d: // }
				return end - start === 1 && stream.lines > 1;
			case 0x67: // g
				return begins(bytes, start, end, 'goroutine ') && tracedError;
			default:
				return tracedError && stream.lines === 1 && isException(bytes, start, end);
		}
	}
}

/** After the frames stands the exception, unindented, and ends the trace; a chained trace may follow after an empty line. */
const pythonContinues = (bytes: Uint8Array, start: number, end: number, stream: Stream): boolean => {
	if (begins(bytes, start, end, 'During handling of') || begins(bytes, start, end, 'The above exception')) return true;
	if (stream.kind === 'pythonEnd' || stream.lines < 2) return false;
	stream.kind = 'pythonEnd';
	return isException(bytes, start, end) || isPythonName(bytes, start, end);
};

/** `KeyboardInterrupt`, `app.errors.NotFound: …`: a dotted name up to a colon or the end. */
const isPythonName = (bytes: Uint8Array, start: number, end: number): boolean => {
	const nameEnd = endOfName(bytes, start, end);
	return nameEnd > start && (nameEnd === end || bytes[nameEnd] === 0x3a);
};

const isException = (bytes: Uint8Array, start: number, end: number): boolean => {
	const nameEnd = endOfName(bytes, start, end);
	return (nameEnd === end || bytes[nameEnd] === 0x3a) && nameEnd - start >= 5 && isExceptionName(bytes, nameEnd);
};

const endOfName = (bytes: Uint8Array, start: number, end: number): number => {
	let at = start;
	while (at < end && at - start < 160) {
		const byte = bytes[at] ?? 0;
		const letter = (byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a);
		if (!letter && !(byte >= 0x30 && byte <= 0x39) && byte !== 0x2e && byte !== 0x5f && byte !== 0x24) break;
		at++;
	}
	return at;
};

/** `goroutine 1 [running]:`, `main.main()`, `created by …`, `exit status 2`, `[signal SIGSEGV …]`. */
const goContinues = (bytes: Uint8Array, start: number, end: number): boolean => {
	if (begins(bytes, start, end, 'goroutine ') || begins(bytes, start, end, 'created by ') || begins(bytes, start, end, 'exit status ') || begins(bytes, start, end, '[signal ')) return true;
	if (bytes[end - 1] !== 0x29) return false;
	for (let at = start; at < end; at++) {
		const byte = bytes[at] ?? 0;
		if (byte === 0x28) return at > start;
		if (byte === 0x20) return false;
	}
	return false;
};
