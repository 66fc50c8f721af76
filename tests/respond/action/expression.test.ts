import { describe, expect, it } from 'vitest';
import { compileCondition, compileExpression, evaluate, holds } from '../../../src/respond/action/expression.ts';
import type { Scope } from '../../../src/respond/action/scope.ts';

const scope: Scope = {
	params: { container: 'web', count: 3, force: true },
	values: {
		state: { exitCode: 0, stdout: '{}', json: { OOMKilled: true, Health: null, exitCode: 137, list: [1, 2] } },
		'dump-db': { exitCode: 3 },
		plain: 'text',
	},
	outcome: { status: 200, json: { count: 7, text: '12', none: null, half: 0.5, list: [1, 7], object: { a: 1 } }, stdout: 'a,b', headers: { 'x-a': 'b' } },
	facts: {
		signal: (name, service) => (name === 'cpu.percent' ? (service === 'db' ? 90 : 50) : { missing: `no sample of ${name}` }),
		probe: (name) => (name === 'ready' ? { ok: true, durationMs: 12, words: '200', ageSeconds: 1 } : { missing: `no result of probe ${name}` }),
		figure: (figure, name, seconds) => (name === 'cpu.percent' ? (figure === 'max' ? 80 : seconds) : { missing: 'no window' }),
		firing: (severity) => (severity === 'P0' ? 0 : 2),
		baseline: (name) => (name === 'cpu.percent' ? 40 : { missing: `no baseline of ${name}` }),
	},
};

const value = (text: string, over: Partial<Scope> = {}): unknown => {
	const result = evaluate(compileExpression(text), { ...scope, ...over });
	return result.kind === 'value' ? result.value : `${result.kind}: ${result.why}`;
};

const truth = (text: string, over: Partial<Scope> = {}): boolean | undefined => holds(compileCondition(text), { ...scope, ...over }).holds;

describe('values', () => {
	it.each([
		['status == 200', true],
		['status == 200.0', true],
		['status != 200', false],
		['json.count > 5', true],
		['json.count >= 7.0', true],
		['json.count + 1 == 8', true],
		['json.count / 2 == 3.5', true],
		['json.count * 1.5', 10.5],
		['json.half + 1', 1.5],
		['json.count % 4', 3],
		['json.text == 12', false],
		['12 == json.text', false],
		['json.text == "12"', true],
		['int(json.text) == 12', true],
		['json.none == null', true],
		['json.object == null', false],
		['json.object != null', true],
		['7 in json.list', true],
		['json.list[0] == 1', true],
		['json.object == {"a": 1}', true],
		['params.count == 3 && params.force && params.container == "web"', true],
		['"web" in [params.container]', true],
		['stdout.contains("a") && stdout.startsWith("a") && size(stdout) == 3', true],
		['stdout.split(",")', ['a', 'b']],
		['"ÄB".lowerAscii().size()', 2],
		['stdout.matches("^a,[b]$")', true],
		['[1, 2].exists(n, string(n).matches("2"))', true],
		['has(json.count)', true],
		['has(json.nope)', false],
		['duration("90s") > duration("1m")', true],
		['headers["x-a"]', 'b'],
		['json.count > 5 ? "much" : "little"', 'much'],
	])('%s', (text, expected) => {
		expect(value(text)).toEqual(expected);
	});

	it('gives plain JSON: no bigint, no class of the library', () => {
		expect(value('{"n": 1, "l": [2, 3u], "d": duration("5m"), "t": type(1)}')).toEqual({ n: 1, l: [2, 3], d: '300s', t: 'int' });
		expect(value('9007199254740993')).toBe('9007199254740993');
	});
});

describe('registered values', () => {
	it('shows the fields of printed JSON beside the result, whose own fields win', () => {
		expect(value('state.OOMKilled')).toBe(true);
		expect(value('state.json.OOMKilled')).toBe(true);
		expect(value('state.exitCode')).toBe(0);
	});

	it('reaches ids with dashes through steps', () => {
		expect(value('steps["dump-db"].exitCode == 3')).toBe(true);
		expect(value('steps.state.OOMKilled')).toBe(true);
	});

	it('lets what the step came to hide a value of the same name', () => {
		expect(value('status', { values: { status: 'old' } })).toBe(200);
	});

	it('finds nothing of JavaScript behind names', () => {
		expect(value('constructor')).toBe('missing: constructor is not known yet');
		expect(value('json.constructor')).toBe('missing: json.constructor is not there');
		expect(value('plain.length')).toMatch(/^missing|^wrong/);
	});
});

