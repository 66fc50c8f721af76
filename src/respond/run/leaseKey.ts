import { riskOf } from './confirmation.ts';
import { Secrets } from './secrets.ts';
import type { FoldedRun } from './track.ts';
import { viewOf } from './view.ts';

const noFacts = { signal: () => ({ missing: 'not asked' }), probe: () => ({ missing: 'not asked' }) };

/**
 * What a run holds while it is carried out: its service; without one, the playbook together with what its first change
 * acts on, so that two backups of two databases can run beside each other. Always the same for a run, whose parameters
 * never change.
 */
export const leaseKeyOf = (state: FoldedRun): string => {
	if (state.service !== undefined) return state.service;
	const view = viewOf({ ...state, registered: {} }, new Secrets(), noFacts);
	for (const step of state.playbook.steps) {
		if (riskOf(step, false) === 'read') continue;
		const { target } = view.preview(step, false);
		if (target !== undefined && !target.includes('${{')) return `playbook:${state.playbook.id}:${target}`;
	}
	return `playbook:${state.playbook.id}`;
};
