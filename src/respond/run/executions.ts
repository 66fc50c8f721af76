import type { Step } from '../../domain/playbook/step.ts';
import type { Confirmation, RunEvent } from '../../domain/run/event.ts';
import { remainsMade, remainsOf } from '../../domain/run/remains.ts';
import type { Redactor } from '../action/redact.ts';
import { riskOf } from './confirmation.ts';
import type { ParallelChild } from './flow.ts';
import type { JobEnd } from './jobs/job.ts';
import { stepState } from './moves.ts';
import type { FoldedRun } from './track.ts';
import { handOverSuffix } from './track.ts';
import type { Preview, RunView } from './view.ts';

/** Name of the next try of a step. */
export const nextExecution = (state: FoldedRun, step: Step, as: 'step' | 'undo' | 'hand-over'): string => {
	const number = (stepState(state, step.id)?.attempts.length ?? 0) + 1;
	const suffix = as === 'undo' ? '.undo' : as === 'hand-over' ? handOverSuffix : '';
	return `${step.id}.${number}${suffix}`;
};

export const partExecution = (execution: string, part: ParallelChild): string => `${execution}/${part.id}`;

/** The event that stands in the journal before anything is spawned. */
export const startedEvent = (state: FoldedRun, step: Step, execution: string, undo: boolean, confirmation: Confirmation, preview: Preview): RunEvent => ({
	kind: 'step_started',
	step: step.id,
	execution,
	attempt: (stepState(state, step.id)?.attempts.length ?? 0) + 1,
	risk: riskOf(step, undo),
	confirmation,
	command: preview.command,
	...(preview.target === undefined ? {} : { target: preview.target }),
	undo,
});

export const endedEvent = (step: Step, execution: string, end: JobEnd): RunEvent => ({
	kind: 'step_ended',
	step: step.id,
	execution,
	outcome: end.outcome,
	words: end.words,
	durationMs: end.durationMs,
	...(end.exitCode === undefined ? {} : { exitCode: end.exitCode }),
	...(end.output === undefined ? {} : { output: end.output }),
	...(end.value === undefined ? {} : { value: end.value }),
	...remainsOf(end),
});

/** Parts of a parallel step that run, and those that are skipped by their own conditions. */
export const sortParts = (parts: readonly ParallelChild[], view: RunView): { readonly run: readonly ParallelChild[]; readonly skipped: readonly RunEvent[] } => {
	const run: ParallelChild[] = [];
	const skipped: RunEvent[] = [];
	for (const part of parts) {
		// Where its condition cannot be told the person was shown the part, and has confirmed or let it run with the others.
		if (part.when !== undefined && view.judge(part.when).holds === false) skipped.push({ kind: 'step_skipped', step: part.id, why: 'when', words: `not the case: ${part.when}` });
		else if (part.unless !== undefined && view.judge(part.unless).holds === true) skipped.push({ kind: 'step_skipped', step: part.id, why: 'unless', words: `already so: ${part.unless}` });
		else run.push(part);
	}
	return { run, skipped };
};

/**
 * An event with every secret taken out of what is text for people or came from outside. Names, ids and the words of the
 * format stay: a secret that happens to be `done` must not change what happened.
 */
export const redactEvent = (event: RunEvent, redactor: Redactor): RunEvent => {
	const text = (from: string): string => redactor.text(from);
	const lines = (from: readonly string[]): readonly string[] => from.map(text);
	switch (event.kind) {
		case 'step_started':
			return { ...event, command: text(event.command), ...(event.target === undefined ? {} : { target: text(event.target) }) };
		case 'step_ended':
			return {
				...event,
				words: text(event.words),
				...(event.value === undefined ? {} : { value: redactor.value(event.value) }),
				...remainsMade(event, text),
			};
		case 'step_skipped':
		case 'step_looked':
		case 'run_ended':
			return { ...event, words: text(event.words) };
		case 'step_unknown':
			return { ...event, evidence: lines(event.evidence), ...(event.advice === undefined ? {} : { advice: { ...event.advice, why: text(event.advice.why) } }) };
		case 'branch_chosen':
			return { ...event, evidence: lines(event.evidence) };
		case 'step_settled':
		case 'rollback_started':
			return { ...event, why: text(event.why) };
		case 'jumped':
			return event.why === undefined ? event : { ...event, why: text(event.why) };
		case 'manual_done':
		case 'approval_given':
			return event.note === undefined ? event : { ...event, note: text(event.note) };
		case 'approval_asked':
			return { ...event, of: text(event.of) };
		case 'note_added':
			return { ...event, text: text(event.text) };
		default:
			return event;
	}
};
