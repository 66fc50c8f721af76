import type { JournalEvent } from '../../domain/journal.ts';
import type { RunEvent } from '../../domain/run/event.ts';
import type { Attempt, StepState, StepStatus } from '../../domain/run/state.ts';
import type { Step } from '../../domain/playbook/step.ts';
import { findStep, parentOf } from './flow.ts';
import { leadOn, leadOnFailure, stepState, undoOver, withStep, withTrack } from './moves.ts';
import { register } from './register.ts';
import type { FoldedRun } from './track.ts';
import { handOverSuffix } from './track.ts';

type Event<K extends RunEvent['kind']> = Extract<RunEvent, { kind: K }>;
type StepEvent = Event<'step_started' | 'step_ended' | 'step_looked' | 'step_skipped' | 'step_unknown' | 'step_settled'>;

const withAttempt = (step: StepState, execution: string, change: (attempt: Attempt) => Attempt): StepState => ({
	...step,
	attempts: step.attempts.map((attempt) => (attempt.execution === execution ? change(attempt) : attempt)),
});

const started = (state: FoldedRun, at: number, step: Step, event: Event<'step_started'>): FoldedRun => {
	const attempt: Attempt = {
		execution: event.execution,
		command: event.command,
		...(event.target === undefined ? {} : { target: event.target }),
		risk: event.risk,
		confirmation: event.confirmation,
		undo: event.undo,
		startedAt: at,
		survivors: [],
	};
	const { track } = state;
	const status = stepState(state, step.id)?.status ?? 'pending';
	// What was said of an earlier try is not said of this one.
	const after = withStep(state, step.id, ({ words: _words, ...each }) => ({ ...each, status: 'running', attempts: [...each.attempts, attempt] }));
	const isPart = parentOf(state.playbook, step.id) !== undefined;
	const here = isPart && !event.undo ? after : { ...after, current: step.id };
	if (event.undo) return withTrack(here, { before: { ...track.before, [step.id]: track.before[step.id] ?? status } });
	return withTrack(here, {
		tries: { ...track.tries, [step.id]: (track.tries[step.id] ?? 0) + 1 },
		unasked: { ...track.unasked, [step.id]: event.confirmation === 'none' ? (track.unasked[step.id] ?? 0) + 1 : 0 },
		ran: event.execution.endsWith(handOverSuffix) ? track.ran : [...track.ran.filter((id) => id !== step.id), step.id],
	});
};

const statusOf: Readonly<Record<Event<'step_ended'>['outcome'], StepStatus>> = {
	done: 'done',
	failed: 'failed',
	'timed-out': 'failed',
	cancelled: 'cancelled',
};

const undoEnded = (state: FoldedRun, step: Step, event: Event<'step_ended'>): FoldedRun => {
	const before = state.track.before[step.id] ?? 'done';
	if (event.outcome === 'done') return undoOver(withStep(state, step.id, (each) => ({ ...each, status: before, words: 'taken back' })), step.id, 'undone');
	const failed = withStep(state, step.id, (each) => ({ ...each, status: event.outcome === 'cancelled' ? 'cancelled' : 'failed', words: `undo: ${event.words}` }));
	return withTrack(failed, { undoFailed: step.id });
};

const handOverEnded = (state: FoldedRun, step: Step, event: Event<'step_ended'>): FoldedRun => {
	const failed = withStep(state, step.id, (each) => ({ ...each, status: 'failed', words: event.words }));
	if (event.outcome !== 'done') return withTrack(failed, { ask: step.id });
	const value: Readonly<Record<string, unknown>> = typeof event.value === 'object' && event.value !== null ? { ...event.value } : {};
	const { current: _, ...rest } = failed;
	return withTrack(rest, { finished: true, handedOver: { playbook: String(value['playbook']), rollback: value['kind'] === 'rollback' } });
};

const isInconclusive = (value: unknown): boolean => typeof value === 'object' && value !== null && 'inconclusive' in value && value.inconclusive === true;

