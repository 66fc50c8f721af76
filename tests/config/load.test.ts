import { describe, expect, it } from 'vitest';
import { loadConfig, parseConfig } from '../../src/config/load.ts';
import { ConfigError } from '../../src/config/problem.ts';

/** Everything that is wrong with a text, one line each. */
const problems = (text: string): string[] => {
	try {
		parseConfig(text, 'sitrep.yaml');
		return [];
	} catch (error) {
		if (!(error instanceof ConfigError)) throw error;
		return error.message.split('\n');
	}
};

const body = (text: string): string => `schemaVersion: 1\n${text}`;

describe('parseConfig', () => {
	it('reads durations and sizes', () => {
		expect(parseConfig(body('watchWindow: 2m\nlogs: {ring: 4MiB, tail: 10}\nreadOnly: true'), 'x')).toEqual({
			schemaVersion: 1,
			watchWindow: 120_000,
			logs: { ring: 4 * 1024 ** 2, tail: 10 },
			readOnly: true,
		});
	});

	it('names everything that is wrong at once, in order, each with its place', () => {
		expect(
			problems(`schemaVersion: 2
bogusWord: 1
services:
  web:
    tresholds: {memoryPercent: 80}
    probes:
      - {kind: http, name: x, url: "http://127.0.0.1", intervall: 5s}
      - kind: htpp
      - name: x
watchWindow: 5
logs: {ring: lots, tail: -1}
theme: lihgt
rules:
  - {id: x, severity: P9, when: 5}
`),
		).toEqual([
			'sitrep.yaml:1:16: schemaVersion: expected 1, found 2',
			'sitrep.yaml:2:1: bogusWord: unknown key; known here: schemaVersion, engine, services, rules, builtInRules, thresholds, watchWindow, params, theme, logs, readOnly',
			'sitrep.yaml:5:5: services.web.tresholds: unknown key; did you mean thresholds',
			'sitrep.yaml:7:56: services.web.probes[0].intervall: unknown key; did you mean interval',
			'sitrep.yaml:8:15: services.web.probes[1].kind: expected one of http, prometheus, tcp, command, sqlite, disk, found "htpp"; did you mean http',
			'sitrep.yaml:9:9: services.web.probes[2].kind: missing; expected one of http, prometheus, tcp, command, sqlite, disk',
			'sitrep.yaml:10:14: watchWindow: expected a duration with its unit, such as 5s, 500ms or 10m, found 5',
			'sitrep.yaml:11:14: logs.ring: expected a size with its unit, such as 8MiB, found "lots"',
			'sitrep.yaml:11:26: logs.tail: expected 0 or more, found -1',
			'sitrep.yaml:12:8: theme: expected one of auto, dark, light, none, found "lihgt"; did you mean light',
			'sitrep.yaml:14:5: rules[0].title: missing; expected text',
			'sitrep.yaml:14:23: rules[0].severity: expected one of P0, P1, P2, P3, found "P9"',
			'sitrep.yaml:14:33: rules[0].when: expected text, found 5',
		]);
	});

	it.each([
		['rules:\n  - {id: x, title: X, severity: P1, when: signl("a") > 1}', 'sitrep.yaml:3:43: rules[0].when: found no matching overload'],
		['rules:\n  - id: x\n    title: X\n    severity: P1\n    when: restarts > 2 && foo\n', 'sitrep.yaml:6:27: rules[0].when: Unknown variable: foo, at character 17 of the condition'],
		["rules:\n  - {id: x, title: X, severity: P1, when: 'signal(\"memroy.percent\") > 1'}", 'sitrep.yaml:3:51: rules[0].when: unknown signal "memroy.percent" at character 8; did you mean memory.percent'],
		["services: {web: {probes: [{kind: http, name: a, url: 'http://x', expect: 'stats == 200'}]}}", 'sitrep.yaml:2:75: services.web.probes[0].expect: Unknown variable: stats, at character 1 of the condition'],
		["services: {web: {probes: [{kind: http, name: a, url: 'http://x'}, {kind: disk, name: a, path: /}]}}", 'sitrep.yaml:2:86: services.web.probes[1].name: two probes of one service are called "a"'],
		['services: {web: {container: a, image: b}}', 'sitrep.yaml:2:12: services.web: expected one of container, compose and image, found several'],
		['services: {"a b": {}}', 'sitrep.yaml:2:12: services["a b"]: expected a name such as web, or project/web'],
		['engine: {context: a, host: b}', 'sitrep.yaml:2:9: engine: expected either context or host, found a map'],
		['builtInRules: {contaner-down: {disabled: true}}', 'sitrep.yaml:2:16: builtInRules.contaner-down: unknown key; did you mean container-down'],
		['services: {web: {probes: [{kind: prometheus, name: a, url: "http://x", errorPattern: "("}]}}', 'sitrep.yaml:2:86: services.web.probes[0].errorPattern: expected a regular expression'],
	])('%s', (text, problem) => {
		expect(problems(body(text)).map((each) => each.slice(0, problem.length))).toEqual([problem]);
	});

	it.each([
		['a: [', 'sitrep.yaml:1:5: Flow sequence'],
		['', 'sitrep.yaml:1:1: empty; expected at least schemaVersion: 1'],
		['schemaVersion: 1\nschemaVersion: 1', 'sitrep.yaml:2:1: Map keys must be unique'],
		['- 1', 'sitrep.yaml:1:1: expected a map, found a list'],
	])('refuses %j', (text, problem) => {
		expect(problems(text)[0]?.slice(0, problem.length)).toBe(problem);
	});

	it('tells no secret', () => {
		const text = body('services:\n  web:\n    probes:\n      - {kind: http, name: a, url: "ftp://me:hunter2@x/?token=hunter2", headers: {Authorization: [hunter2]}}');
		const said = problems(text).join('\n');
		expect(said).toContain('expected an address such as');
		expect(said).not.toContain('hunter2');
	});

	it('is not to be drowned', () => {
		expect(problems(`a: ${'x'.repeat(1_000_001)}`)[0]).toContain('too large to be a configuration');
		const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]', ...[1, 2, 3, 4, 5, 6].map((level) => `b${level}: &b${level} [${Array.from({ length: 9 }, () => `*${level === 1 ? 'a' : `b${level - 1}`}`).join(',')}]`)];
		expect(problems(bomb.join('\n'))[0]).toMatch(/alias/i);
	});
});

describe('loadConfig', () => {
	it('reads through its port, and says what cannot be read', async () => {
		await expect(loadConfig(async (path) => `schemaVersion: 1 # ${path}`, 'a.yaml')).resolves.toEqual({ schemaVersion: 1 });
		await expect(loadConfig(() => Promise.reject(new Error('EACCES: permission denied')), 'a.yaml')).rejects.toThrow('a.yaml: cannot be read: EACCES: permission denied');
	});
});
