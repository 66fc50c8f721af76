import { describe, expect, it } from 'vitest';
import type { Rule } from '../../src/domain/rule.ts';
import { compileRule, RuleError, wordsOf } from '../../src/judge/compile.ts';
import { whyMissing } from '../../src/judge/missing.ts';
import { Reading } from '../../src/judge/reading.ts';
import type { FactsChanges } from './facts.ts';
import { container, facts, noon } from './facts.ts';

const rule = (when: string): Rule => ({ id: 'own', severity: 'P2', title: 'Own', when, forSeconds: 0, source: 'test' });

/** True, false, or why it cannot be told. */
const judge = (when: string, changes: FactsChanges = {}): boolean | string => {
	const reading = new Reading(facts(changes), noon);
	try {
		return compileRule(rule(when)).holds(reading, wordsOf(reading));
	} catch (error) {
		return whyMissing(error) ?? String(error);
	}
};

const ramp = [0, 1, 2, 3, 4, 5, 6].map((index) => ({ at: noon - (6 - index) * 10_000, value: index * 10 }));

describe('conditions', () => {
	it.each<[string, boolean]>([
		['signal("memory.percent") > 10', true],
		['signal("memory.percent") > 10.5', true],
		['signal("memory.percent") + 5 > 24', true],
		['2 * signal("memory.percent") == 40', true],
		['signal("memory.percent") == 20', true],
		['signal("memory.percent") != 20', false],
		['20 == signal("memory.percent")', true],
		['signal("memory.percent") % 2 == 0', true],
		['signal("memory.percent") in [1, 20]', true],
		['container.exitCode in [137, 139]', false],
		['container.state == "running" && restarts == 0', true],
		['container.upSeconds > 3600', true],
		['age("memory.percent") < 1', true],
		['measured("http.p95")', false],
		['replicas.total == 1 && replicas.down == 0', true],
	])('%s is %s', (when, value) => {
		expect(judge(when)).toBe(value);
	});

	it.each<[string, boolean | string]>([
		['avg("x", 60) == 30', true],
		['max("x", 60) == 60', true],
		['min("x", 60.0) == 0', true],
		['rate("x", 60) == 1', true],
		['avg("x", 20) == 50', true],
		['avg("x", 300) > 0', 'only 1 min of 5 min of x'],
		['avg("y", 300) > 0', 'no sample of y'],
	])('over a window: %s is %s', (when, value) => {
		expect(judge(when, { signals: { x: ramp } })).toBe(value);
	});

	it('counts a counter that was reset from zero again', () => {
		const values = [10, 20, 3, 5];
		const x = values.map((value, index) => ({ at: noon - (3 - index) * 10_000, value }));
		expect(judge('rate("x", 30) == 0.5', { signals: { x } })).toBe(true);
	});

	it('has no answer without a sample, or with one that is too old', () => {
		expect(judge('signal("http.p95") > 1')).toBe('no sample of http.p95');
		const old = [{ at: noon - 34_000, value: 1 }];
		expect(judge('signal("x") > 1', { signals: { x: old } })).toBe('last sample of x 34 s old');
		expect(judge('avg("x", 60) > 1', { signals: { x: old } })).toBe('last sample of x 34 s old');
		expect(judge('signal("x") == 1', { signals: { x: [{ at: noon - 15_000, value: 1 }] } })).toBe(true);
	});

	it.each<[string, boolean | string]>([
		['signal("none") > 1 || true', true],
		['true || signal("none") > 1', true],
		['signal("none") > 1 && false', false],
		['signal("none") > 1 && true', 'no sample of none'],
		['signal("none") > 1 || false', 'no sample of none'],
		['!(signal("none") > 1)', 'no sample of none'],
	])('decides without the missing half where the other half decides: %s', (when, value) => {
		expect(judge(when)).toBe(value);
	});

	it('reads probes, and not old results of them', () => {
		const probe = { probe: 'ready', durationMs: 12, ok: false, words: 'connection refused', figures: {} };
		expect(judge('!probe("ready").ok && probe("ready").durationMs > 10', { probes: [{ ...probe, at: noon - 1000 }] })).toBe(true);
		expect(judge('!probe("ready").ok', { probes: [{ ...probe, at: noon - 60_000 }] })).toMatch(/^last result of probe ready 59 s old$/);
		expect(judge('!probe("ready").ok')).toBe('no result of probe ready');
	});

	it('sees the worst container of a service', () => {
		const containers = [container({ id: 'a', replica: 1 }), container({ id: 'b', replica: 2, state: 'exited', exitCode: 3, finishedAt: noon - 1000 })];
		expect(judge('container.state == "exited" && container.exitCode == 3 && replicas.down == 1 && replicas.running == 1', { containers })).toBe(true);
	});
});

describe('compileRule', () => {
	it.each<[string, string, number, number]>([
		['foo > 1', 'Unknown variable: foo', 0, 3],
		['container.sttae == "x"', 'No such key: sttae', 10, 15],
		['signal("a" > 3', 'Expected RPAREN, got EOF', 14, 14],
		['restarts + 1', 'must be true or false, but is a double', 0, 12],
		['restarts > "x"', 'no such overload: double > string', 0, 14],
	])('%s: %s', (when, message, start, end) => {
		expect(() => compileRule(rule(when))).toThrow(expect.objectContaining({ name: 'RuleError', ruleId: 'own', message, start, end }));
		expect(() => compileRule(rule(when))).toThrow(RuleError);
	});

	it('names the signals a condition reads, with their place', () => {
		const when = 'signal("a.b") > 1 || (avg("c", 5) < 2 && measured("d"))';
		expect(compileRule(rule(when)).signals.map((each) => [each.name, when.slice(each.start, each.end)])).toEqual([
			['a.b', '"a.b"'],
			['c', '"c"'],
			['d', '"d"'],
		]);
	});
});
