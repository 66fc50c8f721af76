import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { type Frame, readFrames } from './frames.ts';
import { segmentName } from './segmentNames.ts';

/** Read at once. Holds the largest frame, which the supervisor's buffer of 64 KiB bounds. */
const chunkBytes = 128 * 1024;

/** What segments are read into. One reader after another may use it, so that following a flood makes no litter. */
export const readingBuffer = (): Buffer => Buffer.allocUnsafe(chunkBytes);

/** Reads one segment, also while it is written. */
export class SegmentReader {
	readonly number: number;
	readonly #file: FileHandle;
	readonly #chunk: Buffer;
	#offset = 0;

	private constructor(number: number, file: FileHandle, chunk: Buffer) {
		this.#chunk = chunk;
		this.number = number;
		this.#file = file;
	}

	/** `undefined` where it is not there, or no more. */
	static async open(folder: string, number: number, chunk: Buffer): Promise<SegmentReader | undefined> {
		try {
			return new SegmentReader(number, await open(join(folder, segmentName(number)), 'r'), chunk);
		} catch (error) {
			if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
			throw error;
		}
	}

	/** Hands over a chunk's worth of whole frames, valid until the next call. @returns bytes read; 0 where there are none now */
	async next(take: (frame: Frame) => void): Promise<number> {
		const { bytesRead } = await this.#file.read(this.#chunk, 0, chunkBytes, this.#offset);
		const used = readFrames(this.#chunk.subarray(0, bytesRead), take);
		this.#offset += used;
		return used;
	}

	async close(): Promise<void> {
		await this.#file.close();
	}
}
