import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detail } from '../../support/fakeEngine.ts';
import { alert, minute, of, record, Scene, start } from './support.ts';

describe('a version that begins to run', () => {
	it('is told once, and is proved once it was healthy for the window', () => {
		const scene = new Scene();
		scene.be(of('1.0.0', start));
		scene.pass(10 * minute - 5000);
		expect(scene.told).toEqual(['seen 1.0.0: runs here for the first time that was seen']);
		scene.pass(5000);
		expect(scene.events).toMatchObject([{ kind: 'version_proved', service: 'api', engine: 'unix:///fake', imageId: 'sha256:1.0.0', since: start, healthyMs: 10 * minute, words: 'healthy for 10 min' }]);
		scene.forget();
		scene.pass(6 * 60 * minute - 5000);
		expect(scene.told).toEqual([]);
		scene.pass(5000);
		expect(scene.events).toMatchObject([{ kind: 'version_proved', healthyMs: 370 * minute }]);
	});

	it.each([
		{ said: 2 * minute, words: 'healthy for 2 min' },
		{ said: 45 * minute, words: 'healthy for 45 min' },
		{ said: undefined, words: 'healthy for 10 min' },
	])('is proved after the time that was said of its service ($said)', ({ said, words }) => {
		const scene = new Scene([], ({ id }) => (id === 'api' ? said : 5 * minute));
		scene.be(of('1.0.0', start));
		scene.pass((said ?? 10 * minute) - 5000);
		expect(scene.told).toEqual(['seen 1.0.0: runs here for the first time that was seen']);
		scene.pass(5000);
		expect(scene.told).toEqual([`proved 1.0.0: ${words}`]);
	});

	it('counts from the first healthy answer of its health check', () => {
		const scene = new Scene();
		scene.be(of('1.0.0', start, { health: 'starting' }));
		scene.pass(2 * minute);
		scene.be(of('1.0.0', start, { health: 'healthy' }));
		scene.pass(10 * minute - 5000);
		expect(scene.told).toHaveLength(1);
		scene.pass(5000);
		expect(scene.told).toEqual(['proved 1.0.0: healthy for 10 min']);
	});

	it('is not proved while a P0 or P1 alert may fire, or while nothing can be said', () => {
		const scene = new Scene();
		scene.status = { mark: '?' };
		scene.be(of('1.0.0', start));
		scene.pass(20 * minute);
		scene.status = { alerts: [alert('P1', 'error rate 7 %', { state: 'pending' })] };
		scene.pass(20 * minute);
		expect(scene.told).toHaveLength(1);
		scene.status = { mark: 'P2', alerts: [alert('P2', 'slow')] };
		scene.pass(10 * minute);
		expect(scene.told).toEqual([]);
		scene.pass(5000);
		expect(scene.told).toEqual([expect.stringContaining('proved 1.0.0: healthy for 10 min')]);
	});

	it('of several replicas is proved when all are healthy', () => {
		const scene = new Scene();
		const second = of('1.0.0', start, { id: 'two', name: 'api-2', health: 'unhealthy' });
		scene.be(of('1.0.0', start, { health: 'healthy' }), second);
		scene.pass(20 * minute);
		expect(scene.told).toEqual(['seen 1.0.0: runs here for the first time that was seen, unhealthy', 'left 1.0.0: unhealthy']);
		scene.be(of('1.0.0', start, { health: 'healthy' }), { ...second, health: 'healthy' });
		scene.pass(10 * minute);
		expect(scene.told).toEqual(['proved 1.0.0: healthy for 10 min']);
	});

	it('does not lose its health by a further replica that starts', () => {
		const scene = new Scene();
		const first = of('1.0.0', start, { health: 'healthy' });
		scene.be(first);
		scene.pass(8 * minute);
		scene.be(first, of('1.0.0', scene.now, { health: 'starting' }));
		scene.pass(90_000);
		scene.be(first, of('1.0.0', scene.now, { health: 'healthy' }));
		scene.pass(minute);
		expect(scene.told.at(-1)).toBe('proved 1.0.0: healthy for 10 min');
	});
});

