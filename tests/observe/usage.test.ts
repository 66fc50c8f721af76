import { describe, expect, it } from 'vitest';
import type { Figures } from '../../src/domain/figures.ts';
import { UsageBook } from '../../src/observe/usage.ts';

const figures = (containerId: string, at: number, over: Partial<Figures> = {}): Figures => ({
	containerId,
	at,
	memoryBytes: 100,
	memoryLimitBytes: 1000,
	memoryPercent: 10,
	...over,
});

describe('UsageBook', () => {
	it('sums containers, and lets the fullest one decide the percent of a limit', () => {
		const book = new UsageBook();
		book.take(figures('a', 1000, { cpuPercent: 20, memoryPercent: 90, memoryBytes: 900 }));
		book.take(figures('b', 2000, { cpuPercent: 30 }));
		expect(book.usage(['a', 'b', 'never read'], 2000)?.figures).toEqual({
			at: 2000,
			cpuPercent: 50,
			memoryBytes: 1000,
			memoryLimitBytes: 2000,
			memoryPercent: 90,
		});
	});

	it('makes rates of counters, and none where a counter began anew', () => {
		const book = new UsageBook();
		book.take(figures('a', 1000, { networkRxBytes: 1000, networkTxBytes: 500 }));
		expect(book.usage(['a'], 1000)?.rxBytesPerSecond).toBeUndefined();
		book.take(figures('a', 3000, { networkRxBytes: 5000, networkTxBytes: 10 }));
		expect(book.usage(['a'], 3000)).toMatchObject({ rxBytesPerSecond: 2000 });
		expect(book.usage(['a'], 3000)?.txBytesPerSecond).toBeUndefined();
	});

	it('does not count what is too old, or what was forgotten', () => {
		const book = new UsageBook();
		book.take(figures('a', 1000));
		expect(book.usage(['a'], 27_000)).toBeUndefined();
		book.take(figures('b', 27_000));
		book.forget('b');
		expect(book.usage(['b'], 27_000)).toBeUndefined();
	});
});
