import { describe, expect, it } from 'vitest';
import { shippedPlaybooks } from './drills.ts';
import { exercises } from './exercises/index.ts';
import { rollbackCases } from './rollback/cases.ts';

const all = [...exercises, ...rollbackCases];

/** What needs more than a range: a second host, or what an earlier run has left, which tests/engine and the figure rollback-killed make. */
const elsewhere = ['generic-rollback-finish', 'generic-rollback-retire', 'generic-rollback-undo', 'p09-disaster-host-loss'];

describe('the drills', () => {
	it('prove every playbook of the packs generic and p09, and none that does not exist', async () => {
		const shipped = (await shippedPlaybooks()).filter(({ pack }) => pack === 'generic' || pack === 'p09').map(({ playbook }) => playbook.id);
		expect([...new Set(all.map(({ playbook }) => playbook)), ...elsewhere].toSorted()).toEqual(shipped.toSorted());
	});

	it('name steps that their playbooks, or playbooks within those, have', async () => {
		const titles = new Set((await shippedPlaybooks()).flatMap(({ playbook }) => playbook.steps.map(({ title }) => title)));
		const named = all.flatMap(({ choose, byHand, failed, give, offered, skip }) => [...Object.keys({ ...choose, ...byHand, ...failed, ...give, ...offered }), ...(skip ?? [])]);
		expect(named.length).toBeGreaterThan(0);
		expect(named.filter((title) => !titles.has(title))).toEqual([]);
	});

	it('have names of their own', () => {
		const ids = all.map(({ id }) => id);
		expect(new Set(ids).size).toBe(ids.length);
	});
});