describe('what ran before the first look', () => {
	it('counts from its start where nothing speaks against it, and is proved after a minute, then over a whole window', () => {
		const scene = new Scene();
		scene.be(of('1.0.0', start - 3 * 24 * 60 * minute, { health: 'healthy' }));
		scene.pass(55_000);
		expect(scene.told).toHaveLength(1);
		scene.pass(5000);
		expect(scene.told).toEqual(['proved 1.0.0: healthy for 3 d, 3 d of it before it was watched: it ran without a stop, and nothing speaks against its health']);
		scene.pass(9 * minute - 5000);
		expect(scene.told).toEqual([]);
		scene.pass(5000);
		expect(scene.told).toHaveLength(1);
		scene.pass(5 * 60 * minute);
		expect(scene.told).toEqual([]);
	});

	it.each([
		['restarts', { detail: detail({ policyRestarts: 3 }) }, 'it was restarted 3 times'],
		['a failing streak', { detail: detail({ failingStreak: 1 }) }, 'its health check failed lately'],
	])('does not count where %s speak against it', (_, over, words) => {
		const scene = new Scene();
		scene.be(of('1.0.0', start - 60 * minute, over));
		scene.pass(9 * minute);
		expect(scene.told).toHaveLength(1);
		scene.pass(minute);
		expect(scene.told).toEqual([`proved 1.0.0: healthy for 10 min; what was before does not count: ${words}`]);
	});

	it('does not count after an end that nobody asked for', () => {
		const scene = new Scene();
		const one = of('1.0.0', start - 60 * minute);
		scene.ends.set(one.id, [{ at: start - 30 * minute, exitCode: 1, oom: false, asked: false }]);
		scene.be(one);
		scene.pass(9 * minute);
		expect(scene.told).toHaveLength(1);
	});

	it('is not told again where the journal has it already', () => {
		const scene = new Scene([record('1.0.0', { provedAt: start - 60 * minute })]);
		scene.be(of('1.0.0', start - 100 * minute));
		scene.pass(4 * 60 * minute);
		expect(scene.told).toEqual([]);
		scene.pass(2 * 60 * minute);
		expect(scene.told).toHaveLength(1);
	});

	it('has left where the journal knows it as running and it is not well', () => {
		const scene = new Scene([record('1.0.0', { provedAt: start - 60 * minute })]);
		scene.status = { mark: 'P0', alerts: [alert('P0', 'down: exited 137')] };
		scene.be(of('1.0.0', start - 100 * minute, { state: 'exited', exitCode: 137 }));
		scene.pass(minute);
		expect(scene.told).toEqual(['left 1.0.0: exited 137']);
	});

	it('is not told again where the journal says that it has left, and it still fails', () => {
		const scene = new Scene([record('1.0.0', { left: true, words: 'unhealthy' })]);
		scene.be(of('1.0.0', start - 100 * minute, { health: 'unhealthy' }));
		scene.pass(minute);
		expect(scene.told).toEqual([]);
		scene.be(of('1.0.0', start - 100 * minute, { health: 'healthy' }));
		scene.pass(10 * minute);
		expect(scene.told).toEqual(['proved 1.0.0: healthy for 10 min']);
	});

	it('is replaced where another version runs by now', () => {
		const scene = new Scene([record('1.0.0')]);
		scene.be(of('1.1.0', start));
		scene.pass(minute);
		expect(scene.told).toEqual(['left 1.0.0: replaced by api:1.1.0', 'seen 1.1.0: runs here for the first time that was seen']);
	});
});

