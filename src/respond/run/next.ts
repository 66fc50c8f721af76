import type { Actor } from '../../domain/journal.ts';
import type { Step } from '../../domain/playbook/step.ts';
import type { Confirmation } from '../../domain/run/event.ts';
import type { Attempt, Waiting } from '../../domain/run/state.ts';
import { riskOf, strengthOf } from './confirmation.ts';
import type { Ending } from './endings.ts';
import { aborted, cancelled, finished, openMoveWords, rolledBack } from './endings.ts';
import { findStep } from './flow.ts';
import { stepState, triesLeft, underWay } from './moves.ts';
import type { FoldedRun } from './track.ts';
import { openMove, undoable } from './undo.ts';
import { unknownOf } from './unknown.ts';
import type { RunView } from './view.ts';

/** What comes next in a run. */
export type Next =
	/** Nothing: it is over, or a step is under way. */
	| { readonly do: 'rest' }
	/** A step that needs no word, or had it already. */
	| { readonly do: 'run'; readonly step: Step; readonly undo: boolean; readonly confirmation: Confirmation; /** Not before this time, epoch ms. */ readonly notBefore?: number }
	| { readonly do: 'skip'; readonly step: string; readonly why: 'when' | 'unless' | 'dry-run'; readonly words: string }
	| { readonly do: 'ask-approval'; readonly step: string; readonly of: string }
	| { readonly do: 'roll-back'; readonly step: string; readonly why: string }
	| { readonly do: 'wait'; readonly waiting: Waiting }
	| Ending;

/** So many times a step runs by itself, in a loop that the playbook makes, before a person is asked. */
const maxUnasked = 20;

const rest: Next = { do: 'rest' };

const confirm = (step: Step, undo: boolean, view: RunView, why?: string): Next => {
	const { command, target, loses, problem } = view.prepare(step, undo);
	const typed = strengthOf(step, undo) === 'typed' ? { typed: target ?? step.id } : {};
	const reason = problem === undefined ? why : `it cannot be made ready: ${problem}`;
	return {
		do: 'wait',
		waiting: {
			kind: 'confirm',
			step: step.id,
			risk: riskOf(step, undo),
			command,
			...(target === undefined ? {} : { target }),
			...(loses === undefined ? {} : { loses }),
			...typed,
			undo,
			...(reason === undefined ? {} : { why: reason }),
		},
	};
};

const failed = (state: FoldedRun, step: Step, words: string): Next => ({
	do: 'wait',
	waiting: { kind: 'failed', step: step.id, words: `${words}${openMoveWords(state, step.id)}`, canRetry: true, canRollback: !state.rollingBack && undoable(state).length > 0 },
});

const lastWords = (state: FoldedRun, step: Step): string => {
	const own = stepState(state, step.id);
	return own?.attempts.at(-1)?.words ?? own?.words ?? 'failed';
};

const unknown = (state: FoldedRun, step: Step, view: RunView): Next => ({ do: 'wait', waiting: unknownOf(state, step, view) });

/** Another try of what was confirmed is covered by that word only because the playbook itself asks for it. */
const again = (step: Step, last: Attempt): Next => ({
	do: 'run',
	step,
	undo: false,
	confirmation: last.confirmation,
	notBefore: (last.endedAt ?? last.startedAt) + step.intervalSeconds * 1000,
});

const afterFailure = (state: FoldedRun, step: Step): Next => {
	const own = stepState(state, step.id);
	const last = own?.attempts.at(-1);
	if (last !== undefined && triesLeft(state, step)) return again(step, last);
	const words = own?.words ?? lastWords(state, step);
	if (state.track.ask === step.id || own?.status === 'cancelled') return failed(state, step, words);
	switch (step.onFailure.do) {
		case 'abort':
			return aborted(state, step.id, words);
		case 'rollback':
			return { do: 'roll-back', step: step.id, why: `${step.id}: ${words}` };
		case 'playbook':
			return { do: 'wait', waiting: { kind: 'playbook', step: step.id, playbook: step.onFailure.playbook } };
		default:
			return failed(state, step, words);
	}
};

const pendingUndo = (state: FoldedRun, view: RunView): Next => {
	const id = state.track.undo[0];
	const step = id === undefined ? undefined : findStep(state.playbook, id);
	if (step === undefined) return rolledBack(state);
	const own = stepState(state, step.id);
	const last = own?.attempts.at(-1);
	if (own?.status === 'running') return rest;
	if (own?.status === 'unknown' && last?.undo === true) return unknown(state, step, view);
	if (state.track.undoFailed === step.id) return failed(state, step, own?.words ?? 'failed');
	return confirm(step, true, view);
};

