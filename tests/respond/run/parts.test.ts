import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Waiting } from '../../../src/domain/run/state.ts';
import { refuseApproval } from '../../../src/respond/run/approval.ts';
import { judgeConfirmation, riskOf, strengthOf } from '../../../src/respond/run/confirmation.ts';
import { judgesEnd, unmetWords } from '../../../src/respond/run/expectation.ts';
import { boundValue, maxValueBytes } from '../../../src/respond/run/values.ts';
import { change, person, special, step, undo } from './support.ts';

describe('unmetWords', () => {
	it.each([
		['status == 200', { status: 503 }, 'expected status == 200, got 503'],
		['status == 200 && json.ok', { status: 200, json: { ok: false } }, 'expected status == 200 && json.ok, got status 200, json.ok false'],
		['json.status == "status"', { json: { status: 'starting' } }, 'expected json.status == "status", got "starting"'],
		['stdout.contains("ok")', { stdout: 'no' }, 'expected stdout.contains("ok"), got "no"'],
		['json.a.b == 1', { json: 3 }, 'expected json.a.b == 1, got nothing'],
		['signal("cpu") < 5.0', {}, 'expected signal("cpu") < 5.0'],
		['my.status == 1', { status: 2 }, 'expected my.status == 1'],
	])('%s', (expression, result, words) => {
		expect(unmetWords(expression, result)).toBe(words);
	});

	it('cuts what is long', () => {
		expect(unmetWords('stdout == ""', { stdout: 'x'.repeat(1000) }).length).toBeLessThan(130);
	});

	it('reads nothing from the prototype, and never throws', () => {
		expect(unmetWords('json.constructor == 1', { json: {} })).toBe('expected json.constructor == 1, got nothing');
		fc.assert(
			fc.property(fc.string(), fc.dictionary(fc.string(), fc.jsonValue()), (text, result) => {
				expect(unmetWords(text, result)).toContain('expected');
			}),
		);
	});

	it('knows which expectation speaks of the end', () => {
		expect(judgesEnd('exitCode == 3')).toBe(true);
		expect(judgesEnd('stdout == "exitCode"')).toBe(false);
		expect(judgesEnd('json.status == 1')).toBe(false);
	});
});

describe('boundValue', () => {
	it('keeps what fits, and never lets more than the bound through', () => {
		fc.assert(
			fc.property(fc.dictionary(fc.constantFrom('stdout', 'stderr', 'json', 'body', 'x'), fc.oneof(fc.jsonValue(), fc.string().map((text) => text.repeat(9000)))), (value) => {
				const bound = boundValue(value);
				expect(Buffer.byteLength(JSON.stringify(bound))).toBeLessThanOrEqual(maxValueBytes);
				expect(bound === value).toBe(Buffer.byteLength(JSON.stringify(value)) <= maxValueBytes);
			}),
		);
	});

	it('keeps the end of a long text', () => {
		const bound = boundValue({ exitCode: 1, stdout: `${'x'.repeat(100_000)}the end`, json: { a: 1 } });
		expect(bound).toMatchObject({ exitCode: 1, cut: true, json: { a: 1 }, stdout: expect.stringMatching(/^\(cut\).*the end$/) as string });
	});
});

describe('the strength of a confirmation', () => {
	it('follows the risk; the playbook raises it and cannot lower it', () => {
		expect(strengthOf(step('a'), false)).toBe('none');
		expect(strengthOf(change('a'), false)).toBe('key');
		expect(strengthOf(step('a', { risk: 'destructive' }), false)).toBe('typed');
		expect(strengthOf(step('a', { confirm: 'ask' }), false)).toBe('key');
		expect(strengthOf(change('a', { confirm: 'typed' }), false)).toBe('typed');
		expect(strengthOf(step('a', { risk: 'destructive', confirm: 'ask' }), false)).toBe('typed');
	});

	it('of an undo is that of a change at least', () => {
		expect(strengthOf(step('a', { undo: undo('a') }), true)).toBe('key');
		expect(riskOf(step('a', { risk: 'destructive', undo: undo('a') }), true)).toBe('destructive');
	});

	it('of a parallel step is that of its worst part', () => {
		expect(strengthOf(special('parallel', 'p', { steps: [step('a'), step('b', { risk: 'destructive' })] }), false)).toBe('typed');
		expect(strengthOf(special('parallel', 'p', { steps: [step('a', { confirm: 'ask' })] }), false)).toBe('key');
	});

	it('--yes covers a change and nothing that is typed', () => {
		const wanted = (over: Partial<Extract<Waiting, { kind: 'confirm' }>>) => ({ kind: 'confirm', step: 'a', risk: 'change', command: 'x', undo: false, ...over }) as const;
		expect(judgeConfirmation(wanted({}), { how: 'yes' })).toEqual({ confirmation: 'yes' });
		for (const over of [{ risk: 'destructive' }, { typed: 'a' }, { why: 'not known' }] as const) expect(judgeConfirmation(wanted(over), { how: 'yes' })).toHaveProperty('refused');
		expect(judgeConfirmation(wanted({ typed: 'a' }), { how: 'typed', typed: 'a' })).toEqual({ confirmation: 'typed' });
		expect(judgeConfirmation(wanted({ typed: 'a' }), { how: 'key', typed: 'A' })).toHaveProperty('refused');
	});
});

describe('refuseApproval', () => {
	const asked = person('root');
	it('takes another account, or a named second person at another console', () => {
		expect(refuseApproval(asked, person('grace'))).toBeUndefined();
		expect(refuseApproval(asked, person('root', { session: 's2', person: 'Grace' }))).toBeUndefined();
		expect(refuseApproval(asked, person('root', { person: 'Grace' }))).toHaveProperty('refused');
		expect(refuseApproval(asked, person('root', { session: 's2' }))).toHaveProperty('refused');
		expect(refuseApproval(asked, person('root', { session: 's2', person: 'ROOT ' }))).toHaveProperty('refused');
	});

	it('takes nobody who became another account for a second person', () => {
		expect(refuseApproval(person('ada'), person('root', { session: 's2', person: 'ada' }))).toHaveProperty('refused');
		expect(refuseApproval(person('ada', { person: 'Ada L' }), person('root', { session: 's2', person: 'ada l' }))).toHaveProperty('refused');
		expect(refuseApproval(person('ada'), person('root', { session: 's2', person: 'grace' }))).toBeUndefined();
	});
});
