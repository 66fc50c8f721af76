import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EngineError } from '../../../src/domain/engine.ts';
import { lostWords } from '../../../src/observe/logs/followSink.ts';
import { followWords } from '../../../src/observe/logs/followState.ts';
import { LogFollower } from '../../../src/observe/logs/follower.ts';
import { engineTime } from '../../../src/observe/logs/repeats.ts';
import { LogRing } from '../../../src/observe/logs/ring.ts';
import { ManualClock, settle } from '../../support/manualClock.ts';
import { FakeLog } from './fakeLog.ts';
import { startMs } from './support.ts';

const begin = async (prepare?: (log: FakeLog) => void): Promise<{ log: FakeLog; clock: ManualClock; ring: LogRing; follower: LogFollower; words: () => string }> => {
	const log = new FakeLog();
	prepare?.(log);
	const clock = new ManualClock(startMs);
	const ring = new LogRing({ source: 'web' });
	const follower = new LogFollower({ engine: log, containerId: 'id-web', ring, clock, random: () => 0 });
	follower.start();
	await settle();
	return { log, clock, ring, follower, words: () => followWords(follower.state, clock.now()) };
};

const texts = (ring: LogRing): readonly string[] => Array.from({ length: ring.count }, (_, index) => ring.text(ring.first + index));

describe('LogFollower', () => {
	it('begins with the tail and goes on live', async () => {
		const { log, ring, words } = await begin((log) => log.write('old', startMs));
		expect(words()).toBe('live');
		log.write('new', startMs + 1);
		expect(texts(ring)).toEqual(['old', 'new']);
		expect(log.requests[0]).toMatchObject({ follow: true, tail: 1000 });
		expect(log.requests[0]?.since).toBeUndefined();
	});

	it('is live after a second though nothing came', async () => {
		const { clock, words } = await begin();
		expect(words()).toBe('connecting');
		await clock.advance(1000);
		expect(words()).toBe('live');
	});

	it('comes back after a break, with waits that grow, and neither repeats nor loses a line', async () => {
		const { log, clock, ring, words } = await begin((log) => {
			for (let index = 0; index < 5; index++) log.write('same', startMs, { nanos: index < 3 ? 7 : 8 });
		});
		log.failure = new EngineError('unreachable', 'connection refused');
		log.break();
		await settle();
		expect(words()).toBe('reconnecting 1 s');
		await clock.advance(1000);
		expect(words()).toBe('reconnecting 2 s');
		log.write('meanwhile', startMs + 500);
		log.failure = undefined;
		await clock.advance(2000);
		expect(words()).toBe('live');
		expect(log.requests.at(-1)).toMatchObject({ tail: 1000, since: engineTime(startMs - 100, 8) });
		expect(texts(ring)).toEqual(['same', 'same', 'same', 'same', 'same', 'meanwhile']);
	});

	it('neither repeats nor loses a line, whatever was written before and while it was away', async () => {
		const line = fc.record({ text: fc.constantFrom('a', 'b'), step: fc.nat(60), nanos: fc.nat(2), stderr: fc.boolean() });
		await fc.assert(
			fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 30 }), fc.array(line, { maxLength: 30 }), async (before, away) => {
				const { log, clock, ring, follower } = await begin();
				let at = startMs;
				const write = (each: { text: string; step: number; nanos: number; stderr: boolean }): void => {
					at += each.step;
					log.write(each.text, at, { nanos: each.step === 0 ? 5 : each.nanos, stream: each.stderr ? 'stderr' : 'stdout' });
				};
				for (const each of before) write(each);
				log.break();
				await settle();
				for (const each of away) write(each);
				await clock.advance(1000);
				expect(texts(ring).toSorted()).toEqual(log.lines.map((each) => each.text).toSorted());
				follower.stop();
			}),
			{ numRuns: 50 },
		);
	});

	it('says where lines may be lost', async () => {
		const { log, clock, ring } = await begin((log) => log.write('old', startMs));
		log.break();
		await settle();
		for (let index = 0; index < 1500; index++) log.write(`away ${index}`, startMs + 200 + index);
		await clock.advance(1000);
		expect(texts(ring).slice(0, 3)).toEqual(['old', lostWords, 'away 500']);
		expect(ring.count).toBe(1002);
	});

	it('ends when the container stops and goes on when it starts again', async () => {
		const { log, clock, ring, follower, words } = await begin((log) => log.write('old', startMs));
		log.state = 'exited';
		log.end();
		await settle();
		expect(words()).toBe('stopped');
		await clock.advance(120_000);
		expect(log.requests.length).toBe(1);
		log.state = 'running';
		follower.containerStarted(startMs + 120_000);
		log.write('new', startMs + 120_001);
		await settle();
		expect(words()).toBe('live');
		expect(texts(ring)).toEqual(['old', 'container started', 'new']);
	});

	it('goes on at once where the container was started before its stream had ended', async () => {
		const { log, ring, follower, words } = await begin((log) => log.write('old', startMs));
		follower.containerStarted(startMs + 10);
		log.end();
		await settle();
		log.write('new', startMs + 20);
		expect(words()).toBe('live');
		expect(texts(ring)).toEqual(['old', 'container started', 'new']);
	});

	it.each([
		['none', { kind: 'unsupported', driver: 'none', words: 'configured logging driver does not support reading' }, 'no logs: driver none'],
		['gone', { kind: 'gone' }, 'gone'],
	] as const)('rests where the log is %s', async (_name, answer, expected) => {
		const { clock, log, words } = await begin((log) => {
			log.answer = answer;
		});
		expect(words()).toBe(expected);
		await clock.advance(120_000);
		expect(log.requests.length).toBe(1);
	});

	it('is gone where the container was removed', async () => {
		const { log, words } = await begin();
		log.state = undefined;
		log.end();
		await settle();
		expect(words()).toBe('gone');
	});

	it('finds out that its stream is dead and takes it up again', async () => {
		const { log, clock, ring, words } = await begin((log) => log.write('old', startMs));
		log.deaf = true;
		log.write('unheard', startMs + 10);
		await clock.advance(30_000);
		await clock.advance(1000);
		log.deaf = false;
		await clock.advance(3000);
		expect(texts(ring)).toEqual(['old', 'unheard']);
		expect(words()).toBe('live');
		expect(log.streams.size).toBe(1);
	});

	it('leaves an idle stream alone where nothing was written', async () => {
		const { log, clock, words } = await begin((log) => log.write('old', startMs));
		await clock.advance(95_000);
		expect(log.requests.filter((request) => request.follow).length).toBe(1);
		expect(log.requests.filter((request) => !request.follow).map((request) => request.tail)).toEqual([1, 1, 1]);
		expect(words()).toBe('live');
	});

	it('is stale where the engine does not answer, and live again once it does', async () => {
		const { log, clock, words } = await begin((log) => log.write('old', startMs));
		log.hanging = true;
		await clock.advance(42_000);
		expect(words()).toBe('stale 42 s');
		log.hanging = false;
		log.write('new', startMs + 42_000);
		expect(words()).toBe('live');
	});

	it('takes nothing more once it has been stopped', async () => {
		const { log, ring, follower, words } = await begin();
		const [open] = log.streams;
		follower.stop();
		await settle();
		open?.sink.line(Buffer.from('late'), 0, 4, startMs, 0, 'stdout');
		expect(ring.count).toBe(0);
		expect(words()).toBe('not followed');
		expect(log.streams.size).toBe(0);
	});
});
