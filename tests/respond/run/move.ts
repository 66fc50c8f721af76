import type { NewJournalEvent } from '../../../src/domain/journal.ts';
import type { ActionStep, RolloutAction } from '../../../src/domain/playbook/step.ts';
import type { RolloutAct, RolloutPlan } from '../../../src/domain/rollout.ts';
import type { RunEvent } from '../../../src/domain/run/event.ts';
import { ada, change, type Machine, openJournal } from './support.ts';

export const act = (id: string, serving: RolloutAct['serving'] = 'old'): RolloutAct => ({ id, words: `${id} web`, leaves: `${id} not begun`, serving });

export const plan = (id = 'plan-1'): RolloutPlan => ({
	id,
	subject: { id: 'c1', name: 'web' },
	from: { image: 'web:1', imageId: 'sha256:1' },
	to: { image: 'web:2', imageId: 'sha256:2' },
	way: 'stop-first',
	wayWhy: 'port 80',
	changes: [],
	kept: [],
	lost: [],
	downtime: { expectedMs: 300, basis: 'measured' },
	findings: [],
	acts: [act('stop'), act('start', 'nobody')],
	undoActs: [act('bring back', 'nobody')],
	proof: 'healthy within 40 s',
	data: {},
});

const rollout = (action: RolloutAction['action']): RolloutAction => ({ kind: 'rollout', action, service: 'web' });

/** A step that moves `web`, with an undo that takes it back. */
export const swap = (over: Partial<ActionStep> = {}): ActionStep => change('swap', { kind: 'rollout', action: rollout('swap'), undo: rollout('undo'), ...over });

export const rolloutStep = (id: string, action: RolloutAction['action'], over: Partial<ActionStep> = {}): ActionStep => change(id, { kind: 'rollout', action: rollout(action), ...over });

/** The program that moves the service: a process of its own, which writes into the journal of the run. */
export const tool = (machine: Machine, runId = 'run-1') => {
	const journal = openJournal(machine.file, 'tool');
	const write = (...events: readonly RunEvent[]) => journal.append(events.map((event): NewJournalEvent => ({ actor: ada, runId, event })));
	const where = (execution: string) => ({ step: 'swap', execution, planId: 'plan-1' });
	return {
		write,
		begin: (execution = 'swap.1', undoing = false) => write({ kind: 'rollout_begun', step: 'swap', execution, service: 'web', plan: plan(), undoing }),
		act: (id: string, stage: 'begins' | 'done', execution = 'swap.1', more: { readonly freshId?: string; readonly tookMs?: number; readonly undoing?: boolean } = {}) =>
			write({ kind: 'rollout_act', ...where(execution), stage, act: act(id), undoing: false, ...more }),
		end: (end: 'swapped' | 'restored' | 'stuck', execution = 'swap.1', undoing = false) =>
			write({ kind: 'rollout_ended', ...where(execution), undoing, end, words: end, tookMs: 900, gapMs: 240, requests: { sent: 10, failed: 2, longestGapMs: 240 } }),
	};
};
