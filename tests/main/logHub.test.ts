import { expect, test } from 'vitest';
import type { LogEnd, LogRequest, LogSink } from '../../src/domain/log.ts';
import { logHub } from '../../src/main/logHub.ts';
import { container, FakeEngine } from '../support/fakeEngine.ts';

const minute = 60_000;

/** One log that can be read, and one whose driver keeps none. */
class TwoLogs extends FakeEngine {
	override logs(id: string, request: LogRequest, sink: LogSink): Promise<LogEnd> {
		if (id === 'unread') return Promise.resolve({ kind: 'unsupported', driver: 'none', words: 'configured logging driver does not support reading' });
		const line = Buffer.from('ERROR bad');
		sink.line(line, 0, line.length, Date.now(), 0, 'stderr');
		sink.flush?.();
		return super.logs(id, request, sink);
	}
}

test('a log that nobody can read has no counts, which is another thing than none written', async () => {
	const logs = logHub(new TwoLogs(), {});
	logs.hurry();
	logs.follow([container('a', { id: 'read' }), container('b', { id: 'unread' })], []);
	await expect.poll(() => logs.state('unread')).toBe('no logs: driver none');
	await expect.poll(() => logs.counts('read', 0, minute)).toEqual({ lines: 1, errors: 1, warnings: 0 });
	expect(logs.counts('unread', 0, minute)).toBeUndefined();
	logs.close();
});
