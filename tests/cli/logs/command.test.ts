import { beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../../../src/cli/run.ts';
import { logLineShape } from '../../../src/cli/reference/shapes.ts';
import { groupServices } from '../../../src/observe/services.ts';
import { container } from '../../support/fakeEngine.ts';
import { settle } from '../../support/manualClock.ts';
import { type MemoryPorts, memoryPorts } from '../ports.ts';
import { LogEngine } from './logEngine.ts';

const t0 = Date.UTC(2026, 10, 21, 3, 0, 0);
let engine: LogEngine;
let ports: MemoryPorts;

beforeEach(() => {
	engine = new LogEngine();
	engine.add(container('web'), container('worker'), container('shop-api-1', { group: 'shop', service: 'api' }), container('shop-api-2', { group: 'shop', service: 'api', createdAt: 1 }));
	engine.logLines.set('id-web', [
		{ text: 'INFO started', at: t0 },
		{ text: 'ERROR it broke', at: t0 + 20 },
		{ text: '    at frame one', at: t0 + 20, nanos: 5 },
		{ text: 'INFO going on', at: t0 + 40 },
	]);
	engine.logLines.set('id-worker', [
		{ text: 'WARN slow', at: t0 + 10 },
		{ text: 'plain words', at: t0 + 30, stream: 'stderr' },
	]);
	ports = memoryPorts({ engine: () => Promise.resolve(engine), services: async () => groupServices(await engine.list()) });
});

const run = (...words: readonly string[]): Promise<number> => runCli(ports, ['logs', ...words]);

describe('sitrep logs', () => {
	it('writes one log without names', async () => {
		expect(await run('web')).toBe(0);
		expect(ports.stdout.text).toBe('INFO started\nERROR it broke\n    at frame one\nINFO going on\n');
	});

	it('merges several in order of time, names in front', async () => {
		expect(await run('worker', 'web')).toBe(0);
		expect(ports.stdout.lines).toEqual([
			'web     INFO started',
			'worker  WARN slow',
			'web     ERROR it broke',
			'web         at frame one',
			'worker  plain words',
			'web     INFO going on',
		]);
	});

	it('keeps a stack trace with its error, and counts a line without a level as info', async () => {
		await run('web', 'worker', '--level', 'error');
		expect(ports.stdout.lines).toEqual(['web     ERROR it broke', 'web         at frame one']);
		ports.stdout.text = '';
		await run('worker', '-l', 'info');
		expect(ports.stdout.lines).toEqual(['WARN slow', 'plain words']);
	});

	it('greps, inverts, and ignores case', async () => {
		await run('web', '--grep', 'IT BROKE', '-i');
		expect(ports.stdout.lines).toEqual(['ERROR it broke']);
		ports.stdout.text = '';
		await run('web', '--grep', 'INFO', '--invert');
		expect(ports.stdout.lines).toEqual(['ERROR it broke', '    at frame one']);
	});

	it('reads the last 200 lines unless told otherwise', async () => {
		await run('web');
		await run('web', '--tail', 'all');
		await run('web', '--since', '10m');
		await run('web', '-n', '5', '--until', '1m');
		expect(engine.requests.map(({ tail, since, until }) => ({ tail, since, until }))).toEqual([
			{ tail: 200, since: undefined, until: undefined },
			{ tail: undefined, since: undefined, until: undefined },
			{ tail: undefined, since: `${ports.clock.now() / 1000 - 600}.000000000`, until: undefined },
			{ tail: 5, since: undefined, until: `${ports.clock.now() / 1000 - 60}.000000000` },
		]);
	});

	it('writes JSON of the shape that is described, control characters escaped', async () => {
		engine.logLines.set('id-web', [{ text: '{"level":"error"} \u001b[2J\u009b31m\u202e', at: t0, nanos: 123_456 }]);
		expect(await run('web', '--json')).toBe(0);
		expect(ports.stdout.text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
		expect(logLineShape.parse(JSON.parse(ports.stdout.text))).toEqual({
			schemaVersion: 1,
			time: '2026-11-21T03:00:00.000123456Z',
			service: 'web',
			container: 'web',
			stream: 'stdout',
			level: 'error',
			message: '{"level":"error"} \u001b[2J\u009b31m\u202e',
		});
	});

	it('makes control characters harmless, in a pipe too, unless --raw', async () => {
		const bytes = Buffer.from([0x1b, 0x5d, 0x30, 0x3b, 0x78, 0x07, 0xff]);
		engine.logLines.set('id-web', [{ text: bytes, at: t0 }]);
		await run('web');
		expect(ports.stdout.text).toBe('\\x1b]0;x\\x07\\xff\n');
		const raw: Uint8Array[] = [];
		ports.stdout.write = (data) => {
			raw.push(typeof data === 'string' ? Buffer.from(data) : data);
			return true;
		};
		await run('web', '--raw');
		expect(Buffer.concat(raw)).toEqual(Buffer.concat([bytes, Buffer.from('\n')]));
	});

	it('refuses --raw on a terminal, before it asks the engine', async () => {
		ports.stdout.isTTY = true;
		expect(await run('web', '--raw')).toBe(2);
		expect(ports.stdout.text).toBe('');
		expect(ports.stderr.text).toContain('Send it to a file or a pipe');
		expect(engine.calls).toEqual([]);
	});

	it.each([
		[['web', '--since', 'soon'], '--since "soon" is neither a duration nor a time'],
		[['web', '--tail', '-3x'], '--tail "-3x" is no number'],
		[['web', '--level', 'loud'], '--level "loud" is no level'],
		[['web', '--grep', '('], '--grep "(" is no regular expression'],
		[['web', '--invert'], '--invert was given without --grep'],
		[['web', '--raw', '--json'], '--raw and --json were both given'],
		[['web', '-f', '--until', '1m'], '--follow and --until were both given'],
		[[], "missing required argument 'service'"],
	])('refuses %j with 2', async (words, message) => {
		expect(await run(...words)).toBe(2);
		expect(ports.stderr.text).toContain(message);
		expect(ports.stderr.lines.length).toBeGreaterThanOrEqual(2);
	});

	it('names what there is where a service is unknown', async () => {
		expect(await run('wbe')).toBe(3);
		expect(ports.stderr.text).toBe('sitrep: no service "wbe" on fake\n  There: shop/api, web, worker.\n'.replace('shop/api, web, worker', groupServices(engine.containers.values()).map((each) => each.id).join(', ')));
	});

	it('reads all replicas of a service, or the one that is named', async () => {
		engine.logLines.set('id-shop-api-1', [{ text: 'one', at: t0 }]);
		engine.logLines.set('id-shop-api-2', [{ text: 'two', at: t0 + 1 }]);
		await run('shop/api');
		expect(ports.stdout.lines).toEqual(['shop-api-1  one', 'shop-api-2  two']);
		ports.stdout.text = '';
		await run('shop-api-2');
		expect(ports.stdout.lines).toEqual(['two']);
		ports.stdout.text = '';
		await run('shop', '-t');
		expect(ports.stdout.lines[0]).toBe('2026-11-21T03:00:00.000000000Z shop-api-1  one');
	});

	it('says which log cannot be read, and reads the others', async () => {
		engine.ends.set('id-web', { kind: 'unsupported', driver: 'none', words: 'the driver keeps nothing' });
		expect(await run('web', 'worker')).toBe(1);
		expect(ports.stderr.text).toBe('sitrep: web: its log cannot be read: the driver keeps nothing (log driver none)\n');
		expect(ports.stdout.lines).toHaveLength(2);
	});

	it('colours only where it is wanted', async () => {
		ports = { ...ports, env: { TERM: 'xterm', FORCE_COLOR: '1' } };
		await runCli(ports, ['logs', 'web', '-l', 'error']);
		expect(ports.stdout.text).toContain('\u001b[31mERROR it broke');
		ports.stdout.text = '';
		await runCli({ ...ports, env: { NO_COLOR: '1', FORCE_COLOR: '1' } }, ['logs', 'web']);
		expect(ports.stdout.text).not.toContain('\u001b');
	});
});

describe('sitrep logs --follow', () => {
	it('merges live lines, goes on over a restart without repeating, and ends with 130', async () => {
		const done = run('web', 'worker', '-f');
		await settle();
		await ports.clock.advance(400);
		expect(ports.stdout.lines.map((line) => line.slice(8))).toEqual(['INFO started', 'WARN slow', 'ERROR it broke', '    at frame one', 'plain words', 'INFO going on']);

		ports.stdout.text = '';
		engine.say('id-web', { text: 'later', at: t0 + 1002 });
		engine.say('id-worker', { text: 'earlier', at: t0 + 1001 });
		await ports.clock.advance(300);
		expect(ports.stdout.lines).toEqual(['worker  earlier', 'web     later']);

		ports.stdout.text = '';
		engine.endLog('id-web', { kind: 'ended' });
		await settle();
		expect(ports.stderr.text).toContain('web: stopped');
		engine.say('id-web', { text: 'said while nobody listened', at: t0 + 2000 });
		engine.tell({ kind: 'started', containerId: 'id-web', at: t0 + 2000 });
		await settle();
		await ports.clock.advance(300);
		expect(ports.stdout.lines).toEqual(['web     said while nobody listened']);

		ports.interrupt('SIGINT');
		expect(await done).toBe(130);
	});

	it('follows a container that is made anew', async () => {
		const done = run('web', '-f');
		await settle();
		engine.endLog('id-web', { kind: 'gone' });
		engine.containers.delete('id-web');
		await ports.clock.advance(300);
		ports.stdout.text = '';
		engine.add(container('web', { id: 'id-web-new' }));
		engine.logLines.set('id-web-new', [{ text: 'a new life', at: t0 + 9000 }]);
		engine.tell({ kind: 'started', containerId: 'id-web-new', at: t0 + 9000 });
		await settle();
		await ports.clock.advance(300);
		expect(ports.stdout.lines).toEqual(['a new life']);
		ports.interrupt('SIGTERM');
		expect(await done).toBe(143);
	});

	it('waits for an engine that goes away, says so, and reads on without a line lost or repeated', async () => {
		const done = run('web', '-f');
		await settle();
		engine.goAway();
		await settle();
		expect(ports.stderr.text).toMatch(/^sitrep: fake: connection refused; next try in \S+ ?s\n$/);
		await ports.clock.advance(1000);
		expect(ports.stderr.lines).toHaveLength(2);
		ports.stdout.text = '';
		engine.back();
		engine.say('id-web', { text: 'while it was away', at: t0 + 5000 });
		await ports.clock.advance(1500);
		expect(ports.stderr.lines.at(-1)).toBe('sitrep: fake: back; reading on');
		expect(ports.stdout.lines).toEqual(['while it was away']);
		engine.say('id-web', { text: 'live', at: t0 + 6000 });
		expect(ports.stdout.lines).toEqual(['while it was away', 'live']);
		ports.interrupt('SIGINT');
		expect(await done).toBe(130);
	});

	it('fails where the engine cannot be reached at first', async () => {
		engine.goAway();
		expect(await run('web', '-f')).toBe(3);
		expect(ports.stderr.text).toContain('connection refused');
	});

	it('notices a connection that is dead without a word', async () => {
		const done = run('web', '-f');
		await settle();
		engine.hanging = true;
		await ports.clock.advance(10_000);
		expect(ports.stderr.text).toContain('engine unresponsive; next try in');
		engine.hanging = false;
		await ports.clock.advance(1000);
		expect(ports.stderr.lines.at(-1)).toBe('sitrep: fake: back; reading on');
		ports.interrupt('SIGINT');
		expect(await done).toBe(130);
	});

	it('ends when its container is removed and none takes its place', async () => {
		const done = run('web', '-f');
		await settle();
		engine.endLog('id-web', { kind: 'ended' });
		await settle();
		engine.containers.delete('id-web');
		engine.tell({ kind: 'removed', containerId: 'id-web', at: t0 + 1 });
		await ports.clock.advance(59_000);
		expect(ports.stderr.lines).toEqual(['sitrep: web: stopped; its log goes on when it starts again', 'sitrep: web: removed; waiting 1 min for it to be made anew']);
		await ports.clock.advance(2000);
		expect(await done).toBe(0);
		expect(ports.stderr.lines.at(-1)).toBe('sitrep: every container is removed; nothing is left to follow');
	});

	it('writes a single log as it comes, with no wait for others, and harmless', async () => {
		const done = run('web', '-f');
		await settle();
		ports.stdout.text = '';
		engine.say('id-web', { text: 'plain', at: t0 + 1000 });
		engine.say('id-web', { text: '\u001b]0;title\u0007 h\u00e9llo \u202e', at: t0 + 1001 });
		expect(ports.stdout.lines).toEqual(['plain', '\\x1b]0;title\\x07 h\u00e9llo <U+202E>']);
		ports.interrupt('SIGINT');
		expect(await done).toBe(130);
	});

	it('with a reader that takes nothing keeps within its bound, and says how many lines were left out', async () => {
		const done = run('web', '-f');
		await settle();
		ports.stdout.text = '';
		ports.stdout.stalled = true;
		const text = 'x'.repeat(100_000);
		for (let line = 1; line <= 400; line++) engine.say('id-web', { text: `${line} ${text}`, at: t0 + 1000 + line });
		const written = ports.stdout.lines.length;
		expect(written).toBeLessThan(15);
		ports.stdout.release();
		await settle();
		await ports.clock.advance(300);
		const skipped = Number(/(\d+) lines skipped: the reader is too slow/.exec(ports.stderr.text)?.[1]);
		expect(ports.stdout.lines.length + skipped).toBe(400);
		expect(ports.stdout.lines.at(-1)?.slice(0, 4)).toBe('400 ');
		engine.say('id-web', { text: 'and on', at: t0 + 9000 });
		expect(ports.stdout.lines.at(-1)).toBe('and on');
		ports.interrupt('SIGINT');
		expect(await done).toBe(130);
	});

	it('ends quietly when the reader goes away', async () => {
		ports.stdout.leaveAfter = 1;
		const done = run('web', '-f');
		await settle();
		await ports.clock.advance(400);
		expect(await done).toBe(0);
		expect(ports.stderr.text).toBe('');
	});
});
