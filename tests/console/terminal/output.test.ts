import { describe, expect, it } from 'vitest';
import { TerminalOutput } from '../../../src/console/terminal/output.ts';

/** A terminal that takes at most so many bytes a write, and refuses some. */
const slowTerminal = (taken: number[], atMost: number, refusals: number) => {
	let left = refusals;
	return (bytes: Uint8Array, offset: number, length: number, done: (error: NodeJS.ErrnoException | null, written: number) => void): void => {
		setImmediate(() => {
			if (left > 0) {
				left--;
				done(Object.assign(new Error('try again'), { code: 'EAGAIN' }), 0);
				return;
			}
			const part = bytes.subarray(offset, offset + Math.min(length, atMost));
			taken.push(...part);
			done(null, part.length);
		});
	};
};

describe('TerminalOutput', () => {
	it('writes everything, in order, over partial writes and refusals', async () => {
		const taken: number[] = [];
		const output = new TerminalOutput(slowTerminal(taken, 3, 2), { columns: 80, rows: 24 });
		output.write('hello, ');
		expect(output.busy).toBe(true);
		await new Promise<void>((resolve) => {
			output.write('terminal ✓', () => resolve());
		});
		expect(Buffer.from(taken).toString()).toBe('hello, terminal ✓');
		expect(output.busy).toBe(false);
		expect(output.bytesOut).toBe(Buffer.byteLength('hello, terminal ✓'));
	});

	it('writes what comes in one turn as one piece, and tells of each when it is out', async () => {
		const pieces: string[] = [];
		const output = new TerminalOutput(
			(bytes, offset, length, done) => {
				pieces.push(Buffer.from(bytes.subarray(offset, offset + length)).toString());
				setImmediate(() => done(null, length));
			},
			{ columns: 80, rows: 24 },
		);
		const told: string[] = [];
		output.write('begin ', () => told.push('begin'));
		output.write('rows ', 'utf8', () => told.push('rows'));
		await new Promise<void>((resolve) => {
			output.write('end', () => resolve());
			expect(output.busy).toBe(true);
		});
		await new Promise<void>((resolve) => {
			output.write('', () => resolve());
			expect(output.busy).toBe(false);
		});
		expect(pieces.filter((piece) => piece !== '')).toEqual(['begin rows end']);
		expect(told).toEqual(['begin', 'rows']);
	});

	it('tells of a terminal that is gone', async () => {
		const output = new TerminalOutput((_bytes, _offset, _length, done) => done(Object.assign(new Error('gone'), { code: 'EIO' }), 0), {
			columns: 80,
			rows: 24,
		});
		const error = new Promise((resolve) => output.on('error', resolve));
		output.write('x');
		expect(await error).toMatchObject({ code: 'EIO' });
	});

	it('tells of a new size once', () => {
		const output = new TerminalOutput(() => undefined, { columns: 80, rows: 24 });
		let told = 0;
		output.on('resize', () => told++);
		output.resize({ columns: 80, rows: 24 });
		output.resize({ columns: 120, rows: 40 });
		expect([told, output.columns, output.rows]).toEqual([1, 120, 40]);
	});
});
