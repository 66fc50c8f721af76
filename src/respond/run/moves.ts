import type { Attempt, StepState } from '../../domain/run/state.ts';
import type { Step } from '../../domain/playbook/step.ts';
import type { Lead } from './flow.ts';
import { findStep, following, leadOf, leadOfFailure, parentOf } from './flow.ts';
import type { FoldedRun, Track } from './track.ts';

export const stepState = (state: FoldedRun, id: string): StepState | undefined => state.steps.find((step) => step.id === id);

/** The state with one step changed. */
export const withStep = (state: FoldedRun, id: string, change: (step: StepState) => StepState): FoldedRun => ({
	...state,
	steps: state.steps.map((step) => (step.id === id ? change(step) : step)),
});

export const withTrack = (state: FoldedRun, change: Partial<Track>): FoldedRun => ({ ...state, track: { ...state.track, ...change } });

const without = <T>(from: Readonly<Record<string, T>>, names: readonly string[]): Readonly<Record<string, T>> =>
	Object.fromEntries(Object.entries(from).filter(([name]) => !names.includes(name)));

const fresh = (step: StepState): StepState => ({ id: step.id, status: 'pending', attempts: step.attempts, ticked: [] });

/** Forgets that a failed step's `onFailure` is overruled, and an approval that was asked for. */
const forget = (track: Track): Track => {
	const { ask: _, approval: __, ...rest } = track;
	return rest;
};

/** Comes to a step: it is pending again, whatever it was before. */
export const enter = (state: FoldedRun, lead: Lead, at: number): FoldedRun => {
	const { current: _, ...rest } = state;
	if (lead === 'end') return { ...rest, track: { ...forget(state.track), finished: true } };
	const step = state.playbook.steps.find((each) => each.id === lead.to);
	if (step === undefined) return state;
	const children = step.kind === 'parallel' ? step.steps.map((child) => child.id) : [];
	const all = [step.id, ...children];
	return {
		...rest,
		current: step.id,
		path: [...state.path, step.id],
		steps: state.steps.map((each) => (all.includes(each.id) ? fresh(each) : each)),
		phases: step.phase === undefined || step.phase in state.phases ? state.phases : { ...state.phases, [step.phase]: { enteredAt: at } },
		track: { ...forget(state.track), tries: without(state.track.tries, all), finished: false },
	};
};

/** Goes on from a step that is over. A part of a parallel step leads nowhere: its parent does. */
export const leadOn = (state: FoldedRun, step: Step, at: number): FoldedRun => {
	if (state.current !== step.id || parentOf(state.playbook, step.id) !== undefined) return state;
	return enter(state, state.dryRun ? following(state.playbook, step.id) : leadOf(state.playbook, step), at);
};

/** Whether the playbook itself still wants another try. */
export const triesLeft = (state: FoldedRun, step: Step): boolean => {
	const last = stepState(state, step.id)?.attempts.at(-1);
	if (last === undefined || last.undo || state.track.ask === step.id) return false;
	if (last.outcome !== 'failed' && last.outcome !== 'timed-out') return false;
	return (state.track.tries[step.id] ?? 0) < step.maxAttempts;
};

/** Goes on from a failed step where the playbook says so by itself. */
export const leadOnFailure = (state: FoldedRun, step: Step, at: number): FoldedRun => {
	if (state.current !== step.id || state.cancelling || state.track.ask === step.id || triesLeft(state, step)) return state;
	const lead = leadOfFailure(state.playbook, step, step.onFailure);
	return lead === undefined ? state : enter(state, lead, at);
};

/** The undo of a step is over or left out. */
export const undoOver = (state: FoldedRun, id: string, as: 'undone' | 'kept'): FoldedRun => {
	const { undoFailed: __, ...track } = state.track;
	const undo = track.undo.filter((each) => each !== id);
	const { current: _, ...rest } = state;
	const next = undo[0];
	return {
		...rest,
		...(next === undefined ? {} : { current: next }),
		track: { ...track, undo, [as]: [...track[as], id], finished: next === undefined },
	};
};

/** The step that is under way by the record: one at most, as the parts of a parallel step belong to it. */
export const underWay = (state: FoldedRun): { readonly step: Step; readonly attempt: Attempt } | undefined => {
	for (const own of state.steps) {
		if (own.status !== 'running') continue;
		const attempt = own.attempts.findLast((each) => each.endedAt === undefined);
		const step = findStep(state.playbook, own.id);
		if (attempt === undefined || step === undefined) continue;
		if (attempt.undo || parentOf(state.playbook, own.id) === undefined) return { step, attempt };
	}
	return undefined;
};