describe('a version that stops or fails', () => {
	const proved = (): Scene => {
		const scene = new Scene();
		scene.be(of('1.0.0', start));
		scene.pass(10 * minute);
		scene.forget();
		return scene;
	};

	it('has left when it crashes; once, however often it crashes; and is proved again once it is well', () => {
		const scene = proved();
		for (let crash = 0; crash < 50; crash++) {
			scene.be(of('1.0.0', start, { state: 'exited', exitCode: 1 }));
			scene.pass(5000);
			scene.be(of('1.0.0', start));
			scene.pass(10_000);
		}
		expect(scene.told).toEqual(['left 1.0.0: exited 1']);
		scene.pass(11 * minute);
		expect(scene.told).toEqual([expect.stringMatching(/^proved 1.0.0: healthy for 10 min/)]);
	});

	it('has left when it crashed and came back between two looks', () => {
		const scene = proved();
		const id = `1.0.0@${start}`;
		scene.starts.set(id, [start, scene.now + 2000]);
		scene.ends.set(id, [{ at: scene.now + 1500, exitCode: 137, oom: true, asked: false }]);
		scene.pass(5000);
		expect(scene.events).toMatchObject([{ kind: 'version_left', words: 'killed for memory, exited 137', since: start + 10 * minute + 2000, healthyMs: 10 * minute }]);
	});

	it('has not left when it was restarted on purpose, but its time begins anew', () => {
		const scene = proved();
		const id = `1.0.0@${start}`;
		scene.starts.set(id, [scene.now + 2000]);
		scene.ends.set(id, [{ at: scene.now + 1500, exitCode: 143, oom: false, asked: true }]);
		scene.pass(10 * minute);
		expect(scene.told).toEqual([]);
		scene.be({ ...of('1.0.0', start), health: 'unhealthy' });
		expect(scene.events).toMatchObject([{ kind: 'version_left', words: 'unhealthy', healthyMs: 10 * minute - 2000 }]);
	});

	it('has left when an alert of P1 fires, with its words', () => {
		const scene = proved();
		scene.status = { mark: 'P1', alerts: [alert('P1', 'error rate 7 %')] };
		scene.pass(minute);
		expect(scene.told).toEqual(['left 1.0.0: P1: error rate 7 %']);
	});

	it('has not left for an alert that goes on only because nothing newer is known', () => {
		const scene = proved();
		scene.status = { mark: 'P1', alerts: [alert('P1', 'error rate 7 %', { stale: 'no sample' })] };
		scene.pass(minute);
		expect(scene.told).toEqual([]);
	});

	it('is given a moment to be made anew, then has left', () => {
		const scene = proved();
		scene.be();
		scene.pass(10_000);
		scene.be(of('1.0.0', scene.now));
		expect(scene.told).toEqual([]);
		scene.be();
		scene.pass(20_000);
		expect(scene.told).toEqual(['left 1.0.0: removed']);
		expect(scene.book.knows('api')).toBe(false);
	});

	it('that was stopped on purpose has left after that moment, with its code', () => {
		const scene = proved();
		const stopped = of('1.0.0', start, { state: 'exited', exitCode: 0 });
		scene.be(stopped);
		scene.pass(10_000);
		expect(scene.told).toEqual([]);
		scene.pass(5000);
		expect(scene.told).toEqual(['left 1.0.0: exited 0']);
	});

	it('is replaced by the next one, and runs again after it', () => {
		const scene = proved();
		scene.be(of('1.1.0', scene.now));
		expect(scene.told).toEqual(['left 1.0.0: replaced by api:1.1.0', 'seen 1.1.0: runs here for the first time that was seen']);
		scene.pass(minute);
		scene.be(of('1.0.0', scene.now));
		expect(scene.told).toEqual(['left 1.1.0: replaced by api:1.0.0', 'seen 1.0.0: runs again']);
		scene.pass(10 * minute);
		expect(scene.told).toEqual(['proved 1.0.0: healthy for 10 min']);
	});

	it('is told apart from another image of the same name', () => {
		const scene = proved();
		scene.be(of('1.0.0', scene.now, { imageId: 'sha256:other' }));
		expect(scene.told[0]).toBe('left 1.0.0: replaced by another api:1.0.0');
	});
});

describe('during a move', () => {
	it('of a lone container nothing is told before the new one stands in its place', () => {
		const scene = new Scene();
		const old = of('1.1.0', start);
		scene.be(old);
		scene.pass(11 * minute);
		scene.forget();
		// Stopped, put aside under a name of its own; the new one proves itself; for a minute nobody is called api.
		scene.beside = ['api-sitrep-old-p1', 'api-sitrep-new-p1'];
		scene.be();
		scene.pass(minute);
		expect(scene.told).toEqual([]);
		scene.beside = ['api-sitrep-old-p1'];
		scene.be(of('1.0.0', scene.now - minute));
		expect(scene.told).toEqual(['left 1.1.0: replaced by api:1.0.0', 'seen 1.0.0: runs here for the first time that was seen']);
	});

	it('that was taken back nothing is told at all', () => {
		const scene = new Scene();
		scene.be(of('1.1.0', start));
		scene.pass(11 * minute);
		scene.forget();
		scene.beside = ['api-sitrep-new-p1'];
		scene.be();
		scene.pass(minute);
		scene.beside = [];
		scene.be(of('1.1.0', scene.now, { id: `1.1.0@${start}`, createdAt: start }));
		scene.pass(10 * minute);
		expect(scene.told).toEqual([]);
	});

	it('containers of it within the service are not counted', () => {
		const scene = new Scene();
		const old = of('1.1.0', start);
		scene.be(old);
		scene.pass(minute);
		scene.forget();
		scene.be(old, of('1.0.0', scene.now, { name: 'api-sitrep-new-p1', health: 'unhealthy' }));
		scene.pass(minute);
		expect(scene.told).toEqual([]);
		scene.be({ ...old, name: 'api-sitrep-old-p1' }, of('1.0.0', scene.now));
		expect(scene.told).toHaveLength(2);
		scene.pass(9 * minute);
		expect(scene.told).toEqual([]);
	});

	it('a crash after the move is told, though the old one still stands aside', () => {
		const scene = new Scene();
		scene.beside = ['api-sitrep-old-p1'];
		scene.be(of('1.0.0', start));
		scene.forget();
		scene.be(of('1.0.0', start, { state: 'exited', exitCode: 1 }));
		expect(scene.told).toEqual(['left 1.0.0: exited 1']);
	});
});

