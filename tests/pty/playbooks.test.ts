import { afterAll, describe, expect, it } from 'vitest';
import { down } from '../../src/drill/rangeDown.ts';
import { engineClient } from '../../src/drill/engineClient.ts';
import { byPlaybook } from '../drill/byPlaybook.ts';
import { shippedPlaybooks } from '../drill/drills.ts';
import { exercises } from '../drill/exercises/index.ts';
import { testEngineAddress } from '../support/engine.ts';
import { launcher } from './sitrep.ts';

const address = testEngineAddress();
const rangeOf = (id: string): string => `pb${process.pid}-${id}`;

/** The most telling of the drills; `npm run drill` does them all. */
const told = ['crash', 'out-of-memory', 'database-lock', 'generic-unhealthy'] as const;

afterAll(async () => {
	for (const id of told) await down(engineClient(address), rangeOf(id), true);
});

describe('a playbook, run by a person at the console, heals the service', () => {
	it.concurrent.each(told)('%s', async (id) => {
		const exercise = exercises.find((each) => each.id === id);
		const playbook = (await shippedPlaybooks()).find((each) => each.playbook.id === exercise?.playbook);
		if (exercise === undefined || playbook === undefined) throw new Error(`there is no drill ${id}, or no playbook for it`);
		const healed = await byPlaybook({ command: launcher, host: address, range: rangeOf(id), playbook, exercise, filter: true });
		expect(healed.failure).toBeUndefined();
		expect(healed.facts).toEqual([]);
		expect(healed.recoveredMs).toBeGreaterThan(0);
		expect(healed.steps.changes).toBeGreaterThan(0);
	});
});
