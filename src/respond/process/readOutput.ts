import type { OutputChunk } from '../../domain/run/control.ts';
import type { Frame, StreamName } from './frames.ts';
import { listSegments } from './segmentNames.ts';
import { readingBuffer, SegmentReader } from './segmentReader.ts';

/** A piece of a whole output: what was written, or how much is missing here. */
export type OutputPiece = ({ readonly kind: 'output' } & OutputChunk) | { readonly kind: 'left-out'; readonly bytes: number };

/** What an execution has written, oldest first, one segment in memory at a time. Bytes that were not kept are told where they are missing. */
export async function* outputPieces(folder: string): AsyncGenerator<OutputPiece> {
	let known = 0;
	const chunk = readingBuffer();
	for (const number of await listSegments(folder)) {
		const segment = await SegmentReader.open(folder, number, chunk);
		// Made way for a newer one meanwhile, whose head says how much is missing.
		if (segment === undefined) continue;
		try {
			for (;;) {
				const frames: Frame[] = [];
				if ((await segment.next((frame) => frames.push(frame))) === 0) break;
				for (const frame of frames) {
					if (frame.kind === 'output') {
						known += frame.bytes.length;
						yield { kind: 'output', stream: frame.stream, at: frame.at, bytes: Buffer.from(frame.bytes) };
					} else if (frame.position.bytes > known) {
						yield { kind: 'left-out', bytes: frame.position.bytes - known };
						known = frame.position.bytes;
					}
				}
			}
		} finally {
			await segment.close();
		}
	}
}

/** The end of each stream, as text. */
export interface OutputText {
	readonly stdout: string;
	readonly stderr: string;
	/** Whether something came before these ends, or is missing in them. */
	readonly cut: Readonly<Record<StreamName, boolean>>;
}

const defaultMaxBytes = 64 * 1024;

/** The end of a stream. */
class Ending {
	readonly #max: number;
	#parts: Buffer[] = [];
	#length = 0;
	cut = false;

	constructor(max: number) {
		this.#max = max;
	}

	add(bytes: Uint8Array): void {
		this.#parts.push(Buffer.from(bytes));
		this.#length += bytes.length;
		while (this.#length - (this.#parts[0]?.length ?? 0) >= this.#max && this.#parts.length > 1) {
			this.#length -= this.#parts.shift()?.length ?? 0;
			this.cut = true;
		}
	}

	/** What came before is not connected with what comes now. */
	gap(bytes: number): void {
		this.add(Buffer.from(`\n[${bytes} bytes of output left out here]\n`));
		this.cut = true;
	}

	text(): string {
		const whole = Buffer.concat(this.#parts);
		let from = Math.max(0, whole.length - this.#max);
		if (from > 0) this.cut = true;
		// Not in the middle of a character: the bytes of its rest begin with 10.
		while (from > 0 && from < whole.length && ((whole[from] ?? 0) & 0xc0) === 0x80) from += 1;
		return whole.toString('utf8', from);
	}
}

/**
 * What an execution has written, as text, redacted and raw: for `expect` and `register`.
 * @param maxBytes of each stream; where it wrote more, its end is what counts
 */
export const readOutput = async (folder: string, maxBytes = defaultMaxBytes): Promise<OutputText> => {
	const ends = { stdout: new Ending(maxBytes), stderr: new Ending(maxBytes) };
	for await (const piece of outputPieces(folder)) {
		if (piece.kind === 'output') ends[piece.stream].add(piece.bytes);
		else for (const end of [ends.stdout, ends.stderr]) end.gap(piece.bytes);
	}
	const [stdout, stderr] = [ends.stdout.text(), ends.stderr.text()];
	return { stdout, stderr, cut: { stdout: ends.stdout.cut, stderr: ends.stderr.cut } };
};
