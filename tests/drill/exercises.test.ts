import { describe, expect, it } from 'vitest';
import { shippedPlaybooks } from './drills.ts';
import { exercises } from './exercises/index.ts';

describe('the drills', () => {
	it('prove every playbook of the packs generic and p09, and none that does not exist', async () => {
		const shipped = (await shippedPlaybooks()).filter(({ pack }) => pack === 'generic' || pack === 'p09').map(({ playbook }) => playbook.id);
		expect([...new Set(exercises.map(({ playbook }) => playbook))].toSorted()).toEqual(shipped.toSorted());
	});

	it('name steps that their playbooks, or playbooks within those, have', async () => {
		const titles = new Set((await shippedPlaybooks()).flatMap(({ playbook }) => playbook.steps.map(({ title }) => title)));
		const named = exercises.flatMap(({ choose, byHand, give, skip }) => [...Object.keys({ ...choose, ...byHand, ...give }), ...(skip ?? [])]);
		expect(named.length).toBeGreaterThan(0);
		expect(named.filter((title) => !titles.has(title))).toEqual([]);
	});

	it('have names of their own', () => {
		const ids = exercises.map(({ id }) => id);
		expect(new Set(ids).size).toBe(ids.length);
	});
});
