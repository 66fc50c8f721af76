import { createInterface } from 'node:readline';
import type { ReadStream, WriteStream } from 'node:tty';
import type { Input, Output } from '../cli/ports.ts';

/** A standard stream of this process, as the commands write to it. */
export const outputOf = (stream: WriteStream, isTTY: boolean): Output => {
	const gone = new AbortController();
	stream.on('error', (error: NodeJS.ErrnoException) => {
		if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
		gone.abort();
	});
	return {
		isTTY,
		get columns() {
			return isTTY ? stream.columns : undefined;
		},
		get rows() {
			return isTTY ? stream.rows : undefined;
		},
		write: (data) => gone.signal.aborted || stream.write(data),
		drained: () =>
			new Promise((resolve) => {
				if (gone.signal.aborted || !stream.writableNeedDrain) {
					resolve();
					return;
				}
				stream.once('drain', resolve);
				gone.signal.addEventListener('abort', () => resolve(), { once: true });
			}),
		gone: gone.signal,
	};
};

/** Standard input, as lines. */
export const inputOf = (stream: ReadStream, isTTY: boolean): Input => ({
	isTTY,
	lines: () => createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }),
	askSecret: (question, output) => readSecret(stream, question, (text) => void output.write(text)),
});

/** Reads a line that is not echoed. A key at a time: the line discipline of the terminal would echo it. */
const readSecret = (stream: ReadStream, question: string, write: (text: string) => void): Promise<string | undefined> =>
	new Promise((resolve) => {
		let text = '';
		const before = stream.isRaw;
		const listeners = stream.listeners('data');
		stream.removeAllListeners('data');
		const end = (value: string | undefined): void => {
			stream.off('data', take);
			for (const listener of listeners) stream.on('data', (chunk) => listener(chunk));
			stream.setRawMode(before);
			write('\n');
			resolve(value);
		};
		const take = (chunk: Buffer | string): void => {
			for (const character of chunk.toString()) {
				if (character === '\r' || character === '\n') return end(text);
				if (character === '\u0003' || character === '\u0004') return end(undefined);
				if (character === '\u007f' || character === '\b') text = text.slice(0, -1);
				else if (character >= ' ') text += character;
			}
		};
		write(`${question} `);
		stream.setRawMode(true);
		stream.on('data', take).resume();
	});

/** Aborts on the first signal that asks this process to end; its reason is the signal's name. */
export const interruptsOf = (process: NodeJS.Process): AbortSignal => {
	const control = new AbortController();
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
		// A second one ends it at once, as people expect where the first is slow.
		process.once(signal, () => control.abort(signal));
	}
	return control.signal;
};
