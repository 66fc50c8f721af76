import { readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { followOutput } from '../../../src/respond/process/output.ts';
import { outputPieces, readOutput } from '../../../src/respond/process/readOutput.ts';
import { segmentName } from '../../../src/respond/process/segmentNames.ts';
import { folderDisk, type SegmentDisk, Segments } from '../../../src/respond/process/segments.ts';
import { eventually, temporaryFolder } from './support.ts';

const mebibyte = 1024 * 1024;

describe('the kept output', () => {
	it('is the start and the end of what was written, and every byte between is counted', async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(fc.tuple(fc.constantFrom('stdout', 'stderr'), fc.nat(3000), fc.boolean()), { maxLength: 60 }), fc.integer({ min: 4096, max: 20_000 }), async (writes, bound) => {
				using folder = temporaryFolder();
				const segments = new Segments(folderDisk(folder.path), bound);
				let written = Buffer.alloc(0);
				let counter = 0;
				for (const [stream, length, flush] of writes) {
					const bytes = Buffer.from(Array.from({ length }, () => (counter = (counter * 31 + 7) % 251)));
					segments.append(stream === 'stdout' ? 'stdout' : 'stderr', bytes, 1);
					written = Buffer.concat([written, bytes]);
					if (flush) segments.flush();
				}
				segments.close();
				const before: Uint8Array[] = [];
				const after: Uint8Array[] = [];
				let missing = 0;
				for await (const piece of outputPieces(folder.path)) {
					if (piece.kind === 'left-out') missing += piece.bytes;
					else (missing === 0 ? before : after).push(piece.bytes);
				}
				const [start, end] = [Buffer.concat(before), Buffer.concat(after)];
				expect(start.length + missing + end.length).toBe(written.length);
				expect(segments.dropped).toBe(missing);
				expect(written.subarray(0, start.length).equals(start)).toBe(true);
				expect(written.subarray(written.length - end.length).equals(end)).toBe(true);
				// Headers take a part of the bound where writes are small.
				expect(missing === 0 || start.length > bound / 4).toBe(true);
			}),
			{ numRuns: 60 },
		);
	});

	it('goes on after a disk that was full, and says how much is missing', async () => {
		using folder = temporaryFolder();
		const real = folderDisk(folder.path);
		let full = false;
		const disk: SegmentDisk = {
			...real,
			create(name) {
				const file = real.create(name);
				return {
					...file,
					append(bytes) {
						if (full) throw new Error('ENOSPC: no space left on device');
						file.append(bytes);
					},
				};
			},
		};
		const segments = new Segments(disk, mebibyte);
		const write = (text: string): void => {
			segments.append('stdout', Buffer.from(text), 1);
			segments.flush();
		};
		write('before\n');
		full = true;
		write('lost one\n');
		write('lost two\n');
		full = false;
		write('after\n');
		segments.close();
		expect(segments).toMatchObject({ dropped: 18, trouble: expect.stringContaining('no space') });
		expect((await readOutput(folder.path)).stdout).toBe('before\n\n[18 bytes of output left out here]\nafter\n');
	});

	it('writes over what a full disk took only a part of', async () => {
		using folder = temporaryFolder();
		let full = false;
		const half = (fd: number, bytes: Uint8Array, from: number, length: number, position: number): number => {
			if (full && from > 0) throw new Error('ENOSPC: no space left on device');
			return writeSync(fd, bytes, from, full ? Math.ceil(length / 2) : length, position);
		};
		const file = folderDisk(folder.path, half).create(segmentName(0));
		file.append(Buffer.from('one'));
		full = true;
		expect(() => file.append(Buffer.from('two'))).toThrow('ENOSPC');
		full = false;
		file.append(Buffer.from('three'));
		file.close();
		expect(readFileSync(join(folder.path, segmentName(0)), 'utf8')).toBe('onethree');
	});

	it('is read up to where its supervisor was cut off', async () => {
		using folder = temporaryFolder();
		const segments = new Segments(folderDisk(folder.path), mebibyte);
		segments.append('stdout', Buffer.from('whole\n'), 1);
		segments.close();
		const whole = readFileSync(join(folder.path, segmentName(0)));
		// A part of a header, a part of a frame, and what a power cut may leave.
		for (const rest of [[1, 0, 0], [1, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 65], Array.from({ length: 4096 }, () => 0)]) {
			writeFileSync(join(folder.path, segmentName(0)), Buffer.concat([whole, Buffer.from(rest)]));
			expect((await readOutput(folder.path)).stdout).toBe('whole\n');
		}
	});

	it('gives the end of each stream, in whole characters', async () => {
		using folder = temporaryFolder();
		const segments = new Segments(folderDisk(folder.path), mebibyte);
		segments.append('stderr', Buffer.from('short'), 1);
		segments.append('stdout', Buffer.from('é'.repeat(100)), 1);
		segments.close();
		expect(await readOutput(folder.path, 7)).toEqual({ stdout: 'ééé', stderr: 'short', cut: { stdout: true, stderr: false } });
		expect(await readOutput(join(folder.path, 'none'))).toEqual({ stdout: '', stderr: '', cut: { stdout: false, stderr: false } });
	});
});

