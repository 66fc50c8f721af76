import { describe, expect, it } from 'vitest';
import { lintText } from '../../../src/respond/playbook/lint.ts';
import { loadPlaybook } from '../../../src/respond/playbook/load.ts';

const withSteps = (steps: string): string => `schemaVersion: 1
id: t-one
version: 1.0.0
kind: rollback
title: One
params:
  service: {type: service, default: api}
steps:
${steps}`;

const stepsOf = (steps: string) => {
	const { loaded, problems } = loadPlaybook(withSteps(steps), 'one.yaml', 't');
	return { steps: loaded?.playbook.steps ?? [], problems: problems.map(({ line, message }) => `${line}: ${message}`) };
};

const complaints = (steps: string): readonly string[] => lintText(withSteps(steps), 'one.yaml').map(({ rule, level, message }) => `${level} ${rule}: ${message}`);

describe('a step of kind rollout', () => {
	it('is told by its key, with the risk that each act has', () => {
		const { steps, problems } = stepsOf(
			['versions', 'plan', 'swap', 'finish', 'undo', 'retire'].map((action) => `- {id: ${action}, rollout: {action: ${action}, service: '\${{params.service}}'}}`).join('\n'),
		);
		expect(problems).toEqual([]);
		expect(steps.map(({ id, kind, risk, timeoutSeconds }) => [id, kind, risk, timeoutSeconds])).toEqual([
			['versions', 'rollout', 'read', 600],
			['plan', 'rollout', 'read', 600],
			['swap', 'rollout', 'change', 600],
			['finish', 'rollout', 'change', 600],
			['undo', 'rollout', 'change', 600],
			['retire', 'rollout', 'destructive', 600],
		]);
	});

	it('refuses what an act has no use for, and what it cannot be', () => {
		expect(stepsOf("- {id: a, rollout: {action: versions, service: api, to: 'x:1'}}").problems).toEqual(['9: is of no use to versions']);
		expect(stepsOf("- {id: a, rollout: {action: undo, service: api, way: start-first}}").problems).toEqual(['9: is of no use to undo, which knows plan or watch']);
		expect(stepsOf("- {id: a, kind: waitFor, expect: 'true', rollout: {action: plan, service: api}}").problems).toEqual(['9: a move is nothing that a waitFor can look at again and again']);
		expect(stepsOf('- {id: a, rollout: {action: roll, service: api}}').problems.join()).toContain('expected one of versions, plan, swap, finish, undo, retire');
	});

	it('can be what takes another one back', () => {
		const { steps } = stepsOf("- {id: a, rollout: {action: swap, service: api}, undo: {rollout: {action: undo, service: api}}}");
		expect(steps[0]?.undo).toEqual({ kind: 'rollout', action: 'undo', service: 'api' });
	});

	it('says what is wrong with its risk, its undo and its expressions', () => {
		expect(complaints("- {id: a, risk: read, rollout: {action: swap, service: api}, undo: {rollout: {action: undo, service: api}}}")).toEqual([
			'error understated-risk: it is change, declared read: swap is change',
			'error understated-risk: undo is change, declared read: undo is change',
		]);
		expect(complaints('- {id: a, rollout: {action: swap, service: api}}')).toEqual(['warning no-undo: a changes something without an undo, in a rollback']);
		expect(complaints("- {id: a, leaves: '${{params.nothing}}', rollout: {action: plan, service: api, to: '${{b.to}}'}}")).toEqual([
			'error expression: there is no parameter nothing, at character 4',
			'error expression: b is not known here, at character 4',
		]);
	});
});

describe('a table of decision', () => {
	const branch = (when: string): string => `- id: a
  criteria:
  - {title: Errors, level: critical, met: 'signal("http.errorRate") > 5.0', figure: signal("http.errorRate"), baseline: baseline("http.errorRate"), within: < 1 min}
  choices:
  - {title: Back, when: '${when}', nextStep: end}`;

	it('is seen by the choices as counts, and by nothing else', () => {
		expect(complaints(branch('criteria.critical > 0'))).toEqual([]);
		expect(complaints(`${branch('criteria.critical > 0')}\n- {id: b, when: criteria.critical > 0, risk: read, run: [ls], timeoutSeconds: 5}`).join()).toContain('criteria is not known here');
	});

	it('is kept as it stands', () => {
		expect(stepsOf(branch('criteria.critical > 0')).steps[0]).toMatchObject({ kind: 'branch', criteria: [{ title: 'Errors', level: 'critical', within: '< 1 min' }] });
	});
});

describe('values that are offered', () => {
	it('belong to a field that is there, and is no secret', () => {
		const input = (name: string, type: string) => `- {id: a, fields: {to: {type: ${type}}}, offers: {${name}: {choices: '["x"]', suggested: '"x"'}}}`;
		expect(stepsOf(input('to', 'image')).problems).toEqual([]);
		expect(stepsOf(input('too', 'image')).problems).toEqual(['9: there is no field too; did you mean to']);
		expect(stepsOf(input('to', 'secret')).problems).toEqual(['9: to is a secret: nothing can be offered for it']);
	});
});
