import { EventEmitter } from 'node:events';
import { Writable } from 'node:stream';

/** A terminal of a fixed size that keeps what was written to it. */
export class FakeStdout extends Writable {
	readonly isTTY = true;
	columns: number;
	rows: number;
	readonly writes: string[] = [];

	constructor(columns: number, rows: number) {
		super({ decodeStrings: false });
		this.columns = columns;
		this.rows = rows;
	}

	override _write(chunk: string | Buffer, _encoding: BufferEncoding, done: () => void): void {
		this.writes.push(String(chunk));
		done();
	}

	/** The newest whole frame; Ink's debug mode writes each frame in one piece. */
	lastFrame(): string {
		return this.writes.findLast((text) => text.length > 10) ?? '';
	}

	resize(columns: number, rows: number): void {
		this.columns = columns;
		this.rows = rows;
		this.emit('resize');
	}
}

/** A keyboard: what is typed arrives as one chunk each. */
export class FakeStdin extends EventEmitter {
	readonly isTTY = true;
	readonly #waiting: string[] = [];

	type(text: string): void {
		this.#waiting.push(text);
		this.emit('readable');
	}

	read(): string | null {
		return this.#waiting.shift() ?? null;
	}

	setRawMode(): this {
		return this;
	}

	setEncoding(): this {
		return this;
	}

	resume(): this {
		return this;
	}

	pause(): this {
		return this;
	}

	ref(): this {
		return this;
	}

	unref(): this {
		return this;
	}
}
