import { describe, expect, it } from 'vitest';
import { isLookedAt, isSameAttention, readingsWanted } from '../../src/console/attention.ts';
import type { ContainerState } from '../../src/domain/container.ts';
import type { Service } from '../../src/domain/service.ts';
import { container } from '../support/fakeEngine.ts';

const service = (name: string, states: readonly ContainerState[] = ['running']): Service => ({
	id: name,
	name,
	manager: 'none',
	containers: states.map((state, index) => container(`${name}-${index}`, { state })),
	configured: false,
});

describe('attention', () => {
	it('is the same where the same rows are in view and the same one is selected', () => {
		expect(isSameAttention({ visible: ['a', 'b'], selected: 'a' }, { visible: ['a', 'b'], selected: 'a' })).toBe(true);
		expect(isSameAttention({ visible: ['a', 'b'] }, { visible: ['b', 'a'] })).toBe(false);
		expect(isSameAttention({ visible: ['a'] }, { visible: ['a', 'b'] })).toBe(false);
		expect(isSameAttention({ visible: ['a'], selected: 'a' }, { visible: ['a'] })).toBe(false);
	});

	it('looks at what is in view or selected', () => {
		expect(isLookedAt({ visible: ['a'], selected: 'b' }, 'a')).toBe(true);
		expect(isLookedAt({ visible: ['a'], selected: 'b' }, 'b')).toBe(true);
		expect(isLookedAt({ visible: ['a'], selected: 'b' }, 'c')).toBe(false);
	});

	it('has figures read often of what is in view, selected or in trouble, and of nothing that does not run', () => {
		const services = [service('a'), service('b', ['running', 'exited']), service('c'), service('d'), service('e', ['exited'])];
		const { fast, slow } = readingsWanted(services, { visible: ['a', 'e'], selected: 'b', rested: undefined }, (id) => id === 'c');
		expect(fast).toEqual(['id-a-0', 'id-b-0', 'id-c-0']);
		expect(slow).toEqual(['id-d-0']);
	});

	it('ranks logs: rested on, in trouble, in view, the rest', () => {
		const services = [service('rest'), service('seen'), service('trouble'), service('chosen', ['running', 'exited'])];
		const { logs, focused } = readingsWanted(services, { visible: ['seen', 'chosen'], selected: 'chosen', rested: 'chosen' }, (id) => id === 'trouble');
		expect(logs.map((each) => each.name)).toEqual(['chosen-0', 'chosen-1', 'trouble-0', 'seen-0', 'rest-0']);
		expect(focused).toEqual(['id-chosen-0', 'id-chosen-1']);
	});

	it('does not focus the log of a service that is only passed', () => {
		const { logs, focused } = readingsWanted([service('before'), service('passed')], { visible: ['before', 'passed'], selected: 'passed', rested: 'before' }, () => false);
		expect(logs.map((each) => each.name)).toEqual(['before-0', 'passed-0']);
		expect(focused).toEqual(['id-before-0']);
	});
});
