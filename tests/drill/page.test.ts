import { describe, expect, it } from 'vitest';
import type { Done } from './drills.ts';
import { drillsPage } from './page.ts';

const fault: Done = {
	exercise: { id: 'crash', title: 'crashed | hard', playbook: 'a-playbook', trouble: () => Promise.resolve(), written: { commands: ['true'], differs: 'does nothing' } },
	playbook: { recoveredMs: 2340, wholeMs: 9000, keys: 16, facts: [], steps: { carriedOut: 11, changes: 1 }, end: 'all done', alert: 'P0 down' },
	written: { wholeMs: 1000, keys: 5, failure: 'the service is not well: exited\nmore', facts: ['the container is gone'] },
};
const task: Done = { exercise: { id: 'backup', title: 'back up', playbook: 'b-playbook' }, playbook: { wholeMs: 3000, keys: 9, facts: [], steps: { carriedOut: 5, changes: 2 }, end: '', alert: '', failure: 'no backup was made; the screen:\nlong' } };

describe('the page of the drills', () => {
	const page = drillsPage({ machine: ['2 cores'], all: [fault, task], mission: fault, date: '2026-11-21', runs: 1, rollbacks: [] });

	it('sets both recoveries side by side, with what differs told and measured', () => {
		expect(page).toContain(String.raw`| crashed \| hard | ${'`a-playbook`'} | 11, 1 of them a change | 16 | 2.3 s | 9.0 s | **not healed** | 5 | does nothing; the service is not well: exited; the container is gone |`);
		expect(page).toContain('The commands healed the service with nothing lost, gone or stuck in 0 of 1 cases; the playbooks in 1.');
	});

	it('names what failed', () => {
		expect(page).toContain('**FAILED: no backup was made**');
		expect(page).not.toContain('long');
	});
});
