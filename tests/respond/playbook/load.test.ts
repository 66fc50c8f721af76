import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { examplePlaybook } from '../../../src/respond/playbook/example.ts';
import { lintText } from '../../../src/respond/playbook/lint.ts';
import { formatPlaybookProblem, hashOf, loadPlaybook } from '../../../src/respond/playbook/load.ts';

const head = 'schemaVersion: 1\nid: p\nversion: 1.0.0\nkind: incident\ntitle: T\n';
const withSteps = (steps: string, more = ''): string => `${head}${more}steps:\n${steps}\n`;
const load = (steps: string, more = '') => loadPlaybook(withSteps(steps, more), 'p.yaml', 'own');
const stepsOf = (steps: string, more = '') => {
	const { loaded, problems } = load(steps, more);
	expect(problems).toEqual([]);
	return loaded?.playbook.steps ?? [];
};
const problemsOf = (steps: string, more = ''): readonly string[] => load(steps, more).problems.map(formatPlaybookProblem);

describe('loadPlaybook', () => {
	it('keeps the text, and pins it', () => {
		const text = withSteps('- {id: a, risk: read, run: [ls]}');
		expect(loadPlaybook(text, 'packs/p.yaml', 'own').loaded).toMatchObject({ text, hash: hashOf(text), pack: 'own', file: 'packs/p.yaml' });
		expect(hashOf('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
	});

	it('fills in every default', () => {
		expect(stepsOf('- {id: check-state, risk: read, run: [ls]}')).toEqual([
			{
				kind: 'command',
				id: 'check-state',
				title: 'Check state',
				risk: 'read',
				timeoutSeconds: 60,
				maxAttempts: 1,
				intervalSeconds: 5,
				onFailure: { do: 'ask' },
				isEnd: false,
				secret: false,
				action: { kind: 'command', run: ['ls'], env: {} },
			},
		]);
	});

	it('tells the kind from the keys', () => {
		const steps = stepsOf(`
- {id: a, risk: read, sh: ls, in: web, env: {A: '1'}, workingDir: /srv}
- {id: b, risk: change, container: {action: stop, name: web}}
- {id: c, http: {url: 'http://x'}}
- {id: d, database: {system: sqlite, action: integrity, path: a.db}}
- {id: e, choices: [{title: X, nextStep: end}], nextStep: f}
- {id: f, checklist: [one, two]}
- {id: g, fields: {who: {type: text}}}
- {id: h, of: The rollback}
- {id: i, message: Hello, run: [say, hello]}
- {id: j, steps: [{id: k, risk: change, run: [ls]}, {id: l, kind: waitFor, expect: 'true'}]}
- {id: m, playbook: other}
- {id: n, windowSeconds: 60, criteria: ['true']}
- {id: o, kind: waitFor, http: {url: 'http://x'}}`);
		expect(steps.map(({ id, kind, risk, timeoutSeconds }) => `${id} ${kind} ${risk} ${timeoutSeconds}`)).toEqual([
			'a command read 60',
			'b container change 60',
			'c http read 10',
			'd database read 600',
			'e branch read 0',
			'f manual read 0',
			'g input read 0',
			'h approval read 0',
			'i notify change 30',
			'j parallel change 0',
			'm playbook read 0',
			'n watch read 60',
			'o waitFor read 60',
		]);
		expect(steps[0]).toMatchObject({ action: { inContainer: 'web', env: { A: '1' }, workingDir: '/srv' } });
		expect(steps[1]).toMatchObject({ action: { graceSeconds: 10 } });
		expect(steps[11]).toMatchObject({ action: { kind: 'signal' }, criteria: [{ title: 'true', holds: 'true' }], failureLimit: 0, intervalSeconds: 10 });
		expect(steps[12]).toMatchObject({ consecutiveSuccessLimit: 1, intervalSeconds: 2 });
	});

	it('knows the risk of every database action', () => {
		const risks = ['backup', 'integrity', 'quick-check', 'checkpoint', 'vacuum', 'analyze', 'reindex'].map((action) => stepsOf(`- {id: a, database: {system: sqlite, action: ${action}, path: a.db${action === 'backup' ? ', file: b.db' : ''}}}`)[0]?.risk);
		expect(risks).toEqual(['change', 'read', 'read', 'change', 'change', 'change', 'change']);
		expect(stepsOf('- {id: a, database: {system: postgres, action: restore, database: shop, file: f, port: 5432, in: db}}')[0]).toMatchObject({ risk: 'destructive', action: { port: '5432', inContainer: 'db' } });
	});

	it('reads every way after a failure, and the end', () => {
		const steps = stepsOf('- {id: a, of: x, onFailure: abort}\n- {id: b, of: x, onFailure: "step:a"}\n- {id: c, of: x, onFailure: "playbook:q"}\n- {id: d, of: x, nextStep: end, undo: {sh: ls}}');
		expect(steps.map((each) => each.onFailure)).toEqual([{ do: 'abort' }, { do: 'step', step: 'a' }, { do: 'playbook', playbook: 'q' }, { do: 'ask' }]);
		expect(steps[3]).toMatchObject({ isEnd: true, undo: { kind: 'command', sh: 'ls', env: {} } });
		expect(steps[3]).not.toHaveProperty('nextStep');
	});

	it('carries a phase on to the steps after it', () => {
		const { loaded } = load('- {id: a, of: x}\n- {id: b, of: x, phase: second, budgetMinutes: 15}\n- {id: c, of: x}\n- {id: d, of: x, phase: first}', 'phases: {first: {title: First aid, budgetMinutes: 5}}\n');
		expect(loaded?.playbook.phases).toEqual([
			{ id: 'first', title: 'First aid', budgetMinutes: 5 },
			{ id: 'second', title: 'Second', budgetMinutes: 15 },
		]);
		expect(loaded?.playbook.steps.map((each) => each.phase)).toEqual([undefined, 'second', 'second', 'first']);
	});

	it('knows a draft, and a review', () => {
		expect(load('- {id: a, of: x}', 'draft: true\n').loaded?.playbook.draft).toBe(true);
		expect(load('- {id: a, of: x}', 'reviewed: {by: ann, at: 2026-01-02}\n').loaded?.playbook.draft).toBe(false);
		expect(problemsOf('- {id: a, of: x}', 'draft: true\nreviewed: {by: ann, at: 2026-01-02}\n')).toEqual(['p.yaml:6:1: error schema: draft: it is a draft, and reviewed says that it is none. Remove draft: true once it is reviewed, or else remove reviewed.']);
	});
});

describe('what is wrong with the format', () => {
	it.each([
		['- {id: a, runn: [ls]}', 'p.yaml:7:3: error schema: steps[0]: no kind; expected kind, or a key that tells it: run, sh, container, http, database, choices, instructions, fields, of, message, steps or playbook; runn is not known, did you mean run'],
		['- {id: a, run: [ls]}', 'p.yaml:7:3: error schema: steps[0].risk: missing; expected read, change or destructive: a command does not tell by itself what it can do'],
		['- {id: a, run: [ls], risk: raed}', 'p.yaml:7:28: error schema: steps[0].risk: expected one of read, change, destructive, found "raed"; did you mean read'],
		['- {id: a, run: [chmod, 0644, f], risk: change}', "p.yaml:7:24: error schema: steps[0].run[1]: expected text in quotes, such as '644', found 644"],
		['- {id: a, of: x, timeoutSecond: 5}', 'p.yaml:7:18: error schema: steps[0].timeoutSecond: unknown key; did you mean timeoutSeconds'],
		['- {id: a b, of: x}', 'p.yaml:7:8: error schema: steps[0].id: expected an id of letters, digits, - and _, at most 64 of them, found "a b"'],
		['- {id: a, of: x, onFailure: abrot}', 'p.yaml:7:29: error schema: steps[0].onFailure: expected ask, abort, continue, rollback, step:ID or playbook:ID (did you mean abort), found "abrot"'],
		['- {id: a, database: {system: sqlite, action: backup, pth: x}}', 'p.yaml:7:11: error schema: steps[0].database.path: missing; expected text', 'p.yaml:7:54: error schema: steps[0].database.pth: unknown key; did you mean path'],
		['- {id: a, database: {system: sqlite, action: backup, path: x}}', 'p.yaml:7:11: error schema: steps[0].database.file: missing; expected the file to write the backup to'],
		['- {id: a, database: {system: oracle, action: backup}}', 'p.yaml:7:30: error schema: steps[0].database.system: expected one of sqlite, postgres, found "oracle"'],
		['- {id: a, risk: read, run: [ls], sh: ls}', 'p.yaml:7:34: error schema: steps[0].sh: expected one of run, sh, container, http, database or rollout, found run and sh. Make two steps of it.'],
		['- {id: a, risk: read, kind: command}', 'p.yaml:7:3: error schema: steps[0]: no action; expected one of run, sh, container, http, database or rollout'],
		['- {id: a, kind: waitFor}', 'p.yaml:7:3: error schema: steps[0].expect: missing; a waitFor with nothing to run needs the condition it waits for, such as signal("container.running") == 1'],
		['- {id: a, container: {action: start, name: x}}', 'p.yaml:7:3: error schema: steps[0].risk: missing; expected change or destructive: start acts on the container'],
		['- {id: a, container: {action: logs, name: x, signal: SIGHUP}}', 'p.yaml:7:46: error schema: steps[0].container.signal: is of no use to logs, which knows tail or sinceSeconds'],
		['- {id: a, http: {url: x}}', 'p.yaml:7:23: error schema: steps[0].http.url: expected an address that begins with http:// or https://, found "x"'],
		['- {id: a, http: {url: "http://x", body: b}}', 'p.yaml:7:41: error schema: steps[0].http.body: a GET sends nothing. Set method: POST, or leave it out.'],
		['- {id: a, steps: [{id: b, of: x}]}', 'p.yaml:7:19: error schema: steps[0].steps[0].kind: expected one of command, container, http, database, waitFor, found "approval"'],
		['- {id: a, steps: [{id: b, risk: read, run: [ls], nextStep: c}]}', 'p.yaml:7:50: error schema: steps[0].steps[0].nextStep: is not for a step within parallel. Set it on the parallel step.'],
		['- {id: a, of: x, budgetMinutes: 3}', 'p.yaml:7:18: error schema: steps[0].budgetMinutes: expected a phase beside it. Name the phase: phase: immediate.'],
		['- {id: a, of: x, undo: {env: {A: b}}}', 'p.yaml:7:24: error schema: steps[0].undo: no action; expected one of run, sh, container, http, database or rollout', 'p.yaml:7:25: error schema: steps[0].undo.env: is of no use without run or sh'],
		['- {id: a, database: {system: postgres, action: vacuum, database: d, passwordParam: pw}}', 'p.yaml:7:84: error schema: steps[0].database.passwordParam: expected a parameter of type secret; there is no parameter pw. Declare it: params: {pw: {type: secret}}.'],
	])('%s', (steps, ...expected) => {
		const problems = problemsOf(steps);
		expect(problems.map((each) => each.replace(/; did you mean \w+, found/, ', found'))).toEqual(expected);
	});

	it.each([
		['{type: secret, default: x}', 'a secret has no default: it is asked for'],
		["{type: integer, default: '5'}", 'expected a number, found "5"'],
		['{type: integer, default: 5, max: 3}', 'expected 3 or less, found 5'],
		['{type: choice, choices: [a], default: b}', 'expected one of a, found "b"'],
		['{type: text, default: -x}', 'expected a value that does not begin with a dash: a program would read it as an option, found "-x"'],
		["{type: text, default: x, pattern: '\\d+'}", 'expected what the pattern \\d+ allows, found "x"'],
		["{type: text, pattern: '('}", 'expected a regular expression, found "("'],
		['{type: choice}', 'missing; expected what may be chosen'],
		['{type: text, min: 1}', 'is of no use to a text, only to integer and number'],
	])('of a parameter: %s', (param, message) => {
		expect(load('- {id: a, of: x}', `params: {p: ${param}}\n`).problems.map((each) => each.message)).toEqual([message]);
	});

	it('is told of the file as a whole', () => {
		expect(loadPlaybook('', 'p.yaml', '').problems).toMatchObject([{ rule: 'schema', line: 1, column: 1 }]);
		expect(loadPlaybook('a: [', 'p.yaml', '').problems).toMatchObject([{ rule: 'yaml', line: 1 }]);
		expect(loadPlaybook('a: 1\na: 2', 'p.yaml', '').problems).toMatchObject([{ rule: 'yaml', line: 2 }]);
		expect(loadPlaybook('x'.repeat(1_000_001), 'p.yaml', '').problems).toMatchObject([{ rule: 'yaml' }]);
		expect(problemsOf('- {id: a, of: x}', 'version: 1.0\n')[0]).toContain('Map keys must be unique');
		expect(loadPlaybook(withSteps('- {id: a, of: x}').replace('1.0.0', '1.0'), 'p.yaml', '').problems.map(formatPlaybookProblem)).toEqual(['p.yaml:3:10: error schema: version: expected a version as text, such as 1.0.0, found 1']);
	});

	it('never throws, whatever the text is', () => {
		const lines = examplePlaybook.split('\n');
		fc.assert(
			fc.property(fc.array(fc.tuple(fc.nat(lines.length - 1), fc.constantFrom('', '- ', '  ', '- {id: a}', '? x', '&a [*a]', 'steps: 5', '- 5', 'null', '{', '\t', 'run: {}', 'choices: x')), { maxLength: 4 }), (edits) => {
				const changed = [...lines];
				for (const [at, text] of edits) changed[at] = text;
				const problems = lintText(changed.join('\n'), 'p.yaml');
				for (const each of problems) expect(each.message.length).toBeGreaterThan(0);
			}),
			{ numRuns: 150 },
		);
	});
});