const ended = (state: FoldedRun, at: number, step: Step, event: Event<'step_ended'>): FoldedRun => {
	const known = stepState(state, step.id)?.attempts.find((attempt) => attempt.execution === event.execution);
	if (known?.endedAt !== undefined) return state;
	// An end without a start: it could not even be made ready, so nothing was run.
	const attempt: Attempt = known ?? { execution: event.execution, command: '', risk: step.risk, confirmation: 'none', undo: event.execution.endsWith('.undo'), startedAt: at, survivors: [] };
	const closed: Attempt = {
		...attempt,
		endedAt: at,
		outcome: event.outcome,
		words: event.words,
		durationMs: event.durationMs,
		survivors: event.survivors ?? [],
		...(event.left === undefined ? {} : { left: event.left }),
		...(event.note === undefined ? {} : { note: event.note }),
		...(event.exitCode === undefined ? {} : { exitCode: event.exitCode }),
		...(event.output === undefined ? {} : { output: event.output }),
		...(event.value === undefined ? {} : { value: event.value }),
	};
	const recorded = withStep(state, step.id, (each) =>
		known === undefined ? { ...each, attempts: [...each.attempts, closed] } : withAttempt(each, event.execution, () => closed),
	);
	if (attempt.undo) return undoEnded(recorded, step, event);
	if (event.execution.endsWith(handOverSuffix)) return handOverEnded(recorded, step, event);
	const status = stepState(state, step.id)?.status;
	// Somebody has settled it, or went elsewhere, before its real end became known: the record is kept, the way is not changed.
	if (known !== undefined && status !== 'running' && status !== 'unknown') return recorded;
	const counted = known === undefined ? withTrack(recorded, { tries: { ...state.track.tries, [step.id]: step.maxAttempts } }) : recorded;
	const judged = register(withStep(counted, step.id, (each) => ({ ...each, status: statusOf[event.outcome] })), step, event.value);
	if (event.outcome === 'done') return leadOn(judged, step, at);
	return leadOnFailure(isInconclusive(event.value) ? withTrack(judged, { ask: step.id }) : judged, step, at);
};

const skipped = (state: FoldedRun, at: number, step: Step, event: Event<'step_skipped'>): FoldedRun => {
	if (state.rollingBack) return undoOver(withStep(state, step.id, (each) => ({ ...each, words: `not taken back: ${event.words}` })), step.id, 'kept');
	return leadOn(withStep(state, step.id, (each) => ({ ...each, status: 'skipped', words: event.words })), step, at);
};

const settledUndo = (state: FoldedRun, step: Step, event: Event<'step_settled'>): FoldedRun => {
	const before = state.track.before[step.id] ?? 'done';
	const over = (words: string, as: 'undone' | 'kept') => undoOver(withStep(state, step.id, (each) => ({ ...each, status: before, words })), step.id, as);
	if (event.as === 'done') return over(`taken back: ${event.why}`, 'undone');
	if (event.as === 'skip') return over(`not taken back: ${event.why}`, 'kept');
	const said = withStep(state, step.id, (each) => ({ ...each, status: event.as === 'retry' ? before : 'failed', words: event.why }));
	if (event.as === 'failed') return withTrack(said, { undoFailed: step.id });
	const { undoFailed: _, ...track } = said.track;
	return { ...said, track };
};

const settled = (state: FoldedRun, entry: JournalEvent, step: Step, event: Event<'step_settled'>): FoldedRun => {
	const { at, actor: by } = entry;
	const attempt = stepState(state, step.id)?.attempts.find((each) => each.execution === event.execution);
	if (attempt?.undo === true || (state.rollingBack && event.execution.endsWith('.undo'))) return settledUndo(state, step, event);
	const was = stepState(state, step.id)?.status;
	const give = (status: StepStatus): FoldedRun => withStep(state, step.id, (each) => ({ ...each, status, words: event.why, by }));
	switch (event.as) {
		case 'done':
			return leadOn(give('done'), step, at);
		case 'skip':
			return leadOn(give('skipped'), step, at);
		case 'retry': {
			const { ask: _, approval: __, ...track } = state.track;
			const again = { ...give('pending'), current: step.id };
			return { ...again, track: { ...track, finished: false, tries: { ...track.tries, [step.id]: 0 }, unasked: { ...track.unasked, [step.id]: 0 } } };
		}
		case 'failed': {
			// The second time it is said of a failed step, what its `onFailure` proposes was declined.
			const declined = was === 'failed' || was === 'cancelled' ? { ask: step.id } : {};
			const failed = withTrack(give('failed'), { tries: { ...state.track.tries, [step.id]: step.maxAttempts }, ...declined });
			return leadOnFailure(failed, step, at);
		}
	}
};

/** Folds what happened to a step by itself, or by a word on how it ended. */
export const foldStep = (state: FoldedRun, entry: JournalEvent, event: StepEvent): FoldedRun => {
	const step = findStep(state.playbook, event.step);
	if (step === undefined) return state;
	switch (event.kind) {
		case 'step_started':
			return started(state, entry.at, step, event);
		case 'step_ended':
			return ended(state, entry.at, step, event);
		case 'step_looked': {
			const look = { ok: event.ok, words: event.words, at: entry.at };
			return withStep(state, step.id, (each) => withAttempt(each, event.execution, (attempt) => ({ ...attempt, look })));
		}
		case 'step_skipped':
			return skipped(state, entry.at, step, event);
		case 'step_unknown':
			return withTrack(
				withStep(state, step.id, (each) => ({ ...each, status: 'unknown', words: event.evidence.join('; ') })),
				{ unknown: { execution: event.execution, evidence: event.evidence, ...(event.advice === undefined ? {} : { advice: event.advice }) } },
			);
		case 'step_settled':
			return settled(state, entry, step, event);
	}
};