describe('the baseline of a proof', () => {
	it('is the mean of what was measured over the window, each ten seconds weighing the same', () => {
		const scene = new Scene();
		scene.be(of('1.0.0', start));
		for (let second = 0; second < 600; second++) {
			// Twice as often in the second half, when it is looked at.
			if (second < 300 && second % 2 === 1) continue;
			scene.signals.push('http.p95', start + second * 1000, second < 300 ? 100 : 300);
		}
		for (const name of ['cpu.percent', 'probe.ready.ok', 'memory.bytes', 'log.errors']) for (let at = 0; at < 5; at++) scene.signals.push(name, start + at * 60_000, 4);
		scene.signals.push('http.errorRate', start, 1);
		scene.pass(10 * minute);
		expect(scene.events.at(-1)?.figures).toEqual({ 'cpu.percent': 4, 'http.p95': 200, 'probe.ready.ok': 4 });
	});

	it('takes in nothing from before it was healthy', () => {
		const scene = new Scene();
		for (let at = 0; at < 60; at++) scene.signals.push('http.p95', start - at * 1000, 9000);
		scene.be(of('1.0.0', start - 60 * minute, { detail: detail({ policyRestarts: 1 }) }));
		for (let at = 1; at < 60; at++) scene.signals.push('http.p95', start + at * 10_000, 100);
		scene.pass(10 * minute);
		expect(scene.events.at(-1)?.figures?.['http.p95']).toBeLessThan(1000);
	});
});

describe('whatever happens', () => {
	it('what comes and goes all day is told within bounds, and what was left out is said', () => {
		const scene = new Scene();
		const words: string[] = [];
		for (let run = 0; run < 300; run++) {
			scene.be(of('job', scene.now));
			scene.pass(20_000);
			scene.be(of('job', scene.now, { state: 'exited', exitCode: 0 }));
			scene.pass(40_000);
			words.push(...scene.told);
		}
		expect(words.length).toBeGreaterThan(20);
		expect(words.length).toBeLessThanOrEqual(20 * 6);
		expect(words.some((each) => /\d+ changes before it came too fast to be recorded$/.test(each))).toBe(true);
	});

	it('no two events of a version in a row say the same, and a proof is never of less than the window', () => {
		const state = fc.constantFrom('up', 'unhealthy', 'down', 'gone', 'restarted', 'other', 'unsure');
		fc.assert(
			fc.property(fc.array(fc.tuple(state, fc.integer({ min: 1, max: 150 })), { maxLength: 40 }), (states) => {
				const scene = new Scene();
				let made = start;
				let version = '1.0.0';
				for (const [each, looks] of states) {
					scene.status = each === 'unsure' ? { mark: '?' } : {};
					if (each === 'restarted') made = scene.now;
					if (each === 'other') [version, made] = [version === '1.0.0' ? '1.1.0' : '1.0.0', scene.now];
					if (each === 'gone') scene.be();
					else if (scene.book.knows('api')) scene.be(of(version, made, each === 'down' ? { state: 'exited', exitCode: 1 } : each === 'unhealthy' ? { health: 'unhealthy' } : {}));
					else break;
					scene.pass(looks * 5000);
				}
				const last = new Map<string, string>();
				const wrong = scene.events.filter(({ kind, imageId, healthyMs }) => {
					const before = last.get(imageId);
					last.set(imageId, kind);
					return kind === 'version_proved' ? healthyMs < 10 * minute : kind === before || (kind === 'version_left' && before === undefined);
				});
				expect(wrong).toEqual([]);
			}),
			{ numRuns: 60 },
		);
	});
});
