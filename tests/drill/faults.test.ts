import { describe, expect, it } from 'vitest';
import { faultNamed, faults } from '../../src/drill/faults.ts';
import { releases } from '../../src/drill/rangeNames.ts';
import { builtInRules } from '../../src/judge/builtInRules.ts';

describe('the faults', () => {
	it('have names of their own', () => {
		expect(new Set(faults.map(({ name }) => name)).size).toBe(faults.length);
	});

	it.each(faults.filter(({ rule }) => rule !== undefined))('$name is seen by a rule that exists', ({ rule }) => {
		expect(builtInRules().map(({ id }) => id)).toContain(rule);
	});

	it.each(faults.flatMap(({ actions }) => actions.filter((action) => action.kind === 'deploy')))('$version is a release of the range', ({ version }) => {
		expect(releases.map((release) => release.version)).toContain(version);
	});

	it('that do not exist are answered with those that do', () => {
		expect(() => faultNamed('meteor')).toThrow(/no fault "meteor": crash, out-of-memory/);
	});
});
