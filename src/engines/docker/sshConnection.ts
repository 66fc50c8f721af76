import type { ChildProcessByStdio } from 'node:child_process';
import { Duplex, type Readable, type Writable } from 'node:stream';
import { SshError } from './errors.ts';

/** ssh's own words are kept up to so many bytes. */
const maxWords = 4096;

/** A running ssh whose standard streams are the connection. */
export function openSshConnection(child: ChildProcessByStdio<Writable, Readable, Readable>): Duplex {
	return new SshConnection(child);
}

/** Looks enough like a socket for Node's HTTP client. */
class SshConnection extends Duplex {
	readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
	#words = '';
	#idle: NodeJS.Timeout | undefined;
	#idleMs = 0;

	constructor(child: ChildProcessByStdio<Writable, Readable, Readable>) {
		super({ allowHalfOpen: true });
		this.#child = child;
		child.stdout.on('data', (chunk: Buffer) => {
			this.#touch();
			if (!this.push(chunk)) {
				child.stdout.pause();
			}
		});
		child.stderr.setEncoding('utf8').on('data', (words: string) => {
			this.#words = (this.#words + words).slice(-maxWords);
		});
		child.stdin.on('error', () => {});
		child.on('error', (error) => this.destroy(new SshError(`ssh could not be started: ${error.message}`)));
		child.on('close', (code, signal) => this.#ended(code, signal));
	}

	override _read(): void {
		this.#child.stdout.resume();
	}

	override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
		this.#touch();
		if (this.#child.stdin.write(chunk)) {
			done();
		} else {
			this.#child.stdin.once('drain', done);
		}
	}

	override _final(done: (error?: Error | null) => void): void {
		this.#child.stdin.end();
		done();
	}

	override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
		clearTimeout(this.#idle);
		this.#child.stdin.destroy();
		this.#child.kill('SIGTERM');
		done(error);
	}

	/** As a socket's: an event after so long without traffic. The HTTP agent closes idle connections by it. */
	setTimeout(ms: number, listener?: () => void): this {
		this.#idleMs = ms;
		if (listener !== undefined) {
			// As a socket does: no time takes the listener away again.
			this.removeListener('timeout', listener);
			if (ms > 0) {
				this.once('timeout', listener);
			}
		}
		this.#touch();
		return this;
	}

	setKeepAlive(): this {
		return this;
	}

	setNoDelay(): this {
		return this;
	}

	ref(): this {
		this.#child.ref();
		return this;
	}

	/** An idle connection must not keep the process alive. */
	unref(): this {
		this.#child.unref();
		return this;
	}

	#touch(): void {
		clearTimeout(this.#idle);
		if (this.#idleMs > 0) {
			this.#idle = setTimeout(() => this.emit('timeout'), this.#idleMs).unref();
		}
	}

	#ended(code: number | null, signal: NodeJS.Signals | null): void {
		if (this.destroyed) {
			return;
		}
		const words = this.#words.trim().split('\n').at(-1) ?? '';
		if (code === 0 && words === '') {
			this.push(null);
			return;
		}
		const end = signal === null ? `ssh ended with exit code ${code ?? '?'}` : `ssh was ended by ${signal}`;
		this.destroy(new SshError(words === '' ? end : `${words} (${end})`));
	}
}