/** What a step that needs a person's answer waits for. */
const ask = (state: FoldedRun, step: Step, view: RunView, self: Actor): Next | undefined => {
	switch (step.kind) {
		case 'branch': {
			const { criteria, choices } = view.decide(step);
			const suggested = choices.findIndex((choice) => choice.holds === true);
			return { do: 'wait', waiting: { kind: 'choose', step: step.id, ...(criteria === undefined ? {} : { criteria }), choices, suggested } };
		}
		case 'manual':
			return { do: 'wait', waiting: { kind: 'manual', step: step.id, instructions: view.text(step.instructions), checklist: step.checklist } };
		case 'input': {
			const offers = view.offers(step);
			return { do: 'wait', waiting: { kind: 'input', step: step.id, ...(offers === undefined ? {} : { offers }) } };
		}
		case 'notify':
			return step.action === undefined ? { do: 'wait', waiting: { kind: 'manual', step: step.id, instructions: view.text(step.message), checklist: [] } } : undefined;
		case 'approval': {
			const asked = state.track.approval;
			// A console that took the run over asks anew: the first one to ask may be the one who can approve now.
			if (asked === undefined || asked.step !== step.id || asked.askedBy.session !== self.session) return { do: 'ask-approval', step: step.id, of: view.text(step.of) };
			return { do: 'wait', waiting: { kind: 'approval', step: step.id, of: asked.of, ...(step.by === undefined ? {} : { by: step.by }), askedBy: asked.askedBy } };
		}
		default:
			return undefined;
	}
};

const pending = (state: FoldedRun, step: Step, view: RunView, self: Actor): Next => {
	let why: string | undefined;
	if (step.when !== undefined) {
		const judged = view.judge(step.when);
		if (judged.holds === false) return { do: 'skip', step: step.id, why: 'when', words: `not the case: ${step.when}` };
		if (judged.holds === undefined) why = `whether ${step.when} cannot be told: ${judged.why}`;
	}
	if (step.unless !== undefined && view.judge(step.unless).holds === true) {
		return { do: 'skip', step: step.id, why: 'unless', words: `already so: ${step.unless}` };
	}
	const asked = ask(state, step, view, self);
	if (asked !== undefined) return asked;
	if ((state.track.unasked[step.id] ?? 0) >= Math.max(maxUnasked, step.maxAttempts)) why ??= `it ran ${state.track.unasked[step.id] ?? 0} times by itself`;
	if (step.kind === 'rollout' && step.action.kind === 'rollout' && step.action.action === 'swap' && openMove(stepState(state, step.id)) !== undefined) {
		why ??= 'a move of this step was left in the middle: it is taken up and finished, not planned again';
	}
	if (strengthOf(step, false) === 'none' && why === undefined) return { do: 'run', step, undo: false, confirmation: 'none' };
	return confirm(step, false, view, why);
};

/** A secret that is needed before anything more can run. */
const secret = (state: FoldedRun, name: string): Next => {
	const title = state.playbook.params[name]?.title ?? name;
	return { do: 'wait', waiting: { kind: 'secret', name, title } };
};

/**
 * What comes next. Pure: the state, and a view of what is known at this moment.
 * @param self the console that acts
 */
export const nextOf = (state: FoldedRun, view: RunView, self: Actor): Next => {
	if (state.endedAt !== undefined || state.track.unreadable !== undefined) return rest;
	if (underWay(state) !== undefined) return rest;
	if (state.cancelling) return cancelled(state);
	if (state.dryRun) {
		const step = state.current === undefined ? undefined : findStep(state.playbook, state.current);
		return step === undefined ? finished(state) : { do: 'skip', step: step.id, why: 'dry-run', words: view.preview(step, false).command };
	}
	const missing = view.secretsMissing[0];
	if (state.rollingBack) return missing !== undefined && state.track.undo.length > 0 ? secret(state, missing) : pendingUndo(state, view);
	if (state.track.finished || state.current === undefined) return finished(state);
	const step = findStep(state.playbook, state.current);
	if (step === undefined) return finished(state);
	const status = stepState(state, step.id)?.status;
	if (status === 'running') return rest;
	if (status === 'unknown') return unknown(state, step, view);
	if (status === 'failed' || status === 'cancelled') {
		const next = afterFailure(state, step);
		return next.do === 'run' && missing !== undefined ? secret(state, missing) : next;
	}
	if (missing !== undefined) return secret(state, missing);
	return pending(state, step, view, self);
};