describe('the followed output', () => {
	it('shows lines as they come, harmless, streams apart, progress in its last state', async () => {
		using folder = temporaryFolder();
		let changes = 0;
		const output = followOutput(folder.path, () => (changes += 1));
		expect(output.tail(10)).toEqual({ lines: [], above: 0, droppedBytes: 0 });
		const segments = new Segments(folderDisk(folder.path), mebibyte);
		const write = (stream: 'stdout' | 'stderr', text: string): void => {
			segments.append(stream, Buffer.from(text), 1);
			segments.flush();
		};
		write('stdout', 'one\r\ntw');
		write('stderr', 'error \u001b]52;c;eA==\u0007\n');
		write('stdout', 'o\n 10 %\r 50 %');
		await eventually('the progress', () => output.tail(10).lines.at(-1)?.text === ' 50 %');
		expect(output.tail(10).lines).toEqual([
			{ stream: 'stdout', text: 'one' },
			{ stream: 'stderr', text: String.raw`error \x1b]52;c;eA==\x07` },
			{ stream: 'stdout', text: 'two' },
			{ stream: 'stdout', text: ' 50 %' },
		]);
		write('stdout', '\r100 %\r\n');
		await eventually('the end', () => output.tail(10).lines.at(-1)?.text === '100 %');
		expect(output.tail(2)).toMatchObject({ above: 2, lines: [{ text: 'two' }, { text: '100 %' }] });
		// One look may read all of it, and tells of it once it is done.
		await eventually('word of it', () => changes > 0);
		output.close();
		segments.close();
	});

	it('cuts a long line and says by how much', async () => {
		using folder = temporaryFolder();
		const segments = new Segments(folderDisk(folder.path), 4 * mebibyte);
		segments.append('stdout', Buffer.from(`${'é'.repeat(50_000)}\nnext\n`), 1);
		segments.close();
		const output = followOutput(folder.path);
		const [line, next] = await eventually('both lines', () => output.tail(5).lines.length === 2 && output.tail(5).lines);
		expect(line?.text).toBe(`${'é'.repeat(2048)} … 95904 more bytes`);
		expect(next?.text).toBe('next');
		output.close();
	});

	it('knows how many lines stand above, also of what it never read', async () => {
		using folder = temporaryFolder();
		const segments = new Segments(folderDisk(folder.path), 3 * mebibyte);
		const count = 400_000;
		for (let index = 1; index <= count; index++) segments.append('stdout', Buffer.from(`line number ${index}\n`), 1);
		segments.close();
		const output = followOutput(folder.path);
		const tail = await eventually('the last line', () => output.tail(3).lines.at(-1)?.text === `line number ${count}` && output.tail(3));
		expect(tail).toEqual({ lines: [count - 2, count - 1, count].map((index) => ({ stream: 'stdout', text: `line number ${index}` })), above: count - 3, droppedBytes: segments.dropped });
		expect(segments.dropped).toBeGreaterThan(0);
		output.close();
	});

	it('jumps to the newest where it cannot keep up, and stays right', async () => {
		using folder = temporaryFolder();
		const segments = new Segments(folderDisk(folder.path), 2 * mebibyte);
		const output = followOutput(folder.path);
		for (let index = 1; index <= 300_000; index++) {
			segments.append('stdout', Buffer.from(`line number ${index}\n`), 1);
			if (index % 50_000 === 0) await eventually('it reads', () => output.tail(1).lines.length > 0);
		}
		segments.close();
		const tail = await eventually('the last line', () => output.tail(2).lines.at(-1)?.text === 'line number 300000' && output.tail(2));
		expect(tail).toMatchObject({ above: 299_998, lines: [{ text: 'line number 299999' }, { text: 'line number 300000' }] });
		output.close();
	});
});
