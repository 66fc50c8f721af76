import { describe, expect, it } from 'vitest';
import { History } from '../../../src/cli/logs/history.ts';
import { type LogLine, lineSize } from '../../../src/cli/logs/line.ts';
import { Merger } from '../../../src/cli/logs/merger.ts';
import { ManualClock } from '../../support/manualClock.ts';

const line = (container: string, atMs: number, text = 'x'): LogLine => ({
	source: { containerId: container, container, service: container, label: container },
	atMs,
	nanos: 0,
	stream: 'stdout',
	level: 0,
	bytes: Buffer.from(text),
});

class Target {
	readonly written: LogLine[] = [];
	skippedLines = 0;
	stalled = false;
	free: () => void = () => {};
	write(lines: readonly LogLine[]): boolean {
		this.written.push(...lines);
		return !this.stalled;
	}
	drained(): Promise<void> {
		return new Promise((resolve) => {
			this.free = () => {
				this.stalled = false;
				resolve();
			};
		});
	}
	skipped(lines: number): void {
		this.skippedLines += lines;
	}
}

describe('Merger', () => {
	it('holds the history until all of it is there', async () => {
		const clock = new ManualClock();
		const target = new Target();
		const merger = new Merger(clock, target);
		merger.add(line('a', 5));
		await clock.advance(100);
		merger.add(line('b', 1));
		await clock.advance(100);
		expect(target.written).toEqual([]);
		await clock.advance(200);
		expect(target.written.map((each) => each.atMs)).toEqual([1, 5]);
		merger.close();
	});

	it('does not wait for quiet for ever', async () => {
		const clock = new ManualClock();
		const target = new Target();
		const merger = new Merger(clock, target);
		for (let at = 0; at < 2500; at += 50) {
			merger.add(line('a', at));
			await clock.advance(50);
		}
		expect(target.written.length).toBeGreaterThan(30);
		merger.close();
		expect(target.written).toHaveLength(50);
	});

	it('with a reader that takes nothing keeps within its bound and counts what goes', async () => {
		const clock = new ManualClock();
		const target = new Target();
		const size = lineSize(line('a', 0));
		const merger = new Merger(clock, target, size * 10);
		target.stalled = true;
		merger.add(line('a', 0));
		await clock.advance(400);
		expect(target.written).toHaveLength(1);
		for (let at = 1; at <= 100; at++) merger.add(line('a', at));
		expect(target.written).toHaveLength(1);
		target.free();
		await clock.advance(400);
		expect(target.written.length + target.skippedLines).toBe(101);
		expect(target.skippedLines).toBeGreaterThanOrEqual(90);
		expect(target.written.at(-1)?.atMs).toBe(100);
		merger.close();
	});

	it('writes early rather than drop while the reader keeps up', () => {
		const clock = new ManualClock();
		const target = new Target();
		const merger = new Merger(clock, target, lineSize(line('a', 0)) * 10);
		for (let at = 0; at < 100; at++) merger.add(line('a', at));
		merger.close();
		expect(target.written.map((each) => each.atMs)).toEqual(Array.from({ length: 100 }, (_, index) => index));
		expect(target.skippedLines).toBe(0);
	});
});

describe('History', () => {
	it('keeps the newest within its bound and counts the rest', () => {
		const size = lineSize(line('a', 0));
		const history = new History(2, size * 20);
		for (let at = 0; at < 5000; at++) history.add(line('a', at));
		history.add(line('b', 2));
		expect(history.lines().map((each) => each.atMs)).toEqual([2, ...Array.from({ length: 10 }, (_, index) => 4990 + index)]);
		expect(history.dropped()).toEqual([{ label: 'a', lines: 4990 }]);
	});
});
