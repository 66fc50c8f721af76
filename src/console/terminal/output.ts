import { Writable } from 'node:stream';

/** Writes bytes to a file descriptor without standing in the way of the event loop, as `fs.write` does. */
export type WriteBytes = (
	bytes: Uint8Array,
	offset: number,
	length: number,
	done: (error: NodeJS.ErrnoException | null, written: number) => void,
) => void;

/** Size of a terminal in cells. */
export interface TerminalSize {
	readonly columns: number;
	readonly rows: number;
}

/** Wait before a full, non-blocking terminal is tried again, ms. */
const retryMs = 5;

/**
 * The terminal as a stream whose writes happen off the event loop: Node writes to a TTY synchronously,
 * so a stalled SSH link would stop every timer of the console. `writableLength` tells whether the last frame is out.
 * It looks like a TTY stream to Ink: `isTTY`, `columns`, `rows`, the `resize` event.
 */
export class TerminalOutput extends Writable {
	readonly isTTY = true;
	columns: number;
	rows: number;
	/** Bytes handed to the terminal so far. */
	bytesOut = 0;
	readonly #writeBytes: WriteBytes;
	#gathering = false;

	constructor(writeBytes: WriteBytes, size: TerminalSize) {
		super({ decodeStrings: true, highWaterMark: 1 });
		this.#writeBytes = writeBytes;
		this.columns = size.columns;
		this.rows = size.rows;
	}

	/** True while something is on its way to the terminal: a new frame would only queue behind it. */
	get busy(): boolean {
		return this.writableLength > 0;
	}

	resize(size: TerminalSize): void {
		if (size.columns === this.columns && size.rows === this.rows) return;
		this.columns = size.columns;
		this.rows = size.rows;
		this.emit('resize');
	}

	/**
	 * A frame comes in three writes: begin of an update, rows, end of it. They go out as one, so that a link that stalls
	 * leaves no update open, and a machine in trouble needs one turn of the event loop for a frame instead of three.
	 */
	override write(chunk: unknown, encoding?: BufferEncoding | ((error: Error | null | undefined) => void), done?: (error: Error | null | undefined) => void): boolean {
		if (!this.#gathering) {
			this.#gathering = true;
			this.cork();
			process.nextTick(() => {
				this.#gathering = false;
				this.uncork();
			});
		}
		return typeof encoding === 'string' ? super.write(chunk, encoding, done) : super.write(chunk, encoding ?? done);
	}

	override _writev(chunks: { readonly chunk: Uint8Array; readonly encoding: BufferEncoding }[], done: (error?: Error | null) => void): void {
		this.#send(Buffer.concat(chunks.map(({ chunk }) => chunk)), 0, done);
	}

	override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
		this.#send(chunk, 0, done);
	}

	#send(bytes: Uint8Array, offset: number, done: (error?: Error | null) => void): void {
		this.#writeBytes(bytes, offset, bytes.length - offset, (error, written) => {
			if (error?.code === 'EAGAIN') {
				setTimeout(() => this.#send(bytes, offset, done), retryMs);
				return;
			}
			if (error !== null) {
				done(error);
				return;
			}
			this.bytesOut += written;
			const next = offset + written;
			if (next < bytes.length) this.#send(bytes, next, done);
			else done();
		});
	}
}
