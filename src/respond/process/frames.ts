/**
 * The output of a command as it stands in its files: frames of a header of 16 bytes (kind, 3 unused, length as u32,
 * epoch ms as f64; big endian) and their bytes. A frame that was not written whole is the end of what can be read.
 */
export const headerBytes = 16;

export type StreamName = 'stdout' | 'stderr';

/** Where in the whole output the next byte stands: at the head of each segment, and after bytes that could not be written. */
export interface Position {
	/** Bytes of output before it, those not kept included. */
	readonly bytes: number;
	/** Line ends before it, those not kept included. */
	readonly lines: number;
	/** Bytes not kept so far. */
	readonly dropped: number;
}

export type Frame =
	| { readonly kind: 'output'; readonly stream: StreamName; readonly at: number; readonly bytes: Buffer }
	| { readonly kind: 'position'; readonly at: number; readonly position: Position };

const kinds = { stdout: 1, stderr: 2, position: 3 } as const;
const positionBytes = 24;
export const positionFrameBytes = headerBytes + positionBytes;

export const writeHeader = (target: Buffer, at: number, stream: StreamName | 'position', length: number, time: number): void => {
	target.writeUInt32BE(kinds[stream] * 0x1000000, at);
	target.writeUInt32BE(length, at + 4);
	target.writeDoubleBE(time, at + 8);
};

export const positionFrame = (position: Position, time: number): Buffer => {
	const frame = Buffer.alloc(positionFrameBytes);
	writeHeader(frame, 0, 'position', positionBytes, time);
	frame.writeDoubleBE(position.bytes, headerBytes);
	frame.writeDoubleBE(position.lines, headerBytes + 8);
	frame.writeDoubleBE(position.dropped, headerBytes + 16);
	return frame;
};

/** Reads the whole frames of a chunk. @returns how many bytes they took; what is left is the start of the next one */
export const readFrames = (chunk: Buffer, take: (frame: Frame) => void): number => {
	let at = 0;
	while (at + headerBytes <= chunk.length) {
		const kind = chunk[at];
		const length = chunk.readUInt32BE(at + 4);
		const from = at + headerBytes;
		if (from + length > chunk.length) break;
		const time = chunk.readDoubleBE(at + 8);
		if (kind === kinds.position && length === positionBytes) {
			const position = { bytes: chunk.readDoubleBE(from), lines: chunk.readDoubleBE(from + 8), dropped: chunk.readDoubleBE(from + 16) };
			take({ kind: 'position', at: time, position });
		} else if (kind === kinds.stdout || kind === kinds.stderr) {
			take({ kind: 'output', stream: kind === kinds.stdout ? 'stdout' : 'stderr', at: time, bytes: chunk.subarray(from, from + length) });
		} else {
			// Not ours, such as the zeros that a power cut leaves at the end of a file.
			break;
		}
		at = from + length;
	}
	return at;
};
