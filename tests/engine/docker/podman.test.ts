import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine, EngineEvent } from '../../../src/domain/engine.ts';
import type { Figures } from '../../../src/domain/figures.ts';
import { eventually, openEngine } from '../../support/engine.ts';
import { LineCollector } from '../../support/logLines.ts';
import { TestPodman } from '../../support/podman.ts';
import { openLive } from '../../pty/sitrep.ts';

const stay = 'trap "exit 0" TERM; while :; do sleep 0.1; done';
const never = new AbortController().signal;
let podman: TestPodman;
let engine: Engine;

beforeAll(async () => {
	podman = await TestPodman.start();
	engine = await openEngine(podman.address);
});

afterAll(async () => {
	await engine.close();
	await podman.close();
});

/** Events of one container until `enough`, while something is done to it. */
const eventsWhile = async (id: string, act: () => Promise<void>, enough: (kinds: readonly string[]) => boolean): Promise<readonly EngineEvent[]> => {
	const seen: EngineEvent[] = [];
	const stop = new AbortController();
	const { ready, ended } = engine.events((event) => {
		if (event.containerId === id) seen.push(event);
	}, stop.signal);
	ended.catch(() => undefined);
	await ready;
	try {
		await act();
		await eventually('the events came', () => enough(seen.map(({ kind }) => kind)));
		return seen;
	} finally {
		stop.abort();
	}
};

describe('a real Podman', () => {
	it('says what it is', async () => {
		expect(await engine.info()).toMatchObject({ product: 'Podman', target: { kind: 'podman' } });
	});

	it('tells in the list which containers fail their health check, and by event when that changes', async () => {
		const id = await podman.run('checked', stay, { Healthcheck: { Test: ['CMD-SHELL', 'echo sick is $(ls /tmp); test ! -e /tmp/sick'], Interval: 60e9, Timeout: 30e9, Retries: 1 } });
		const plain = await podman.run('unchecked', stay);
		await podman.checkHealth('checked');
		const health = async (of: string): Promise<string | undefined> => (await engine.list()).find((each) => each.id === of)?.health;
		expect(await health(id)).toBe('healthy');
		expect(await health(plain)).toBe('none');
		expect((await engine.exec(id, { argv: ['touch', '/tmp/sick'], timeoutMs: 30_000 })).exitCode).toBe(0);
		const events = await eventsWhile(id, async () => podman.checkHealth('checked'), (kinds) => kinds.includes('health'));
		expect(events.some(({ kind }) => kind === 'health')).toBe(true);
		expect(await health(id)).toBe('unhealthy');
		expect((await engine.inspect(id))?.detail.healthLog.at(-1)).toMatchObject({ exitCode: 1, output: expect.stringContaining('sick is sick') });
	});

	it('hands over logs of both streams, and of a terminal', async () => {
		const id = await podman.run('writer', 'echo out; echo err >&2; exit 3');
		await eventually('it ended', async () => (await engine.inspect(id))?.state === 'exited');
		const sink = new LineCollector();
		await engine.logs(id, { follow: false, signal: never }, sink);
		expect(sink.lines.map(({ stream, text }) => `${stream} ${text}`).sort()).toEqual(['stderr err', 'stdout out']);
		const tty = await podman.run('tty', 'echo at a terminal; exit 0', { Tty: true });
		await eventually('it ended', async () => (await engine.inspect(tty))?.state === 'exited');
		const screen = new LineCollector();
		await engine.logs(tty, { follow: false, signal: never }, screen);
		expect(screen.texts).toEqual(['at a terminal']);
	});

	it('gives figures', async () => {
		const id = await podman.run('busy', 'while :; do :; done', { HostConfig: { Memory: 64 * 1024 * 1024 } });
		const seen: Figures[] = [];
		const follower = engine.figures((batch) => void seen.push(...batch));
		try {
			follower.follow([id], []);
			const last = await eventually('it is seen to work', () => seen.find((each) => (each.cpuPercent ?? 0) > 1));
			expect(last.memoryLimitBytes).toBe(64 * 1024 * 1024);
			expect(last.memoryBytes).toBeGreaterThan(0);
		} finally {
			follower.close();
		}
		await engine.kill(id, 'SIGKILL');
	});

	it('starts, stops, restarts, pauses and kills', async () => {
		const id = await podman.run('acted', stay);
		const state = async (): Promise<string | undefined> => (await engine.inspect(id))?.state;
		await engine.pause(id);
		expect(await state()).toBe('paused');
		await engine.unpause(id);
		expect(await state()).toBe('running');
		const stopped = await eventsWhile(id, async () => engine.stop(id, 5), (kinds) => kinds.includes('died') && kinds.includes('stopped'));
		// It was asked for: nothing here may make an incident of it.
		expect(stopped.every(({ unasked }) => unasked !== true)).toBe(true);
		expect(await state()).toBe('exited');
		await engine.start(id);
		await engine.restart(id, 1);
		expect(await state()).toBe('running');
		const killed = await eventsWhile(id, async () => engine.kill(id, 'SIGKILL'), (kinds) => kinds.includes('died'));
		expect(killed.find(({ kind }) => kind === 'died')?.exitCode).toBe(137);
	});

	it('is shown by the console', async () => {
		await podman.run('crashed', 'echo ERROR no database; exit 7');
		await using terminal = await openLive(podman.address);
		await terminal.waitFor(/^ sitrep +local podman \d/m);
		await terminal.waitFor(/^.P0 crashed +down .*exited 7/m);
		await terminal.waitFor(/^.P0 checked +unhealthy .*sick is sick/m);
		terminal.type('/crashed\r');
		await terminal.waitFor('ERROR no database');
		expect(terminal.text()).toMatch(/^>P0 crashed /m);
	});
});
