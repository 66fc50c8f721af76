import { closeSync, fsyncSync, ftruncateSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { headerBytes, positionFrame, type StreamName, writeHeader } from './frames.ts';
import { segmentName, segmentPlan } from './segmentNames.ts';

const bufferBytes = 64 * 1024;

/** A file that is being written, as much as the segments need of it. */
export interface SegmentFile {
	/** @throws where the disk refuses, such as when it is full */
	append(bytes: Uint8Array): void;
	sync(): void;
	close(): void;
}

/** Opens and removes segments. */
export interface SegmentDisk {
	create(name: string): SegmentFile;
	remove(name: string): void;
}

/** Writes a part of some bytes at a place in a file. @returns how many it wrote @throws where the disk refuses */
type WritePart = (fd: number, bytes: Uint8Array, from: number, length: number, position: number) => number;

export const folderDisk = (folder: string, write: WritePart = writeSync): SegmentDisk => ({
	create(name) {
		const fd = openSync(join(folder, name), 'wx', 0o600);
		let length = 0;
		return {
			append(bytes) {
				let done = 0;
				try {
					// At its place, not where the last write ended: one that failed half way is written over.
					while (done < bytes.length) done += write(fd, bytes, done, bytes.length - done, length + done);
				} catch (error) {
					// Half a frame would hide what comes after it.
					ftruncateSync(fd, length);
					throw error;
				}
				length += bytes.length;
			},
			sync: () => fsyncSync(fd),
			close: () => closeSync(fd),
		};
	},
	remove: (name) => rmSync(join(folder, name), { force: true }),
});

/**
 * Writes an output within its bound: the first half stays, of the rest the newest half. Disk space, frame headers
 * included, never passes the bound; what goes is counted.
 */
export class Segments {
	readonly #disk: SegmentDisk;
	readonly #segmentBytes: number;
	readonly #half: number;
	readonly #buffer = Buffer.allocUnsafe(bufferBytes);
	/** Output bytes in each segment of the newest half. */
	readonly #inTail = new Map<number, number>();
	#buffered = 0;
	#bufferedOutput = 0;
	/** Where the header of the frame stands that can still grow. */
	#open: { readonly stream: StreamName; readonly header: number; readonly at: number; length: number } | undefined;
	#file: SegmentFile | undefined;
	#number = -1;
	#used = 0;
	#needsPosition = false;
	bytes = 0;
	lines = 0;
	dropped = 0;
	/** The last refusal of the disk. */
	trouble: string | undefined;

	constructor(disk: SegmentDisk, maxBytes: number) {
		this.#disk = disk;
		({ segmentBytes: this.#segmentBytes, half: this.#half } = segmentPlan(maxBytes));
	}

	append(stream: StreamName, bytes: Uint8Array, at: number): void {
		let from = 0;
		while (from < bytes.length) {
			const extra = this.#open?.stream === stream ? 0 : headerBytes;
			const room = this.#segmentBytes - this.#used - extra;
			const bufferRoom = bufferBytes - this.#buffered - extra;
			if (this.#number < 0 || room <= 0) this.#rotate(at);
			else if (bufferRoom <= 0) this.flush();
			else if (this.#needsPosition) this.#place(at);
			else {
				const part = bytes.subarray(from, from + Math.min(room, bufferRoom));
				this.#take(stream, part, at);
				from += part.length;
			}
		}
	}

	/** Hands what is buffered to the system. */
	flush(): void {
		this.#open = undefined;
		if (this.#buffered === 0) return;
		const lost = this.#bufferedOutput;
		const chunk = this.#buffer.subarray(0, this.#buffered);
		this.#buffered = 0;
		this.#bufferedOutput = 0;
		try {
			this.#file ??= this.#disk.create(segmentName(this.#number));
			this.#file.append(chunk);
			if (this.#number >= this.#half) this.#inTail.set(this.#number, (this.#inTail.get(this.#number) ?? 0) + lost);
		} catch (error) {
			this.trouble = error instanceof Error ? error.message : String(error);
			this.dropped += lost;
			this.#needsPosition = true;
		}
	}

	/** Writes the rest and makes it durable. */
	close(): void {
		this.flush();
		try {
			this.#file?.sync();
			this.#file?.close();
		} catch (error) {
			this.trouble = error instanceof Error ? error.message : String(error);
		}
		this.#file = undefined;
	}

	/** Gives up the newest half, where its room is needed for the end. */
	sacrificeTail(): void {
		for (const [number, bytes] of this.#inTail) {
			this.#disk.remove(segmentName(number));
			this.dropped += bytes;
		}
		this.#inTail.clear();
	}

	#take(stream: StreamName, part: Uint8Array, at: number): void {
		if (this.#open?.stream !== stream) {
			this.#open = { stream, header: this.#buffered, at, length: 0 };
			this.#buffered += headerBytes;
			this.#used += headerBytes;
		}
		this.#buffer.set(part, this.#buffered);
		this.#buffered += part.length;
		this.#bufferedOutput += part.length;
		this.#used += part.length;
		this.#open.length += part.length;
		writeHeader(this.#buffer, this.#open.header, stream, this.#open.length, this.#open.at);
		this.bytes += part.length;
		for (const byte of part) if (byte === 0x0a) this.lines += 1;
	}

	#place(at: number): void {
		this.flush();
		const frame = positionFrame({ bytes: this.bytes, lines: this.lines, dropped: this.dropped }, at);
		this.#buffer.set(frame, this.#buffered);
		this.#buffered += frame.length;
		this.#used += frame.length;
		this.#needsPosition = false;
	}

	#rotate(at: number): void {
		this.flush();
		try {
			this.#file?.close();
		} catch (error) {
			this.trouble = error instanceof Error ? error.message : String(error);
		}
		this.#file = undefined;
		this.#number += 1;
		this.#used = 0;
		const oldest = this.#number - this.#half;
		const gone = this.#inTail.get(oldest);
		if (oldest >= this.#half) {
			this.#disk.remove(segmentName(oldest));
			this.#inTail.delete(oldest);
			this.dropped += gone ?? 0;
		}
		this.#place(at);
	}
}
