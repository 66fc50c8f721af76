import type { JournalEvent } from '../../domain/journal.ts';
import type { RunEvent } from '../../domain/run/event.ts';
import type { Attempt, RolloutProgress } from '../../domain/run/state.ts';
import type { FoldedRun } from './track.ts';

type Event<K extends RunEvent['kind']> = Extract<RunEvent, { kind: K }>;
type RolloutEvent = Event<'rollout_begun' | 'rollout_act' | 'rollout_ended' | 'rollout_retired'>;
type BegunAct = RolloutProgress['acts'][number];

/** Events that the program which moves a service writes by itself, while the console only waits for it. */
export const isRolloutEvent = (event: JournalEvent['event']): event is RolloutEvent =>
	event.kind === 'rollout_begun' || event.kind === 'rollout_act' || event.kind === 'rollout_ended' || event.kind === 'rollout_retired';

const withAttempts = (state: FoldedRun, change: (attempt: Attempt, step: string) => Attempt): FoldedRun => ({
	...state,
	steps: state.steps.map((step) => {
		const attempts = step.attempts.map((attempt) => change(attempt, step.id));
		return attempts.some((attempt, index) => attempt !== step.attempts[index]) ? { ...step, attempts } : step;
	}),
});

/** What is known of a move, whichever attempt of the run began it. */
const known = (state: FoldedRun, planId: string): RolloutProgress | undefined => {
	for (const step of state.steps) for (const { rollout } of step.attempts) if (rollout?.plan.id === planId) return rollout;
	return undefined;
};

const begun = (rollout: RolloutProgress | undefined, event: Event<'rollout_begun'>): RolloutProgress => {
	// Written again by whoever takes the move up within the same attempt: what was done of it stays done.
	if (rollout?.plan.id !== event.plan.id) return { plan: event.plan, undoing: event.undoing, acts: [] };
	const { end: _end, words: _words, ...rest } = rollout;
	return { ...rest, plan: event.plan, undoing: event.undoing };
};

const acted = (acts: readonly BegunAct[], at: number, event: Event<'rollout_act'>): readonly BegunAct[] => {
	const index = acts.findLastIndex((each) => each.act.id === event.act.id && each.undoing === event.undoing && each.tookMs === undefined);
	const tookMs = event.stage === 'done' ? (event.tookMs ?? Math.max(0, at - (acts[index]?.startedAt ?? at))) : undefined;
	if (index === -1) return [...acts, { act: event.act, undoing: event.undoing, startedAt: at - (tookMs ?? 0), ...(tookMs === undefined ? {} : { tookMs }) }];
	// Begun a second time, after it was left in the middle: it is the same act.
	return acts.map((each, place) => (place === index ? { ...each, act: event.act, ...(tookMs === undefined ? { startedAt: at } : { tookMs }) } : each));
};

const ended = (rollout: RolloutProgress, event: Event<'rollout_ended'>): RolloutProgress => ({
	...rollout,
	undoing: event.undoing,
	end: event.end,
	words: event.words,
	tookMs: event.tookMs,
	...(event.provedMs === undefined ? {} : { provedMs: event.provedMs }),
	...(event.freshId === undefined ? {} : { freshId: event.freshId }),
	...(event.gapMs === undefined ? {} : { gapMs: event.gapMs }),
	...(event.requests === undefined ? {} : { requests: event.requests }),
});

const progressed = (state: FoldedRun, rollout: RolloutProgress | undefined, at: number, event: Exclude<RolloutEvent, Event<'rollout_retired'>>): RolloutProgress | undefined => {
	if (event.kind === 'rollout_begun') return begun(rollout, event);
	// An attempt that takes up what another one began shows its own acts, over the plan of that one.
	const earlier = rollout?.plan.id === event.planId ? undefined : known(state, event.planId);
	const base = rollout?.plan.id === event.planId ? rollout : earlier && { plan: earlier.plan, undoing: event.undoing, acts: [], ...(earlier.freshId === undefined ? {} : { freshId: earlier.freshId }) };
	if (base === undefined) return rollout;
	if (event.kind === 'rollout_ended') return ended(base, event);
	return { ...base, undoing: event.undoing, acts: acted(base.acts, at, event), ...(event.freshId === undefined ? {} : { freshId: event.freshId }) };
};

/**
 * Folds how far a move between versions is into the attempt it belongs to. It never changes where the run goes: that is
 * for the end of the step to say.
 */
export const foldRollout = (state: FoldedRun, entry: JournalEvent, event: RolloutEvent): FoldedRun => {
	if (event.kind === 'rollout_retired') {
		return withAttempts(state, (attempt) => (attempt.rollout?.plan.id === event.planId ? { ...attempt, rollout: { ...attempt.rollout, retired: true } } : attempt));
	}
	return withAttempts(state, (attempt, step) => {
		if (attempt.execution !== event.execution || step !== event.step) return attempt;
		const rollout = progressed(state, attempt.rollout, entry.at, event);
		return rollout === undefined || rollout === attempt.rollout ? attempt : { ...attempt, rollout };
	});
};
