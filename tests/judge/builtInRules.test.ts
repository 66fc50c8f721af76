import { describe, expect, it } from 'vitest';
import { builtInRules } from '../../src/judge/builtInRules.ts';
import { compileRule } from '../../src/judge/compile.ts';
import { createJudge } from '../../src/judge/judge.ts';
import { defaultThresholds } from '../../src/judge/thresholds.ts';
import { describeService } from '../../src/judge/words.ts';
import type { FactsChanges } from './facts.ts';
import { container, detail, facts, noon } from './facts.ts';

/** Mark and words after the condition was held for as long as any rule asks. */
const sight = (changes: FactsChanges, seconds = 1): string => {
	const judge = createJudge(builtInRules());
	let verdict = judge.evaluate(facts(changes), noon);
	// The same readings again, a second later and so on: held, not aged.
	for (let second = 1; second <= seconds; second++) {
		const at = noon + second * 1000;
		verdict = judge.evaluate(facts({ ...changes, at }), at);
	}
	const { mark, reason } = describeService(verdict);
	return `${mark} ${reason}`;
};

const exited = (exitCode: number, secondsAgo = 41) =>
	container({ state: 'exited', exitCode, finishedAt: noon - secondsAgo * 1000, detail: detail() });
const end = (secondsAgo: number, exitCode: number, oom = false) => ({ at: noon - secondsAgo * 1000, exitCode, oom, asked: false });

