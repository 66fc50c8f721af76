import type { JournalEvent } from '../../domain/journal.ts';
import type { RunEvent } from '../../domain/run/event.ts';
import type { Step } from '../../domain/playbook/step.ts';
import { refuseApproval } from './approval.ts';
import { findStep } from './flow.ts';
import { enter, leadOn, leadOnFailure, withStep, withTrack } from './moves.ts';
import type { FoldedRun } from './track.ts';

type Event<K extends RunEvent['kind']> = Extract<RunEvent, { kind: K }>;
type AnswerEvent = Event<'branch_chosen' | 'item_ticked' | 'manual_done' | 'input_given' | 'approval_asked' | 'approval_given'>;

/** A step that a person has settled by an answer. */
const answered = (state: FoldedRun, entry: JournalEvent, step: Step, as: 'done' | 'failed', words: string | undefined): FoldedRun => {
	const said = withStep(state, step.id, (each) => ({ ...each, status: as, by: entry.actor, ...(words === undefined ? {} : { words }) }));
	if (as === 'done') return leadOn(said, step, entry.at);
	return leadOnFailure(withTrack(said, { tries: { ...state.track.tries, [step.id]: step.maxAttempts } }), step, entry.at);
};

const ticked = (items: readonly number[], item: number, on: boolean): readonly number[] => {
	const others = items.filter((each) => each !== item);
	return on ? [...others, item].toSorted((left, right) => left - right) : others;
};

const inputGiven = (state: FoldedRun, entry: JournalEvent, step: Step, event: Event<'input_given'>): FoldedRun => {
	const names = event.secrets.map((field) => `${step.register ?? step.id}.${field}`);
	const kept: FoldedRun = {
		...state,
		secretNames: [...new Set([...state.secretNames, ...names])],
		registered: { ...state.registered, [step.id]: event.values, [step.register ?? step.id]: event.values },
	};
	const given = Object.entries(event.values).map(([name, value]) => `${name} ${value === '' ? 'empty' : value}`).join(', ');
	return answered(kept, entry, step, 'done', given === '' ? undefined : given);
};

const approvalGiven = (state: FoldedRun, entry: JournalEvent, step: Step, event: Event<'approval_given'>): FoldedRun => {
	const asked = state.track.approval;
	// Whoever wrote this into the journal: an approval by the one who asked is none.
	if (asked === undefined || asked.step !== step.id || refuseApproval(asked.askedBy, entry.actor) !== undefined) return state;
	const who = entry.actor.person === undefined ? entry.actor.user : `${entry.actor.person} (${entry.actor.user})`;
	const note = event.note === undefined ? '' : `: ${event.note}`;
	const { approval: _, ...track } = state.track;
	return answered({ ...state, track }, entry, step, event.granted ? 'done' : 'failed', `${event.granted ? 'approved' : 'refused'} by ${who}${note}`);
};

/** Folds what a person answered. Only the step whose turn it is can be answered. */
export const foldAnswer = (state: FoldedRun, entry: JournalEvent, event: AnswerEvent): FoldedRun => {
	const step = findStep(state.playbook, event.step);
	if (step === undefined || state.current !== step.id) return state;
	switch (event.kind) {
		case 'branch_chosen': {
			const said = withStep(state, step.id, (each) => ({ ...each, status: 'done', words: event.title, by: entry.actor }));
			const kept = { ...said, registered: { ...said.registered, [step.register ?? step.id]: { choice: event.choice, title: event.title } } };
			return enter(kept, event.nextStep === 'end' ? 'end' : { to: event.nextStep }, entry.at);
		}
		case 'item_ticked':
			return withStep(state, step.id, (each) => ({ ...each, ticked: ticked(each.ticked, event.item, event.ticked) }));
		case 'manual_done': {
			const after = answered(state, entry, step, event.as, event.note);
			return event.as === 'done' ? withTrack(after, { ran: [...after.track.ran.filter((id) => id !== step.id), step.id] }) : after;
		}
		case 'input_given':
			return inputGiven(state, entry, step, event);
		case 'approval_asked':
			return withTrack(state, { approval: { step: step.id, of: event.of, askedBy: entry.actor } });
		case 'approval_given':
			return approvalGiven(state, entry, step, event);
	}
};
