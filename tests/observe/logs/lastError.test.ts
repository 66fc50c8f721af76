import { describe, expect, it } from 'vitest';
import { lastError } from '../../../src/observe/logs/lastError.ts';
import { LogRing } from '../../../src/observe/logs/ring.ts';

const ringOf = (...lines: readonly string[]): LogRing => {
	const ring = new LogRing({ source: 'api', capacityBytes: 16 * 1024 });
	for (const [index, text] of lines.entries()) {
		const bytes = Buffer.from(text);
		ring.line(bytes, 0, bytes.length, 1000 + index, 0, 'stdout');
	}
	return ring;
};

describe('the newest error of a log', () => {
	it.each([
		['{"time":"2026-11-30T17:40:04Z","level":"ERROR","msg":"database is locked","path":"/api"}', 'database is locked'],
		[String.raw`{"level":"ERROR","msg":"refused: Error: reset\n    at faults.mjs:45"}`, 'refused: Error: reset'],
		['time=2026-11-30T17:40:04Z level=error msg="no space left" path=/api', 'no space left'],
		['2026-11-30 17:40:04,123 ERROR: connection refused', 'connection refused'],
		['2026-11-30T17:40:04.123Z [error] connection refused', 'connection refused'],
		['[ERROR] 2026/11/30 17:40:04 connection refused', 'connection refused'],
		['ERROR - connection refused', 'connection refused'],
		['ERROR Erratic answers', 'Erratic answers'],
	])('is told by its message: %s', (line, words) => {
		expect(lastError(ringOf('INFO all is well', line, 'INFO all is well'))).toEqual({ at: 1001, words });
	});

	it('is the head of a stack trace', () => {
		expect(lastError(ringOf('ERROR first', 'ERROR the pool is empty', '    at take (pool.js:3:1)', '    at get (db.js:9:2)'))?.words).toBe('the pool is empty');
	});

	it('is harmless', () => {
		expect(lastError(ringOf('ERROR red \u001b[31malarm\u001b]0;title\u0007'))?.words).not.toMatch(/[\u0000-\u001f]/);
	});

	it('is none where there was none, or where the log has given it up', () => {
		expect(lastError(ringOf('INFO all is well'))).toBeUndefined();
		expect(lastError(ringOf('ERROR gone', ...Array.from({ length: 400 }, () => `INFO ${'x'.repeat(90)}`)))).toBeUndefined();
	});
});
