import { describe, expect, it } from 'vitest';
import { reachWords } from '../../../src/console/logs/reach.ts';
import { LogRing } from '../../../src/observe/logs/ring.ts';

const now = Date.UTC(2026, 10, 21, 12, 0, 0);

/** A ring that was handed so many lines, a second apart, the last one now. */
const ring = (lines: number, capacityBytes = 1024 * 1024): LogRing => {
	const made = new LogRing({ source: 'web', capacityBytes });
	for (let line = 1; line <= lines; line++) {
		const bytes = Buffer.from(`line ${line} of a log`);
		made.line(bytes, 0, bytes.length, now - (lines - line) * 1000, 0, 'stdout');
	}
	return made;
};

describe('how far back a log goes', () => {
	it('is not told where all that was asked for is there', () => {
		expect(reachWords([ring(100)], 'head', now, 500)).toBeUndefined();
		expect(reachWords([ring(100)], '1h', now, 500)).toBeUndefined();
		expect(reachWords([ring(600)], '5m', now, 500)).toBeUndefined();
		expect(reachWords([ring(0)], 'head', now, 500)).toBeUndefined();
		expect(reachWords([], 'head', now, 500)).toBeUndefined();
	});

	it('is not told at the tail, which asks for no past', () => {
		expect(reachWords([ring(600)], 'tail', now, 500)).toBeUndefined();
	});

	it('is told where only so many lines were read', () => {
		expect(reachWords([ring(600)], '1h', now, 500)).toBe('goes back 9 min only, older lines not read');
		expect(reachWords([ring(600)], 'head', now, 500)).toBe('goes back 9 min only, older lines not read');
	});

	it('is told where the ring had to give lines up', () => {
		const full = ring(5000, 16 * 1024);
		expect(full.first).toBeGreaterThan(0);
		expect(reachWords([full], '1h', now, 50_000)).toMatch(/^goes back \d+ min only/);
	});

	it('is that of the shortest of several logs', () => {
		expect(reachWords([ring(3000), ring(600), ring(10)], '1h', now, 500)).toBe('goes back 9 min only, older lines not read');
	});
});