describe('what is not there', () => {
	it.each([
		'nope == 1',
		'nope.deep == 1',
		'json.nope == 1',
		'state.Health.Status == "healthy"',
		'json.list[9] == 1',
		'signal("memory.percent") > 90',
		'signal("memory.percent") < 90',
		'!(signal("memory.percent") > 90)',
		'probe("gone").ok',
		'avg("memory.percent", 60) > 1',
		'baseline("memory.percent") > 1',
		'json.list.all(n, n < signal("memory.percent"))',
	])('%s is neither true nor false', (text) => {
		expect(evaluate(compileExpression(text), scope).kind).toBe('missing');
		expect(truth(text)).toBeUndefined();
	});

	it('is absorbed only where the other side decides alone', () => {
		expect(truth('signal("memory.percent") > 90 || status == 200')).toBe(true);
		expect(truth('signal("memory.percent") > 90 || status == 500')).toBeUndefined();
		expect(truth('signal("memory.percent") > 90 && status == 500')).toBe(false);
		expect(truth('signal("memory.percent") > 90 && status == 200')).toBeUndefined();
	});

	it('says what it is that is missing', () => {
		expect(value('state.Health.Status')).toBe('missing: state.Health.Status is not there');
		expect(value('nope.x')).toBe('missing: nope is not known yet');
		expect(value('signal("memory.percent")')).toBe('missing: no sample of memory.percent');
	});

	it('has no facts to fall back on where there is no service', () => {
		const { facts: _, ...bare } = scope;
		const result = evaluate(compileExpression('signal("cpu.percent") > 1'), bare);
		expect(result).toEqual({ kind: 'missing', why: 'no service to look at' });
	});
});

describe('facts', () => {
	it('reads signals, probes, windows and baselines', () => {
		expect(value('signal("cpu.percent")')).toBe(50);
		expect(value('signal("cpu.percent", "db")')).toBe(90);
		expect(value('probe("ready").ok && probe("ready").durationMs < 20')).toBe(true);
		expect(value('max("cpu.percent", 60) - baseline("cpu.percent")')).toBe(40);
		expect(value('hasBaseline("cpu.percent") && !hasBaseline("memory.percent")')).toBe(true);
		expect(value('!hasBaseline("memory.percent") || signal("cpu.percent") <= baseline("memory.percent")')).toBe(true);
		expect(value('avg("cpu.percent", 300)')).toBe(300);
		expect(value('firing("P0") == 0.0 && firing("P1") == 2.0')).toBe(true);
		expect(truth('firing("P9") > 0.0')).toBeUndefined();
		expect(truth('firing("P1") > 0.0', { facts: { signal: () => ({ missing: 'x' }), probe: () => ({ missing: 'x' }) } })).toBeUndefined();
		expect(value('measured("cpu.percent") && !measured("memory.percent")')).toBe(true);
	});
});

describe('what is wrong', () => {
	it.each(['json.text < 5', '1 / 0 == 1', 'json.text.matches("(")', 'status'])('%s can be told neither', (text) => {
		expect(truth(text)).toBeUndefined();
	});

	it('stops a pattern that backtracks without end', () => {
		const began = performance.now();
		expect(value('stdout.matches("^(a+)+$")', { outcome: { stdout: `${'a'.repeat(60)}b` } })).toMatch(/^wrong: .*takes longer than/);
		expect(performance.now() - began).toBeLessThan(5000);
	});

	it.each([
		['1 +', 3],
		['status == ', 10],
		['"a" + 1 == "b"', 0],
		['status ==== 200', 9],
	])('%s does not compile, with its place', (text, start) => {
		expect(() => compileExpression(text)).toThrow(expect.objectContaining({ name: 'ExpressionError', start }) as Error);
	});

	it('is no condition where its value cannot be true or false', () => {
		expect(() => compileCondition('1 + 2')).toThrow('must be true or false, but is an int');
		expect(compileExpression('1 + 2').type).toBe('int');
	});

	it('refuses an endless expression', () => {
		expect(() => compileExpression(`1 ${'+ 1 '.repeat(2000)}`)).toThrow('longer than');
	});
});
