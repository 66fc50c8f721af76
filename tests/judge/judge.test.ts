import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Rule } from '../../src/domain/rule.ts';
import { createJudge } from '../../src/judge/judge.ts';
import { describeService } from '../../src/judge/words.ts';
import { container, facts, noon } from './facts.ts';

const rule = (changes: Partial<Rule> = {}): Rule => ({
	id: 'hot',
	severity: 'P2',
	title: 'Hot',
	when: 'signal("x") > 80',
	forSeconds: 10,
	source: 'test',
	...changes,
});

const x = (at: number, value: number | undefined) => facts({ at, signals: value === undefined ? {} : { x: value } });

describe('createJudge', () => {
	it('holds a condition for its time before it fires, and resolves it at once', () => {
		const judge = createJudge([rule()]);
		const states = [0, 5, 9, 10, 11].map((second) => judge.evaluate(x(noon + second * 1000, 90), noon + second * 1000).alerts[0]?.state);
		expect(states).toEqual(['pending', 'pending', 'pending', 'firing', 'firing']);
		expect(judge.evaluate(x(noon + 12_000, 80), noon + 12_000).alerts).toEqual([]);
		expect(judge.evaluate(x(noon + 13_000, 90), noon + 13_000).alerts[0]).toMatchObject({ state: 'pending', since: noon + 13_000 });
	});

	it('finds no incident in what a move put aside, and says what it is', () => {
		const judge = createJudge([rule({ forSeconds: 0 })]);
		judge.evaluate(x(noon, 90), noon);
		const put = (as: 'old' | 'new') => judge.evaluate(facts({ service: { aside: { of: 'shop/api', as } }, containers: [container({ state: 'exited', exitCode: 1 })], signals: { x: 90 } }), noon + 1000);
		expect(describeService(put('old'))).toEqual({ mark: '-', reason: 'kept for undo: the version before of shop/api' });
		expect(describeService(put('new'))).toEqual({ mark: '-', reason: 'not in use yet: the next version of shop/api' });
	});

	it('says what the condition read', () => {
		const alert = createJudge([rule({ forSeconds: 0 })]).evaluate(x(noon, 90.123), noon).alerts[0];
		expect(alert).toEqual({ ruleId: 'hot', serviceId: 'web', severity: 'P2', state: 'firing', since: noon, reason: 'Hot: x 90.1' });
	});

	it('keeps a firing alert through a gap, marked, and calls it inconclusive', () => {
		const judge = createJudge([rule({ forSeconds: 0 })]);
		judge.evaluate(x(noon, 90), noon);
		const gap = judge.evaluate(x(noon + 1000, undefined), noon + 1000);
		expect(gap.alerts[0]).toMatchObject({ state: 'firing', since: noon, stale: 'no sample of x' });
		expect(gap.inconclusive).toEqual([{ ruleId: 'hot', serviceId: 'web', why: 'no sample of x' }]);
		expect(judge.evaluate(x(noon + 2000, 90), noon + 2000).alerts[0]).not.toHaveProperty('stale');
	});

	it('lets a pending one wait through a short gap, and forgets it after a long one', () => {
		const judge = createJudge([rule()]);
		judge.evaluate(x(noon, 90), noon);
		expect(judge.evaluate(x(noon + 30_000, undefined), noon + 30_000).alerts[0]?.state).toBe('pending');
		expect(judge.evaluate(x(noon + 61_000, undefined), noon + 61_000).alerts).toEqual([]);
		expect(judge.evaluate(x(noon + 62_000, 90), noon + 62_000).alerts[0]).toMatchObject({ state: 'pending', since: noon + 62_000 });
	});

	it('takes the rule that names the service in place of the general one, in either order', () => {
		const general = rule({ forSeconds: 0 });
		const own = rule({ forSeconds: 0, when: 'signal("x") > 95', services: ['web'] });
		for (const rules of [
			[general, own],
			[own, general],
		]) {
			const judge = createJudge(rules);
			expect(judge.evaluate(x(noon, 90), noon).alerts).toEqual([]);
			const other = facts({ service: { id: 'g/other', name: 'other' }, signals: { x: 90 } });
			expect(judge.evaluate(other, noon).alerts).toHaveLength(1);
		}
	});

	it('applies a rule to the services it names, by id or name', () => {
		const judge = createJudge([rule({ forSeconds: 0, services: ['shop/api'] }), rule({ id: 'b', forSeconds: 0, services: ['api'] })]);
		const api = facts({ service: { id: 'shop/api', name: 'api' }, signals: { x: 90 } });
		expect(judge.evaluate(api, noon).alerts.map((alert) => alert.ruleId)).toEqual(['hot', 'b']);
		expect(judge.evaluate(x(noon, 90), noon).alerts).toEqual([]);
	});

	it('allows a signal the age its options give', () => {
		const judge = createJudge([rule({ forSeconds: 0 })], { maxAgeMs: (_service, signal) => (signal === 'x' ? 90_000 : undefined) });
		const old = facts({ signals: { x: [{ at: noon - 60_000, value: 90 }] } });
		expect(judge.evaluate(old, noon).alerts).toHaveLength(1);
	});

	it('reports a condition that fails at run time as inconclusive, not as ok', () => {
		const judge = createJudge([rule({ when: '1 / int(signal("x")) > 0', forSeconds: 0 })]);
		expect(judge.evaluate(x(noon, 0), noon).inconclusive[0]?.why).toMatch(/^the condition failed: .*zero/i);
	});

	it('forgets services that are gone', () => {
		const judge = createJudge([rule()]);
		judge.evaluate(x(noon, 90), noon);
		judge.keepOnly(new Set());
		expect(judge.evaluate(x(noon + 11_000, 90), noon + 11_000).alerts[0]?.state).toBe('pending');
	});

	it('fires exactly where the condition has held long enough, whatever came before', () => {
		fc.assert(
			fc.property(fc.array(fc.constantFrom(true, false), { maxLength: 60 }), (hot) => {
				const judge = createJudge([rule({ forSeconds: 5 })]);
				hot.forEach((value, second) => {
					const now = noon + second * 1000;
					const firing = judge.evaluate(x(now, value ? 90 : 10), now).alerts[0]?.state === 'firing';
					const held = second >= 5 && hot.slice(second - 5, second + 1).every(Boolean);
					expect(firing).toBe(held);
				});
			}),
		);
	});
});