describe('built-in rules', () => {
	it('compile, say where they come from, and have ids of their own', () => {
		const rules = builtInRules();
		for (const rule of rules) expect(() => compileRule(rule)).not.toThrow();
		expect(rules.every((rule) => rule.source.length > 10)).toBe(true);
		expect(new Set(rules.map((rule) => rule.id)).size).toBe(rules.length);
	});

	it.each<[string, FactsChanges, string]>([
		['healthy', { containers: [container({ health: 'healthy' })] }, 'ok healthy 3 d'],
		['no health check', { containers: [container({ startedAt: noon - 7_200_000 })] }, 'ok up 2 h, no health check'],
		['exited 1', { containers: [exited(1)] }, 'P0 down 42 s: exited 1'],
		[
			'killed for memory, thrice',
			{ containers: [exited(137)], history: { ends: [end(400, 137, true), end(200, 137, true), end(41, 137, true)] } },
			'P0 down 42 s: exited 137, killed for memory, 3rd time in 10 min',
		],
		[
			'killed for memory, after it had ended otherwise',
			{ containers: [exited(137)], history: { ends: [end(200, 1), end(41, 137, true)] } },
			'P0 down 42 s: exited 137, killed for memory, 2nd crash in 10 min',
		],
		[
			'restarting',
			{ containers: [container({ state: 'restarting', exitCode: 1 })], history: { ends: [end(30, 1), end(20, 1), end(10, 1), end(2, 1)], starts: [1, 2, 3].map((each) => noon - each * 5000) } },
			'P0 restarting: exited 1, 4th time in 10 min',
		],
		[
			'a job',
			{ containers: [exited(0, 179)] },
			'- completed 0, 3 min ago',
		],
		[
			'stopped',
			{ containers: [exited(137, 239)], history: { ends: [{ ...end(239, 137), asked: true }] } },
			'- stopped on request 4 min ago',
		],
		[
			'stopped, with what comes of it',
			{ containers: [exited(137, 239)], history: { ends: [{ ...end(239, 137), asked: true }] }, signals: { 'http.errorRate': 100 } },
			'P1 stopped on request 4 min ago; error rate 100 %',
		],
		['missing', { containers: [], service: { configured: true } }, 'P0 no container'],
		[
			'unhealthy',
			{
				containers: [
					container({
						health: 'unhealthy',
						detail: detail({ healthLog: [{ startedAt: noon - 119_000, durationMs: 3, exitCode: 1, output: '\n connection refused \u001b[2J\nsecond line' }] }),
					}),
				],
			},
			'P0 unhealthy 2 min: connection refused',
		],
		['paused', { containers: [container({ state: 'paused' })] }, 'P2 paused'],
		['paused, with what comes of it', { containers: [container({ state: 'paused' })], signals: { 'http.errorRate': 100 } }, 'P1 paused; error rate 100 %'],
		['starting', { containers: [container({ health: 'starting', startedAt: noon - 11_000 })] }, '? starting 12 s, health not known yet'],
		['created', { containers: [container({ state: 'created' })] }, '- created, never started'],
		['cannot start', { containers: [container({ state: 'created', detail: detail({ error: 'port is already allocated' }) })] }, 'P0 cannot start: port is already allocated'],
		[
			'one of three down',
			{ containers: [container({ id: 'a', replica: 1 }), container({ id: 'b', replica: 2 }), { ...exited(1), id: 'c', replica: 3 }] },
			'P1 1 of 3 replicas down 42 s: exited 1',
		],
		[
			'all of two down',
			{ containers: [{ ...exited(1), id: 'a', replica: 1 }, { ...exited(1), id: 'b', replica: 2 }] },
			'P0 all 2 replicas down 42 s: exited 1',
		],
		['killed for memory and back', { history: { ends: [end(119, 137, true)], starts: [noon - 118_000] } }, 'P1 killed for memory 2 min ago'],
		['restarts', { history: { starts: [1, 2, 3].map((each) => noon - each * 60_000), ends: [3, 2, 1].map((each) => end(each * 60 + 1, 1)) } }, 'P1 3 restarts in 10 min'],
		[
			'restarts, some of them asked for',
			{ history: { starts: [5, 4, 3, 2, 1].map((each) => noon - each * 60_000), ends: [5, 4, 3, 2, 1].map((each) => ({ ...end(each * 60 + 1, 1), asked: each > 3 })) } },
			'P1 5 restarts in 10 min, 3 ends nobody asked for',
		],
		[
			'restarts that a person asked for',
			{ history: { starts: [5, 4, 3, 2, 1].map((each) => noon - each * 60_000), ends: [5, 4, 3, 2, 1].map((each) => ({ ...end(each * 60 + 1, 143), asked: each > 2 })) } },
			'ok up 3 d, no health check',
		],
		['error rate', { signals: { 'http.errorRate': 12.5 } }, 'P1 error rate 12 %'],
		['slow', { signals: { 'http.p95': 1500 } }, 'P1 p95 1.5 s'],
		['locked', { signals: { 'db.locked': 1 } }, 'P2 database locked 1 s'],
		['disk', { signals: { 'disk.percent': 91.4 } }, 'P2 disk 91 % full'],
		[
			'log errors, and what the newest says',
			{ signals: { 'log.errorsIn5Minutes': 14, 'log.linesIn5Minutes': 200 }, lastError: 'database is locked \u001b[2J' },
			'P2 14 errors in 5 min, last: database is locked',
		],
		[
			'log errors that have ended',
			{ signals: { 'log.errorsIn5Minutes': 14, 'log.linesIn5Minutes': 200 }, lastError: 'database is locked', lastErrorAt: noon - 130_000 },
			'P2 14 errors in 5 min, last 2 min ago: database is locked',
		],
		['log errors', { signals: { 'log.errorsIn5Minutes': 14, 'log.linesIn5Minutes': 200 } }, 'P2 14 errors in 5 min'],
		['few errors in many lines', { signals: { 'log.errorsIn5Minutes': 14, 'log.linesIn5Minutes': 20_000 } }, 'ok up 3 d, no health check'],
	])('%s', (_what, changes, words) => {
		const seen = sight(changes);
		expect(seen.slice(0, words.length)).toBe(words);
		expect(seen).not.toContain('\u001b');
	});

	it.each<[string, FactsChanges, number, string]>([
		['memory high', { signals: { 'memory.percent': 93, 'memory.limitBytes': 64 * 1024 ** 2 } }, 15, 'P3 memory 93 % of 64 MiB'],
		['memory critical', { signals: { 'memory.percent': 98.2, 'memory.limitBytes': 64 * 1024 ** 2 } }, 300, 'P1 memory 98 % of 64 MiB for 5 min'],
		['CPU', { signals: { 'cpu.quotaPercent': 99 } }, 300, 'P2 CPU 99 % of its quota'],
		['raised error rate', { signals: { 'http.errorRate': 2.5 } }, 60, 'P2 error rate 2.5 %'],
		['raised p95', { signals: { 'http.p95': 700 } }, 60, 'P2 p95 700 ms'],
	])('%s fires after its time and not before', (_what, changes, seconds, words) => {
		expect(sight(changes, seconds)).toBe(words);
		expect(sight(changes, seconds - 1)).not.toBe(words);
	});

	it('do not ask for probes that a service does not have, and say which data is missing', () => {
		const judge = createJudge(builtInRules());
		expect(judge.evaluate(facts(), noon).inconclusive).toEqual([]);
		const blind = judge.evaluate(facts({ signals: { 'memory.percent': [] } }), noon);
		expect(blind.inconclusive.map((each) => each.why)).toContain('no sample of memory.percent');
		expect(describeService(blind)).toEqual({ mark: '?', reason: 'up 3 d, no health check; no sample of memory.percent' });
	});

	it('call nothing healthy on old news', () => {
		expect(sight({ freshAt: noon - 19_000 })).toBe('? no news for 20 s');
		expect(sight({ freshAt: noon - 19_000, containers: [exited(1)] })).toBe('? no news for 20 s; last: down 42 s: exited 1');
	});

	it('do not fire in the moment between an end and the word that it was asked for', () => {
		const judge = createJudge(builtInRules());
		const just = container({ state: 'exited', exitCode: 143, finishedAt: noon - 5, detail: detail() });
		const history = { ends: [{ at: noon - 5, exitCode: 143, oom: false, asked: false }] };
		const verdict = judge.evaluate(facts({ containers: [just], history }), noon);
		expect(verdict.alerts.map((alert) => alert.state)).toEqual(['pending']);
		const asked = { ends: [{ at: noon - 5, exitCode: 143, oom: false, asked: true }] };
		expect(judge.evaluate(facts({ containers: [just], history: asked, at: noon + 100 }), noon + 100).alerts).toEqual([]);
	});

	it('fire at once for an end of which it is settled that nobody asked for it', () => {
		const just = container({ state: 'exited', exitCode: 137, finishedAt: noon - 5, detail: detail() });
		const history = { ends: [{ at: noon - 5, exitCode: 137, oom: false, asked: false, certain: true }] };
		const down = createJudge(builtInRules()).evaluate(facts({ containers: [just], history }), noon);
		expect(down.alerts).toMatchObject([{ ruleId: 'container-down', state: 'firing' }]);
		const replicas = [{ ...just, replica: 1 }, container({ id: 'b', replica: 2 })];
		const degraded = createJudge(builtInRules()).evaluate({ ...facts({ containers: replicas }), history: (id) => (id === just.id ? { containerId: id, starts: [], ...history } : undefined) }, noon);
		expect(degraded.alerts).toMatchObject([{ ruleId: 'replica-down', state: 'firing' }]);
	});

	it('wait for the last of several replicas while it may have been stopped', () => {
		const containers = [1, 2].map((replica) => container({ id: `c${replica}`, replica, state: 'exited', exitCode: 137, finishedAt: noon - 5, detail: detail() }));
		const endOf = (id: string) => ({ at: noon - 5, exitCode: 137, oom: false, asked: false, ...(id === 'c1' ? { certain: true } : {}) });
		const verdict = createJudge(builtInRules()).evaluate({ ...facts({ containers }), history: (id) => ({ containerId: id, starts: [], ends: [endOf(id)] }) }, noon);
		expect(verdict.alerts).toMatchObject([{ ruleId: 'container-down', state: 'pending' }]);
	});

	it('hold an end back for as long where the clock of the engine is behind', () => {
		const judge = createJudge(builtInRules());
		judge.evaluate(facts(), noon);
		const late = container({ state: 'exited', exitCode: 143, finishedAt: noon - 4000, detail: detail() });
		const history = { ends: [end(4, 143)] };
		const states = [1, 400, 502].map((ms) => judge.evaluate(facts({ containers: [late], history, at: noon + ms }), noon + ms).alerts.map((alert) => alert.state));
		expect(states).toEqual([['pending'], ['pending'], ['firing']]);
	});

	it('tell who holds a lock, and not the failing probe besides', () => {
		const db = { probe: 'db', at: noon, durationMs: 5, ok: false, words: 'locked by worker, process 4711', figures: { locked: 1 } };
		const own = { id: 'probe:db', severity: 'P2' as const, title: 'db failing', when: '!probe("db").ok', forSeconds: 0, source: 'test' };
		const judge = createJudge([...builtInRules(), own]);
		const verdict = judge.evaluate(facts({ signals: { 'db.locked': 1 }, probes: [db] }), noon);
		expect(verdict.alerts).toHaveLength(2);
		expect(describeService(verdict)).toEqual({ mark: 'P2', severity: 'P2', reason: 'database locked 0 s by worker, process 4711' });
	});

	it('take other thresholds', () => {
		const judge = createJudge(builtInRules({ ...defaultThresholds, diskPercent: 95 }));
		expect(judge.evaluate(facts({ signals: { 'disk.percent': 91 } }), noon).alerts).toEqual([]);
	});

	it('tell a trouble once: a container down in a loop does not list its restarts besides', () => {
		const words = sight({
			containers: [exited(1)],
			history: { starts: [1, 2, 3, 4].map((each) => noon - each * 60_000), ends: [end(120, 1), end(41, 1)] },
			signals: { 'disk.percent': 95 },
		});
		expect(words).toBe('P0 down 42 s: exited 1, 2nd time in 10 min; disk 95 % full');
	});
});
