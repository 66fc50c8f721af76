import type { NewJournalEvent, VersionEvent } from '../../src/domain/journal.ts';
import type { RolloutAct, RolloutPlan } from '../../src/domain/rollout.ts';
import type { RunEvent } from '../../src/domain/run/event.ts';
import { actor } from './support.ts';

export const engine = 'unix:///var/run/docker.sock';

export const version = (kind: VersionEvent['kind'], over: Partial<VersionEvent> = {}): NewJournalEvent => ({
	actor,
	event: { kind, service: 'shop/api', engine, image: 'api:1.0.0', imageId: 'sha256:1', since: 1000, healthyMs: 0, words: 'runs', ...over },
});

export const actOf = (id: string): RolloutAct => ({ id, words: `${id} api`, leaves: 'the old one serves', serving: 'old' });

export const planOf = (id: string): RolloutPlan => ({
	id,
	subject: { id: 'c1', name: 'api' },
	from: { image: 'api:1.1.0', imageId: 'sha256:2' },
	to: { image: 'api:1.0.0', imageId: 'sha256:1' },
	way: 'stop-first',
	wayWhy: 'port 8080 is taken',
	changes: [],
	kept: ['volume data'],
	lost: [],
	downtime: { expectedMs: 400, basis: 'measured' },
	findings: [],
	acts: [actOf('stop'), actOf('start')],
	undoActs: [actOf('back')],
	proof: 'healthy within 40 s',
	data: { more: [1, 2] },
});

type Of<Kind extends RunEvent['kind']> = Partial<Extract<RunEvent, { kind: Kind }>>;

const at = { step: 'swap', execution: 'swap.1' } as const;

export const begun = (planId: string, over: Of<'rollout_begun'> = {}, runId = 'run-1'): NewJournalEvent => ({
	actor,
	runId,
	event: { kind: 'rollout_begun', ...at, service: 'shop/api', plan: planOf(planId), undoing: false, ...over },
});

export const act = (planId: string, id: string, over: Of<'rollout_act'> = {}, runId = 'run-1'): NewJournalEvent => ({
	actor,
	runId,
	event: { kind: 'rollout_act', ...at, planId, stage: 'begins', act: actOf(id), undoing: false, ...over },
});

export const over = (planId: string, more: Of<'rollout_ended'> = {}, runId = 'run-1'): NewJournalEvent => ({
	actor,
	runId,
	event: { kind: 'rollout_ended', ...at, planId, undoing: false, end: 'swapped', words: 'healthy after 2 s', tookMs: 2400, ...more },
});

export const retired = (planId: string, runId = 'run-1'): NewJournalEvent => ({ actor, runId, event: { kind: 'rollout_retired', ...at, planId } });
