import { describe, expect, it } from 'vitest';
import { lintCatalogue } from '../../../src/respond/playbook/lint/catalogue.ts';
import { lintText } from '../../../src/respond/playbook/lint.ts';
import { loadPlaybook } from '../../../src/respond/playbook/load.ts';

const head = 'schemaVersion: 1\nid: p\nversion: 1.0.0\nkind: incident\ntitle: T\n';
const lint = (steps: string, more = '', kind = 'incident') => lintText(`${head.replace('kind: incident', `kind: ${kind}`)}${more}steps:\n${steps}\n`, 'p.yaml');

/** `rule line:column` of each problem but the ones about time-outs. */
const told = (steps: string, more = '', kind = 'incident'): readonly string[] =>
	lint(steps, more, kind)
		.filter((each) => each.rule !== 'no-timeout')
		.map((each) => `${each.rule} ${each.line ?? '-'}:${each.column ?? '-'}`);

const last = '\n- {id: z, of: x}';

describe('lint', () => {
	it('has nothing to say of a sound playbook', () => {
		expect(lint('- {id: a, risk: read, timeoutSeconds: 5, run: [docker, ps]}\n- {id: b, risk: change, container: {action: start, name: web}, isEnd: true}')).toEqual([]);
	});

	it('gives every problem a place, a way out and a rule of the catalogue', () => {
		const problems = lint("- {id: a, risk: read, run: [docker, rm, '${{params.x}}'], nextStep: q}\n- {id: a, risk: read, sh: 'curl x || true; vi y'}");
		expect(problems.length).toBeGreaterThan(6);
		for (const each of problems) {
			expect(each).toMatchObject({ file: 'p.yaml', line: expect.any(Number), column: expect.any(Number), wayOut: expect.stringMatching(/.{5}/) });
			expect(lintCatalogue.map(({ id }) => id)).toContain(each.rule);
		}
	});

	it.each([
		['a step that does not exist', '- {id: a, of: x, nextStep: b}', ['unknown-step 7:28']],
		['the same after a failure', '- {id: a, of: x, onFailure: "step:b"}', ['unknown-step 7:29']],
		['the same in a choice', '- {id: a, choices: [{title: X, nextStep: b}]}', ['unknown-step 7:42']],
		['a step within parallel as a target', `- {id: a, steps: [{id: b, risk: read, run: [ls]}]}\n- {id: c, of: x, onFailure: "step:b"}`, ['unknown-step 8:29']],
		['a step that nothing leads to', '- {id: a, of: x, isEnd: true}\n- {id: b, of: x}', ['unreachable-step 8:8']],
		['no step after a branch that is not chosen', '- {id: a, choices: [{title: X, nextStep: c}]}\n- {id: b, of: x}\n- {id: c, of: x}', ['unreachable-step 8:8']],
		['a loop without an exit', '- {id: a, of: x}\n- {id: b, of: x, nextStep: a}', ['loop-without-exit 8:28']],
		['no loop that a branch leads out of', '- {id: a, choices: [{title: X, nextStep: b}, {title: Y, nextStep: end}]}\n- {id: b, of: x, nextStep: a}', []],
		['no loop that a failure leads out of', '- {id: a, of: x, onFailure: abort}\n- {id: b, of: x, nextStep: a}', []],
		['two steps of one id', '- {id: a, of: x}\n- {id: a, of: x}', ['duplicate-id 8:8']],
		['a name that means something else', '- {id: a, risk: read, run: [ls], register: params}', ['duplicate-id 7:44']],
		['a parameter that does not exist', "- {id: a, risk: read, run: [ls, '${{params.nope}}']}", ['expression 7:37']],
		['a result that does not exist', '- {id: a, of: x, when: stat.ok}', ['expression 7:24']],
		['a condition that is none', '- {id: a, of: x, when: 1 + 2}', ['expression 7:24']],
		['an error in CEL, at its place', "- {id: a, http: {url: 'http://x'}, expect: status = 200}", ['expression 7:51']],
		['a word of expect elsewhere', '- {id: a, of: x, when: status == 200}', ['expression 7:24']],
		['a template in a script', '- id: a\n  risk: read\n  sh: |\n    ls\n    ls ${{params.x}}', ['template-in-script 11:8']],
		['a parameter of a script that does not exist', '- {id: a, risk: read, sh: ls "$P_nope"}', ['unknown-param 7:31']],
		['a variable that is not set', '- {id: a, risk: read, sh: ls $NOPE}', ['unset-variable 7:30']],
		['a script that cannot be read', '- {id: a, risk: destructive, target: x, loses: y, sh: "if true; then ls"}', ['script-syntax 7:72']],
		['a placeholder', '- {id: a, risk: change, run: [docker, stop, "<container>"]}', ['placeholder 7:30']],
		['a destructive command declared read', '- {id: a, risk: read, run: [docker, rm, x]}', ['understated-risk 7:28']],
		['a destructive command declared change, in a script', '- id: a\n  risk: change\n  sh: |\n    ls\n      sudo -n rm x', ['understated-risk 11:7']],
		['a change declared read', '- {id: a, risk: read, run: [docker, restart, x]}', ['understated-risk 7:28']],
		['an act of the engine declared read', '- {id: a, risk: read, container: {action: stop, name: x}}', ['understated-risk 7:17']],
		['a restore declared change', '- {id: a, risk: change, database: {system: sqlite, action: restore, path: x, file: y}}', ['understated-risk 7:17']],
		['a query that writes', '- {id: a, database: {system: sqlite, action: query, path: x, sql: delete from t}}', ['understated-risk 7:67']],
		['a waitFor that changes something', '- {id: a, kind: waitFor, run: [docker, restart, x]}', ['understated-risk 7:31']],
		['an undo that is worse than the step', '- {id: a, risk: change, run: [touch, x], undo: {run: [rm, x]}}', ['understated-risk 7:54']],
		['a parallel step with a worse one in it', '- {id: a, risk: read, steps: [{id: b, risk: change, run: [touch, x]}]}', ['understated-risk 7:17']],
		['an unknown program declared read', '- {id: a, risk: read, run: [./check.sh]}', ['unproven-risk 7:28']],
		['a destructive command without a target', '- {id: a, risk: destructive, loses: y, run: [rm, x]}', ['no-target 7:3']],
		['a destructive step that does not say what is lost', '- {id: a, risk: destructive, target: x, run: [rm, x]}', ['no-loss 7:3']],
		['vi', '- {id: a, risk: change, run: [vi, x]}', ['interactive 7:30']],
		['logs -f', '- {id: a, risk: read, sh: docker logs -f x}', ['endless 7:27']],
		['sudo', '- {id: a, risk: change, run: [sudo, touch, x]}', ['may-ask 7:30']],
		['|| true', '- {id: a, risk: read, sh: docker ps || true}', ['masked-failure 7:40']],
		['a pipeline inside a container', '- {id: a, risk: read, in: web, sh: ps | grep x}', ['masked-failure 7:36']],
		['no pipeline on the host, where pipefail is set', '- {id: a, risk: read, sh: ps | grep x}', []],
		['curl without -f', '- {id: a, risk: read, run: [curl, "http://x"]}', ['curl-no-fail 7:28']],
		['no curl that expect judges', '- {id: a, risk: read, run: [curl, "http://x"], expect: json.ok == true}', []],
	])('tells of %s', (_what, steps, expected) => {
		expect(told(steps)).toEqual(expected);
	});

	it('tells of a missing time-out', () => {
		expect(lint('- {id: a, risk: read, run: [ls]}\n- {id: b, http: {url: "http://x"}}\n- {id: c, kind: waitFor, expect: "true"}\n- {id: d, of: x}').map((each) => `${each.rule} ${each.line ?? 0}: ${each.message}`)).toEqual([
			'no-timeout 7: no timeout: a is ended after 60 s',
			'no-timeout 8: no timeout: b is ended after 10 s',
			'no-timeout 9: no timeout: c is ended after 60 s',
		]);
	});

	it('tells of a change without undo, where it may be taken back', () => {
		const change = '- {id: a, risk: change, run: [touch, x]}';
		expect(told(change, '', 'rollback')).toEqual(['no-undo 7:3']);
		expect(told(`${change}\n- {id: b, of: x, onFailure: rollback}`)).toEqual(['no-undo 7:3']);
		expect(told(change)).toEqual([]);
		expect(told('- {id: a, risk: destructive, target: x, loses: y, run: [touch, x], undo: {run: [rm, x]}}', '', 'rollback')).toEqual([]);
	});

	it('tells of a secret that others can read', () => {
		const secret = 'params: {token: {type: secret}}\n';
		expect(told("- {id: a, risk: change, run: [login, '${{params.token}}']}", secret)).toEqual(['secret-in-argv 8:42']);
		expect(told('- {id: a, risk: change, sh: login "$P_token"}', secret)).toEqual(['secret-in-argv 8:29']);
		expect(told("- {id: a, http: {url: 'http://x?t=${{params.token}}'}}", secret)).toEqual(['secret-in-address 8:38']);
		expect(told("- {id: a, fields: {pin: {type: secret}}}\n- {id: b, risk: change, run: [login, '${{a.pin}}']}")).toEqual(['secret-in-argv 8:42']);
		expect(told("- {id: a, risk: change, run: [login], env: {TOKEN: '${{params.token}}'}}\n- {id: b, risk: change, sh: 'echo \"$P_token\" | login'}", secret)).toEqual([]);
	});

	it('tells of a playbook that does not exist, once the others are known', () => {
		const other = loadPlaybook(`${head.replace('id: p', 'id: other')}params: {need: {type: text}, name: {type: text, default: x}}\nsteps: [{id: a, of: x}]`, 'other.yaml', 'own').loaded?.playbook;
		expect(other).toBeDefined();
		const library = new Map(other === undefined ? [] : [[other.id, other]]);
		const lines = `${head}steps:\n- {id: a, playbook: othr, onFailure: "playbook:gone"}\n- {id: b, playbook: other, params: {nam: x}}\n- {id: c, playbook: other, params: {need: x}}\n`;
		expect(lintText(lines, 'p.yaml', { library }).map((each) => each.message)).toEqual([
			'there is no playbook othr; did you mean other',
			'there is no playbook gone',
			'other wants a value for need',
			'other has no parameter nam; did you mean name',
		]);
		expect(lintText(lines, 'p.yaml')).toEqual([]);
	});

	it('does not let one problem hide another', () => {
		expect(told(`- {id: a, risk: read, run: [docker, rm, x], nextStep: q}${last}`)).toEqual(['understated-risk 7:28', 'unknown-step 7:55', 'unreachable-step 8:8']);
	});
});
