import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { levelOfBytes } from '../../../src/observe/logs/level.ts';
import { levelOfCode } from '../../../src/observe/logs/levelCode.ts';

const levelOf = (line: string): string | undefined => {
	const framed = Buffer.from(`ERROR ${line} FATAL`);
	return levelOfCode(levelOfBytes(framed, 6, framed.length - 6));
};

describe('level of a raw line', () => {
	it.each([
		['{"level":"error","msg":"x"}', 'error'],
		['{"msg":"level","level":50,"time":1}', 'error'],
		['{"level":30,"msg":"error"}', 'info'],
		['{"req":{"level":"error"},"level":"warn"}', 'warn'],
		['{"severity": "CRITICAL", "message": "x"}', 'fatal'],
		['{"@t":"2026","@l":"Warning"}', 'warn'],
		['{"log.level":"debug"}', 'debug'],
		['{"short_message":"x","level":3}', 'error'],
		['{"msg":"an error"}', undefined],
		['{"msg":"\\"level\\":\\"error\\""}', undefined],
		['time=2026-11-21T05:13:41Z level=warn msg="slow"', 'warn'],
		['ts=1 caller=main.go:3 msg="the quick brown fox jumps over the lazy dog and then it runs on and on and on" level=error', 'error'],
		['msg=x lvl=eror', 'error'],
		['msg=x level="info"', 'info'],
		['[ERROR] failed', 'error'],
		['ERROR: failed', 'error'],
		['ERROR:root:failed', 'error'],
		['error: failed', 'error'],
		['2026-11-21 05:13:41,123 ERROR [main] c.a.Main - failed', 'error'],
		['2026-11-21T05:13:41.123Z  WARN 1 --- [main] c.a.Main : slow', 'warn'],
		['2026/11/21 05:13:41 [error] 12#12: *3 connect() failed', 'error'],
		['2026-11-21 05:13:41 UTC [12] FATAL:  database is starting up', 'fatal'],
		['2026-11-21 05:13:41 | WARNING  | app:main:3 - slow', 'warn'],
		['[05:13:41 ERR] failed', 'error'],
		['[2026-11-21T05:13:41Z ERROR app] failed', 'error'],
		['2026-11-21T05:13:41Z [Warning] [MY-010] deprecated', 'warn'],
		['fail: Microsoft.AspNetCore.Server[13]', 'error'],
		['\u001b[31mERROR\u001b[0m failed', 'error'],
		['\u001b[2m2026-11-21T05:13:41Z\u001b[0m \u001b[33m WARN\u001b[0m app: slow', 'warn'],
		['\u001b[32minfo\u001b[39m: ready', 'info'],
		['E1121 03:14:07.000000       1 main.go:3] failed', 'error'],
		['W1121 03:14:07.000000       1 main.go:3] slow', 'warn'],
		['INFO:     Application startup complete.', 'info'],
		['Traceback (most recent call last):', 'error'],
		['panic: runtime error: invalid memory address', 'fatal'],
		["thread 'main' panicked at src/main.rs:3:5:", 'fatal'],
		['Exception in thread "main" java.lang.IllegalStateException: x', 'error'],
		['java.lang.IllegalStateException: x', 'error'],
		['TypeError: x is not a function', 'error'],
		['Unhandled exception. System.InvalidOperationException: x', 'error'],
		['E, [2026-11-21T05:13:41 #1] ERROR -- : failed', 'error'],
		['10.0.0.1 - - "GET /error HTTP/1.1" 500 12', undefined],
		['GET /api/errors?level=3 200', undefined],
		['0 errors, 0 warnings', undefined],
		['an error occurred', undefined],
		['handled info about the debug build', undefined],
		['ERROR_COUNT=0', undefined],
		['', undefined],
		['   ', undefined],
	])('%s is %s', (line, level) => {
		expect(levelOf(line)).toBe(level);
	});

	it('reads nothing outside its line and never throws', () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 200 }), fc.uint8Array({ maxLength: 20 }), (line, around) => {
				const alone = levelOfBytes(line, 0, line.length);
				const framed = Buffer.concat([around, line, around]);
				expect(levelOfBytes(framed, around.length, around.length + line.length)).toBe(alone);
			}),
			{ numRuns: 2000 },
		);
	});
});
