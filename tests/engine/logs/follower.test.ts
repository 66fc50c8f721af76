import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../../src/domain/engine.ts';
import { systemClock } from '../../../src/domain/systemClock.ts';
import { followWords } from '../../../src/observe/logs/followState.ts';
import { LogFollower } from '../../../src/observe/logs/follower.ts';
import { LogRing } from '../../../src/observe/logs/ring.ts';
import { Containers, eventually, openEngine, testEngineAddress } from '../../support/engine.ts';

const address = testEngineAddress();
const containers = new Containers(address);
const followers: LogFollower[] = [];
let engine: Engine;

beforeAll(async () => {
	engine = await openEngine(address);
});

afterAll(async () => {
	for (const follower of followers) follower.stop();
	await containers.removeAll();
	await engine.close();
});

const follow = (containerId: string, over: Partial<Pick<Engine, 'logs'>> = {}): { ring: LogRing; follower: LogFollower; texts: () => readonly string[]; words: () => string } => {
	const ring = new LogRing({ source: 'test' });
	const port = { logs: engine.logs.bind(engine), inspect: engine.inspect.bind(engine), ...over };
	const follower = new LogFollower({ engine: port, containerId, ring, clock: systemClock, random: () => 1 });
	followers.push(follower);
	follower.start();
	return {
		ring,
		follower,
		texts: () => Array.from({ length: ring.count }, (_, index) => ring.text(ring.first + index)),
		words: () => followWords(follower.state, systemClock.now()),
	};
};

describe('a log followed on a real engine', () => {
	it('goes on after a restart, without repeats, with a marker between', async () => {
		const id = await containers.run('trap "echo ended; exit 0" TERM; echo "ERROR begun"; while :; do sleep 0.05; done');
		const { ring, follower, texts, words } = follow(id);
		await eventually('first line', () => ring.count === 1);
		expect(words()).toBe('live');
		await engine.stop(id, 5);
		await eventually('stopped', () => words() === 'stopped');
		expect(texts()).toEqual(['ERROR begun', 'ended']);
		await engine.start(id);
		follower.containerStarted(systemClock.now());
		await eventually('second run', () => ring.count === 4);
		expect(texts()).toEqual(['ERROR begun', 'ended', 'container started', 'ERROR begun']);
		expect(ring.errors).toBe(2);
	});

	it('neither repeats nor loses a line over a broken connection', async () => {
		const count = 400;
		const id = await containers.run(`i=0; while [ $i -lt ${count} ]; do i=$((i+1)); echo "line $i"; [ $((i%4)) = 0 ] && sleep 0.02; done; sleep 1000`);
		const drop = new AbortController();
		const { ring, texts } = follow(id, {
			logs: (containerId, request, sink) =>
				drop.signal.aborted
					? engine.logs(containerId, request, sink)
					: engine.logs(containerId, { ...request, signal: AbortSignal.any([request.signal, drop.signal]) }, sink),
		});
		await eventually('some lines', () => ring.count > 40);
		drop.abort();
		await eventually('all lines', () => ring.count >= count);
		expect(texts()).toEqual(Array.from({ length: count }, (_, index) => `line ${index + 1}`));
	});

	it('says that a container is gone, and that a driver keeps nothing', async () => {
		const removed = await containers.run('sleep 1000');
		const first = follow(removed);
		await eventually('live', () => first.words() === 'live');
		await containers.docker.getContainer(removed).remove({ force: true });
		await eventually('gone', () => first.words() === 'gone');
		const silent = follow(await containers.run('sleep 1000', { host: { LogConfig: { Type: 'none', Config: {} } } }));
		await eventually('rests', () => silent.follower.state.kind === 'none');
		expect(silent.words()).toBe('no logs: driver none');
	});
});
